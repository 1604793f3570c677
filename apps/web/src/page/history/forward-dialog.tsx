import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import type { Message, MessageId, PeerId } from '../../protocol/index.ts';
import { ask, peerSignal, session } from '../ground/link.ts';
import { Avatar } from '../parts/avatar.tsx';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { nameOf } from '../parts/names.tsx';
import { attempt, tell } from '../parts/notice.tsx';
import { describePeer } from '../parts/presence.ts';
import { SearchBox } from '../parts/search-box.tsx';
import { t } from '../ground/text.ts';
import { useView } from '../ground/use-view.ts';
import { useFoundPeers } from '../people/use-found-peers.ts';
import { chooseTopic } from '../topic-marks/choose-topic.tsx';
import { byChat } from '../open-chat/by-chat.ts';

/** Where the account may send. */
const mayWrite = (id: PeerId): boolean => {
  const peer = peerSignal(id).value;
  return peer?.rights.write === true && (peer.kind === 'user' || peer.isMember === true);
};

const ChooseChat: FunctionComponent<{ title: string; isOffered(peer: PeerId): boolean; close(peer?: PeerId): void }> = ({ title, isOffered, close }) => {
  const main = useView('chats', { list: 'main' });
  const archive = useView('chats', { list: 'archive' });
  const query = useSignal('');
  const text = query.value.trim();
  const found = useFoundPeers(text);
  const { me } = session.value;
  const order = [main, archive].flatMap((view) => view.state.value.order ?? []);
  const offered = text === '' ? [...(me === undefined ? [] : [me]), ...order.filter((peer) => peer !== me)] : (found ?? []);
  const shown = offered.filter(isOffered);
  return (
    <Dialog title={title} onClose={() => close()} className="choose-chat">
      <SearchBox label={t('searchChats')} query={query} autofocus />
      <ul class="choices" aria-label={t('chats')} aria-busy={text !== '' && found === undefined}>
        {shown.map((peer) => (
          <li key={peer}>
            <button type="button" onClick={() => close(peer)}>
              <Avatar peer={peer} />
              <span class="choice-text">
                <strong>
                  <bdi>{nameOf(peerSignal(peer).value)}</bdi>
                </strong>
                <small>{describePeer(peerSignal(peer).value)}</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {shown.length === 0 && (text === '' || found !== undefined) && <p class="empty">{t('nothingFound')}</p>}
    </Dialog>
  );
};

/** Lets the person choose a chat. @param isOffered which are offered; by default those in which the account may write */
export const chooseChat = (title: string, isOffered: (peer: PeerId) => boolean = mayWrite): Promise<PeerId | undefined> =>
  openDialog<PeerId>((close) => <ChooseChat title={title} isOffered={isOffered} close={close} />);

/** Forwards messages, and tells that it was done. @returns whether it was */
async function forwardTo(to: PeerId, topic: MessageId | undefined, messages: readonly Message[]): Promise<boolean> {
  let isDone = true;
  // One after the other, so that they stand there in the order of this history.
  for (const { peer: from, messages: own } of byChat(messages)) isDone &&= await attempt(ask('messages.forward', { from, messages: own.map(({ id }) => id), to, topic }));
  // The page may not know the account itself yet.
  if (isDone) tell(t('forwardedTo', { name: to === session.value.me ? t('savedMessages') : nameOf(peerSignal(to).value) }));
  return isDone;
}

/** Lets the person choose a chat, and in a forum a topic, and forwards messages there. @returns whether they were */
export async function askToForward(messages: readonly Message[]): Promise<boolean> {
  const to = await chooseChat(t('forwardTo'));
  if (to === undefined) return false;
  const isForum = peerSignal(to).value?.isForum === true;
  const topic = isForum ? await chooseTopic(to, t('forwardTo')) : undefined;
  return (topic !== undefined || !isForum) && (await forwardTo(to, topic, messages));
}

/** Forwards messages to Saved Messages. */
export async function saveMessages(messages: readonly Message[]): Promise<void> {
  const { me } = session.value;
  if (me !== undefined) await forwardTo(me, undefined, messages);
}
