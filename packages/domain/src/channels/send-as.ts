import { CHANNEL_OFFSET, isMarkedChannel, markPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Clock } from '@aerogram/runtime';
import { type Database, defineStatement, sql } from '@aerogram/storage';

import { ChannelFlag, type ChannelRow, checkRight, findChannelMembers, findChannelRows, isAnonymous, type Reader, type Standing, standingIn } from '../chats/index.ts';
import { channelIdOf } from '../events/index.ts';
import type { Acting, ChannelChange } from './channel-change.ts';
import type { ChannelPlace } from './channel-place.ts';

/** Who sends to a channel, and the rows that decide in whose name. */
export interface Sender {
  userId: bigint;
  /** The sender's standing in the channel that the messages are sent to. */
  standing: Standing;
  /** The channel that the messages are sent to. */
  row: ChannelRow;
  /** Marked id of that channel. */
  peerId: bigint;
  nowDate: number;
}

/** The author of messages whose sender has chosen none: anonymous admins write in the name of the group, and posts are the channel's. Pure. */
export function usualAuthor({ userId, standing, row, peerId }: Sender): bigint {
  if (row.kind === 'broadcast') return (row.flags & ChannelFlag.signatureProfiles) !== 0 ? userId : peerId;
  return isAnonymous(standing) ? peerId : userId;
}

/**
 * Whether a sender may write in the name of a peer: the usual author, and in public groups also a public channel of which the sender is the creator.
 * In broadcast channels nothing can be chosen.
 * @param reader under the lock of the channel that is written to, if something is written
 * @param asId marked
 */
export async function maySendAs(reader: Reader, sender: Sender, asId: bigint): Promise<boolean> {
  const { userId, row, peerId, nowDate } = sender;
  if (asId === usualAuthor(sender)) return true;
  if (row.kind === 'broadcast') return false;
  if (!isMarkedChannel(asId) || asId === peerId || !isPublic(row)) return false;
  const channelId = channelIdOf(asId);
  const [[channel], [member]] = await Promise.all([findChannelRows(reader, [channelId]), findChannelMembers(reader, [{ id: channelId, userId }])]);
  if (channel?.kind !== 'broadcast') return false;
  const { closed, status, role } = standingIn(channel, member, nowDate);
  return isPublic(channel) && !closed && status === 'member' && role === 'creator' && !(await hasBannedChannel(reader, row.channel_id, userId));
}

/** Whether a channel that a user created is banned in a group. That user then writes there in the name of no channel, as in the official apps. */
async function hasBannedChannel(reader: Reader, groupId: bigint, creatorId: bigint): Promise<boolean> {
  return (await reader.run(findBannedChannel, [groupId, creatorId])).rows.length > 0;
}

const findBannedChannel = defineStatement<{ found: number }>(
  'find_banned_channel_of',
  `SELECT 1 AS found
     FROM channel_members m
     JOIN channels c ON c.channel_id = -m.user_id - ${CHANNEL_OFFSET}
    WHERE m.channel_id = $1 AND m.user_id < 0 AND m.status = 'banned' AND c.creator_id = $2
    LIMIT 1`,
);

const isPublic = ({ username }: ChannelRow): boolean => username !== null;

/**
 * The author to show for messages.
 * @param chosen.asked marked; the peer that the call names
 * @param chosen.kept marked; the sender's choice for this channel, which does not count once the sender may not use it any more
 * @throws RpcError 400 SEND_AS_PEER_INVALID if the sender may not write in the name of the peer that the call names, or of the kept one because a
 * channel of the sender is banned: a message that was meant for a channel's name must not show the sender's
 */
export async function findAuthor(reader: Reader, sender: Sender, chosen: { asked: bigint | undefined; kept: bigint | null }): Promise<bigint> {
  if (chosen.asked !== undefined) {
    if (!(await maySendAs(reader, sender, chosen.asked))) throw rpcError('SEND_AS_PEER_INVALID');
    return chosen.asked;
  }
  if (chosen.kept === null) return usualAuthor(sender);
  if (await maySendAs(reader, sender, chosen.kept)) return chosen.kept;
  if (isMarkedChannel(chosen.kept) && (await hasBannedChannel(reader, sender.row.channel_id, sender.userId))) throw rpcError('SEND_AS_PEER_INVALID');
  return usualAuthor(sender);
}

/** Lists the marked ids of the peers in whose name a sender may write, the usual author first. */
export async function listSendAs(db: Database, sender: Sender): Promise<bigint[]> {
  const { userId, row } = sender;
  const usual = usualAuthor(sender);
  if (row.kind === 'broadcast') return [usual];
  const own = isPublic(row) && !(await hasBannedChannel(db, row.channel_id, userId)) ? await listOwnPublicChannels(db, userId) : [];
  return [usual, ...own];
}

/** Maximum number of channels that are offered. */
const OFFERED_MAX = 100;

/** The public broadcast channels of which a user is the creator, by marked id. They are found through the user's list of chats. */
async function listOwnPublicChannels(db: Pick<Database, 'q'>, userId: bigint): Promise<bigint[]> {
  const { rows } = await sql<{ channel_id: bigint }>`
    SELECT c.channel_id
      FROM dialogs d
      JOIN channels c ON c.channel_id = -d.peer_id - 1000000000000
      JOIN channel_members m ON m.channel_id = c.channel_id AND m.user_id = d.owner_id
     WHERE d.owner_id = ${userId} AND d.peer_id < -1000000000000 AND c.kind = 'broadcast' AND c.username IS NOT NULL
       AND c.flags & ${ChannelFlag.deleted}::integer = 0 AND m.status = 'member' AND m.role = 'creator'
     ORDER BY c.channel_id LIMIT ${OFFERED_MAX}`.execute(db.q);
  return rows.map(({ channel_id }) => markPeer({ _: 'peerChannel', channel_id }));
}

/**
 * The sender's standing as the database has it now, for showing what may be chosen.
 * @throws RpcError 400 CHANNEL_INVALID, CHANNEL_PRIVATE
 */
export async function findSender({ db, clock }: { db: Reader; clock: Pick<Clock, 'now'> }, { channelId, peerId }: ChannelPlace, userId: bigint): Promise<Sender> {
  const [[row], [member]] = await Promise.all([findChannelRows(db, [channelId]), findChannelMembers(db, [{ id: channelId, userId }])]);
  if (row === undefined) throw rpcError('CHANNEL_INVALID');
  const nowDate = clock.now();
  const standing = standingIn(row, member, nowDate);
  checkRight(standing, 'view_messages');
  return { userId, standing, row, peerId, nowDate };
}

/** Chooses in whose name the actor writes from now on. @throws RpcError 400 SEND_AS_PEER_INVALID, CHANNEL_PRIVATE */
export async function saveSendAs(channel: ChannelChange, { actorId }: Acting, asId: bigint): Promise<void> {
  channel.check('view_messages');
  const { tx, row, peerId, standing, date } = channel;
  const member = channel.memberOf(actorId);
  const sender: Sender = { userId: actorId, standing, row, peerId, nowDate: date };
  if (member?.status !== 'member' || !(await maySendAs(tx, sender, asId))) throw rpcError('SEND_AS_PEER_INVALID');
  if (member.send_as === asId) return;
  channel.setMember({ ...member, send_as: asId });
  channel.tellChannelChanged([actorId]);
}

/** In whose name the member writes now, as clients show it; undefined if there is nothing to choose, or for people who are not members. */
export async function findShownSendAs(db: Reader, sender: Sender, kept: bigint | null): Promise<bigint | undefined> {
  const { standing, row } = sender;
  if (row.kind === 'broadcast' || standing.status !== 'member' || !(isPublic(row) || isAnonymous(standing))) return undefined;
  return kept !== null && (await maySendAs(db, sender, kept)) ? kept : usualAuthor(sender);
}
