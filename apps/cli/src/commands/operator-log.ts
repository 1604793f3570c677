import { listOperatorLog } from '@aerogram/domain';
import { withDatabase } from '../open-database.ts';
import { type CliOptions, findDate, formatDate } from '../options.ts';
import type { Output } from '../output.ts';

/** `aerogram chats log`: shows what operators have done, the newest first. */
export function showOperatorLog(options: CliOptions, limit: number): Promise<Output> {
  return withDatabase(options, async (db) => {
    const entries = await listOperatorLog(db, limit);
    const lines = entries.map(({ date, what, outcome, by_user_id: by }) => `${formatDate(date)}  ${what}${by === null ? '' : ` (by account ${by})`}${outcome === 'done' ? '' : `: ${outcome ?? 'waits for a server'}`}`);
    const value = entries.map((entry) => ({ id: entry.entry_id, date: formatDate(entry.date), what: entry.what, done_date: findDate(entry.done_date), outcome: entry.outcome, admin: entry.by_user_id }));
    return { value, lines: lines.length === 0 ? ['nothing was done yet'] : lines };
  });
}
