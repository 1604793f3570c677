import type { tl } from '@mtcute/core';
import type { MessageId, PeerId } from '../../protocol/index.ts';
import { isStranger } from '../is-stranger.ts';
import { newerReplies } from '../models/headers.ts';
import { channelPeer, isChannel, peerIdOf } from '../models/ids.ts';
import { mediaOnceOpened, mergeMedia, readMedia } from '../models/media.ts';
import { type MessageRow, readMessage, readReactions } from '../models/message.ts';
import { rangeAt } from '../store/ranges.ts';
import type { ReduceContext, Reducers } from './context.ts';
import { addToTopic, recountTopics, removeFromTopics } from './topics.ts';

/**
 * The account is not in the group, as somebody who comments a post without joining: the group is not in the list, and only the account's own messages and
 * what it asks for arrive. An open thread loads the message with those that others have written before it.
 */
function addAsStranger({ store }: ReduceContext, row: MessageRow): void {
  if (row.thread !== undefined && store.threads.get(row.peer, row.thread)) store.threads.addReply(row.peer, row.thread, { id: row.id, pts: 0, isOut: row.isOut, isComplete: false });
  else store.putMessage(row);
}

/** Counts a reply at the message with which its thread began. Which replies are counted already the newest one says. */
function addReply({ store, recount }: ReduceContext, row: MessageRow, pts: number): void {
  const { peer, id, isOut } = row;
  const thread = store.threadOf(row);
  if (thread === undefined) return;
  store.threads.addReply(peer, thread, { id, pts, isOut, isComplete: true });
  store.changeMessage(peer, thread, (root) => {
    const { replies } = root;
    if (!replies || id <= (replies.maxId ?? 0)) return root;
    return { ...root, replies: { ...replies, count: replies.count + 1, maxId: id, version: Math.max(replies.version, pts) } };
  });
  const post = store.threads.get(peer, thread)?.post ?? store.message(peer, thread)?.forwarded?.origin;
  // Only the server knows what a post shows of its comments.
  if (post && store.message(post.peer, post.message)) recount(post.peer, [post.message]);
}

/**
 * A message that is newer than all others of its chat counts as unread if it is not an own one; an older one was caught up. An own message, perhaps forwarded
 * from another chat, reads nothing.
 */
function addMessage(context: ReduceContext, message: tl.TypeMessage, pts: number): void {
  const { store, typing, self, refreshChats } = context;
  const row = readMessage(message, self);
  if (!row) return;
  const chat = store.chats.get(row.peer);
  // A basic group that became a supergroup stays in the list, with the message that says so.
  if (isChannel(row.peer) && isStranger(store, row.peer)) {
    addAsStranger(context, row);
    return;
  }
  addReply(context, row, pts);
  if (!chat) {
    // The first message of a chat: the server knows how the chat stands in the list.
    store.putMessage(row);
    store.addRange(row.peer, { from: row.id, to: row.id });
    refreshChats([row.peer]);
    return;
  }
  const isNewest = row.id > chat.topId;
  if (isNewest) store.extendTop(row.peer, row.id);
  store.putMessage(row);
  addToTopic(context, row);
  typing.stop(row.peer, row.from);
  if (!isNewest) return;
  const isUnread = !row.isOut && row.id > chat.readInboxId && row.service?.kind !== 'historyCleared';
  store.changeChat(row.peer, ({ unread, mentions, draft }) => ({
    topId: row.id,
    date: Math.max(row.date, draft?.date ?? 0),
    unread: isUnread ? unread + 1 : unread,
    mentions: isUnread && row.mentionsMe ? mentions + 1 : mentions,
  }));
}

function editMessage({ store, self }: ReduceContext, message: tl.TypeMessage): void {
  const row = readMessage(message, self);
  if (row) store.changeMessage(row.peer, row.id, (known) => ({ ...row, key: known.key, ...mergeMedia(known, row), replies: newerReplies(known.replies, row.replies) }));
}

/** Takes messages away. If one of them was the newest of its chat, only the server knows which one is now. */
export function removeMessages(context: ReduceContext, peer: PeerId, ids: MessageId[]): void {
  const { store, refreshChats } = context;
  const isPinnedPerhaps = ids.some((id) => store.message(peer, id)?.isPinned ?? store.message(peer, id) === undefined);
  for (const id of ids) store.removeMessage(peer, id);
  removeFromTopics(context, peer, ids);
  if (isPinnedPerhaps) store.noteDetails(peer);
  const chat = store.chats.get(peer);
  if (chat && ids.some((id) => id === chat.topId || id > chat.readInboxId)) refreshChats([peer]);
  // Until the server answers, the newest message that is in memory stands in the list.
  const newest = chat && ids.includes(chat.topId) ? store.newestInMemory(peer) : undefined;
  if (newest && rangeAt(store.ranges(peer), newest.id)?.to === chat!.topId) store.setChat({ ...chat!, topId: newest.id, date: Math.max(newest.date, chat!.draft?.date ?? 0) });
}

/** A message whose contents were seen. What could be seen once is gone with its caption: the server does not tell that to the device that opened it. */
function seenRow(row: MessageRow): MessageRow {
  const poll: Pick<MessageRow, 'media'> = row.media?.kind === 'poll' ? { media: { kind: 'poll', poll: { ...row.media.poll, hasUnseenVotes: undefined } } } : {};
  const seen = { ...row, ...poll, isUnplayed: false, hasUnseenReaction: undefined };
  const media = row.isOut ? undefined : mediaOnceOpened(row.media);
  return media ? { ...seen, media, locations: undefined, text: '', entities: undefined } : seen;
}

/** Notes that the voice messages among these were played, and their mentions, reactions and votes seen, on this device or another one. */
export function readContents(context: ReduceContext, peer: PeerId, ids: MessageId[]): void {
  const { store, refreshChats } = context;
  recountTopics(context, peer, ids);
  for (const id of ids) store.changeMessage(peer, id, seenRow);
  const chat = store.chats.get(peer);
  if (ids.length > 0 && chat && (chat.mentions > 0 || (chat.reactions ?? 0) > 0 || (chat.votes ?? 0) > 0)) refreshChats([peer]);
}

function setPinned({ store }: ReduceContext, peer: PeerId, ids: MessageId[], isPinned: boolean): void {
  for (const id of ids) store.changeMessage(peer, id, (row) => ({ ...row, isPinned }));
  store.noteDetails(peer);
}

/** The server answers with the preview of a link later than with the message. */
function setPage({ store }: ReduceContext, page: tl.TypeWebPage): void {
  if (page._ === 'webPageNotModified' || page._ === 'webPagePending') return;
  const read = readMedia({ _: 'messageMediaWebPage', webpage: page });
  for (const { peer, id } of store.takeAwaiting(page.id.toString())) {
    store.changeMessage(peer, id, (row) => ({ ...row, awaitedPage: undefined, media: read?.media, locations: read?.locations }));
  }
}

/** What others think of an own message counts apart until it is seen; the server says how many such messages there are. */
function setReactions(context: ReduceContext, { peer, msgId, reactions }: tl.RawUpdateMessageReactions): void {
  const { store, refreshChats } = context;
  const id = peerIdOf(peer);
  const before = store.chats.get(id)?.reactions ?? 0;
  const isUnseen = reactions.recentReactions?.some(({ unread }) => unread) === true;
  store.changeMessage(id, msgId, (row) => ({ ...row, ...readReactions(reactions, row) }));
  if (isUnseen || before > 0) refreshChats([id]);
  if (isUnseen || before > 0) recountTopics(context, id, [msgId]);
}

/** Removes messages whose ids are counted per account: the update does not say of which chats. */
function removeOwnMessages(context: ReduceContext, ids: MessageId[]): void {
  const { store } = context;
  const wanted = new Set(ids);
  const inMemory = [...store.chats.values()].flatMap(({ peer }) => (isChannel(peer) ? [] : ids.filter((id) => store.message(peer, id)).map((id) => ({ peer, id }))));
  for (const { peer, id } of inMemory) {
    wanted.delete(id);
    removeMessages(context, peer, [id]);
  }
  if (wanted.size === 0) return;
  void store.findChatsOfOwn([...wanted]).then((found) => {
    for (const { peer, id } of found) removeMessages(context, peer, [id]);
  });
}

export const messageReducers: Reducers = {
  updateNewMessage: (context, { message, pts }) => addMessage(context, message, pts),
  updateNewChannelMessage: (context, { message, pts }) => addMessage(context, message, pts),
  updateEditMessage: (context, { message }) => editMessage(context, message),
  updateEditChannelMessage: (context, { message }) => editMessage(context, message),
  updateDeleteMessages: (context, { messages }) => removeOwnMessages(context, messages),
  updateDeleteChannelMessages: (context, { channelId, messages }) => removeMessages(context, channelPeer(channelId), messages),
  updateChannelAvailableMessages: ({ store, refreshChats }, { channelId, availableMinId }) => {
    store.clearMessages(channelPeer(channelId), availableMinId);
    refreshChats([channelPeer(channelId)]);
  },
  updateChannelReadMessagesContents: (context, { channelId, messages }) => readContents(context, channelPeer(channelId), messages),
  updateReadMessagesContents: (context, { messages }) => {
    for (const { peer } of context.store.chats.values()) {
      if (!isChannel(peer)) readContents(context, peer, messages.filter((id) => context.store.message(peer, id)));
    }
  },
  updatePinnedMessages: (context, { peer, messages, pinned }) => setPinned(context, peerIdOf(peer), messages, pinned === true),
  updatePinnedChannelMessages: (context, { channelId, messages, pinned }) => setPinned(context, channelPeer(channelId), messages, pinned === true),
  updateMessageReactions: setReactions,
  updateChannelMessageViews: ({ store }, { channelId, id, views }) =>
    store.changeMessage(channelPeer(channelId), id, (row: MessageRow) => ({ ...row, views: Math.max(views, row.views ?? 0) })),
  updateWebPage: (context, { webpage }) => setPage(context, webpage),
  updateChannelWebPage: (context, { webpage }) => setPage(context, webpage),
};
