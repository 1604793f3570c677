import { type Database, defineStatement, type Tables, type Tx } from '@aerogram/storage';
import type { Selectable } from 'kysely';

/** A report to store. */
export interface NewReport {
  ownerId: bigint;
  /** Marked. */
  peerId: bigint;
  reason: string;
  comment: string;
  nowDate: number;
  /** What was reported: messages, or the peer itself with the id 0. */
  items: readonly { msgId: number; authorId: bigint | null; copy: string | null }[];
}

/** A report in the queue. */
export type ReportRow = Selectable<Tables['reports']>;

// A user can report a message only once, but can report a peer again after their report about it was closed.
const insertReports = defineStatement(
  'insert_reports',
  `INSERT INTO reports (owner_id, peer_id, msg_id, reason, comment, author_id, copy, created_date)
   SELECT $1, $2, i.msg_id, $3, $4, i.author_id, i.copy, $5
     FROM unnest($6::integer[], $7::bigint[], $8::text[]) WITH ORDINALITY AS i (msg_id, author_id, copy, n)
    WHERE i.n <= $9::integer - (SELECT count(*) FROM reports WHERE owner_id = $1 AND closed_date IS NULL)
      AND i.n <= $10::integer - (SELECT count(*) FROM (SELECT FROM reports WHERE closed_date IS NULL LIMIT $10::integer) AS stored)
   ON CONFLICT (owner_id, peer_id, msg_id) DO UPDATE SET reason = excluded.reason, comment = excluded.comment, created_date = excluded.created_date, closed_date = NULL
    WHERE reports.msg_id = 0 AND reports.closed_date IS NOT NULL`,
);

/** Maximum number of closed reports that are kept. */
const CLOSED_MAX = 50_000;

const removeOldest = defineStatement(
  'remove_oldest_closed_reports',
  `DELETE FROM reports WHERE report_id = ANY (ARRAY(
     SELECT report_id FROM reports WHERE closed_date IS NOT NULL ORDER BY closed_date, report_id
      LIMIT GREATEST(0, (SELECT count(*) FROM reports WHERE closed_date IS NOT NULL) - $1)))`,
);

const removeClosed = defineStatement(
  'remove_closed_reports',
  'DELETE FROM reports WHERE ctid = ANY (ARRAY(SELECT ctid FROM reports WHERE closed_date < $1 LIMIT $2))',
);

/** Stores the items that the same user has not reported before, while neither the user nor all users together have too many open reports. */
export async function insertReport(tx: Tx, { ownerId, peerId, reason, comment, nowDate, items }: NewReport, most: { ofOne: number; ofAll: number }): Promise<void> {
  const [ids, authors, copies] = [items.map((item) => item.msgId), items.map((item) => item.authorId), items.map((item) => item.copy)];
  await tx.run(insertReports, [ownerId, peerId, reason, comment, nowDate, ids, authors, copies, most.ofOne, most.ofAll]);
}

/** Lists reports, the oldest first. @param open only those that nobody has closed */
export async function listReports({ q }: Pick<Database, 'q'>, { open, limit }: { open: boolean; limit: number }): Promise<ReportRow[]> {
  const query = q.selectFrom('reports').selectAll().orderBy('report_id').limit(limit);
  return (open ? query.where('closed_date', 'is', null) : query).execute();
}

/** Finds reports by their ids, the oldest first. */
export function findReports({ q }: Pick<Database, 'q'>, reportIds: readonly bigint[]): Promise<ReportRow[]> {
  return q.selectFrom('reports').selectAll().where('report_id', 'in', [...reportIds]).orderBy('report_id').execute();
}

/** Counts the reports that nobody has closed. */
export async function countOpenReports({ q }: Pick<Database, 'q'>): Promise<number> {
  const { n } = await q.selectFrom('reports').select((eb) => eb.fn.countAll<bigint>().as('n')).where('closed_date', 'is', null).executeTakeFirstOrThrow();
  return Number(n);
}

/**
 * Closes reports. If more than `closedMax` closed reports are stored then, those that were closed first are deleted.
 * @param closedMax maximum number of closed reports that are kept
 * @returns the ids of the reports that were open before
 */
export async function closeReports(tx: Tx, reportIds: readonly bigint[], nowDate: number, closedMax = CLOSED_MAX): Promise<bigint[]> {
  const rows = await tx.q.updateTable('reports').set({ closed_date: nowDate }).where('report_id', 'in', [...reportIds]).where('closed_date', 'is', null).returning('report_id').execute();
  await tx.run(removeOldest, [closedMax]);
  return rows.map((row) => row.report_id);
}

/** Deletes a slice of the reports that were closed before a moment. @returns how many */
export async function removeClosedReports(tx: Tx, beforeDate: number, limit: number): Promise<number> {
  return (await tx.run(removeClosed, [beforeDate, limit])).count;
}
