import { rpcError, type RpcError } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';

import type { ResolvedChannel } from '../access/index.ts';
import { checkRight, findChannelMembers, findChannelRows, findRefusal, standingIn } from '../chats/index.ts';
import { findAuthor, maySendAs } from '../channel-state/index.ts';
import { type OutgoingPart, sendActionsOf } from '../messages/index.ts';

/** Messages that somebody wants to post in a channel later. */
export interface LaterPosts {
  peer: ResolvedChannel;
  userId: bigint;
  parts: readonly OutgoingPart[];
  nowDate: number;
  /** Marked id of the peer in whose name they are to be posted; undefined: the one that the author has chosen for this channel. */
  asked: bigint | undefined;
}

/** What is known of messages before they are posted. */
export interface LaterPosting {
  /** The error for posting them now; undefined if it is allowed. The rights are checked again when they are posted. */
  refusal: RpcError | undefined;
  /** Marked id of the group or channel in whose name they are posted; null: their author's own, or that of the broadcast channel that they are posted in. */
  sendAs: bigint | null;
}

/** Finds out whether messages may be posted in a channel now, and in whose name they are posted later. */
export async function findLaterPosting(db: Database, { peer, userId, parts, nowDate, asked }: LaterPosts): Promise<LaterPosting> {
  const { channelId, peerId } = peer;
  const [[row], [member]] = await Promise.all([findChannelRows(db, [channelId]), findChannelMembers(db, [{ id: channelId, userId }])]);
  if (row === undefined) return { refusal: rpcError('CHANNEL_INVALID'), sendAs: null };
  const standing = standingIn(row, member, nowDate);
  const refusal = parts.flatMap(sendActionsOf).map((action) => findRefusal(standing, action)).find((name) => name !== undefined);
  // The cast is safe: no error in the table of rights has a number in its name.
  if (refusal !== undefined) return { refusal: rpcError(refusal as 'CHAT_WRITE_FORBIDDEN'), sendAs: null };
  const sender = { userId, standing, row, peerId, nowDate };
  if (asked !== undefined && !(await maySendAs(db, sender, asked))) return { refusal: rpcError('SEND_AS_PEER_INVALID'), sendAs: null };
  const author = await findAuthor(db, sender, { kind: 'message', asked, kept: member?.send_as ?? null });
  return { refusal: undefined, sendAs: row.kind === 'broadcast' || author === userId ? null : author };
}

/** Checks that the viewer may post in a channel. Throws as `checkRight`. */
export function checkPosting({ row, member }: ResolvedChannel, nowDate: number): void {
  checkRight(standingIn(row, member, nowDate), 'send_plain');
}
