import { CHANNEL_OFFSET } from '@aerogram/cluster';
import { type Database, defineStatement, type Tx } from '@aerogram/storage';

/** An entry of a channel's log. */
export interface ChannelLogRow {
  pts: number;
  pts_count: number;
  kind: number;
  payload: Uint8Array;
  date: number;
}

/** A page of a channel's log. */
export interface ChannelLogPage {
  rows: ChannelLogRow[];
  /** Entries up to this pts may have been deleted. */
  cutPts: number;
}

/** Which entries of a channel's log to read. */
export interface ChannelLogRange {
  after: number;
  upTo: number;
  /** Maximum number of entries. */
  limit: number;
  /** The entry with which the payloads reach this size, in bytes, is the last one. */
  bytes: number;
}

// One statement, so that an entry is either in the result or counted in `log_cut_pts`.
const readLog = defineStatement<{ log_cut_pts: number } & (ChannelLogRow | { pts: null })>(
  'read_channel_log',
  `SELECT h.log_cut_pts, l.pts, l.pts_count, l.kind, l.payload, l.date
     FROM channel_heads AS h LEFT JOIN LATERAL (
       SELECT * FROM (
         SELECT u.*, sum(octet_length(u.payload)) OVER (ORDER BY u.pts ROWS UNBOUNDED PRECEDING) - octet_length(u.payload) AS bytes_before
           FROM update_log AS u WHERE u.owner_id = $2 AND u.pts > $3 AND u.pts <= $4 AND u.pts_count > 0 ORDER BY u.pts LIMIT $5) AS page
        WHERE bytes_before < $6::integer) AS l ON true
    WHERE h.channel_id = $1 ORDER BY l.pts`,
);

/** Reads a part of a channel's log, in ascending order of pts. @param peerId marked id of the channel */
export async function readChannelLog(db: Pick<Database, 'run'>, peerId: bigint, { after, upTo, limit, bytes }: ChannelLogRange): Promise<ChannelLogPage> {
  const { rows } = await db.run(readLog, [-peerId - CHANNEL_OFFSET, peerId, after, upTo, limit, bytes]);
  return { rows: rows.filter((row): row is (typeof rows)[number] & ChannelLogRow => row.pts !== null), cutPts: rows[0]?.log_cut_pts ?? 0 };
}

/** The part of a channel's log that may be deleted if it is old, and the part that may be deleted in any case. */
export interface CuttableLog {
  /** Marked id of the channel. */
  owner_id: bigint;
  pts: number;
  /** Search has read the entries up to this pts. */
  indexed_pts: number;
}

/** Less than the marked id of any channel. */
export const BELOW_CHANNELS = -(1n << 63n);

const listLogs = defineStatement<CuttableLog>(
  'list_channel_logs',
  `SELECT c.owner_id, c.pts, COALESCE(s.indexed_pts, 2147483647) AS indexed_pts
     FROM counters AS c LEFT JOIN search_state AS s ON s.owner_id = c.owner_id
    WHERE c.owner_id > $1 AND c.owner_id < ${-CHANNEL_OFFSET} ORDER BY c.owner_id LIMIT $2::integer`,
);

/**
 * Lists the logs of up to `limit` channels, in ascending order of their marked ids.
 * @param after the marked id to start after
 */
export async function listChannelLogs(db: Pick<Database, 'run'>, after: bigint, limit: number): Promise<readonly CuttableLog[]> {
  return (await db.run(listLogs, [after, limit])).rows;
}

// Dates ascend within a log, so the scan stops at the first entry that must stay.
const cutLogs = defineStatement<{ owner_id: bigint; n: bigint }>(
  'cut_channel_logs',
  `WITH gone AS (
     DELETE FROM update_log AS u
      USING unnest($1::bigint[], $2::integer[], $3::integer[]) AS r (r_owner, r_pts, r_indexed)
      CROSS JOIN LATERAL (SELECT owner_id, pts, sub, date FROM update_log WHERE owner_id = r_owner AND pts <= r_indexed ORDER BY pts, sub LIMIT $5::integer) AS l
      WHERE (l.pts <= r_pts OR l.date < $4::integer) AND u.owner_id = l.owner_id AND u.pts = l.pts AND u.sub = l.sub
     RETURNING u.owner_id, u.pts
   ), cut AS (SELECT owner_id, max(pts) AS pts, count(*) AS n FROM gone GROUP BY owner_id)
   UPDATE channel_heads AS h SET log_cut_pts = GREATEST(h.log_cut_pts, c.pts)
     FROM cut AS c WHERE h.channel_id = -c.owner_id - ${CHANNEL_OFFSET}
   RETURNING c.owner_id, c.n`,
);

/**
 * Deletes up to `limit` of the oldest entries of each log, and notes how far the log was cut.
 * @param cuts up to which pts each log is deleted, however young its entries are
 * @param oldDate older entries are deleted as well
 * @returns the greatest number of entries that were deleted from one log
 */
export async function cutChannelLogs(
  tx: Tx,
  cuts: readonly { owner_id: bigint; cutPts: number; indexed_pts: number }[],
  { oldDate, limit }: { oldDate: number; limit: number },
): Promise<number> {
  const columns = [cuts.map((cut) => cut.owner_id), cuts.map((cut) => cut.cutPts), cuts.map((cut) => cut.indexed_pts)];
  const { rows } = await tx.run(cutLogs, [...columns, oldDate, limit]);
  return Math.max(0, ...rows.map(({ n }) => Number(n)));
}
