import { rpcError } from '@aerogram/errors';
import type { Random } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import { ChannelFlag, isForum } from '../chats/index.ts';
import { isPlayedMedia, mediaKindOf } from '../content/index.ts';
import { clearDrafts, dropThreadDrafts } from '../dialogs/index.ts';
import { MessageFlag, packMessageExtra, type PostRow } from '../events/index.ts';
import { DueMessages, findReplyError, isAlbum, type OutgoingPart, type OutgoingReply, ScheduledChanged, type ScheduledRow, sendActionsOf, withAllowedPreview } from '../messages/index.ts';
import type { UserRow } from '../peers/index.ts';
import type { Polls } from '../polls/index.ts';
import type { WebPages } from '../web-pages/index.ts';
import {
  type Acting,
  changeChannel,
  type ChannelChange,
  type ChannelChangeDeps,
  findAuthor,
  findPostKeys,
  findPosts,
  findShownPosts,
  orderPostPage,
  type PostContent,
  slowModeEnd,
} from '../channel-state/index.ts';
import type { FindReadId } from './access-posts.ts';
import { checkCommenter, noteCommenter } from './check-commenter.ts';
import { type BotMarks, findMeantFor } from './find-meant-for.ts';
import { findMentionedMembers, findNamed } from './find-mentioned-members.ts';
import { openPlace, readTopicWish, type TopicWish } from './find-place.ts';
import { orderAnswers } from './order-answers.ts';

/** One message of a send. All of it was checked and rebuilt. */
export type PostPart = Pick<OutgoingPart, 'randomId' | 'text' | 'flags' | 'extra' | 'answers' | 'previewsLinks' | 'pending'>;

/** The messages that one call posts in a channel, either all or none. */
export interface NewPosts extends Acting {
  /** Their random ids differ from each other and from 0. */
  parts: readonly PostPart[];
  /** The message that they reply to. */
  reply: OutgoingReply | undefined;
  /** The topic of a forum in which they are written; undefined: that of the message that they reply to, or General. */
  topicId?: number | undefined;
  /** Whether they are sent in the topic as no reply if the message that they reply to does not exist any more; otherwise that is an error. */
  mayLoseReply?: boolean;
  /** Marked id of the peer in whose name the messages are sent; undefined: the one that the sender has chosen for this channel. */
  sendAs?: bigint;
  /** The name with which signed posts are signed. */
  signature: string;
  /** Whether sending deletes the sender's draft for the channel or the thread. */
  clearsDraft?: boolean;
  /** Called if an earlier call has posted these messages already. */
  onRepeat?: (() => void) | undefined;
  /** The scheduled message that the only part was made from. It is posted only if it is unchanged, and the same transaction deletes it. */
  scheduled?: ScheduledRow;
}

/** The dependencies of {@link doSendPosts}. */
export interface SendPostDeps extends ChannelChangeDeps {
  random: Random;
  polls: Pick<Polls, 'copyIn'>;
  webPages: Pick<WebPages, 'order'>;
  findReadId: FindReadId;
}

/**
 * Posts messages. Those that an earlier call with the same random ids has posted are returned as they are.
 * @returns the messages, in the order of the parts
 * @throws RpcError 400 CHANNEL_PRIVATE, CHAT_WRITE_FORBIDDEN, CHAT_GUEST_SEND_FORBIDDEN, CHAT_ADMIN_REQUIRED, RANDOM_ID_DUPLICATE, REPLY_MESSAGE_ID_INVALID, QUOTE_TEXT_INVALID,
 * BROADCAST_PUBLIC_VOTERS_FORBIDDEN, MEDIA_INVALID (a checklist in a broadcast channel), SLOWMODE_MULTI_MSGS_DISABLED, SEND_AS_PEER_INVALID, TOPIC_ID_INVALID, TOPIC_DELETED, TOPIC_CLOSED, 420 SLOWMODE_WAIT_%d, and the other errors of the rights
 */
export async function doSendPosts(deps: SendPostDeps, channelId: bigint, posts: NewPosts): Promise<PostRow[]> {
  const { actorId, origin, scheduled, clearsDraft = false } = posts;
  const opened = clearsDraft || scheduled !== undefined ? [actorId] : [];
  const namedBy = new Map(await Promise.all(posts.parts.map(async (part) => [part, await findNamedBy(deps.db, part)] as const)));
  const people = [...namedBy.values()].flat();
  const readId = await deps.findReadId(actorId, channelId);
  return changeChannel(deps, { name: 'send-posts', channelId, acting: posts }, { opened, named: people, saysNothing: true, writes: true, readId }, async (channel) => {
    const earlier = await findEarlier(channel, channelId, posts);
    const due = await findDue(channel, posts, earlier);
    if (posts.parts.every(({ randomId }) => earlier.has(randomId))) {
      posts.onRepeat?.();
      return posts.parts.map(({ randomId }) => earlier.get(randomId)!);
    }
    for (const action of posts.parts.flatMap(sendActionsOf)) channel.check(action);
    if (channel.row.kind === 'broadcast') checkBroadcast(posts);
    countSlowMode(channel, posts);
    const wish = await readTopicWish(channel.tx, channel.row, posts);
    const { topicId } = wish;
    const repliedTo = await findReplyTarget(channel, posts, wish);
    const reply = repliedTo && wish.reply;
    const place = await openPlace(channel, { actorId, topicId, repliedTo });
    await checkCommenter(channel, place.top_id);
    noteCommenter(channel, actorId);
    const author = await authorOf(channel, posts);
    const rows: PostRow[] = [];
    const answers: number[] = [];
    for (const given of posts.parts) {
      const known = earlier.get(given.randomId);
      if (known !== undefined) {
        rows.push(known);
        continue;
      }
      const part = withAllowedPreview(channel.standing, given);
      // A part that replies to an earlier part of the same call replies to the author, who is not mentioned.
      const mentioned = await findMentionedMembers(channel, actorId, namedBy.get(given)!, part.answers === undefined ? repliedTo : undefined);
      const marks = await findMeantFor(channel, actorId, part, part.answers === undefined ? repliedTo : undefined);
      const { top_id, flags } = part.answers === undefined ? place : await openPlace(channel, { actorId, topicId, repliedTo: rows[part.answers.part] });
      const content = contentOf(part, replyOf(reply, part, rows), { mentioned, ...marks });
      const row = channel.post({ ...content, ...author, top_id, flags: content.flags | flags }, part.randomId);
      if (part.pending) await channel.tx.job(orderPostPage(deps.webPages, part.pending, row));
      if (part.answers === undefined) answers.push(row.msg_id);
      rows.push(row);
    }
    await orderAnswers(deps.comments, channel, actorId, { repliedTo, msgIds: answers });
    const { tx, boxes, date } = channel;
    if (clearsDraft) await clearDraftsOf(channel, posts, place.top_id);
    if (scheduled !== undefined) due?.noteSent(scheduled, rows[0]!, origin);
    await due?.settle(tx, boxes, deps, date);
    return rows;
  });
}

/** Deletes the sender's drafts for the thread in which the messages are, and for the channel unless the call names a topic. */
async function clearDraftsOf({ tx, boxes, date, peerId, row }: ChannelChange, { actorId, origin, topicId }: NewPosts, topId: number | null): Promise<void> {
  if (topicId === undefined) await clearDrafts(tx, boxes, [{ senderId: actorId, peerId, origin }], date);
  const cleared = topId === null ? [] : await dropThreadDrafts(tx, { owner: actorId, channelId: row.channel_id }, [topId], date);
  if (cleared.length > 0) boxes.addLoose(actorId, date, origin, cleared);
}

/** The messages that earlier calls with these random ids have posted, by random id. */
async function findEarlier(channel: ChannelChange, channelId: bigint, { actorId, parts }: NewPosts): Promise<Map<bigint, PostRow>> {
  const keys = await findPostKeys(channel.tx, channel.peerId, parts.map(({ randomId }) => randomId));
  const rows = await findPosts(channel.tx.q, channelId, keys.map(({ msgId }) => msgId));
  return new Map(
    keys.map(({ randomId, peerId, msgId }) => {
      const row = rows.get(msgId);
      if (peerId !== actorId || row === undefined) throw rpcError('RANDOM_ID_DUPLICATE');
      return [randomId, row];
    }),
  );
}

/** The scheduled message that is posted, as it is under the locks. @throws ScheduledChanged, RpcError 400 RANDOM_ID_DUPLICATE */
async function findDue({ tx }: ChannelChange, { scheduled }: NewPosts, earlier: ReadonlyMap<bigint, PostRow>): Promise<DueMessages | undefined> {
  if (scheduled === undefined) return undefined;
  const due = await DueMessages.find(tx, [scheduled]);
  if (!due.has(scheduled)) throw new ScheduledChanged();
  // A scheduled message that is still waiting has not been sent. So another message was sent with its random id.
  if (earlier.size > 0) throw rpcError('RANDOM_ID_DUPLICATE');
  return due;
}

/** Refuses what no broadcast channel may have: polls that show who voted for what, and checklists, except forwards of them, which nobody can tick. Pure. @throws RpcError */
function checkBroadcast({ parts }: NewPosts): void {
  for (const { extra: { media, fwdFrom } } of parts) {
    const error = media && mediaKindOf(media).broadcastError(media, fwdFrom !== undefined);
    if (error !== undefined) throw rpcError(error);
  }
}

/** What a part replies to: an earlier part of the same call, or the message that the call replies to. */
function replyOf(reply: NewPosts['reply'], { answers }: PostPart, rows: readonly PostRow[]): NewPosts['reply'] {
  return answers === undefined ? reply : { msgId: rows[answers.part]!.msg_id, quote: answers.quote };
}

/** The people whom the text of a part names. A message that is forwarded names nobody anew. */
async function findNamedBy(db: ChannelChangeDeps['db'], { text, extra }: PostPart): Promise<bigint[]> {
  return extra.fwdFrom === undefined ? findNamed(db, text, extra.entities ?? []) : [];
}

function contentOf({ text, flags: given, extra }: PostPart, reply: NewPosts['reply'], { mentioned, meantFor, flags: marked }: BotMarks & { mentioned: bigint[] }): PostContent {
  const packed = packMessageExtra(reply === undefined ? { ...extra, mentioned, meantFor } : { ...extra, mentioned, meantFor, replyTo: reply.quote });
  const flags = given | marked | (mentioned.length === 0 ? 0 : MessageFlag.mentioned) | (isPlayedMedia(extra.media) ? MessageFlag.mediaUnread : 0);
  return { text, flags, extra: packed, reply_to_msg_id: reply?.msgId ?? null };
}

/** The name with which a user signs posts. Pure. */
export function signatureOf({ first_name, last_name }: Pick<UserRow, 'first_name' | 'last_name'>): string {
  return `${first_name} ${last_name}`.trim();
}

/** Who is shown as the author. */
async function authorOf(channel: ChannelChange, { actorId, sendAs, signature, scheduled }: NewPosts): Promise<Pick<PostContent, 'from_id' | 'signature'>> {
  const { tx, row, peerId } = channel;
  const member = channel.memberOf(actorId);
  // In whose name a scheduled message is sent was decided when it was scheduled.
  const kept = scheduled === undefined ? (member?.send_as ?? null) : null;
  const from_id = await findAuthor(tx, channel.sender(), { kind: 'message', asked: sendAs, kept });
  if (row.kind === 'broadcast') return { from_id, signature: (row.flags & ChannelFlag.signatures) !== 0 ? signature : null };
  // Clients show the rank of an anonymous admin beside the name of the group.
  return { from_id, signature: from_id === peerId ? member?.rank || null : null };
}

/** Refuses a member whom slow mode lets wait or who sends several messages at once, and otherwise notes when the member may write again. */
function countSlowMode(channel: ChannelChange, { actorId, parts }: NewPosts): void {
  channel.slowModeUntil = slowModeEnd(channel.row, channel.memberOf(actorId), channel.date);
  // Clients count an album as one message.
  if (channel.slowModeUntil > 0 && parts.length > 1 && !isAlbum(parts)) throw rpcError('SLOWMODE_MULTI_MSGS_DISABLED');
}

/** The message that the new ones reply to. */
async function findReplyTarget(channel: ChannelChange, { actorId, mayLoseReply = false }: NewPosts, { reply, topicId }: TopicWish): Promise<PostRow | undefined> {
  if (reply === undefined) return undefined;
  const target = (await findShownPosts(channel, { actorId }, [reply.msgId])).get(reply.msgId);
  if (target === undefined && mayLoseReply && topicId !== undefined && isForum(channel.row)) return undefined;
  checkReplyTarget(target, reply);
  return target;
}

/** Checks the message that a post replies to. Pure. @throws RpcError 400 REPLY_MESSAGE_ID_INVALID, QUOTE_TEXT_INVALID */
export function checkReplyTarget(target: PostRow | undefined, reply: { quote: tl.messageReplyHeader | undefined }): void {
  if (target === undefined) throw rpcError('REPLY_MESSAGE_ID_INVALID');
  const error = findReplyError(target, reply.quote);
  if (error) throw error;
}
