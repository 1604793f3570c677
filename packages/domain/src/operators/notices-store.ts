import { type Database, defineStatement, type Tables, type Tx } from '@aerogram/storage';
import type { Selectable } from 'kysely';

/** A text of the operator, and how far it has come. */
export type NoticeRow = Selectable<Tables['notices']>;

/** Number of notices that are remembered. */
const KEPT = 1000;

const RECEIVERS = 'NOT bot AND NOT support AND NOT deleted AND created_date <= $1::integer';

const countReceivers = defineStatement<{ count: number }>('count_notice_receivers', `SELECT count(*)::int AS count FROM users WHERE ${RECEIVERS}`);

const listReceivers = defineStatement<{ user_id: bigint }>(
  'list_notice_receivers',
  `SELECT user_id FROM users WHERE ${RECEIVERS} AND user_id > $2 ORDER BY user_id LIMIT $3::integer`,
);

const countJobs = defineStatement<{ count: number }>('count_jobs_of_kind', 'SELECT count(*)::int AS count FROM (SELECT 1 FROM jobs WHERE kind = $1 LIMIT $2::integer) AS waiting');

/** Counts the accounts of people that existed at a date (unix seconds). */
export async function countNoticeReceivers(tx: Tx, date: number): Promise<number> {
  return (await tx.run(countReceivers, [date])).rows[0]!.count;
}

/** Lists the next accounts of people that existed at a date, after the one with this id. */
export async function listNoticeReceivers(tx: Tx, { date, afterId, limit }: { date: number; afterId: bigint; limit: number }): Promise<bigint[]> {
  return (await tx.run(listReceivers, [date, afterId, limit])).rows.map((row) => row.user_id);
}

/** Whether so many jobs of a kind wait. */
export async function hasManyJobs(tx: Tx, kind: string, many: number): Promise<boolean> {
  return (await tx.run(countJobs, [kind, many])).rows[0]!.count >= many;
}

/** Stores a notice, and forgets the oldest of those that are done. @returns its id */
export async function insertNotice(tx: Tx, notice: { date: number; text: string; to_user_id: bigint | null; total: number }): Promise<bigint> {
  const { notice_id } = await tx.q.insertInto('notices').values({ ...notice, done_date: null }).returning('notice_id').executeTakeFirstOrThrow();
  await tx.q.deleteFrom('notices').where('notice_id', '<=', notice_id - BigInt(KEPT)).where('done_date', 'is not', null).execute();
  return notice_id;
}

/** Reads a notice and locks it. */
export function lockNotice(tx: Tx, noticeId: bigint): Promise<NoticeRow | undefined> {
  return tx.q.selectFrom('notices').selectAll().where('notice_id', '=', noticeId).forUpdate().executeTakeFirst();
}

/** Stores how far a notice has come. */
export async function saveNoticeProgress(tx: Tx, noticeId: bigint, progress: Partial<Pick<NoticeRow, 'sent' | 'last_user_id' | 'done_date'>>): Promise<void> {
  await tx.q.updateTable('notices').set(progress).where('notice_id', '=', noticeId).execute();
}

/** Lists notices, the newest first. */
export function listNotices({ q }: Pick<Database, 'q'>, limit: number): Promise<NoticeRow[]> {
  return q.selectFrom('notices').selectAll().orderBy('notice_id', 'desc').limit(limit).execute();
}
