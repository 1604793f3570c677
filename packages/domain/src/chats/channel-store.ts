import { allocateChannelId, isMarkedChannel } from '@aerogram/cluster';
import { type Database, defineStatement, sql, type Tx } from '@aerogram/storage';

import { type ChannelMemberRow, type ChannelRow, splitMarkedIds } from './chat-row.ts';
import type { Reader } from './chat-store.ts';

const readChannels = defineStatement<ChannelRow>(
  'read_channels',
  `SELECT c.*, COALESCE(h.members, 0) AS members
     FROM channels c LEFT JOIN channel_heads h USING (channel_id) WHERE c.channel_id = ANY ($1::bigint[])`,
);

const readChannelMembers = defineStatement<ChannelMemberRow>(
  'read_channel_members',
  `SELECT m.* FROM unnest($1::bigint[], $2::bigint[]) AS k (channel_id, user_id) JOIN channel_members m USING (channel_id, user_id)`,
);

/** Reads channels by id. Ids without a row are left out. */
export async function findChannelRows(reader: Reader, channelIds: readonly bigint[]): Promise<ChannelRow[]> {
  return channelIds.length === 0 ? [] : (await reader.run(readChannels, [channelIds])).rows;
}

/** Reads members of channels, one row per pair, including those who left or were banned. Pairs without a row are left out. */
export async function findChannelMembers(reader: Reader, pairs: readonly { id: bigint; userId: bigint }[]): Promise<ChannelMemberRow[]> {
  if (pairs.length === 0) return [];
  return (await reader.run(readChannelMembers, [pairs.map(({ id }) => id), pairs.map(({ userId }) => userId)])).rows;
}

/**
 * Returns the id for a new channel.
 * @param dc the data centre that hosts it
 */
export async function nextChannelId(q: Database['q'], dc: number): Promise<bigint> {
  const { rows } = await sql<{ n: bigint }>`SELECT nextval('channel_seq') AS n`.execute(q);
  return allocateChannelId(rows[0]!.n, dc);
}

/** Inserts a new channel with its members. */
export async function insertChannel(tx: Tx, { members: count, ...row }: ChannelRow, members: readonly ChannelMemberRow[]): Promise<void> {
  await tx.q.insertInto('channels').values(row).execute();
  await tx.q.insertInto('channel_heads').values({ channel_id: row.channel_id, members: count }).execute();
  await tx.q.insertInto('channel_members').values([...members]).execute();
}

/** Updates columns of a channel. The caller must hold the lock of the channel's counter. */
export async function updateChannel(tx: Tx, channelId: bigint, change: Partial<Omit<ChannelRow, 'channel_id' | 'members'>>): Promise<void> {
  await tx.q.updateTable('channels').set(change).where('channel_id', '=', channelId).execute();
}

/** Inserts or replaces a channel's member. The caller must hold the lock of the channel's counter, and call {@link countMembers}. */
export async function saveChannelMember(tx: Tx, row: ChannelMemberRow): Promise<void> {
  const { channel_id: _channel, user_id: _user, ...change } = row;
  await tx.q
    .insertInto('channel_members')
    .values(row)
    .onConflict((oc) => oc.columns(['channel_id', 'user_id']).doUpdateSet(change))
    .execute();
}

/**
 * Changes a channel's member count. The caller must hold the lock of the channel's counter.
 * @param change may be negative
 */
export async function countMembers(tx: Tx, channelId: bigint, change: number): Promise<void> {
  await tx.q
    .updateTable('channel_heads')
    .set((eb) => ({ members: eb('members', '+', change) }))
    .where('channel_id', '=', channelId)
    .execute();
}

/** What one user sees of a channel: its head, and how much of it the user has written. */
export interface ChannelView {
  /** Marked id of the channel. */
  peer_id: bigint;
  pts: number;
  top_msg_id: number;
  top_date: number;
  ordinal: number;
  changed_date: number;
  /** How far the furthest other member has read. */
  read_outbox_max_id: number;
  /** How many messages of the channel the user has written, deleted ones included. */
  own_posts: number;
}

/**
 * Reads the heads of channels as one user sees them, by marked id. Ids without a row are left out. The pts and the rest are of one moment, so
 * the pts is never newer than the top message.
 */
export async function findChannelViews(q: Database['q'], userId: bigint, markedIds: readonly bigint[]): Promise<Map<bigint, ChannelView>> {
  if (markedIds.length === 0) return new Map();
  const { channelIds } = splitMarkedIds(markedIds);
  const { rows } = await sql<ChannelView & { channel_id: bigint }>`
    SELECT h.channel_id, c.owner_id AS peer_id, c.pts, h.top_msg_id, h.top_date, h.ordinal, h.changed_date,
           CASE WHEN h.read_by = ${userId} THEN h.second_read_max_id ELSE h.read_max_id END AS read_outbox_max_id, COALESCE(m.own_posts, 0) AS own_posts
      FROM channel_heads h
      JOIN unnest(${channelIds}::bigint[], ${[...markedIds].filter(isMarkedChannel)}::bigint[]) AS w (id, marked) ON w.id = h.channel_id
      JOIN counters c ON c.owner_id = w.marked
      LEFT JOIN channel_members m ON m.channel_id = h.channel_id AND m.user_id = ${userId}`.execute(q);
  return new Map(rows.map(({ channel_id: _id, ...view }) => [view.peer_id, view]));
}
