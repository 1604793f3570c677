import { closeReports, countOpenReports, findReports, listReports, noteOperator, type ReportRow, REPORTS_MAX } from '@aerogram/domain';
import { systemClock } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import { withDatabase } from '../open-database.ts';
import { type CliOptions, findDate, formatDate } from '../options.ts';
import type { Output } from '../output.ts';

/** How many reports are open, and whether new ones are dropped. */
export async function describeQueue(db: Pick<Database, 'q'>): Promise<Output> {
  const { open, isFull, words } = await readQueue(db);
  return { value: { open, full: isFull }, lines: [`reports    ${words}`] };
}

async function readQueue(db: Pick<Database, 'q'>): Promise<{ open: number; isFull: boolean; words: string }> {
  const open = await countOpenReports(db);
  const isFull = open >= REPORTS_MAX;
  return { open, isFull, words: `${open} open${isFull ? '; the queue is full, new ones are dropped until some are closed' : ''}` };
}

/** One report as the operator reads it. */
function describeReport({ report_id: id, owner_id: ownerId, peer_id: peerId, msg_id: msgId, author_id: authorId, reason, created_date: date, closed_date: closedDate }: ReportRow): string {
  const where = peerId > 0n ? `account ${peerId}` : String(peerId);
  const author = authorId === null ? '' : ` of ${authorId > 0n ? `account ${authorId}` : authorId}`;
  const what = msgId === 0 ? where : `message ${msgId}${author} in ${peerId > 0n ? 'the chat with ' : ''}${where}`;
  return `${id}  ${formatDate(date)}  ${reason}: account ${ownerId} about ${what}${closedDate === null ? '' : ` (closed ${formatDate(closedDate)})`}`;
}

/** One report as programs read it. */
const projectReport = (report: ReportRow): object => ({
  id: report.report_id,
  created_date: formatDate(report.created_date),
  reason: report.reason,
  reporter: report.owner_id,
  peer: report.peer_id,
  message: report.msg_id === 0 ? null : report.msg_id,
  author: report.author_id,
  copy: report.copy,
  comment: report.comment,
  closed_date: findDate(report.closed_date),
});

/** `aerogram reports list`: reports, the oldest first. */
export function showReports(options: CliOptions, { all, limit }: { all: boolean; limit: number }): Promise<Output> {
  return withDatabase(options, async (db) => {
    const reports = await listReports(db, { open: !all, limit });
    const lines = reports.flatMap((report) => [
      describeReport(report),
      ...(report.copy !== null && report.copy !== '' ? [`   ${report.copy}`] : []),
      ...(report.comment === '' ? [] : [`   comment: ${report.comment}`]),
    ]);
    if (reports.length === limit) lines.push(`(the oldest ${limit} of ${(await readQueue(db)).words}; --limit shows more)`);
    if (reports.length === 0) lines.push(all ? 'no reports' : 'no open reports');
    return { value: reports.map(projectReport), lines };
  });
}

/** `aerogram reports close`: closes reports. @throws Error if one of them does not exist */
export function closeReportsBy(options: CliOptions, ids: readonly bigint[]): Promise<Output> {
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
    return { value: { closed }, lines: [closed.length === 0 ? 'closed already' : `closed ${closed.join(', ')}`] };
  });
}
