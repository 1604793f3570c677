import { rpcError } from '@aerogram/errors';
import type { Random } from '@aerogram/runtime';

import { checkRight, findChannelMembers, findChannelRows, markedIdOf, mayDo, type Reader, standingIn, withComments } from '../chats/index.ts';
import { hasFlag, MessageFlag, type PostRow, type Queries, unpackMessageExtra } from '../events/index.ts';
import { allowedPreview, applyEdit, type ContentEdit, EDIT_TIME_LIMIT_S, editMedia, finishEdit, isSameContent, isStateEdit, needsRight, sendActionOf, waitsFor } from '../messages/index.ts';
import type { Polls } from '../polls/index.ts';
import type { Preview, WebPages } from '../web-pages/index.ts';
import { type Acting, areOwn, beginsTopic, type ChannelChange, findPosts, findShownPosts, hiddenFromActor, orderPostPage, type Sender, shownPosts } from '../channel-state/index.ts';
import type { PostReadDeps } from './access-posts.ts';
import { areInReach } from './check-commenter.ts';
import { dropMentions } from './find-mentioned-members.ts';

/** The new content of a message. */
export interface PostEdit extends Acting, ContentEdit {
  msgId: number;
}

/** Who edits a message, and when. */
interface EditKind {
  /** Whether the edit is one of a live location, or by a bot. */
  isTimeless: boolean;
  /** The bot via which the message was sent, if it is the one that edits. */
  viaBotId?: bigint | undefined;
}

/**
 * Returns a message that somebody wants to edit, if they may do so now. Members edit their own messages for two days, and their live
 * locations as long as these are shared; admins who may pin messages edit theirs at any time. In broadcast channels, admins who may edit messages
 * edit all posts at any time.
 * @throws RpcError 400 MESSAGE_ID_INVALID, MESSAGE_EDIT_TIME_EXPIRED, 403 MESSAGE_AUTHOR_REQUIRED, and the errors of the rights
 */
async function checkEditable(reader: Reader & { q: Queries }, editor: Sender, post: PostRow | undefined, { isTimeless, viaBotId }: EditKind = { isTimeless: false }): Promise<PostRow> {
  const { row, standing, nowDate } = editor;
  if (post === undefined || hasFlag(post, MessageFlag.service)) throw rpcError('MESSAGE_ID_INVALID');
  checkRight(standing, (await areOwn(reader, editor, [post])) ? 'send_plain' : 'edit_messages');
  if (!(await areInReach(reader.q, editor, [post]))) throw rpcError('CHAT_WRITE_FORBIDDEN');
  const extra = unpackMessageExtra(post.extra);
  // Only the inline bot by which a message was made may edit it.
  if (extra.fwdFrom !== undefined || extra.viaBotId !== viaBotId) throw rpcError('MESSAGE_AUTHOR_REQUIRED');
  const isLate = post.date + EDIT_TIME_LIMIT_S < nowDate && !isTimeless;
  if (isLate && !mayDo(standing, row.kind === 'broadcast' ? 'edit_messages' : 'pin_messages')) throw rpcError('MESSAGE_EDIT_TIME_EXPIRED');
  return post;
}

/** Reads a message that somebody wants to edit. @throws RpcError as {@link checkEditable} */
export async function accessEditablePost({ db, clock, findReadId }: PostReadDeps, channelId: bigint, actorId: bigint, msgId: number): Promise<PostRow> {
  const [[row], [member], readId, posts] = await Promise.all([
    findChannelRows(db, [channelId]),
    findChannelMembers(db, [{ id: channelId, userId: actorId }]),
    findReadId(actorId, channelId),
    findPosts(db.q, channelId, [msgId]),
  ]);
  if (row === undefined) throw rpcError('CHANNEL_INVALID');
  const nowDate = clock.now();
  const standing = withComments(standingIn(row, member, nowDate), row, readId);
  const shown = await shownPosts(db.q, { row, member, standing }, posts);
  return checkEditable(db, { userId: actorId, standing, row, peerId: markedIdOf(row), nowDate }, shown.get(msgId));
}

/** A message before and after an edit, and the pts of the event. */
export interface EditedPost {
  row: PostRow;
  before: PostRow;
  pts: number;
}

/** The dependencies of {@link editPost}. */
export interface EditPostDeps {
  random: Random;
  webPages: WebPages;
  polls: Pick<Polls, 'closeIn'>;
}

/**
 * Edits a message.
 * @param foundPreview the link preview after the edit; undefined if the edit changes neither the text nor the preview
 * @throws RpcError 400 MESSAGE_NOT_MODIFIED, as {@link checkEditable}, and the errors of {@link editMedia}
 */
export async function editPost(channel: ChannelChange, { random, webPages, polls }: EditPostDeps, edit: PostEdit, foundPreview: Preview | undefined): Promise<EditedPost> {
  const found = (await findShownPosts(channel, edit, [edit.msgId])).get(edit.msgId);
  const isTimeless = isStateEdit(edit.media) || edit.replyMarkup !== undefined;
  const post = await checkEditable(channel.tx, channel.sender(), found, { isTimeless, viaBotId: edit.viaBotId });
  const { media: before, groupedId } = unpackMessageExtra(post.extra);
  if (needsRight(edit.media) && channel.row.kind !== 'broadcast') channel.check(sendActionOf({ extra: { media: edit.media } }));
  const preview = allowedPreview(channel.standing, foundPreview);
  const media = editMedia(random, before, { edit: edit.media, preview, isGrouped: groupedId !== undefined }, { sentDate: post.date, nowDate: channel.date });
  const edited = applyEdit(post, edit, media, channel.date);
  if (isSameContent(edited, post)) throw rpcError('MESSAGE_NOT_MODIFIED');
  await finishEdit(channel.tx, edit.media, media, { polls, actorId: edit.actorId, placeId: channel.row.kind === 'broadcast' ? channel.peerId : undefined });
  const row = await dropMentions(channel, edited);
  if (preview?.pending && waitsFor(media, preview.pending.pageId)) await channel.tx.job(orderPostPage(webPages, preview.pending, row));
  return { row, before: post, pts: await channel.edit(row, post) };
}

/** The first message says that the channel was created. It cannot be deleted, so that a channel always has a message. */
const FIRST_ID = 1;

/**
 * Deletes messages. Members may delete their own messages (see {@link areOwn}), and admins with the right to delete may delete all messages except the first.
 * A post of a broadcast channel counts as the author's own only while the author may post there. Messages that do not exist, or are in a history that is hidden from the actor, are left
 * out; what a bot in privacy mode does not see exists, and it may not delete it.
 * @throws RpcError 403 MESSAGE_DELETE_FORBIDDEN, and the errors of the rights
 */
export async function deletePosts(channel: ChannelChange, { actorId }: Acting, msgIds: readonly number[]): Promise<{ pts: number; ptsCount: number }> {
  const { standing, tx } = channel;
  if (standing.comments === undefined) channel.check('view_messages');
  const found = await findShownPosts(channel, { actorId }, msgIds);
  const isPostOfOthers = found.size > 0 && channel.row.kind === 'broadcast' && !mayDo(standing, 'send_plain');
  if (isPostOfOthers || !(await areOwn(tx, channel.sender(), [...found.values()]))) channel.check('delete_messages');
  else if (found.size > 0 && !(await areInReach(tx.q, channel.sender(), [...found.values()]))) throw rpcError('MESSAGE_DELETE_FORBIDDEN');
  if ((channel.memberOf(actorId)?.all_from ?? null) !== null && found.size < msgIds.length && (await hasUnseen(channel, { actorId }, msgIds, found))) throw rpcError('MESSAGE_DELETE_FORBIDDEN');
  // The first message of a topic is deleted only together with the topic.
  if (found.has(FIRST_ID) || [...found.values()].some(beginsTopic)) throw rpcError('MESSAGE_DELETE_FORBIDDEN');
  const { removed, pts } = await channel.remove([...found.keys()]);
  return { pts, ptsCount: removed.length };
}

/** Whether there are messages among these that a bot does not see only because of its privacy mode. */
async function hasUnseen(channel: ChannelChange, acting: Pick<Acting, 'actorId'>, msgIds: readonly number[], seen: ReadonlyMap<number, PostRow>): Promise<boolean> {
  const hidden = hiddenFromActor(channel, acting);
  return (await findPosts(channel.tx.q, channel.row.channel_id, msgIds.filter((id) => id > hidden && !seen.has(id)))).size > 0;
}
