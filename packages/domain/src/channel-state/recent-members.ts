import { RecentMap } from '@aerogram/runtime';
import { type Database, sql } from '@aerogram/storage';

import { anonymousBeside, OFFSET_MAX } from './member-conditions.ts';

/** How long a list is cached, in seconds. It is read again earlier if the number of members has changed. */
const KEPT_SECONDS = 10;
/** Maximum number of cached lists, of up to 120 KB each. */
const ORDERS_MAX = 64;

/** The {@link OFFSET_MAX} members of a channel who joined last, sorted by when they were last online, latest first. */
export interface RecentOrder {
  userIds: BigInt64Array;
  /** For each of them, until when they were or are online, in unix seconds; 0: never online. */
  onlineDates: Int32Array;
}

/** Which list of a channel is wanted. */
export interface RecentQuery {
  /** Number of members now. */
  memberCount: number;
  /** Whether the list is for an ordinary member, from whom anonymous admins are hidden. */
  isOrdinary: boolean;
  nowDate: number;
}

interface Kept {
  memberCount: number;
  readDate: number;
  reading: Promise<RecentOrder>;
}

/**
 * Caches the sorted member lists of large groups for a few seconds. Every user who opens a group asks for its members and for the number of members who are
 * online, and sorting 10,000 members takes PostgreSQL tens of milliseconds.
 */
export class RecentMembers {
  readonly #db: Pick<Database, 'q'>;
  readonly #kept = new RecentMap<string, Kept>(ORDERS_MAX);

  constructor(db: Pick<Database, 'q'>) {
    this.#db = db;
  }

  /** Returns the list, which may be up to {@link KEPT_SECONDS} old. */
  find(channelId: bigint, { memberCount, isOrdinary, nowDate }: RecentQuery): Promise<RecentOrder> {
    const key = `${channelId} ${isOrdinary}`;
    const known = this.#kept.get(key);
    if (known?.memberCount === memberCount && Math.abs(nowDate - known.readDate) < KEPT_SECONDS) return known.reading;
    const kept: Kept = { memberCount, readDate: nowDate, reading: readOrder(this.#db, channelId, isOrdinary) };
    this.#kept.set(key, kept);
    kept.reading.catch(() => {
      if (this.#kept.get(key) === kept) this.#kept.delete(key);
    });
    return kept.reading;
  }
}

/** Counts the members of a list who are online. */
export function countOnlineIn({ onlineDates }: RecentOrder, nowDate: number): number {
  const first = onlineDates.findIndex((date) => date <= nowDate);
  return first < 0 ? onlineDates.length : first;
}

async function readOrder({ q }: Pick<Database, 'q'>, channelId: bigint, isOrdinary: boolean): Promise<RecentOrder> {
  const { rows } = await sql<{ user_ids: bigint[] | null; online_dates: number[] | null }>`
    WITH newest AS MATERIALIZED (
      SELECT user_id FROM channel_members
       WHERE channel_id = ${channelId} AND status = 'member' ${isOrdinary ? sql`AND NOT ${anonymousBeside(0n)}` : sql``}
       ORDER BY date DESC, user_id LIMIT ${OFFSET_MAX}),
    seen AS (SELECT user_id, COALESCE(users.online_date, 0) AS online_date FROM newest LEFT JOIN users USING (user_id))
    SELECT array_agg(user_id ORDER BY online_date DESC, user_id) AS user_ids, array_agg(online_date ORDER BY online_date DESC, user_id) AS online_dates FROM seen`.execute(q);
  const { user_ids: userIds, online_dates: onlineDates } = rows[0]!;
  return { userIds: BigInt64Array.from(userIds ?? []), onlineDates: Int32Array.from(onlineDates ?? []) };
}
