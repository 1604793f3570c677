import type { FunctionComponent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { MessageId, Peer, PeerId } from '../../protocol/index.ts';
import { peerSignal } from '../ground/link.ts';
import { addressOf, go, route } from '../ground/route.ts';
import { t } from '../ground/text.ts';
import { useView } from '../ground/use-view.ts';
import { forumMenu } from '../topics/forum-menu.ts';
import { Forum } from '../topics/forum.tsx';
import { ChatPage } from '../chats/chat-page.tsx';
import { UnknownChat } from '../chats/unknown-chat.tsx';

/** A chat until its peer is known: only then it is clear whether it has topics, and what was not found before can be loaded. */
const Waiting: FunctionComponent<{ peer: PeerId }> = ({ peer }) => (useView('chat', { peer }).state.value.isUnknown ? <UnknownChat /> : <main class="chat" aria-label={t('loading')} />);

/** Opens the supergroup in place of a basic group that becomes one while it is open. A group that had become one before it was opened shows its old history. */
function useLeaveOldGroup(id: PeerId, peer: Peer | undefined): void {
  const wasOpen = useRef<PeerId | undefined>(undefined);
  const { migratedTo } = peer ?? {};
  useEffect(() => {
    if (peer === undefined) return;
    if (migratedTo === undefined) wasOpen.current = id;
    else if (wasOpen.current === id) {
      const at = route.value;
      go(addressOf({ peer: migratedTo, info: at.page === 'chat' ? at.info : undefined }), true);
    }
  }, [id, peer === undefined, migratedTo]);
}

/** An open chat: a forum with its topics, or the messages of another chat. */
export const ChatPlace: FunctionComponent<{ peer: PeerId; topic?: MessageId; message?: MessageId }> = ({ peer: id, topic, message }) => {
  const peer = peerSignal(id).value;
  useLeaveOldGroup(id, peer);
  if (!peer) return <Waiting peer={id} />;
  return peer.isForum && peer.restriction === undefined ? <Forum peer={id} topic={topic} message={message} /> : <ChatPage peer={id} message={message} added={forumMenu} />;
};
