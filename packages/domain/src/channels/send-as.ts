import { markPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Clock } from '@aerogram/runtime';
import { type Database, sql } from '@aerogram/storage';

import type { FindReadId } from '../channel-posts/index.ts';
import { ChannelFlag, checkRight, findChannelMembers, findChannelRows, isAnonymous, plainMember, type Reader, standingIn, withComments } from '../chats/index.ts';
import { type Acting, admitsChannels, type ChannelChange, type ChannelIds, isBarred, keptChannel, maySendAs, type Sender, usualAuthor } from '../channel-state/index.ts';

/**
 * Lists the marked ids of the peers in whose name a sender may write, the usual author first. A channel that the sender has kept is there even if that is not
 * allowed any more, because apps that are offered one peer only let nobody choose anew.
 */
export async function listSendAs(db: Database, { sender, kept }: KeepingSender): Promise<bigint[]> {
  const { userId, row } = sender;
  const usual = usualAuthor(sender);
  if (row.kind === 'broadcast') return [usual];
  const own = admitsChannels(row) && !(await isBarred(db, row.channel_id, { userId })) ? await listOwnPublicChannels(db, userId, row.channel_id) : [];
  const linkedId = row.linked_chat_id === null ? undefined : markPeer({ _: 'peerChannel', channel_id: row.linked_chat_id });
  const linked = linkedId !== undefined && (await maySendAs(db, sender, linkedId)) ? linkedId : usual;
  return [...new Set([usual, keptChannel(sender, kept) ?? usual, linked, ...own])];
}

/** A sender and the peer, by marked id, in whose name the sender has chosen to write. */
export interface KeepingSender {
  sender: Sender;
  kept: bigint | null;
}

/** Maximum number of channels that are offered. */
const OFFERED_MAX = 100;

/** The public broadcast channels of which a user is the creator and that are not banned in a group, by marked id. They are found through the user's list of chats. */
async function listOwnPublicChannels(db: Pick<Database, 'q'>, userId: bigint, groupId: bigint): Promise<bigint[]> {
  const { rows } = await sql<{ channel_id: bigint }>`
    SELECT c.channel_id
      FROM dialogs d
      JOIN channels c ON c.channel_id = -d.peer_id - 1000000000000
      JOIN channel_members m ON m.channel_id = c.channel_id AND m.user_id = d.owner_id
     WHERE d.owner_id = ${userId} AND d.peer_id < -1000000000000 AND c.kind = 'broadcast' AND c.username IS NOT NULL
       AND c.flags & ${ChannelFlag.deleted}::integer = 0 AND m.status = 'member' AND m.role = 'creator'
       AND NOT EXISTS (SELECT FROM channel_members b WHERE b.channel_id = ${groupId} AND b.user_id = d.peer_id AND b.status = 'banned')
     ORDER BY c.channel_id LIMIT ${OFFERED_MAX}`.execute(db.q);
  return rows.map(({ channel_id }) => markPeer({ _: 'peerChannel', channel_id }));
}

/**
 * The sender's standing as the database has it now, for showing what may be chosen.
 * @throws RpcError 400 CHANNEL_INVALID, CHANNEL_PRIVATE
 */
export async function findSender({ db, clock, findReadId }: { db: Reader; clock: Pick<Clock, 'now'>; findReadId: FindReadId }, { channelId, peerId }: ChannelIds, userId: bigint): Promise<KeepingSender> {
  const [[row], [member], readId] = await Promise.all([findChannelRows(db, [channelId]), findChannelMembers(db, [{ id: channelId, userId }]), findReadId(userId, channelId)]);
  if (row === undefined) throw rpcError('CHANNEL_INVALID');
  const nowDate = clock.now();
  const standing = withComments(standingIn(row, member, nowDate), row, readId);
  if (standing.comments === undefined) checkRight(standing, 'view_messages');
  return { sender: { userId, standing, row, peerId, nowDate }, kept: member?.send_as ?? null };
}

/** Chooses in whose name the actor writes from now on. @throws RpcError 400 SEND_AS_PEER_INVALID, CHANNEL_PRIVATE */
export async function saveSendAs(channel: ChannelChange, { actorId }: Acting, asId: bigint): Promise<void> {
  const { comments, status } = channel.standing;
  if (comments === undefined) channel.check('view_messages');
  const mayWrite = status === 'member' || comments === 'write';
  const member = channel.memberOf(actorId) ?? plainMember(channel.row.channel_id, actorId, channel.date);
  if (!mayWrite || !(await maySendAs(channel.tx, channel.sender(), asId))) throw rpcError('SEND_AS_PEER_INVALID');
  if (member.send_as === asId) return;
  channel.setMember({ ...member, send_as: asId });
  channel.tellChannelChanged([actorId]);
}

/**
 * In whose name the viewer writes now, as clients show it; undefined if there is nothing to choose, or for people who neither are members nor may comment. Pure.
 * @param kept shown even if it is not allowed any more, because then nothing can be written until the member has chosen anew
 */
export function shownSendAs(sender: Sender, kept: bigint | null): bigint | undefined {
  const { standing, row } = sender;
  if (row.kind === 'broadcast' || (standing.status !== 'member' && standing.comments !== 'write')) return undefined;
  return keptChannel(sender, kept) ?? (admitsChannels(row) || isAnonymous(standing) ? usualAuthor(sender) : undefined);
}
