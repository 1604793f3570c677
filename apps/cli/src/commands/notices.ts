import { describeMaintenance, excerptOf, findMaintenance, listNotices, NOTICE_PAUSE_MS, NOTICE_SLICE, orderNotice, startMaintenance, stopMaintenance, stopNotice } from '@aerogram/domain';
import { systemClock } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import { withDatabase } from '../open-database.ts';
import { type CliOptions, formatDate } from '../options.ts';
import { requireAccount } from './find-account.ts';

const PER_S = Math.floor((NOTICE_SLICE * 1000) / NOTICE_PAUSE_MS);

/** `aerogram notice`: everybody, or one account, gets a text from the service chat. */
export function sendNotice(options: CliOptions, text: string, to: string | undefined): Promise<void> {
  return withDatabase(options, async (db) => {
    const userId = to === undefined ? undefined : (await requireAccount(db, to)).user_id;
    const { noticeId, total } = await orderNotice(db, { text, userId }, systemClock.now());
    options.print(`notice ${noticeId} goes to ${total === 1 ? '1 account' : `${total} accounts`}, at most ${PER_S} a second, as long as a server runs`);
  });
}

/** `aerogram notice list`: what was written to everybody, the newest first, and how far it is. */
export function showNotices(options: CliOptions, limit: number): Promise<void> {
  return withDatabase(options, async (db) => {
    const notices = await listNotices(db, limit);
    if (notices.length === 0) options.print('no notices');
    for (const { notice_id: id, date, text, to_user_id: toId, total, sent, done_date: doneDate } of notices) {
      const whom = toId === null ? `${sent} of ${total} accounts` : `account ${toId}`;
      const state = doneDate === null ? 'on its way' : toId === null && sent < total ? 'ended' : 'done';
      options.print(`${id}  ${formatDate(date)}  ${whom}, ${state}: ${excerptOf(text)}`);
    }
  });
}

/** `aerogram notice stop`: those who do not have it yet do not get it. */
export function endNotice(options: CliOptions, id: bigint): Promise<void> {
  return withDatabase(options, async (db) => {
    if (!(await stopNotice(db, id, systemClock.now()))) throw new Error(`notice ${id} is not on its way`);
    options.print(`stopped notice ${id}`);
  });
}

/** `aerogram maintenance start`. @param at when it starts, in milliseconds since 1970; undefined: now */
export function beginMaintenance(options: CliOptions, { at, text }: { at: number | undefined; text: string }): Promise<void> {
  return withDatabase(options, async (db) => {
    const { what, noticeId } = await startMaintenance(db, { startDate: at === undefined ? undefined : Math.floor(at / 1000), text }, systemClock.now());
    options.print(what);
    if (noticeId !== undefined) options.print(`notice ${noticeId} announces it to everybody`);
    options.print('all nodes follow within 5 seconds');
  });
}

/** `aerogram maintenance stop`. */
export function endMaintenance(options: CliOptions): Promise<void> {
  return withDatabase(options, async (db) => {
    if (!(await stopMaintenance(db, systemClock.now()))) throw new Error('no maintenance is on or announced');
    options.print('maintenance ends; all nodes follow within 5 seconds');
  });
}

/** What `status` and `maintenance` say of a maintenance that is on or announced; undefined if none is. */
export async function describeUpkeep(db: Database): Promise<string | undefined> {
  const row = await findMaintenance(db);
  return row && describeMaintenance(row, systemClock.now());
}

/** `aerogram maintenance`: whether one is on or announced. */
export function showMaintenance(options: CliOptions): Promise<void> {
  return withDatabase(options, async (db) => options.print((await describeUpkeep(db)) ?? 'no maintenance is on or announced'));
}
