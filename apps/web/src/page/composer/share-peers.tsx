import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import type { MessageId, Peer, PeerId, PeerRequest } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { chooseChat } from '../history/choose-chat.tsx';
import { confirm, Dialog, openDialog } from '../parts/dialog.tsx';
import { Form } from '../parts/form.tsx';
import { nameOf } from '../parts/names.tsx';
import { attempt } from '../parts/notice.tsx';
import { nameRights } from '../parts/name-rights.ts';
import { t } from '../ground/text.ts';
import { PeoplePicker } from '../people/people-picker.tsx';
import { fitsRequest } from './fits-request.ts';

type UserRequest = Extract<PeerRequest, { kind: 'user' }>;

const ChooseUsers: FunctionComponent<{ request: UserRequest; close(users?: PeerId[]): void }> = ({ request, close }) => {
  const chosen = useSignal<PeerId[]>([]);
  return (
    <Dialog title={request.max === 1 ? t('choosePerson') : t('choosePeople', { n: request.max })} onClose={() => close()}>
      <Form submit={async () => close(chosen.value)} button={t('share')} isComplete={chosen.value.length > 0}>
        <PeoplePicker chosen={chosen} fits={(peer) => fitsRequest(peer, request)} max={request.max} />
      </Form>
    </Dialog>
  );
};

/** Lets the person choose a group or channel, and asks again if the bot is to become something there. */
async function chooseGroup(request: Exclude<PeerRequest, UserRequest>, bot: Peer | undefined): Promise<PeerId[] | undefined> {
  const title = t(request.kind === 'group' ? 'chooseGroupForBot' : 'chooseChannelForBot');
  const chosen = await chooseChat(title, (id) => {
    const peer = peerSignal(id).value;
    return peer !== undefined && fitsRequest(peer, request);
  });
  if (chosen === undefined || request.botBecomes === undefined) return chosen === undefined ? undefined : [chosen];
  const names = { bot: nameOf(bot), name: nameOf(peerSignal(chosen).value) };
  const text = request.botBecomes === 'member' ? t('shareAddsBot', names) : t('shareMakesAdmin', { ...names, rights: nameRights(request.botBecomes).join(', ') });
  return (await confirm({ title, text, button: t('share') })) ? [chosen] : undefined;
}

/** Lets the person choose peers for which a bot asks, and gives them to it. @returns whether that was done */
export async function sharePeers(bot: PeerId, message: MessageId, request: PeerRequest): Promise<boolean> {
  const peers = request.kind === 'user' ? await openDialog<PeerId[]>((close) => <ChooseUsers request={request} close={close} />) : await chooseGroup(request, peerSignal(bot).value);
  return peers !== undefined && (await attempt(ask('bots.sharePeers', { bot, message, button: request.button, peers })));
}
