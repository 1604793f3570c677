import { CHANNEL_OFFSET, isMarkedChannel } from '@aerogram/cluster';
import { type Database, defineStatement, sql } from '@aerogram/storage';

import { countUnreadPosts, findChannelLifetimes, findChannelViews, type Reader, type ReadMark } from '../chats/index.ts';
import type { Queries } from '../events/index.ts';
import { QUOTAS } from '../shared/index.ts';
import type { DialogRow } from './dialog-row.ts';

/** Maximum number of channels whose changes are reported to a client that was away. Places from strangers must not crowd out others. */
const CHANGED_MAX = 500 + QUOTAS.unacceptedPlaces.most;

/** A bot may be in so many times as many channels as a person: it is of use to many groups, and whoever adds it does not know in how many it is already. */
export const BOT_CHANNELS_FACTOR = 10;

/** SQL: how many times as many channels as people the owner, who is `$1`, may be in. */
const OWNER_FACTOR = `(CASE WHEN EXISTS (SELECT FROM bots WHERE bot_id = $1) THEN ${BOT_CHANNELS_FACTOR} ELSE 1 END)`;

/**
 * Completes the dialogs with channels. A post writes nothing to the dialogs of the members, so the top message, its date and the unread count
 * come from the head of the channel, and the lifetime of messages from the channel. The dialog of somebody who left the channel stays as it is stored.
 */
export async function withHeads(q: Queries, ownerId: bigint, rows: readonly DialogRow[]): Promise<DialogRow[]> {
  const followed = rows.filter((row) => isMarkedChannel(row.peer_id) && row.top_msg_id > 0);
  if (followed.length === 0) return [...rows];
  const peerIds = followed.map((row) => row.peer_id);
  const [views, lifetimes] = await Promise.all([findChannelViews(q, ownerId, peerIds), findChannelLifetimes(q, peerIds)]);
  const unread = await countUnreadPosts(q, ownerId, followed, views);
  return rows.map((row) => {
    const view = row.top_msg_id > 0 ? views.get(row.peer_id) : undefined;
    if (view === undefined) return row;
    const { top_msg_id, top_date, read_outbox_max_id, pts } = view;
    return { ...row, top_msg_id, top_date, read_outbox_max_id, unread_count: unread.get(row.peer_id) ?? 0, channel_pts: pts, ttl_period: lifetimes.get(row.peer_id)?.period ?? 0 };
  });
}

/** The columns that determine the position of a dialog in the list of chats. */
export type PlacedDialog = Pick<DialogRow, 'peer_id' | 'pinned_order' | 'top_msg_id' | 'top_date'>;

/** Lists the dialogs that have messages, with only the columns that determine their position. @param folderId only dialogs in this folder; undefined for all */
export async function listPlaces(q: Queries, ownerId: bigint, folderId: number | undefined): Promise<PlacedDialog[]> {
  const { rows } = await sql<PlacedDialog>`
    SELECT d.peer_id, d.pinned_order, COALESCE(h.top_msg_id, d.top_msg_id) AS top_msg_id, COALESCE(h.top_date, d.top_date) AS top_date
      FROM dialogs AS d LEFT JOIN channel_heads AS h ON d.peer_id < ${sql.lit(-CHANNEL_OFFSET)} AND h.channel_id = -d.peer_id - ${sql.lit(CHANNEL_OFFSET)}
     WHERE d.owner_id = ${ownerId} AND d.top_msg_id > 0 ${folderId === undefined ? sql`` : sql`AND d.folder_id = ${folderId}`}`.execute(q);
  return rows;
}

/** The condition on the dialogs of the channels that the owner is in. */
const IS_FOLLOWED = `d.peer_id < ${-CHANNEL_OFFSET} AND d.top_msg_id > 0`;

/** The condition on the dialogs whose owners were not added to them by strangers, or have accepted that. False sorts before true. */
const IS_ACCEPTED = 'NOT EXISTS (SELECT FROM unaccepted_places AS u WHERE u.owner_id = d.owner_id AND u.peer_id = d.peer_id AND u.ended_date IS NULL AND NOT u.adder_known)';

// Prepared, like the count below, because each join and leave runs both.
const readFollowed = defineStatement<{ peer_id: bigint; read_inbox_pts: number }>(
  'list_followed_channels',
  `SELECT d.peer_id, d.read_inbox_pts FROM dialogs AS d
    WHERE d.owner_id = $1 AND ${IS_FOLLOWED} AND ($3::integer IS NULL OR d.folder_id = $3) ORDER BY ${IS_ACCEPTED}, d.peer_id LIMIT $2::integer * ${OWNER_FACTOR}`,
);

const countFollowed = defineStatement<{ owner_id: bigint; n: bigint }>(
  'count_channels_of_users',
  `SELECT d.owner_id, count(*) AS n FROM dialogs AS d WHERE d.owner_id = ANY ($1::bigint[]) AND ${IS_FOLLOWED} AND ${IS_ACCEPTED} GROUP BY d.owner_id`,
);

/** A channel that a user follows. */
export interface FollowedChannel {
  /** Marked. */
  peerId: bigint;
  /** The channel's pts before the user joined. */
  joinedPts: number;
}

/**
 * Lists the channels that a user follows. Beyond the limit, which is {@link BOT_CHANNELS_FACTOR} times as high for bots, every call leaves out the same ones. Places that the user has not accepted come on top of it, so
 * that strangers cannot crowd out others.
 * @param folderId only those in this folder of the chat list; undefined for all
 */
export async function listFollowedChannels(reader: Reader, ownerId: bigint, limit: number, folderId?: number): Promise<FollowedChannel[]> {
  const { rows } = await reader.run(readFollowed, [ownerId, limit + QUOTAS.unacceptedPlaces.most, folderId ?? null]);
  return rows.map((row) => ({ peerId: row.peer_id, joinedPts: row.read_inbox_pts }));
}

/** Lists the basic groups, supergroups and channels in a user's list of chats, by marked id. */
export async function listFollowedChats(q: Queries, ownerId: bigint, limit: number): Promise<bigint[]> {
  const rows = await q.selectFrom('dialogs').select('peer_id').where('owner_id', '=', ownerId).where('peer_id', '<', 0n).where('top_msg_id', '>', 0).orderBy('peer_id').limit(limit).execute();
  return rows.map((row) => row.peer_id);
}

/** Counts the channels that each of these users follows, except places that the user has not accepted; users who follow none are left out. */
export async function countFollowedChannels(reader: Reader, ownerIds: readonly bigint[]): Promise<Map<bigint, number>> {
  const { rows } = await reader.run(countFollowed, [ownerIds]);
  return new Map(rows.map((row) => [row.owner_id, Number(row.n)]));
}

/** A channel of which a device that was away has to be told. */
export interface ChangedChannel {
  /** Marked. */
  peerId: bigint;
  pts: number;
  /** The channel has had events. */
  isMoved: boolean;
  /** The read mark has moved. */
  isRead: boolean;
  maxId: number;
  unread: number;
  folderId: number;
  /** The lifetime of new messages in seconds, 0 for no limit; undefined if it has not changed. */
  lifetime: number | undefined;
}

interface ChangedRow extends ReadMark {
  pts: number;
  is_moved: boolean;
  is_read: boolean;
  read_inbox_max_id: number;
  folder_id: number;
  ordinal: number;
  own_posts: number;
  lifetime: number | null;
}

// One statement, because each final slice of a difference runs it.
const readChanged = defineStatement<ChangedRow>(
  'read_changed_channels',
  `SELECT d.peer_id, c.pts, h.changed_date >= $2 AS is_moved, d.read_date >= $2 AS is_read, d.read_inbox_max_id, d.folder_id, d.read_ordinal, d.own_at_read,
          h.ordinal, COALESCE(m.own_posts, 0) AS own_posts,
          (SELECT COALESCE(ttl_period, 0) FROM channels WHERE channel_id = h.channel_id AND h.lifetime_date >= GREATEST($2, 1)) AS lifetime
     FROM dialogs AS d
     JOIN channel_heads AS h ON h.channel_id = -d.peer_id - ${CHANNEL_OFFSET}
     JOIN counters_now AS c ON c.owner_id = d.peer_id
     LEFT JOIN channel_members AS m ON d.read_date >= $2 AND m.channel_id = h.channel_id AND m.user_id = d.owner_id
    WHERE d.owner_id = $1 AND d.peer_id < ${-CHANNEL_OFFSET} AND d.top_msg_id > 0 AND (h.changed_date >= $2 OR d.read_date >= $2)
    ORDER BY GREATEST(h.changed_date, d.read_date) DESC LIMIT ${CHANGED_MAX} * ${OWNER_FACTOR}`,
);

/** Lists the channels of a user that have changed, or that the user has read, since a date in unix seconds; of a person at most 500, the latest first. */
export async function listChangedChannels(db: Pick<Database, 'run' | 'q'>, ownerId: bigint, sinceDate: number): Promise<ChangedChannel[]> {
  const { rows } = await db.run(readChanged, [ownerId, sinceDate]);
  const unread = await countUnreadPosts(db.q, ownerId, rows.filter((row) => row.is_read), new Map(rows.map((row) => [row.peer_id, row])));
  return rows.map((row) => ({
    peerId: row.peer_id,
    pts: row.pts,
    isMoved: row.is_moved,
    isRead: row.is_read,
    maxId: row.read_inbox_max_id,
    unread: unread.get(row.peer_id) ?? 0,
    folderId: row.folder_id,
    lifetime: row.lifetime ?? undefined,
  }));
}
