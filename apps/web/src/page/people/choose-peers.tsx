import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import type { Peer, PeerId } from '../../protocol/index.ts';
import { t } from '../ground/text.ts';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { Form } from '../parts/form.tsx';
import { PeoplePicker } from './people-picker.tsx';

interface ChoosePeersOptions {
  title: string;
  /** What is chosen at first. */
  first: readonly PeerId[];
  fits(peer: Peer): boolean;
}

const ChoosePeers: FunctionComponent<ChoosePeersOptions & { close(peers?: PeerId[]): void }> = ({ title, first, fits, close }) => {
  const chosen = useSignal<PeerId[]>([...first]);
  return (
    <Dialog title={title} onClose={() => close()}>
      <Form submit={async () => await Promise.resolve(close(chosen.value))} button={t('save')}>
        <PeoplePicker chosen={chosen} fits={fits} />
      </Form>
    </Dialog>
  );
};

/** Lets the person choose several people and chats, out of the address book and the list of chats. @returns undefined if the dialog was left */
export const choosePeers = (options: ChoosePeersOptions): Promise<PeerId[] | undefined> => openDialog<PeerId[]>((close) => <ChoosePeers {...options} close={close} />);
