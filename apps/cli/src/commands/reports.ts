import { closeReports, countOpenReports, findReports, listReports, noteOperator, type ReportRow, REPORTS_MAX } from '@aerogram/domain';
import { systemClock } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import { withDatabase } from '../open-database.ts';
import { type CliOptions, formatDate } from '../options.ts';

/** How many reports are open, in words, and whether new ones are dropped. */
export async function describeQueue(db: Pick<Database, 'q'>): Promise<string> {
  const open = await countOpenReports(db);
  return `${open} open${open >= REPORTS_MAX ? '; the queue is full, new ones are dropped until some are closed' : ''}`;
}

/** One report as the operator reads it. */
function describeReport({ report_id: id, owner_id: ownerId, peer_id: peerId, msg_id: msgId, author_id: authorId, reason, created_date: date, closed_date: closedDate }: ReportRow): string {
  const where = peerId > 0n ? `account ${peerId}` : String(peerId);
  const author = authorId === null ? '' : ` of ${authorId > 0n ? `account ${authorId}` : authorId}`;
  const what = msgId === 0 ? where : `message ${msgId}${author} in ${peerId > 0n ? 'the chat with ' : ''}${where}`;
  return `${id}  ${formatDate(date)}  ${reason}: account ${ownerId} about ${what}${closedDate === null ? '' : ` (closed ${formatDate(closedDate)})`}`;
}

/** `aerogram reports list`: reports, the oldest first. */
export function showReports(options: CliOptions, { all, limit }: { all: boolean; limit: number }): Promise<void> {
  const { print } = options;
  return withDatabase(options, async (db) => {
    const reports = await listReports(db, { open: !all, limit });
    for (const report of reports) {
      print(describeReport(report));
      if (report.copy !== null && report.copy !== '') print(`   ${report.copy}`);
      if (report.comment !== '') print(`   comment: ${report.comment}`);
    }
    if (reports.length === limit) print(`(the oldest ${limit} of ${await describeQueue(db)}; --limit shows more)`);
    if (reports.length === 0) print(all ? 'no reports' : 'no open reports');
  });
}

/** `aerogram reports close`: closes reports. @throws Error if one of them does not exist */
export function closeReportsBy(options: CliOptions, ids: readonly bigint[]): Promise<void> {
  return withDatabase(options, async (db) => {
    const known = new Set((await findReports(db, ids)).map((report) => report.report_id));
    const unknown = ids.filter((id) => !known.has(id));
    if (unknown.length > 0) throw new Error(`no report ${unknown.join(', ')}`);
    const closed = await db.transact('close-reports', async (tx) => {
      const nowDate = systemClock.now();
      const done = await closeReports(tx, ids, nowDate);
      for (const id of done) await noteOperator(tx, `close report ${id}`, nowDate);
      return done;
    });
    options.print(closed.length === 0 ? 'closed already' : `closed ${closed.join(', ')}`);
  });
}
