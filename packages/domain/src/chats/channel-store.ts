import { allocateChannelId, isMarkedChannel, markPeer } from '@aerogram/cluster';
import { type Database, defineStatement, sql, type Tx } from '@aerogram/storage';

import { type ChannelMemberRow, type ChannelRow, plainMember, splitMarkedIds } from './chat-row.ts';
import type { Reader } from './chat-store.ts';
import { ALL_BANNED_RIGHTS } from './right-bits.ts';

const readChannels = defineStatement<ChannelRow>(
  'read_channels',
  `SELECT c.*, COALESCE(h.members, 0) AS members, COALESCE(h.bots, 0) AS bots
     FROM channels c LEFT JOIN channel_heads h USING (channel_id) WHERE c.channel_id = ANY ($1::bigint[])`,
);

const readChannelMembers = defineStatement<ChannelMemberRow>(
  'read_channel_members',
  `SELECT m.* FROM unnest($1::bigint[], $2::bigint[]) AS k (channel_id, user_id) JOIN channel_members m USING (channel_id, user_id)`,
);

const readAdmins = defineStatement<ChannelMemberRow>('list_channel_admins', `SELECT * FROM channel_members WHERE channel_id = $1 AND role <> 'member' AND status = 'member'`);

/** Lists the owner and the admins of a channel. */
export async function listChannelAdmins(reader: Reader, channelId: bigint): Promise<ChannelMemberRow[]> {
  return (await reader.run(readAdmins, [channelId])).rows;
}

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
export async function insertChannel(tx: Tx, { members: count, bots: _bots, ...row }: ChannelRow, members: readonly ChannelMemberRow[]): Promise<void> {
  await tx.q.insertInto('channels').values(row).execute();
  const counts = members.map(countsOf).reduce((sum, one) => addCounts(sum, one), NO_COUNTS);
  await tx.q.insertInto('channel_heads').values({ channel_id: row.channel_id, ...counts, members: count }).execute();
  await tx.q.insertInto('channel_members').values([...members]).execute();
}

const carryFormerRows = defineStatement(
  'carry_former_members',
  `WITH carried AS (
     INSERT INTO channel_members (channel_id, user_id, status, role, banned_rights, banned_by, date, has_left)
     SELECT $2, m.user_id, m.status, 'member', CASE m.status WHEN 'banned' THEN ${ALL_BANNED_RIGHTS} ELSE 0 END, CASE m.status WHEN 'banned' THEN $3::bigint END, m.date, m.status = 'left'
       FROM chat_members m JOIN users u ON u.user_id = m.user_id AND NOT u.deleted
      WHERE m.chat_id = $1 AND m.status <> 'member'
     RETURNING status
   )
   UPDATE channel_heads SET kicked = kicked + (SELECT count(*) FROM carried WHERE status = 'banned') WHERE channel_id = $2`,
);

/** Bans from a new supergroup those who were removed from the basic group that it was, and notes who left that by themselves. @param bannedBy who is shown as having banned */
export async function carryFormer(tx: Tx, { chatId, channelId, bannedBy }: { chatId: bigint; channelId: bigint; bannedBy: bigint }): Promise<void> {
  await tx.run(carryFormerRows, [chatId, channelId, bannedBy]);
}

/** Updates columns of a channel. The caller must hold the lock of the channel's counter. */
export async function updateChannel(tx: Tx, channelId: bigint, change: Partial<Omit<ChannelRow, 'channel_id' | 'members' | 'bots'>>): Promise<void> {
  await tx.q.updateTable('channels').set(change).where('channel_id', '=', channelId).execute();
}

/** What is stored of a member. */
const MEMBER_COLUMNS = Object.keys(plainMember(0n, 0n, 0)) as (keyof ChannelMemberRow)[];

const saveMember = defineStatement(
  'save_channel_member',
  `INSERT INTO channel_members (${MEMBER_COLUMNS.join(', ')})
   VALUES (${MEMBER_COLUMNS.map((_, n) => `$${n + 1}`).join(', ')})
   ON CONFLICT (channel_id, user_id) DO UPDATE SET ${MEMBER_COLUMNS.map((name) => `${name} = EXCLUDED.${name}`).join(', ')}`,
);

/** Inserts or replaces a channel's member. The caller must hold the lock of the channel's counter, and call {@link countMembers}. */
export async function saveChannelMember(tx: Tx, row: ChannelMemberRow): Promise<void> {
  await tx.run(saveMember, MEMBER_COLUMNS.map((name) => row[name]));
}

/** How many members a channel has, and how many of each role; or how these numbers change. */
export interface MemberCounts {
  members: number;
  /** The creator included. */
  admins: number;
  /** Users who were removed and may not come back. */
  kicked: number;
  restricted: number;
  bots: number;
}

export const NO_COUNTS: MemberCounts = { members: 0, admins: 0, kicked: 0, restricted: 0, bots: 0 };

/** What one user adds to the numbers of a channel. Restrictions count until they are lifted, even if their time is over. Pure. */
export function countsOf({ status, role, banned_rights, all_from }: Pick<ChannelMemberRow, 'status' | 'role' | 'banned_rights' | 'all_from'>): MemberCounts {
  const isIn = status === 'member';
  return {
    members: isIn ? 1 : 0,
    admins: isIn && role !== 'member' ? 1 : 0,
    kicked: banned_rights !== 0 && status === 'banned' ? 1 : 0,
    restricted: banned_rights !== 0 && status !== 'banned' ? 1 : 0,
    bots: isIn && all_from !== null ? 1 : 0,
  };
}

/** Pure. @param times -1 subtracts `more` */
export function addCounts(counts: MemberCounts, more: MemberCounts, times: 1 | -1 = 1): MemberCounts {
  return {
    members: counts.members + times * more.members,
    admins: counts.admins + times * more.admins,
    kicked: counts.kicked + times * more.kicked,
    restricted: counts.restricted + times * more.restricted,
    bots: counts.bots + times * more.bots,
  };
}

const addToHead = defineStatement(
  'count_channel_members',
  'UPDATE channel_heads SET members = members + $2, admins = admins + $3, kicked = kicked + $4, restricted = restricted + $5, bots = bots + $6 WHERE channel_id = $1',
);

/** Changes a channel's numbers of members. The caller must hold the lock of the channel's counter. */
export async function countMembers(tx: Tx, channelId: bigint, { members, admins, kicked, restricted, bots }: MemberCounts): Promise<void> {
  await tx.run(addToHead, [channelId, members, admins, kicked, restricted, bots]);
}

/** Notes which bot has written last. The caller must hold the lock of the channel's counter. */
export async function saveLastBot(tx: Tx, channelId: bigint, botId: bigint): Promise<void> {
  await tx.q.updateTable('channel_heads').set({ last_bot_id: botId }).where('channel_id', '=', channelId).execute();
}

/** Reads the numbers of members of a channel. */
export async function findMemberCounts(reader: Reader, channelId: bigint): Promise<MemberCounts> {
  return (await reader.run(readCounts, [channelId])).rows[0] ?? NO_COUNTS;
}

const readCounts = defineStatement<MemberCounts>('read_member_counts', 'SELECT members, admins, kicked, restricted, bots FROM channel_heads WHERE channel_id = $1');

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
  /** When the channel has had this many messages, the places in it that are not accepted are looked at; null: there are none to look at. */
  check_ordinal: number | null;
  /** The bot that wrote last; null if none has. */
  last_bot_id: bigint | null;
}

const VIEW_COLUMNS = 'c.owner_id AS peer_id, c.pts, h.top_msg_id, h.top_date, h.ordinal, h.changed_date, h.check_ordinal, h.last_bot_id, COALESCE(m.own_posts, 0) AS own_posts';

// A statement of its own, because each change of a channel runs it: prepared, and with the other reads in one round trip.
const readView = defineStatement<ChannelView>(
  'read_channel_view',
  `SELECT ${VIEW_COLUMNS}, CASE WHEN h.read_by = $1 THEN h.second_read_max_id ELSE h.read_max_id END AS read_outbox_max_id
     FROM channel_heads h
     JOIN counters_now c ON c.owner_id = $3
     LEFT JOIN channel_members m ON m.channel_id = h.channel_id AND m.user_id = $1
    WHERE h.channel_id = $2`,
);

/** Reads the head of one channel as {@link findChannelViews}. @returns undefined for a channel that does not exist */
export async function findChannelView(reader: Reader, userId: bigint, channelId: bigint): Promise<ChannelView | undefined> {
  return (await reader.run(readView, [userId, channelId, markPeer({ _: 'peerChannel', channel_id: channelId })])).rows[0];
}

/**
 * Reads the heads of channels as one user sees them, by marked id. Ids without a row are left out. The pts and the rest are of one moment, so
 * the pts is never newer than the top message.
 */
export async function findChannelViews(q: Database['q'], userId: bigint, markedIds: readonly bigint[]): Promise<Map<bigint, ChannelView>> {
  if (markedIds.length === 0) return new Map();
  const { channelIds } = splitMarkedIds(markedIds);
  const { rows } = await sql<ChannelView>`
    SELECT ${sql.raw(VIEW_COLUMNS)}, CASE WHEN h.read_by = ${userId} THEN h.second_read_max_id ELSE h.read_max_id END AS read_outbox_max_id
      FROM channel_heads h
      JOIN unnest(${channelIds}::bigint[], ${[...markedIds].filter(isMarkedChannel)}::bigint[]) AS w (id, marked) ON w.id = h.channel_id
      JOIN counters_now c ON c.owner_id = w.marked
      LEFT JOIN channel_members m ON m.channel_id = h.channel_id AND m.user_id = ${userId}`.execute(q);
  return new Map(rows.map((view) => [view.peer_id, view]));
}

/** The lifetime of a channel's new messages. */
export interface ChannelLifetime {
  /** Marked id of the channel. */
  peer_id: bigint;
  /** In seconds; 0 for no limit. */
  period: number;
  /** When it was changed last; 0 for never. */
  changed_date: number;
}

/** Reads the lifetimes of messages of channels, by marked id. */
export async function findChannelLifetimes(q: Database['q'], markedIds: readonly bigint[]): Promise<Map<bigint, ChannelLifetime>> {
  const { channelIds } = splitMarkedIds(markedIds);
  if (channelIds.length === 0) return new Map();
  const rows = await q
    .selectFrom('channels as c')
    .innerJoin('channel_heads as h', 'h.channel_id', 'c.channel_id')
    .select(['c.channel_id', 'c.ttl_period', 'h.lifetime_date'])
    .where('c.channel_id', '=', sql<bigint>`ANY (${channelIds}::bigint[])`)
    .execute();
  return new Map(
    rows.map(({ channel_id, ttl_period, lifetime_date }) => {
      const peer_id = markPeer({ _: 'peerChannel', channel_id });
      return [peer_id, { peer_id, period: ttl_period ?? 0, changed_date: lifetime_date }];
    }),
  );
}

/** Records when the lifetime of a channel's messages was changed. The caller must hold the lock of the channel's counter. */
export async function saveLifetimeDate(tx: Tx, channelId: bigint, date: number): Promise<void> {
  await tx.q.updateTable('channel_heads').set({ lifetime_date: date }).where('channel_id', '=', channelId).execute();
}
