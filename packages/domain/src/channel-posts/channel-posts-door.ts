import type { tl } from '@aerogram/tl';

import type { Acceptance } from '../acceptance/index.ts';
import { type Chats, countDeleted, findChannelView, findHiddenUpTo, findSight, isSeen } from '../chats/index.ts';
import { type BoxWriter, type PostRow, publishTransient } from '../events/index.ts';
import { completeParts, countUnread, findEditPreview, type ForwardSource, type HistoryAffected, type MessageReader, type ReaderPrivacy } from '../messages/index.ts';
import type { SendLimits } from '../moderation/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import type { WebPages } from '../web-pages/index.ts';
import {
  type Acting,
  type ChannelChangeDeps,
  ChannelChanger,
  type ChannelIds,
  type ChannelOutcome,
  beginsTopic,
  type ChannelStep,
  countPinnedPosts,
  findOrdinalUpTo,
  findPinnedId,
  findPosts,
  listPosts,
  type PostWindow,
  showPostPage,
} from '../channel-state/index.ts';
import { accessEditablePost, deletePosts, type EditedPost, editPost, type PostEdit } from './edit-posts.ts';
import { accessSpam } from './access-spam.ts';
import { accessThread, type OpenedThread, openThread } from './access-thread.ts';
import { listReplies, type ReplyPage } from './list-replies.ts';
import { doReadThread } from './read-thread.ts';
import { checkDeletingOf, CLEARED_SLICE, clearForSelf, deleteForAll } from './clear-history.ts';
import { pinPost, type PostPinning, unpinAllPosts } from './pin-posts.ts';
import { doReadPostContents, doReadPostMentions, type MentionsRead } from './read-mentions.ts';
import { doReadChannel } from './read-marks.ts';
import { findForwardable } from './find-forwardable.ts';
import { findPoster } from './find-poster.ts';
import { findPostReaders } from './find-post-readers.ts';
import { type ProximityAlert, sayAlert } from './say-alert.ts';
import { doSendPosts, type NewPosts } from './send-post.ts';

/** Operations on the messages of one channel. */
export interface ChannelPostsDoor {
  /** Posts messages. Throws as {@link doSendPosts}. */
  doSend(posts: NewPosts): Promise<PostRow[]>;
  /** Says that two people have come close to each other. Throws as {@link sayAlert}. */
  doAlert(alert: ProximityAlert): Promise<void>;
  /** Edits a message. Throws as {@link editPost}. */
  doEdit(edit: PostEdit): Promise<EditedPost>;
  /** Puts a fetched page into the message that waits for it. See {@link showPostPage}. */
  doShowPage(msgId: number, page: tl.webPage | tl.webPageEmpty): Promise<void>;
  /** Returns a message if the actor may edit it now. Throws as {@link accessEditablePost}. */
  accessEditable(actorId: bigint, msgId: number): Promise<PostRow>;
  /** Deletes messages. Throws as {@link deletePosts}. */
  doDelete(acting: Acting, msgIds: readonly number[]): Promise<ChannelStep>;
  /** Hides the history from the actor alone, and marks it as read. Throws as {@link clearForSelf}. */
  doClear(acting: Acting, maxId: number): Promise<ChannelOutcome>;
  /** Deletes the history for all. @param maxId the last message; 0 for all. Throws as {@link deleteForAll}. */
  doDeleteAll(acting: Acting, maxId: number): Promise<void>;
  /** Deletes a slice of the messages that show somebody as their author. @param authorId marked. Throws as {@link checkDeletingOf}. */
  doDeleteOf(acting: Acting, authorId: bigint): Promise<HistoryAffected>;
  /** Throws as {@link accessSpam}. */
  accessSpam(viewerId: bigint, authorId: bigint, msgIds: readonly number[]): Promise<PostRow[]>;
  /** Pins or unpins a message. Throws as {@link pinPost}. */
  doPin(pinning: PostPinning): Promise<ChannelOutcome>;
  /** Unpins a slice of all messages that the actor can see. Throws as {@link unpinAllPosts}. */
  doUnpinAll(acting: Acting): Promise<HistoryAffected>;
  /** Marks everything up to a message as read, and tells the reader's devices and the authors. People who are not members have no mark. */
  doRead(userId: bigint, maxId: number): Promise<void>;
  /** Marks a thread as read up to a message, and tells the reader's devices. @throws RpcError as {@link accessThread} */
  doReadThread(userId: bigint, msgId: number, maxId: number): Promise<void>;
  /** Finds a thread. @param msgId the message that started it, or a reply in it. @throws RpcError as {@link accessThread} */
  openThread(viewerId: bigint, msgId: number): Promise<OpenedThread>;
  /** Reads a page of a thread or topic. Throws as {@link listReplies}. */
  listReplies(viewerId: bigint, msgId: number, window: PostWindow): Promise<ReplyPage>;
  /** Marks messages as seen that mention the actor. */
  doReadContents(acting: Acting, msgIds: readonly number[]): Promise<void>;
  /** Marks all mentions of the actor as seen, a slice in each call. */
  doReadMentions(acting: Acting): Promise<MentionsRead>;
  /** How many messages mention a user who has not seen them. */
  countMentions(userId: bigint): Promise<number>;
  /** Finds messages by id. Ids that do not exist, or are hidden from the viewer, are left out. */
  find(viewerId: bigint, msgIds: readonly number[]): Promise<Map<number, PostRow>>;
  /** Finds messages that a viewer wants to forward or to reply to elsewhere. @throws RpcError 400 CHANNEL_PRIVATE if the viewer may not read them */
  findForwardable(viewerId: bigint, msgIds: readonly number[]): Promise<ForwardSource>;
  /** The admin who wrote a post. Throws as {@link findPoster}. */
  findPoster(viewerId: bigint, msgId: number): Promise<bigint>;
  /** Lists the members who have read a message of the viewer. Throws as {@link findPostReaders}. */
  listReaders(viewerId: bigint, msgId: number): Promise<MessageReader[]>;
  /** Reads a page of what the viewer sees of the history, newest first. */
  listHistory(viewerId: bigint, window: PostWindow): Promise<readonly PostRow[]>;
  /** The newest pinned message that the viewer sees; undefined if there is none. */
  findPinnedId(viewerId: bigint): Promise<number | undefined>;
  /** The number of pinned messages that the viewer sees. */
  countPinned(viewerId: bigint): Promise<number>;
  /** The pts of the channel, and the number of its messages that the viewer sees. */
  findState(viewerId: bigint): Promise<{ pts: number; count: number }>;
}

/** The dependencies of the messages of channels. */
export interface ChannelPostsDeps extends ChannelChangeDeps, BoxWriter, ReaderPrivacy, Pick<DomainDeps, 'clock' | 'random'> {
  webPages: WebPages;
  chats: Pick<Chats, 'chatChanged' | 'findMember' | 'findRow'>;
  sendLimits: Pick<SendLimits, 'checkChat' | 'openNotices'>;
  acceptance: Pick<Acceptance, 'doAccept' | 'doNoteRead'>;
  /** Lists ids of messages of a channel, by its marked id, that show somebody as their author. */
  listPostsOf(peerId: bigint, authorId: bigint, limit: number): Promise<number[]>;
}

/** Creates the operations on the messages of a channel whose rows are in this database. */
export function openChannelPosts(deps: ChannelPostsDeps, ids: ChannelIds): ChannelPostsDoor {
  const { db, bus } = deps;
  const { channelId, peerId } = ids;
  const changer = new ChannelChanger(deps, ids);
  const hiddenFrom = (viewerId: bigint): Promise<number> => findHiddenUpTo(deps.chats, peerId, viewerId);
  async function readUpTo(userId: bigint, maxId: number): Promise<void> {
    const read = await doReadChannel(deps, { userId, channelId, peerId, maxId });
    if (read === undefined) return;
    publishTransient(bus, userId, {
      _: 'updateReadChannelInbox',
      folder_id: read.folderId === 0 ? undefined : read.folderId,
      channel_id: channelId,
      max_id: read.maxId,
      still_unread_count: read.unread,
      pts: read.pts,
    });
    for (const authorId of read.authorIds) publishTransient(bus, authorId, { _: 'updateReadChannelOutbox', channel_id: channelId, max_id: read.maxId });
  }
  return {
    async doSend(posts) {
      // A scheduled message was counted when it was scheduled.
      if (posts.scheduled === undefined) await deps.sendLimits.checkChat(posts.actorId, peerId, posts.parts.length);
      const parts = await completeParts(deps, { senderId: posts.actorId, parts: [...posts.parts] });
      const rows = await doSendPosts(deps, channelId, { ...posts, parts });
      await deps.acceptance.doAccept(posts.actorId, peerId);
      return rows;
    },
    async doEdit(edit) {
      // What a bot edits does not count for whoever sent it.
      if (edit.viaBotId === undefined) await deps.sendLimits.checkChat(edit.actorId, peerId, 1);
      const preview = await findEditPreview(deps.webPages, { ...edit, ownerId: edit.actorId });
      return changer.open('edit-post', edit, {}, (channel) => editPost(channel, deps, edit, preview));
    },
    doAlert: (alert) => changer.open('say-proximity-alert', alert, {}, (channel) => sayAlert(channel, alert)),
    doShowPage: (msgId, page) => changer.open('show-post-page', { actorId: peerId, origin: undefined }, {}, (channel) => showPostPage(channel, msgId, page)),
    accessEditable: (actorId, msgId) => accessEditablePost(deps, channelId, actorId, msgId),
    doDelete: (acting, msgIds) => changer.open('delete-posts', acting, {}, (channel) => deletePosts(channel, acting, msgIds)),
    async doClear(acting, maxId) {
      const outcome = await changer.change('clear-channel', acting, { opened: [acting.actorId] }, (channel) => clearForSelf(channel, acting, maxId));
      const [update] = outcome.updates;
      // What is gone is not unread.
      if (update?._ === 'updateChannelAvailableMessages') await readUpTo(acting.actorId, update.available_min_id);
      return outcome;
    },
    async doDeleteAll(acting, maxId) {
      // Each slice is an event of its own, so the session of the call gets them pushed, too.
      const pushed = { ...acting, origin: undefined };
      // What is posted meanwhile stays.
      const view = await findChannelView(db, acting.actorId, channelId);
      const upTo = Math.min(maxId || Infinity, view?.top_msg_id ?? 0);
      while (await changer.open('delete-channel-history', pushed, {}, (channel) => deleteForAll(channel, upTo)));
    },
    async doDeleteOf(acting, authorId) {
      await changer.open('check-deleting-posts', acting, {}, (channel) => Promise.resolve(checkDeletingOf(channel)));
      // The first message, which says that the channel was created, stays.
      const found = (await deps.listPostsOf(peerId, authorId, CLEARED_SLICE + 2)).filter((id) => id > 1).slice(0, CLEARED_SLICE + 1);
      const { removed, pts } = await changer.open('delete-posts-of', acting, {}, async (channel) => {
        checkDeletingOf(channel);
        const posts = await findPosts(channel.tx.q, channelId, found.slice(0, CLEARED_SLICE));
        // A topic is deleted as a whole.
        return channel.remove([...posts.values()].filter((post) => !beginsTopic(post)).map((post) => post.msg_id));
      });
      return { pts, ptsCount: removed.length, offset: found.length > CLEARED_SLICE && removed.length > 0 ? 1 : 0 };
    },
    accessSpam: (viewerId, authorId, msgIds) => accessSpam(deps, { viewerId, channelId, authorId, msgIds }),
    doPin: (pinning) => changer.change('pin-post', pinning, {}, (channel) => pinPost(channel, pinning)),
    doUnpinAll: (acting) => changer.open('unpin-all-posts', acting, {}, (channel) => unpinAllPosts(channel, acting)),
    async doRead(userId, maxId) {
      await readUpTo(userId, maxId);
      await deps.acceptance.doNoteRead(userId, peerId);
    },
    async doReadThread(userId, msgId, maxId) {
      const { root } = await accessThread(deps, { viewerId: userId, channelId }, msgId);
      const read = await doReadThread(deps, { userId, channelId, peerId, topId: root.msg_id, maxId });
      if (read !== undefined) publishTransient(bus, userId, { _: 'updateReadChannelDiscussionInbox', channel_id: channelId, top_msg_id: root.msg_id, read_max_id: read });
    },
    openThread: (viewerId, msgId) => openThread(deps, { viewerId, channelId }, msgId),
    listReplies: (viewerId, msgId, window) => listReplies(deps, { viewerId, channelId }, msgId, window),
    doReadContents: (acting, msgIds) => doReadPostContents(deps, ids, acting, msgIds),
    doReadMentions: (acting) => doReadPostMentions(deps, ids, acting),
    countMentions: async (userId) => (await countUnread(db.q, 'unread_mentions', userId, [peerId])).get(peerId) ?? 0,
    async find(viewerId, msgIds) {
      const sight = await findSight(deps.chats, peerId, viewerId);
      const found = await findPosts(db.q, channelId, msgIds.filter((id) => id > sight.hidden));
      return new Map([...found].filter(([, post]) => isSeen(sight, post)));
    },
    findForwardable: (viewerId, msgIds) => findForwardable(deps, { viewerId, channelId }, msgIds),
    findPoster: (viewerId, msgId) => findPoster(deps, { viewerId, channelId }, msgId),
    listReaders: (viewerId, msgId) => findPostReaders(deps, { viewerId, channelId }, msgId),
    async listHistory(viewerId, window) {
      const sight = await findSight(deps.chats, peerId, viewerId);
      const page = await listPosts(db.q, channelId, { ...window, minId: Math.max(window.minId, sight.hidden) });
      return page.filter((post) => isSeen(sight, post));
    },
    findPinnedId: async (viewerId) => findPinnedId(db.q, channelId, await findSight(deps.chats, peerId, viewerId)),
    countPinned: async (viewerId) => countPinnedPosts(db.q, channelId, await hiddenFrom(viewerId)),
    async findState(viewerId) {
      const view = await findChannelView(db, viewerId, channelId);
      const before = await findOrdinalUpTo(db.q, channelId, await hiddenFrom(viewerId));
      const deleted = await countDeleted(db.q, channelId, before);
      return { pts: view?.pts ?? 1, count: Math.max(0, (view?.ordinal ?? 0) - before - deleted) };
    },
  };
}
