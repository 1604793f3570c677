import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import type { PeerId } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { showMissing } from '../people/missing-dialog.tsx';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { Form } from '../parts/form.tsx';
import { t } from '../ground/text.ts';
import { PeoplePicker } from '../people/people-picker.tsx';

const AddMembers: FunctionComponent<{ peer: PeerId; without: PeerId[]; close(missing?: PeerId[]): void }> = ({ peer, without, close }) => {
  const chosen = useSignal<PeerId[]>([]);
  const add = async (): Promise<void> => close((await ask('groups.addMembers', { peer, users: chosen.value })).missing);
  const title = t(peerSignal(peer).value?.kind === 'channel' ? 'addSubscribers' : 'addMembers');
  return (
    <Dialog title={title} onClose={() => close()}>
      <Form submit={add} button={t('add')} isComplete={chosen.value.length > 0}>
        <PeoplePicker chosen={chosen} without={without} />
      </Form>
    </Dialog>
  );
};

/** Brings people into a group or channel. @param without are in it already */
export async function addMembers(peer: PeerId, without: PeerId[]): Promise<void> {
  const missing = await openDialog<PeerId[]>((close) => <AddMembers peer={peer} without={without} close={close} />);
  await showMissing(peer, missing ?? []);
}
