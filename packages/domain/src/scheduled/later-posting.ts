import { type ErrorName, rpcError, type RpcError } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';

import type { ResolvedChannel } from '../access/index.ts';
import { readTopicWish, topicFor, type TopicWish } from '../channel-posts/index.ts';
import { checkRight, findChannelMembers, findChannelRows, findRefusal, isForum, standingIn } from '../chats/index.ts';
import { findAuthor, findPosts, findTopics, GENERAL_TOPIC_ID, maySendAs, refusalOfTopic } from '../channel-state/index.ts';
import { type OutgoingPart, type OutgoingReply, sendActionsOf } from '../messages/index.ts';

/** Messages that somebody wants to post in a channel later. */
export interface LaterPosts {
  peer: ResolvedChannel;
  userId: bigint;
  parts: readonly OutgoingPart[];
  nowDate: number;
  /** Marked id of the peer in whose name they are to be posted; undefined: the one that the author has chosen for this channel. */
  asked: bigint | undefined;
  /** What they reply to, and the topic of a forum in which they are written. */
  wish: TopicWish;
}

/** What is known of messages before they are posted. */
export interface LaterPosting {
  /** The error for posting them now; undefined if it is allowed. The rights are checked again when they are posted. */
  refusal: RpcError | undefined;
  /** Marked id of the group or channel in whose name they are posted; null: their author's own, or that of the broadcast channel that they are posted in. */
  sendAs: bigint | null;
  /** The message that they reply to. */
  reply: OutgoingReply | undefined;
  /** The topic of a forum in which they are posted; null: General, or no topic at all. */
  topicId: number | null;
}

/** Finds out whether messages may be posted in a channel now, and in whose name they are posted later. */
export async function findLaterPosting(db: Database, { peer, userId, parts, nowDate, asked, wish }: LaterPosts): Promise<LaterPosting> {
  const { channelId, peerId } = peer;
  const [[row], [member]] = await Promise.all([findChannelRows(db, [channelId]), findChannelMembers(db, [{ id: channelId, userId }])]);
  // The cast is safe: no error in the table of rights has a number in its name.
  const refuse = (name: ErrorName): LaterPosting => ({ refusal: rpcError(name as 'CHAT_WRITE_FORBIDDEN'), sendAs: null, ...wish, topicId: null });
  if (row === undefined) return refuse('CHANNEL_INVALID');
  const standing = standingIn(row, member, nowDate);
  const refusal = parts.flatMap(sendActionsOf).map((action) => findRefusal(standing, action)).find((name) => name !== undefined);
  if (refusal !== undefined) return refuse(refusal);
  const { reply, topicId: named } = await readTopicWish(db, row, wish);
  const topicId = isForum(row) ? topicFor(named, reply && (await findPosts(db.q, channelId, [reply.msgId])).get(reply.msgId)) : GENERAL_TOPIC_ID;
  const refused = isForum(row) ? refusalOfTopic((await findTopics(db, channelId, [topicId])).get(topicId), userId, standing) : undefined;
  if (refused !== undefined) return refuse(refused);
  const sender = { userId, standing, row, peerId, nowDate };
  if (asked !== undefined && !(await maySendAs(db, sender, asked))) return refuse('SEND_AS_PEER_INVALID');
  const author = await findAuthor(db, sender, { kind: 'message', asked, kept: member?.send_as ?? null });
  return { refusal: undefined, sendAs: row.kind === 'broadcast' || author === userId ? null : author, reply, topicId: topicId === GENERAL_TOPIC_ID ? null : topicId };
}

/** Checks that the viewer may post in a channel. Throws as `checkRight`. */
export function checkPosting({ row, member }: ResolvedChannel, nowDate: number): void {
  checkRight(standingIn(row, member, nowDate), 'send_plain');
}
