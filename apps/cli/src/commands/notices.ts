import { describeMaintenance, excerptOf, findMaintenance, listNotices, NOTICE_PAUSE_MS, NOTICE_SLICE, orderNotice, startMaintenance, stopMaintenance, stopNotice } from '@aerogram/domain';
import { systemClock } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import { withDatabase } from '../open-database.ts';
import { type CliOptions, findDate, formatDate } from '../options.ts';
import type { Output } from '../output.ts';
import { requireAccount } from './find-account.ts';

const PER_S = Math.floor((NOTICE_SLICE * 1000) / NOTICE_PAUSE_MS);

/** `aerogram notice`: everybody, or one account, gets a text from the service chat. */
export function sendNotice(options: CliOptions, text: string, to: string | undefined): Promise<Output> {
  return withDatabase(options, async (db) => {
    const userId = to === undefined ? undefined : (await requireAccount(db, to)).user_id;
    const { noticeId, total } = await orderNotice(db, { text, userId }, systemClock.now());
    return { value: { id: noticeId, accounts: total }, lines: [`notice ${noticeId} goes to ${total === 1 ? '1 account' : `${total} accounts`}, at most ${PER_S} a second, as long as a server runs`] };
  });
}

/** `aerogram notice list`: what was written to everybody, the newest first, and how far it is. */
export function showNotices(options: CliOptions, limit: number): Promise<Output> {
  return withDatabase(options, async (db) => {
    const notices = (await listNotices(db, limit)).map(({ notice_id: id, date, text, to_user_id: to, total, sent, done_date: doneDate }) => {
      const state = doneDate === null ? 'on its way' : to === null && sent < total ? 'ended' : 'done';
      return { id, date: formatDate(date), text, to, total, sent, state, done_date: findDate(doneDate ?? 0) };
    });
    const lines = notices.map(({ id, date, text, to, total, sent, state }) => `${id}  ${date}  ${to === null ? `${sent} of ${total} accounts` : `account ${to}`}, ${state}: ${excerptOf(text)}`);
    return { value: notices, lines: lines.length === 0 ? ['no notices'] : lines };
  });
}

/** `aerogram notice stop`: those who do not have it yet do not get it. */
export function endNotice(options: CliOptions, id: bigint): Promise<Output> {
  return withDatabase(options, async (db) => {
    if (!(await stopNotice(db, id, systemClock.now()))) throw new Error(`notice ${id} is not on its way`);
    return { value: { id, stopped: true }, lines: [`stopped notice ${id}`] };
  });
}

/** `aerogram maintenance start`. @param at when it starts, in milliseconds since 1970; undefined: now */
export function beginMaintenance(options: CliOptions, { at, text }: { at: number | undefined; text: string }): Promise<Output> {
  return withDatabase(options, async (db) => {
    const { what, noticeId } = await startMaintenance(db, { startDate: at === undefined ? undefined : Math.floor(at / 1000), text }, systemClock.now());
    return { value: { what, notice: noticeId ?? null }, lines: [what, ...describeTelling(noticeId), 'all nodes follow within 5 seconds'] };
  });
}

/** `aerogram maintenance stop`. */
export function endMaintenance(options: CliOptions): Promise<Output> {
  return withDatabase(options, async (db) => {
    const ended = await stopMaintenance(db, systemClock.now());
    if (ended === undefined) throw new Error('no maintenance is on or announced');
    return { value: { maintenance: null, notice: ended.noticeId ?? null }, lines: [`${ended.what}; all nodes follow within 5 seconds`, ...describeTelling(ended.noticeId)] };
  });
}

/** The notice by which everybody hears of a maintenance, in a line; none without one. */
const describeTelling = (noticeId: bigint | undefined): string[] => (noticeId === undefined ? [] : [`notice ${noticeId} announces it to everybody`]);

/** What `status` says of a maintenance that is on or announced: a line, or none. */
export async function describeUpkeep(db: Database): Promise<Output> {
  const upkeep = await findUpkeep(db);
  return { value: upkeep ?? null, lines: upkeep === undefined ? [] : [upkeep.replace(' ', '  ')] };
}

/** `aerogram maintenance`: whether one is on or announced. */
export function showMaintenance(options: CliOptions): Promise<Output> {
  return withDatabase(options, async (db) => {
    const upkeep = await findUpkeep(db);
    return { value: { maintenance: upkeep ?? null }, lines: [upkeep ?? 'no maintenance is on or announced'] };
  });
}

async function findUpkeep(db: Database): Promise<string | undefined> {
  const row = await findMaintenance(db);
  return row && describeMaintenance(row, systemClock.now());
}
