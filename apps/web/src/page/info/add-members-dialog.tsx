import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import type { PeerId } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { showMissing } from '../people/missing-dialog.tsx';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { Form } from '../parts/form.tsx';
import { t } from '../ground/text.ts';
import { useView } from '../ground/use-view.ts';
import { PeoplePicker } from '../people/people-picker.tsx';

const AddMembers: FunctionComponent<{ peer: PeerId; close(missing?: PeerId[]): void }> = ({ peer, close }) => {
  // As many as are known at once: the server leaves out the others that are in it already.
  const { members = [] } = useView('members', { peer, query: '' }).state.value;
  const chosen = useSignal<PeerId[]>([]);
  const add = async (): Promise<void> => close((await ask('groups.addMembers', { peer, users: chosen.value })).missing);
  const title = t(peerSignal(peer).value?.kind === 'channel' ? 'addSubscribers' : 'addMembers');
  return (
    <Dialog title={title} onClose={() => close()}>
      <Form submit={add} button={t('add')} isComplete={chosen.value.length > 0}>
        <PeoplePicker chosen={chosen} without={members.map((member) => member.peer)} />
      </Form>
    </Dialog>
  );
};

/** Brings people into a group or channel. */
export async function addMembers(peer: PeerId): Promise<void> {
  const missing = await openDialog<PeerId[]>((close) => <AddMembers peer={peer} close={close} />);
  await showMissing(peer, missing ?? []);
}
