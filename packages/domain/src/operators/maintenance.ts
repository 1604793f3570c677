import type { Clock, Logger } from '@aerogram/runtime';
import type { Database, Tx } from '@aerogram/storage';

import { cleanLine } from '../peers/index.ts';
import { deleteMaintenance, findMaintenance, type MaintenanceRow, saveMaintenance } from './maintenance-store.ts';
import { checkedNotice, orderNoticeIn } from './notices.ts';
import { noteOperator } from './operator-log-store.ts';

/** Maximum length of what the operator says of a maintenance, in UTF-16 units. */
export const MAINTENANCE_TEXT_MAX = 1000;

/** How often each process looks whether a maintenance is on, in milliseconds. */
export const MAINTENANCE_LOOK_MS = 2000;

/** When a maintenance begins, in words: `2026-01-31 at 18:00 UTC`. */
const whenOf = (date: number): string => `${new Date(date * 1000).toISOString().slice(0, 16).replace('T', ' at ')} UTC`;

/** Whether a maintenance was announced, and has not begun. */
const isAhead = (row: MaintenanceRow | undefined, nowDate: number): row is MaintenanceRow => row !== undefined && row.start_date > nowDate;

/**
 * Starts a maintenance, in which people can only read, or announces it to everybody in the service chat, and records that. It takes the place of one that is on
 * or announced, and whoever was told of that one is told of this one instead.
 * @param maintenance.startDate in unix seconds; undefined: now, without an announcement
 * @returns what was ordered in words, and the id of the notice that announces it
 * @throws Error in words if the text is too long or the date has passed
 */
export async function startMaintenance(db: Database, { startDate, text }: { startDate?: number | undefined; text: string }, nowDate: number): Promise<{ what: string; noticeId: bigint | undefined }> {
  const said = cleanLine(text);
  if (said.length > MAINTENANCE_TEXT_MAX) throw new Error(`the text has at most ${MAINTENANCE_TEXT_MAX} characters`);
  if (startDate !== undefined && startDate <= nowDate) throw new Error('the announced time must be in the future');
  return db.transact('start-maintenance', async (tx) => {
    const before = await findMaintenance(tx);
    const instead = isAhead(before, nowDate) && before.start_date !== startDate ? `, instead of the one announced from ${whenOf(before.start_date)}` : '';
    const what = `${startDate === undefined ? 'maintenance starts now' : `maintenance starts on ${whenOf(startDate)}`}${instead}${said === '' ? '' : `: ${said}`}`;
    await saveMaintenance(tx, { start_date: startDate ?? nowDate, text: said });
    await noteOperator(tx, what, nowDate);
    if (startDate === undefined && instead === '') return { what, noticeId: undefined };
    const from = startDate === undefined ? 'now' : `from ${whenOf(startDate)}`;
    const announced = `Maintenance ${from}${instead}.\n\nYou can read everything meanwhile. What you send waits on your device until the maintenance is over.${said === '' ? '' : `\n\n${said}`}`;
    return { what, noticeId: (await orderNoticeIn(tx, { text: checkedNotice(announced) }, nowDate)).noticeId };
  });
}

/**
 * Ends a maintenance that is on, or takes an announced one back and tells everybody, and records that.
 * @returns what was ordered in words, and the id of the notice that tells of it; undefined if there was none
 */
export function stopMaintenance(db: Database, nowDate: number): Promise<{ what: string; noticeId: bigint | undefined } | undefined> {
  return db.transact('stop-maintenance', async (tx) => {
    const before = await findMaintenance(tx);
    if (before === undefined) return undefined;
    await deleteMaintenance(tx);
    const isOff = isAhead(before, nowDate);
    const what = isOff ? `maintenance announced from ${whenOf(before.start_date)} is off` : 'maintenance ends';
    await noteOperator(tx, what, nowDate);
    const told = isOff ? await orderNoticeIn(tx, { text: checkedNotice(`The maintenance announced from ${whenOf(before.start_date)} is off.`) }, nowDate) : undefined;
    return { what, noticeId: told?.noticeId };
  });
}

/** Whether people can only read now, from the row as it is now. */
export async function isReadOnly(from: Pick<Database, 'q'> | Pick<Tx, 'q'>, nowDate: number): Promise<boolean> {
  const row = await findMaintenance(from);
  return row !== undefined && row.start_date <= nowDate;
}

/** A maintenance in words: `read-only since 2026-01-31 at 18:00 UTC: new disks`. Pure. */
export function describeMaintenance({ start_date: date, text }: MaintenanceRow, nowDate: number): string {
  return `read-only ${date <= nowDate ? 'since' : 'from'} ${whenOf(date)}${text === '' ? '' : `: ${text}`}`;
}

/** What a process knows of maintenance. */
export interface MaintenanceWatch extends AsyncDisposable {
  /** Whether people can only read now. */
  isOn(): boolean;
  /** The maintenance that is on, in words; undefined if none is. */
  describe(): string | undefined;
}

/**
 * Follows the row of the maintenance by looking at it every {@link MAINTENANCE_LOOK_MS}, so that no node can miss it. While the database does not answer, what was
 * read last holds.
 */
export async function watchMaintenance({ db, clock, log }: { db: Pick<Database, 'q'>; clock: Clock; log: Logger }): Promise<MaintenanceWatch> {
  let row = await findMaintenance(db);
  let wasOn = false;
  let looking: Promise<void> | undefined;
  const isOn = (): boolean => row !== undefined && row.start_date <= clock.now();
  const tell = (): void => {
    if (isOn() !== wasOn) log.info({ event: 'maintenance', isOn: !wasOn }, wasOn ? 'the maintenance is over' : 'people can only read: maintenance');
    wasOn = isOn();
  };
  const look = async (): Promise<void> => {
    try {
      row = await findMaintenance(db);
    } catch (error) {
      log.debug({ err: error }, 'whether a maintenance is on could not be read');
    }
    tell();
    looking = undefined;
  };
  tell();
  const timer = clock.setInterval(() => void (looking ??= look()), MAINTENANCE_LOOK_MS);
  return {
    isOn,
    describe: () => (row !== undefined && isOn() ? describeMaintenance(row, clock.now()) : undefined),
    async [Symbol.asyncDispose]() {
      timer.cancel();
      await looking;
    },
  };
}
