import type { FunctionComponent } from 'preact';
import { useEffect } from 'preact/hooks';
import { type MessageId, type Peer, type PeerId, type Position, positionIn } from '../../protocol/index.ts';
import { peerSignal } from '../ground/link.ts';
import { addressOf, go, route } from '../ground/route.ts';
import { t } from '../ground/text.ts';
import { useView } from '../ground/use-view.ts';
import { forumMenu } from '../topics/forum-menu.ts';
import { Forum } from '../topics/forum.tsx';
import { ChatPage } from '../chats/chat-page.tsx';
import type { GroupStart } from '../chats/empty-chat.tsx';
import { UnknownChat } from '../chats/unknown-chat.tsx';
import { noteContinued } from '../composer/unsaved-drafts.ts';
import { addMembers } from '../info/add-members-dialog.tsx';

const Loading: FunctionComponent = () => <main class="chat" aria-label={t('loading')} />;

/** A chat until its peer is known: only then it is clear whether it has topics, and what was not found before can be loaded. */
const Waiting: FunctionComponent<{ peer: PeerId }> = ({ peer }) => (useView('chat', { peer }).state.value.isUnknown ? <UnknownChat /> : <Loading />);

/** Opens the supergroup in place of the basic group from which it was made, at the same message, and takes what is written along. @returns whether it does */
function useLeaveOldGroup(id: PeerId, peer: Peer | undefined, message: Position | undefined): boolean {
  const { migratedTo } = peer ?? {};
  const isThere = migratedTo !== undefined && peerSignal(migratedTo).value?.isMember === true;
  // Before the field of the old group goes, which is when this is drawn.
  if (isThere) noteContinued(id, migratedTo);
  useEffect(() => {
    if (!isThere) return;
    const at = route.value;
    const position = message === undefined ? undefined : positionIn(migratedTo, { peer: id, id: message });
    go(addressOf({ peer: migratedTo, message: position, info: at.page === 'chat' ? at.info : undefined }), true);
  }, [id, isThere]);
  return isThere;
}

const groupStart: GroupStart = {
  invite: (group) => void addMembers(group),
  edit: (group) => go(addressOf({ peer: group, info: { at: 'edit' } })),
};

/** An open chat: a forum with its topics, or the messages of another chat. */
export const ChatPlace: FunctionComponent<{ peer: PeerId; topic?: MessageId; message?: Position }> = ({ peer: id, topic, message }) => {
  const peer = peerSignal(id).value;
  const isLeaving = useLeaveOldGroup(id, peer, message);
  if (!peer) return <Waiting peer={id} />;
  if (isLeaving) return <Loading />;
  return peer.isForum && peer.restriction === undefined ? <Forum peer={id} topic={topic} message={message} /> : <ChatPage peer={id} message={message} added={forumMenu} groupStart={groupStart} />;
};
