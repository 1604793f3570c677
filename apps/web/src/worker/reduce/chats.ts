import type { tl } from '@mtcute/core';
import type { Chat, Draft, MessageId, PeerId } from '../../protocol/index.ts';
import { readDraft } from '../models/draft.ts';
import { channelPeer, peerIdOf } from '../models/ids.ts';
import type { ChatKind } from '../models/mutes.ts';
import type { Store } from '../store/store.ts';
import { listedChats } from '../store/listed-chats.ts';
import type { Thread } from '../store/thread-list.ts';
import type { ReduceContext, Reducers } from './context.ts';
import { noteTopicRead, readAllTopics, readTopicsOutside } from './topics.ts';

/** The folder that is the archive. @see https://core.telegram.org/api/folders#peer-folders */
export const ARCHIVE_ID = 1;

const KINDS: Partial<Record<tl.TypeNotifyPeer['_'], ChatKind>> = { notifyUsers: 'users', notifyChats: 'groups', notifyBroadcasts: 'channels' };

function dialogPeer(peer: tl.TypeDialogPeer): PeerId[] {
  return peer._ === 'dialogPeer' ? [peerIdOf(peer.peer)] : [];
}

/**
 * Another device has read a chat. A difference has its new messages before its other updates, so the count may be older than messages that are known
 * already: if there are newer ones than what was read, only the server knows how many are unread.
 */
function noteRead(context: ReduceContext, peer: PeerId, { maxId, stillUnreadCount }: { maxId: MessageId; stillUnreadCount: number }): void {
  const { store, refreshChats } = context;
  readAllTopics(context, peer, maxId);
  const chat = store.chats.get(peer);
  if (!chat) return;
  if (maxId >= chat.readInboxId) store.setChat({ ...chat, readInboxId: maxId, unread: stillUnreadCount });
  if (maxId < chat.topId) refreshChats([peer]);
}

/** Notes that the account has read a thread up to a reply: at the thread, at the message with which it began, and at the post of which that one is a copy. */
export function noteThreadRead(store: Store, { peer, top, post }: Pick<Thread, 'peer' | 'top' | 'post'>, upTo: MessageId): void {
  const readPost = post ?? store.threads.get(peer, top)?.post;
  store.threads.read(peer, top, upTo);
  for (const at of [{ peer, message: top }, ...(readPost ? [readPost] : [])]) {
    store.changeMessage(at.peer, at.message, (row) => (row.replies ? { ...row, replies: { ...row.replies, readMaxId: Math.max(upTo, row.replies.readMaxId ?? 0) } } : row));
  }
}

/** Sets the draft of a chat, or of a topic of a forum, which moves it in its list. */
export function setDraft(store: Store, { peer, topic }: { peer: PeerId; topic?: MessageId | undefined }, draft: Draft | undefined): void {
  const change = ({ topId, date }: { topId: MessageId; date: number }): { draft: Draft | undefined; date: number } => ({ draft, date: Math.max(draft?.date ?? 0, store.message(peer, topId)?.date ?? date) });
  if (topic === undefined) store.changeChat(peer, change);
  else store.topics.change(peer, topic, change);
}

export const chatReducers: Reducers = {
  updateReadHistoryInbox: (context, update) => noteRead(context, peerIdOf(update.peer), update),
  updateReadHistoryOutbox: ({ store }, { peer, maxId }) => store.changeChat(peerIdOf(peer), ({ readOutboxId }) => ({ readOutboxId: Math.max(maxId, readOutboxId) })),
  updateReadChannelInbox: (context, update) => noteRead(context, channelPeer(update.channelId), update),
  updateReadChannelOutbox: (context, { channelId, maxId }) => {
    const { store } = context;
    const peer = channelPeer(channelId);
    readTopicsOutside(context, peer, maxId);
    store.changeChat(peer, ({ readOutboxId }) => ({ readOutboxId: Math.max(maxId, readOutboxId) }));
    for (const { top } of store.threads.list(peer)) store.threads.change(peer, top, ({ readOutboxId }) => ({ readOutboxId: Math.max(maxId, readOutboxId) }));
  },
  updateReadChannelDiscussionInbox: (context, { channelId, topMsgId, readMaxId, broadcastId, broadcastPost }) => {
    const { store } = context;
    const post = broadcastId === undefined || broadcastPost === undefined ? undefined : { peer: channelPeer(broadcastId), message: broadcastPost };
    noteThreadRead(store, { peer: channelPeer(channelId), top: topMsgId, post }, readMaxId);
    noteTopicRead(context, channelPeer(channelId), topMsgId, readMaxId);
  },
  updateReadChannelDiscussionOutbox: ({ store }, { channelId, topMsgId, readMaxId }) => {
    for (const list of [store.threads, store.topics]) list.change(channelPeer(channelId), topMsgId, ({ readOutboxId }) => ({ readOutboxId: Math.max(readMaxId, readOutboxId) }));
  },
  updateDialogUnreadMark: ({ store }, { peer, unread }) => {
    for (const id of dialogPeer(peer)) store.changeChat(id, () => ({ isMarkedUnread: unread === true }));
  },
  updateDialogPinned: ({ store, refreshChats }, { peer, pinned }) => {
    for (const id of dialogPeer(peer)) {
      if (!pinned) store.changeChat(id, () => ({ pinned: undefined }));
      else {
        // A newly pinned chat stands first.
        const isArchived = store.chats.get(id)?.isArchived === true;
        const others = listedChats(store).filter((chat) => chat.pinned !== undefined && (chat.isArchived === true) === isArchived && chat.peer !== id);
        const first = Math.min(0, ...others.map((chat) => chat.pinned!)) - 1;
        store.changeChat(id, () => ({ pinned: first }));
      }
      if (!store.chats.has(id)) refreshChats([id]);
    }
  },
  updatePinnedDialogs: ({ store, refreshChats }, { folderId, order }) => {
    if (order === undefined) return;
    const peers = order.flatMap(dialogPeer);
    const isInList = (chat: Chat): boolean => (chat.isArchived === true) === (folderId === ARCHIVE_ID);
    for (const chat of [...store.chats.values()].filter(isInList)) {
      const at = peers.indexOf(chat.peer);
      if (chat.pinned !== (at === -1 ? undefined : at)) store.setChat({ ...chat, pinned: at === -1 ? undefined : at });
    }
    refreshChats(peers.filter((peer) => !store.chats.has(peer)));
  },
  updateFolderPeers: ({ store, refreshChats }, { folderPeers }) => {
    for (const { peer, folderId } of folderPeers) store.changeChat(peerIdOf(peer), () => ({ isArchived: folderId === ARCHIVE_ID, pinned: undefined }));
    refreshChats(folderPeers.map(({ peer }) => peerIdOf(peer)).filter((peer) => !store.chats.has(peer)));
  },
  updateNotifySettings: ({ store }, { peer, notifySettings: { muteUntil } }) => {
    if (peer._ === 'notifyPeer') store.changeChat(peerIdOf(peer.peer), () => ({ mutedUntil: muteUntil }));
    if (peer._ === 'notifyForumTopic') store.topics.change(peerIdOf(peer.peer), peer.topMsgId, () => ({ mutedUntil: muteUntil }));
    const kind = KINDS[peer._];
    if (kind) store.setFact('mutes', { ...store.facts.mutes, [kind]: muteUntil ?? 0 });
  },
  updateDraftMessage: ({ store }, { peer, topMsgId, draft }) => setDraft(store, { peer: peerIdOf(peer), topic: topMsgId }, readDraft(draft)),
  updateDialogFilter: ({ refreshFolders }) => refreshFolders(),
  updateDialogFilters: ({ refreshFolders }) => refreshFolders(),
  updateDialogFilterOrder: ({ refreshFolders }) => refreshFolders(),
};
