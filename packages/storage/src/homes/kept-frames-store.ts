import type { Database } from '../database/open-database.ts';
import { defineStatement, type Statement } from '../database/statement.ts';
import type { SqlValue } from '../database/sql-value.ts';
import type { Tx } from '../database/transaction.ts';

const DROP_AT_ONCE = 5000;

/** Fewer, because sends wait while what is counted is changed. */
const TRIM_AT_ONCE = 1000;

/** What a kept frame takes besides its bytes, about, so that empty ones count too. */
export const KEPT_FRAME_BYTES = 100;

// One mark for each stream and hour in which something was acknowledged. Marks above what is acknowledged now go: a restored data centre has said that it has less.
const noteMarks = defineStatement(
  'note_home_ack_marks',
  `WITH undone AS (DELETE FROM home_ack_marks AS m USING home_streams AS s WHERE s.dc = m.dc AND s.epoch = m.epoch AND m.acked_seq > s.acked_seq)
   INSERT INTO home_ack_marks (dc, epoch, acked_seq, noted_date) SELECT dc, epoch, acked_seq, $1::integer FROM home_streams WHERE acked_seq > 0 ON CONFLICT DO NOTHING`,
);

const dropMarks = defineStatement('drop_home_ack_marks', "DELETE FROM home_ack_marks WHERE noted_date < $1::integer OR dc IN (SELECT dc FROM homes WHERE state = 'removed')");

/**
 * Deletes rows of the outbox, and takes them from what is counted. The stream is locked last, because sends wait for it.
 * @param rows a query for their `ctid`, which leaves out what somebody else is deleting
 */
const dropOutbox = (name: string, rows: string): Statement<{ dropped: number }> =>
  defineStatement<{ dropped: number }>(
    name,
    `WITH gone AS (DELETE FROM home_outbox WHERE ctid = ANY (ARRAY(${rows})) RETURNING dc, epoch, seq, octet_length(frame) AS bytes),
          of_stream AS (
            SELECT dc, epoch, sum(bytes) AS bytes, coalesce(sum(bytes) FILTER (WHERE seq <= acked_seq), 0) AS acked_bytes FROM gone JOIN home_streams USING (dc, epoch) GROUP BY dc, epoch),
          counted AS (
            UPDATE home_streams AS s SET sent_bytes = greatest(s.sent_bytes - g.bytes, 0), acked_bytes = greatest(s.acked_bytes - g.acked_bytes, 0)
              FROM of_stream AS g WHERE s.dc = g.dc AND s.epoch = g.epoch)
     SELECT count(*)::integer AS dropped FROM gone`,
  );

const dropOldOutbox = dropOutbox(
  'drop_home_outbox',
  `SELECT o.ctid FROM home_outbox AS o
    WHERE EXISTS (SELECT FROM home_ack_marks AS m WHERE m.dc = o.dc AND m.epoch = o.epoch AND m.acked_seq >= o.seq AND m.noted_date < $1::integer)
       OR (o.written_date < $1::integer AND EXISTS (SELECT FROM homes AS h WHERE h.dc = o.dc AND h.state = 'removed'))
    LIMIT ${DROP_AT_ONCE} FOR UPDATE OF o SKIP LOCKED`,
);

const trimOutbox = dropOutbox(
  'trim_home_outbox',
  `SELECT place FROM (
     SELECT place, sum(bytes) OVER (ORDER BY epoch, seq ROWS UNBOUNDED PRECEDING) - bytes AS before FROM (
       SELECT o.ctid AS place, o.epoch, o.seq, octet_length(o.frame) AS bytes FROM home_outbox AS o
        WHERE o.dc = $1 AND o.seq <= (SELECT s.acked_seq FROM home_streams AS s WHERE s.dc = o.dc AND s.epoch = o.epoch)
        ORDER BY o.epoch, o.seq LIMIT ${TRIM_AT_ONCE} FOR UPDATE OF o SKIP LOCKED) AS oldest) AS f WHERE before < $2::bigint`,
);

// Whoever drops frames that are kept locks the rows that count them first, in this order.
const lockKept = defineStatement<{ bytes: bigint }>('lock_kept_home_frames', 'SELECT kept_bytes AS bytes FROM home_applied WHERE $1::smallint IS NULL OR dc = $1 ORDER BY dc, epoch FOR NO KEY UPDATE');

/** Deletes rows of the inbox, and takes them from what is counted. @param rows a query for their `ctid` */
const dropInbox = (name: string, rows: string): Statement<{ dropped: number }> =>
  defineStatement<{ dropped: number }>(
    name,
    `WITH gone AS (DELETE FROM home_inbox WHERE ctid = ANY (ARRAY(${rows})) RETURNING dc, epoch, octet_length(frame) + ${KEPT_FRAME_BYTES} AS bytes),
          of_stream AS (SELECT dc, epoch, sum(bytes) AS bytes FROM gone GROUP BY dc, epoch),
          counted AS (UPDATE home_applied AS a SET kept_bytes = greatest(a.kept_bytes - g.bytes, 0) FROM of_stream AS g WHERE a.dc = g.dc AND a.epoch = g.epoch)
     SELECT count(*)::integer AS dropped FROM gone`,
  );

const dropOldInbox = dropInbox('drop_home_inbox', `SELECT ctid FROM home_inbox WHERE applied_date < $1::integer LIMIT ${DROP_AT_ONCE}`);

const trimInbox = dropInbox(
  'trim_home_inbox',
  `SELECT place FROM (
     SELECT ctid AS place, sum(octet_length(frame) + ${KEPT_FRAME_BYTES}) OVER older - octet_length(frame) - ${KEPT_FRAME_BYTES} AS before FROM home_inbox WHERE dc = $1
     WINDOW older AS (ORDER BY applied_date, epoch, seq ROWS UNBOUNDED PRECEDING) ORDER BY applied_date, epoch, seq LIMIT ${DROP_AT_ONCE}) AS f WHERE before < $2::bigint`,
);

async function drop(tx: Tx, statement: Statement<{ dropped: number }>, values: readonly SqlValue[]): Promise<number> {
  return (await tx.run(statement, values)).rows[0]!.dropped;
}

const dropChanges = defineStatement('drop_changes_for_removed_homes', `DELETE FROM home_changes WHERE dc IN (SELECT dc FROM homes WHERE state = 'removed')`);

/**
 * Drops the frames that both ends had applied at a date, in slices, and what homes were to be told that were removed.
 * @param nowDate unix seconds, like `before`
 */
export async function dropOldFrames(db: Database, { nowDate, before }: { nowDate: number; before: number }, signal: AbortSignal): Promise<void> {
  await db.transact('drop-home-changes', async (tx) => {
    await tx.run(dropChanges, []);
    await tx.run(noteMarks, [nowDate]);
  });
  const inSlices = async (slice: (tx: Tx) => Promise<number>): Promise<void> => {
    for (let dropped = DROP_AT_ONCE; dropped === DROP_AT_ONCE && !signal.aborted; ) dropped = await db.transact('drop-home-frames', slice);
  };
  await inSlices((tx) => drop(tx, dropOldOutbox, [before]));
  await inSlices(async (tx) => {
    await tx.run(lockKept, [null]);
    return drop(tx, dropOldInbox, [before]);
  });
  // What they stand for is gone.
  if (!signal.aborted) await db.transact('drop-home-ack-marks', (tx) => tx.run(dropMarks, [before]));
}

/** Drops the oldest frames of a data centre that were applied here, until no more are kept than so many bytes. @returns how many were dropped */
export async function doTrimInbox(db: Database, dc: number, most: number): Promise<number> {
  for (let all = 0; ; ) {
    const dropped = await db.transact('trim-home-inbox', async (tx) => {
      const { rows } = await tx.run(lockKept, [dc]);
      const excess = rows.reduce((sum, { bytes }) => sum + bytes, 0n) - BigInt(most);
      return excess <= 0n ? 0 : drop(tx, trimInbox, [dc, excess]);
    });
    all += dropped;
    if (dropped === 0) return all;
  }
}

const selectAckedBytes = defineStatement<{ bytes: bigint }>('read_acked_home_bytes', 'SELECT coalesce(sum(acked_bytes), 0)::bigint AS bytes FROM home_streams WHERE dc = $1');

/** Drops the oldest frames for a data centre that it has applied, until no more of those are kept than so many bytes. What waits for it stays. @returns how many were dropped */
export async function doTrimOutbox(db: Database, dc: number, most: number): Promise<number> {
  for (let all = 0; ; ) {
    const dropped = await db.transact('trim-home-outbox', async (tx) => {
      const excess = (await tx.run(selectAckedBytes, [dc])).rows[0]!.bytes - BigInt(most);
      return excess <= 0n ? 0 : drop(tx, trimOutbox, [dc, excess]);
    });
    all += dropped;
    if (dropped === 0) return all;
  }
}
