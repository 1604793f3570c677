import { isMarkedChannel } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import { defineStatement } from '@aerogram/storage';

import { ChannelFlag, type ChannelRow, findChannelMembers, findChannelRows, isAnonymous, mayDo, type Reader, type Standing, standingIn } from '../chats/index.ts';
import { channelIdOf, type PostRow } from '../events/index.ts';
import { isPublic } from './public-index-store.ts';

/** The account that stands for admins who are not shown. */
export const ANONYMOUS_ADMIN_ID = 1_087_968_824n;
/** The account that stands for whoever acts in the name of a channel, where clients expect a user. */
export const CHANNEL_AUTHOR_ID = 136_817_688n;

/** Somebody who does something in a channel, and the rows that decide in whose name. */
export interface Sender {
  userId: bigint;
  /** The sender's standing in the channel. */
  standing: Standing;
  row: ChannelRow;
  /** Marked id of the channel. */
  peerId: bigint;
  nowDate: number;
}

/** Something that shows an author. */
export type Speech =
  /**
   * A message that the sender writes. `asked`, a marked id: the peer that the call names. `kept`: the sender's choice for this channel, for calls that name
   * none.
   */
  | { kind: 'message'; asked: bigint | undefined; kept: bigint | null }
  /** What the sender does with the rights of a member or an admin, such as a pin. Channels in whose name the sender writes have no rights, so none of them is shown. */
  | { kind: 'act' }
  /** What becomes of a message: an edit of it, or another message that it causes. */
  | { kind: 'sequel'; of: Pick<PostRow, 'from_id' | 'poster_id'> };

/**
 * The author to show for whatever somebody does in a channel: a message, an edit, a service message, or typing.
 * @param reader under the lock of the channel's counter, if something is written
 * @throws RpcError 400 SEND_AS_PEER_INVALID if the sender may not write in the name of the peer that the call names, or if it names none, of the
 * channel that was kept. 403 MESSAGE_AUTHOR_REQUIRED for a sequel to a
 * message that is not the sender's own, or not any more
 */
export async function findAuthor(reader: Reader, sender: Sender, speech: Speech): Promise<bigint> {
  switch (speech.kind) {
    case 'message':
      return findWriter(reader, sender, speech);
    case 'act':
      return sender.row.kind === 'broadcast' || isAnonymous(sender.standing) ? sender.peerId : sender.userId;
    case 'sequel':
      if (!(await areOwn(reader, sender, [speech.of]))) throw rpcError('MESSAGE_AUTHOR_REQUIRED');
      return speech.of.from_id;
  }
}

async function findWriter(reader: Reader, sender: Sender, { asked, kept }: Extract<Speech, { kind: 'message' }>): Promise<bigint> {
  const asId = asked ?? keptChannel(sender, kept);
  if (asId === undefined) return usualAuthor(sender);
  if (!(await maySendAs(reader, sender, asId))) throw rpcError('SEND_AS_PEER_INVALID');
  return asId;
}

/**
 * The author of what a sender writes without naming an author.
 * @param reader under the lock of the channel's counter, if something is written
 * @returns undefined if the sender has kept a channel and may not write in its name any more. Until the sender has chosen anew, nothing may show an author:
 * what was meant for a channel's name must not show the sender's
 */
export async function findKeptAuthor(reader: Reader, sender: Sender, kept: bigint | null): Promise<bigint | undefined> {
  const channelId = keptChannel(sender, kept);
  if (channelId === undefined) return usualAuthor(sender);
  return (await maySendAs(reader, sender, channelId)) ? channelId : undefined;
}

/** The channel, by marked id, in whose name a sender has chosen to write in a group, whether or not that is still allowed. Pure. */
export function keptChannel({ row }: Sender, kept: bigint | null): bigint | undefined {
  return kept !== null && isMarkedChannel(kept) && row.kind !== 'broadcast' ? kept : undefined;
}

/** The author of messages whose sender has chosen none: anonymous admins write in the name of the group, and posts are the channel's. Pure. */
export function usualAuthor({ userId, standing, row, peerId }: Sender): bigint {
  if (row.kind === 'broadcast') return (row.flags & ChannelFlag.signatureProfiles) !== 0 ? userId : peerId;
  return isAnonymous(standing) ? peerId : userId;
}

/** Whether people may write in the name of channels: in public groups and in discussion groups. Pure. */
export function admitsChannels(row: ChannelRow): boolean {
  return row.kind !== 'broadcast' && (isPublic(row) || row.linked_chat_id !== null);
}

/**
 * Whether a sender may write in the name of a peer: the usual author; where that is possible, see {@link admitsChannels}, also a public channel of which the sender is
 * the creator, and in a discussion group the linked channel, if the sender may post there. In broadcast channels nothing can be chosen.
 * @param reader under the lock of the channel that is written to, if something is written
 * @param asId marked
 */
export async function maySendAs(reader: Reader, sender: Sender, asId: bigint): Promise<boolean> {
  const { row, peerId } = sender;
  if (asId === usualAuthor(sender)) return true;
  if (!isMarkedChannel(asId) || asId === peerId || !admitsChannels(row)) return false;
  const channel = await findOwnChannel(reader, sender, asId);
  return channel !== undefined && (isPublic(channel) || channel.channel_id === row.linked_chat_id);
}

/**
 * Whether messages are the sender's own now. A message in the name of a group is its writer's own only while the writer is an anonymous admin; one in the
 * name of another channel only while the writer is the creator of that channel, or may post there if it is the linked one, and neither that channel nor one that the writer has had is banned in the group.
 * @param reader under the lock of the channel's counter, if something is written
 */
export async function areOwn(reader: Reader, sender: Sender, posts: readonly Pick<PostRow, 'from_id' | 'poster_id'>[]): Promise<boolean> {
  const { userId, row, peerId, standing } = sender;
  if (posts.some((post) => post.poster_id !== userId)) return false;
  if (row.kind === 'broadcast') return true;
  for (const authorId of new Set(posts.map((post) => post.from_id))) {
    const isOwn = authorId === userId || (authorId === peerId ? isAnonymous(standing) : (await findOwnChannel(reader, sender, authorId)) !== undefined);
    if (!isOwn) return false;
  }
  return true;
}

/**
 * Whether a message of a group shows a channel as its author. Nobody may learn who wrote it, not even the admins of the group. Pure.
 * @param peerId marked id of the group
 */
export function isMasked({ from_id }: Pick<PostRow, 'from_id'>, peerId: bigint): boolean {
  return from_id < 0n && from_id !== peerId;
}

/** The channel in whose name the sender may act in a group: one of which the sender is the creator, or the linked one in which the sender may post, unless {@link isBarred} says no. */
async function findOwnChannel(reader: Reader, { userId, row, nowDate }: Sender, markedId: bigint): Promise<ChannelRow | undefined> {
  const channelId = channelIdOf(markedId);
  const [[channel], [member]] = await Promise.all([findChannelRows(reader, [channelId]), findChannelMembers(reader, [{ id: channelId, userId }])]);
  if (channel?.kind !== 'broadcast') return undefined;
  const standing = standingIn(channel, member, nowDate);
  const { closed, status, role } = standing;
  const speaks = role === 'creator' || (channelId === row.linked_chat_id && mayDo(standing, 'send_plain'));
  const isOwn = !closed && status === 'member' && speaks && !(await isBarred(reader, row.channel_id, { userId, markedId }));
  return isOwn ? channel : undefined;
}

/**
 * Whether a user may write in the name of no channel in a group, as in the official apps, because one is banned there that was the user's then. Giving it away
 * changes nothing.
 * @param markedId of a channel: also whether nobody may write in its name, because it is banned itself
 */
export async function isBarred(reader: Reader, groupId: bigint, { userId, markedId }: { userId: bigint; markedId?: bigint }): Promise<boolean> {
  return (await reader.run(findBannedChannel, [groupId, userId, markedId ?? null])).rows.length > 0;
}

const findBannedChannel = defineStatement<{ found: number }>(
  'find_banned_channel_of',
  `SELECT 1 AS found FROM channel_members
    WHERE channel_id = $1 AND user_id < 0 AND status = 'banned' AND (banned_owner_id = $2 OR user_id = $3::bigint)
    LIMIT 1`,
);
