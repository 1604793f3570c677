import { sql } from 'kysely';
import type { Database } from '../database/open-database.ts';

/** The link to another data centre, as commands show it. */
export interface HomeLinkRow {
  dc: number;
  state: 'up' | 'down' | 'paused';
  /** Frames that it has not applied yet, and how long the oldest of them has waited, in seconds. */
  waiting: number;
  oldest_s: number;
  /** Numbers of the last frame of this epoch that was written for it, and that it has applied; 0 for none. */
  sent_seq: number;
  applied_seq: number;
  /** The epoch of the stream of this database. */
  epoch: bigint;
}

/** A link of which nothing was seen for so long is down: the server that keeps it has ended. */
const SEEN_MS = 10_000;

/** Lists the links to the other members, by data centre. @param nowMs milliseconds since 1970 */
export async function listHomeLinks({ q }: Pick<Database, 'q'>, nowMs: number): Promise<HomeLinkRow[]> {
  const { rows } = await sql<{ dc: number; state: HomeLinkRow['state']; waiting: bigint; oldest_date: number | null; sent_seq: bigint; applied_seq: bigint; epoch: bigint }>`
    SELECT h.dc, CASE WHEN h.state = 'paused' THEN 'paused' WHEN h.is_up AND h.seen_ms > ${nowMs - SEEN_MS} THEN 'up' ELSE 'down' END AS state,
           coalesce(s.waiting, 0)::bigint AS waiting, o.oldest_date, coalesce(s.sent_seq, 0)::bigint AS sent_seq, coalesce(s.applied_seq, 0)::bigint AS applied_seq, m.epoch
      FROM homes h CROSS JOIN (SELECT value::bigint AS epoch FROM meta WHERE key = 'stream_epoch') m
      LEFT JOIN LATERAL (SELECT sum(t.sent_seq - t.acked_seq) AS waiting, max(t.sent_seq) FILTER (WHERE t.epoch = m.epoch) AS sent_seq, max(t.acked_seq) FILTER (WHERE t.epoch = m.epoch) AS applied_seq
                           FROM home_streams t WHERE t.dc = h.dc) s ON true
      LEFT JOIN LATERAL (SELECT min(b.written_date) AS oldest_date FROM home_outbox b JOIN home_streams t USING (dc, epoch) WHERE b.dc = h.dc AND b.seq = t.acked_seq + 1) o ON true
     WHERE NOT h.is_own AND h.state <> 'removed' ORDER BY h.dc`.execute(q);
  return rows.map(({ oldest_date: oldest, ...row }) => ({
    ...row,
    waiting: Number(row.waiting),
    oldest_s: oldest === null ? 0 : Math.max(0, Math.floor(nowMs / 1000) - oldest),
    sent_seq: Number(row.sent_seq),
    applied_seq: Number(row.applied_seq),
  }));
}
