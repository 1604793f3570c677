import type { tl } from '@aerogram/tl';

import type { Acceptance } from '../acceptance/index.ts';
import { type ChannelMemberRow, type ChannelSight, type Chats, countDeleted, findChannelView, findHiddenUpTo, findSight, isSeen, isChatRow, mayDo } from '../chats/index.ts';
import { type BoxWriter, type PostRow, publishTransient } from '../events/index.ts';
import { completeParts, findEditPreview, type ForwardSource, type HistoryAffected, type MessageReader, type ReaderPrivacy, type UnreadTable } from '../messages/index.ts';
import type { Polls } from '../polls/index.ts';
import type { SendLimits } from '../moderation/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import type { WebPages } from '../web-pages/index.ts';
import {
  type Acting,
  type ChannelChangeDeps,
  ChannelChanger,
  type ChannelIds,
  type ChannelOutcome,
  type ChannelStep,
  countPinnedPosts,
  countUnseen,
  findComments,
  findOrdinalUpTo,
  findPinnedId,
  findPosts,
  listPosts,
  type PostWindow,
  showPostPage,
  type ThreadPart,
} from '../channel-state/index.ts';
import type { FindReadId } from './access-posts.ts';
import { accessEditablePost, deletePosts, type EditedPost, editPost, type PostEdit } from './edit-posts.ts';
import { actOnPost, type PostAct } from './act-on-post.ts';
import { accessPart } from './access-part.ts';
import { accessSpam } from './access-spam.ts';
import { accessThread, type OpenedThread, openThread } from './access-thread.ts';
import { doReadThread, type ThreadRead } from './read-thread.ts';
import type { AwaitedCopies } from './awaited-copies.ts';
import { findNamedTopic } from './find-named-topic.ts';
import { listReplies, type ReplyPage } from './list-replies.ts';
import { checkDeletingOf, CLEARED_SLICE, clearForSelf, deleteForAll } from './clear-history.ts';
import { pinPost, type PostPinning, unpinAllPosts } from './pin-posts.ts';
import { doReadPostContents, doReadPostMentions, type MentionsRead } from './read-mentions.ts';
import { type ChannelRead, doReadChannel, doReadTopic } from './read-marks.ts';
import { type CommentAnswer, findAnswers } from './find-answers.ts';
import { type CommentPlace, findCommentGroup, findCommentRoot } from './find-comment-place.ts';
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
  /** Changes the answers of a poll, or ticks and adds tasks of a checklist. Throws as {@link actOnPost}. */
  doAct(act: PostAct): Promise<ChannelOutcome>;
  /** Unpins a slice of all messages that the actor can see, or of those in a topic or thread. Throws as {@link unpinAllPosts}. */
  doUnpinAll(acting: Acting, part?: ThreadPart): Promise<HistoryAffected>;
  /** Marks everything up to a message as read, and tells the reader's devices and the authors. People who are not members have no mark. */
  doRead(userId: bigint, maxId: number): Promise<void>;
  /**
   * Marks a thread, or a topic of a forum, as read up to a message, and tells the reader's devices and the authors.
   * @throws RpcError as {@link accessThread} and {@link findNamedTopic}
   */
  doReadThread(userId: bigint, msgId: number, maxId: number): Promise<void>;
  /** Finds the topic or thread that a request names. Throws as {@link accessPart}. */
  accessPart(viewerId: bigint, topId: number): Promise<ThreadPart>;
  /** Finds the message that started a thread, or the id of a topic, in which the viewer writes a draft. Throws as {@link ChannelPostsDoor.doReadThread}. */
  findTopId(viewerId: bigint, msgId: number): Promise<number>;
  /** Finds the topic of a forum that a call names by its id or that of a message in it; undefined if the channel is no forum. Throws as {@link findNamedTopic}. */
  findTopicId(viewerId: bigint, msgId: number): Promise<number | undefined>;
  /** Finds a thread. @param msgId the message that started it, or a reply in it. @throws RpcError as {@link accessThread} */
  openThread(viewerId: bigint, msgId: number): Promise<OpenedThread>;
  /** Reads a page of a thread or topic. Throws as {@link listReplies}. */
  listReplies(viewerId: bigint, msgId: number, window: PostWindow): Promise<ReplyPage>;
  /** The group in which a post can be commented on. Throws as {@link findCommentGroup}. */
  findCommentGroup(viewerId: bigint, postId: number): Promise<CommentPlace>;
  /**
   * The message of this group below which the comments on a post of a channel are. Throws as {@link findCommentRoot}.
   * @param freshDate when it was posted, in unix seconds, to wait up to two seconds for the copy of a fresh post
   */
  findCommentRoot(channelId: bigint, postId: number, freshDate?: number): Promise<number>;
  /** Finds those of some messages that answer comments of somebody who is not in this group. See {@link findAnswers}. */
  findAnswers(userId: bigint, msgIds: readonly number[]): Promise<CommentAnswer[]>;
  /** Marks messages as seen that mention the actor. */
  doReadContents(acting: Acting, msgIds: readonly number[]): Promise<void>;
  /** Marks all mentions of the actor as seen, or those in a topic or thread; a slice in each call. */
  doReadMentions(acting: Acting, part?: ThreadPart): Promise<MentionsRead>;
  /** How many messages, of the channel or of a topic or thread, have something that a user has not seen. */
  countUnseen(table: UnreadTable, userId: bigint, part?: ThreadPart): Promise<number>;
  /** Finds messages by id. Ids that do not exist, or that the viewer may not see, are left out. */
  find(viewerId: bigint, msgIds: readonly number[]): Promise<Map<number, PostRow>>;
  /**
   * Finds the messages to which some messages that the viewer sees reply, by the id of the reply. A bot is given them also if it would not see them otherwise: it needs them to
   * understand the reply.
   */
  findReplied(viewerId: bigint, replyIds: readonly number[]): Promise<Map<number, PostRow>>;
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
  polls: Pick<Polls, 'doStart' | 'closeIn' | 'changeAnswersIn' | 'copyIn'>;
  findReadId: FindReadId;
  awaitedCopies: AwaitedCopies;
  chats: Pick<Chats, 'chatChanged' | 'findMember' | 'findRow' | 'findStanding'>;
  sendLimits: Pick<SendLimits, 'checkChat' | 'checkPublic' | 'openNotices'>;
  acceptance: Pick<Acceptance, 'doAccept' | 'doNoteRead'>;
  /** Lists ids of messages of a channel, by its marked id, that show somebody as their author; those with which topics begin are left out. */
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
    if (read !== undefined) tellRead(userId, read);
  }
  function tellRead(userId: bigint, read: ChannelRead): void {
    publishTransient(bus, userId, {
      _: 'updateReadChannelInbox',
      folder_id: read.folderId === 0 ? undefined : read.folderId,
      channel_id: channelId,
      max_id: read.maxId,
      still_unread_count: read.unread,
      pts: read.pts,
    });
    for (const authorId of new Set(read.authors.map((author) => author.poster_id))) publishTransient(bus, authorId, { _: 'updateReadChannelOutbox', channel_id: channelId, max_id: read.maxId });
    for (const topicId of read.topicIds) publishTransient(bus, userId, { _: 'updateReadChannelDiscussionInbox', channel_id: channelId, top_msg_id: topicId, read_max_id: read.maxId });
    for (const { poster_id: authorId, topic_id: topicId } of read.authors) {
      if (topicId !== null) publishTransient(bus, authorId, { _: 'updateReadChannelDiscussionOutbox', channel_id: channelId, top_msg_id: topicId, read_max_id: read.maxId });
    }
  }
  function tellThreadRead(userId: bigint, topId: number, { maxId, authorIds }: ThreadRead): void {
    const of = { channel_id: channelId, top_msg_id: topId, read_max_id: maxId };
    publishTransient(bus, userId, { _: 'updateReadChannelDiscussionInbox', ...of });
    for (const authorId of authorIds) publishTransient(bus, authorId, { _: 'updateReadChannelDiscussionOutbox', ...of });
  }
  async function findAs(sight: ChannelSight, viewerId: bigint, msgIds: readonly number[]): Promise<Map<number, PostRow>> {
    const found = await findPosts(db.q, channelId, msgIds.filter((id) => id > sight.hidden));
    const seen = new Map([...found].filter(([, post]) => isSeen(sight, post)));
    const row = await deps.chats.findRow(peerId);
    if (row === undefined || isChatRow(row) || seen.size === 0) return seen;
    // A member who was found by the marked id of a channel is a member of a channel.
    const standing = await deps.chats.findStanding(viewerId, row, (await deps.chats.findMember(peerId, viewerId)) as ChannelMemberRow | undefined);
    if (mayDo(standing, 'view_messages')) return seen;
    return standing.comments === undefined ? new Map() : findComments(db.q, row, seen);
  }
  async function findTopId(viewerId: bigint, msgId: number): Promise<number> {
    const viewer = { viewerId, channelId };
    return (await findNamedTopic(deps, viewer, msgId)) ?? (await accessThread(deps, viewer, msgId)).root.msg_id;
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
      // An edit by an inline bot does not count towards the limits of the person who sent the message.
      if (edit.viaBotId === undefined) await deps.sendLimits.checkChat(edit.actorId, peerId, 1);
      const preview = await findEditPreview(deps.webPages, { ...edit, ownerId: edit.actorId });
      return changer.open('edit-post', edit, { readId: await deps.findReadId(edit.actorId, channelId) }, (channel) => editPost(channel, deps, edit, preview));
    },
    doAlert: (alert) => changer.open('say-proximity-alert', alert, {}, (channel) => sayAlert(channel, alert)),
    doShowPage: (msgId, page) => changer.open('show-post-page', { actorId: peerId, origin: undefined }, {}, (channel) => showPostPage(channel, msgId, page)),
    accessEditable: (actorId, msgId) => accessEditablePost(deps, channelId, actorId, msgId),
    doDelete: async (acting, msgIds) =>
      changer.open('delete-posts', acting, { readId: await deps.findReadId(acting.actorId, channelId) }, (channel) => deletePosts(channel, acting, msgIds)),
    async doClear(acting, maxId) {
      const outcome = await changer.change('clear-channel', acting, { opened: [acting.actorId] }, (channel) => clearForSelf(channel, acting, maxId));
      const [update] = outcome.updates;
      // Messages that the member has cleared count as read.
      if (update?._ === 'updateChannelAvailableMessages') await readUpTo(acting.actorId, update.available_min_id);
      return outcome;
    },
    async doDeleteAll(acting, maxId) {
      // Each slice is an event of its own, so the session of the call gets them pushed, too.
      const pushed = { ...acting, origin: undefined };
      // Messages that are posted during the deletion are not deleted.
      const view = await findChannelView(db, acting.actorId, channelId);
      const upTo = Math.min(maxId || Infinity, view?.top_msg_id ?? 0);
      while (await changer.open('delete-channel-history', pushed, {}, (channel) => deleteForAll(channel, upTo)));
    },
    async doDeleteOf(acting, authorId) {
      await changer.open('check-deleting-posts', acting, {}, (channel) => Promise.resolve(checkDeletingOf(channel)));
      // The first message, which says that the channel was created, stays.
      const found = (await deps.listPostsOf(peerId, authorId, CLEARED_SLICE + 2)).filter((id) => id > 1).slice(0, CLEARED_SLICE + 1);
      const { removed, pts } = await changer.open('delete-posts-of', acting, {}, (channel) => {
        checkDeletingOf(channel);
        return channel.remove(found.slice(0, CLEARED_SLICE));
      });
      return { pts, ptsCount: removed.length, offset: found.length > CLEARED_SLICE && removed.length > 0 ? 1 : 0 };
    },
    accessSpam: (viewerId, authorId, msgIds) => accessSpam(deps, { viewerId, channelId, authorId, msgIds }),
    doPin: (pinning) => changer.change('pin-post', pinning, {}, (channel) => pinPost(channel, pinning)),
    doAct: (act) => changer.change('act-on-post', act, { writes: true }, (channel) => actOnPost(channel, deps, act)),
    doUnpinAll: (acting, part) => changer.open('unpin-all-posts', acting, {}, (channel) => unpinAllPosts(channel, acting, part)),
    async doRead(userId, maxId) {
      await readUpTo(userId, maxId);
      await deps.acceptance.doNoteRead(userId, peerId);
    },
    async doReadThread(userId, msgId, maxId) {
      const viewer = { viewerId: userId, channelId };
      const topicId = await findNamedTopic(deps, viewer, msgId);
      if (topicId === undefined) {
        const { root, reader } = await accessThread(deps, viewer, msgId);
        const read = await doReadThread(deps, { userId, reader, channelId, peerId, topId: root.msg_id, maxId });
        if (read !== undefined) tellThreadRead(userId, root.msg_id, read);
        return;
      }
      const read = await doReadTopic(deps, { userId, channelId, peerId, topId: topicId, maxId });
      if (read === undefined) return;
      tellThreadRead(userId, topicId, read);
      tellRead(userId, read.channel);
    },
    accessPart: (viewerId, topId) => accessPart(deps, { viewerId, channelId }, topId),
    findTopId,
    findTopicId: (viewerId, msgId) => findNamedTopic(deps, { viewerId, channelId }, msgId),
    openThread: (viewerId, msgId) => openThread(deps, { viewerId, channelId }, msgId),
    listReplies: (viewerId, msgId, window) => listReplies(deps, { viewerId, channelId }, msgId, window),
    findCommentGroup: (viewerId, postId) => findCommentGroup(deps, { viewerId, channelId }, postId),
    findCommentRoot: (sourceId, postId, freshDate) =>
      findCommentRoot(db, { channelId: sourceId, groupId: channelId }, postId, freshDate === undefined ? undefined : { copies: deps.awaitedCopies, date: freshDate }),
    findAnswers: (viewerId, msgIds) => findAnswers(deps, { viewerId, channelId }, msgIds),
    doReadContents: (acting, msgIds) => doReadPostContents(deps, ids, acting, msgIds),
    doReadMentions: (acting, part) => doReadPostMentions(deps, ids, acting, part),
    countUnseen: (table, userId, part) => countUnseen(db.q, table, { userId, channelId, part }),
    find: async (viewerId, msgIds) => findAs(await findSight(deps.chats, peerId, viewerId), viewerId, msgIds),
    async findReplied(viewerId, replyIds) {
      const sight = await findSight(deps.chats, peerId, viewerId);
      const replies = [...(await findAs(sight, viewerId, replyIds)).values()];
      const replied = await findAs({ ...sight, bot: undefined }, viewerId, replies.flatMap((reply) => reply.reply_to_msg_id ?? []));
      return new Map(replies.flatMap(({ msg_id, reply_to_msg_id: id }) => (id !== null && replied.has(id) ? [[msg_id, replied.get(id)!]] : [])));
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
