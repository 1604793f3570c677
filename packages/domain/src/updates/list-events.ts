import type { Database } from '@aerogram/storage';

import { type BoxEvent, bytesOfRow, type MessageRow } from '../events/index.ts';
import { type BoxReach, type BoxState, type DeviceState, findBoxState, findDeviceState } from './box-state.ts';
import { type LogRow, LOST_FOR_S, readLog, readLogSince, readMessages, readMissed, readQts, SLICE_BYTES } from './event-pages.ts';
import { bytesOfLogged, findEditedBytes, openLog } from './open-log.ts';

/** Consecutive events of a box, as many as fit into one answer. */
export interface EventSlice extends BoxState {
  /** In ascending order of pts; the slice ends at `pts`. */
  events: BoxEvent[];
  /** The box's pts at the time of reading. */
  boxPts: number;
  /** Whether the box has events after this slice. */
  more: boolean;
  /**
   * Set if the slice ends between updates without pts that share the position `pts`: those dated from here on are still to come (unix
   * seconds).
   */
  restDate?: number | undefined;
}

/** Events of a box, and where the log of the device is that asks for them. */
export interface DeviceEventSlice extends EventSlice, Pick<DeviceState, 'deviceSeq' | 'deviceConfirmed'> {}

/**
 * Reads the events after `after`. It reads the counter first and then only events numbered up to it, so the result has no gap even if
 * others write meanwhile (rule S2, counter first). For an edit it reads the message as it is now; edits of deleted messages are skipped.
 * @param limit approximate maximum number of events: those at one position stay together unless they fill the slice
 * @param sinceDate unix seconds. Updates without pts at `after` and lower positions are included from {@link LOST_FOR_S} before this date
 * on: a device that went offline before a lost update was recovered may have passed its position and its date
 * @param authKeyId the device that asks; what its own log has is not read here, but its counters are
 */
export async function listEvents(
  db: Database,
  owner: bigint,
  { after, limit, sinceDate, authKeyId }: { after: number; limit: number; sinceDate: number; authKeyId: bigint },
): Promise<DeviceEventSlice> {
  const state = await findDeviceState(db, owner, authKeyId);
  const log = db.run(readLog, [owner, after, state.pts, limit + 1, sinceDate]);
  const missed = db.run(readMissed, [owner, after, sinceDate - LOST_FOR_S, sinceDate]);
  const [slice, { rows }] = await Promise.all([readSlice(db, owner, { after, state, limit, log }), missed]);
  if (rows.length > 0) slice.events.unshift(...(await openLog(db, owner, takeNewest(rows).toReversed())));
  return { ...slice, deviceSeq: state.deviceSeq, deviceConfirmed: state.deviceConfirmed };
}

/** Updates with a qts, as many as fit into one answer. */
export interface QtsSlice {
  /** In ascending order of qts. */
  events: BoxEvent[];
  /** The qts that the slice ends at. */
  qts: number;
  /** Whether there are more of them after this slice. */
  more: boolean;
}

/** Reads the updates with a qts after `after` and up to `upTo`, the qts of the box as it was read before. */
export async function listQtsEvents(db: Database, owner: bigint, { after, upTo, limit }: { after: number; upTo: number; limit: number }): Promise<QtsSlice> {
  const rows = after < upTo ? (await db.run(readQts, [owner, after, upTo, limit + 1])).rows : [];
  const taken = rows.slice(0, limit);
  const more = rows.length > limit;
  return { events: await openLog(db, owner, taken), qts: more ? taken.at(-1)!.qts : upTo, more };
}

/** Returns as many of the newest rows as fit into a quarter of a slice. Pure. */
function takeNewest(rows: readonly LogRow[]): LogRow[] {
  let bytes = 0;
  return rows.filter(({ payload }) => (bytes += payload?.length ?? 0) <= SLICE_BYTES / 4);
}

/** Same as {@link listEvents} for a session, for which the server knows exactly which updates without pts it has received. */
export async function listEventsSince(db: Database, owner: bigint, reach: BoxReach, limit: number): Promise<EventSlice> {
  const state = await findBoxState(db, owner);
  const from = Math.min(reach.loosePts, reach.pts);
  const log = db.run(readLogSince, [owner, from, state.pts, limit + 1, reach.pts, reach.looseSeq, state.looseSeq]);
  return readSlice(db, owner, { after: reach.pts, state, limit, log });
}

interface SliceRead {
  after: number;
  state: BoxState;
  limit: number;
  log: Promise<{ rows: readonly LogRow[] }>;
}

/** The smallest part of a slice: one new message, or all entries logged at one position within one second. */
interface Unit {
  pts: number;
  message?: MessageRow;
  log: readonly LogRow[];
}

async function readSlice(db: Database, owner: bigint, { after, state, limit, log: reading }: SliceRead): Promise<EventSlice> {
  const [messages, log] = await Promise.all([db.run(readMessages, [owner, after, state.pts, limit + 1]), reading]);
  const edited = await findEditedBytes(db, owner, log.rows);
  const units = mergeUnits(messages.rows, log.rows);
  let [taken, count, bytes] = [0, 0, 0];
  for (; taken < units.length && bytes < SLICE_BYTES; taken++) {
    const { pts, message, log: logged } = units[taken]!;
    if (count >= limit && pts !== units[taken - 1]!.pts) break;
    count += logged.length + (message ? 1 : 0);
    bytes += message ? bytesOfRow(message) : 0;
    for (const row of logged) bytes += bytesOfLogged(row, edited);
  }
  const { pts, more, restDate } = endOf(units, taken, bytes, state.pts);
  const slice = units.slice(0, taken);
  const arrived = slice.flatMap(({ message }): BoxEvent[] => (message ? [{ kind: 'new_message', pts: message.pts, ptsCount: 1, message }] : []));
  const logged = await openLog(db, owner, slice.flatMap((unit) => unit.log));
  const { qts, looseSeq } = state;
  return { events: mergeByPts(arrived, logged), pts, qts, looseSeq, boxPts: state.pts, more, restDate };
}

/**
 * Where a slice of the first `taken` units ends, and whether events remain after it. When the slice is full, the query may have left out
 * further entries of the same position. Pure.
 */
function endOf(units: readonly Unit[], taken: number, bytes: number, boxPts: number): Pick<EventSlice, 'pts' | 'more' | 'restDate'> {
  const [last, next] = [units[taken - 1], units[taken]];
  const isFull = bytes >= SLICE_BYTES;
  if (last === undefined || (next === undefined && !isFull)) return { pts: boxPts, more: false };
  const { pts } = last;
  const lastDate = last.log.at(-1)?.date;
  if (next?.pts === pts) return { pts, more: true, restDate: next.log[0]?.date };
  if (isFull && lastDate !== undefined) return { pts, more: true, restDate: lastDate + 1 };
  return { pts, more: next !== undefined || pts < boxPts };
}

/** Merges messages and log entries, both in ascending order of pts. At the same pts the message comes first. Pure. */
function mergeUnits(messages: readonly MessageRow[], log: readonly LogRow[]): Unit[] {
  const units: Unit[] = [];
  let at = 0;
  for (const message of messages) {
    at = addSeconds(units, log, at, message.pts);
    units.push({ pts: message.pts, message, log: [] });
  }
  addSeconds(units, log, at, Infinity);
  return units;
}

/**
 * Appends the log entries below position `before`, one unit per second.
 * @returns the index of the first remaining entry
 */
function addSeconds(units: Unit[], log: readonly LogRow[], from: number, before: number): number {
  let at = from;
  while (at < log.length && log[at]!.pts < before) {
    const { pts, date } = log[at]!;
    const begin = at;
    while (at < log.length && log[at]!.pts === pts && log[at]!.date === date) at++;
    units.push({ pts, log: log.slice(begin, at) });
  }
  return at;
}

/** Merges two lists of events, both in ascending order of pts. At the same pts the message comes first. */
function mergeByPts(messages: readonly BoxEvent[], logged: readonly BoxEvent[]): BoxEvent[] {
  const merged: BoxEvent[] = [];
  let at = 0;
  for (const event of logged) {
    while (at < messages.length && messages[at]!.pts <= event.pts) merged.push(messages[at++]!);
    merged.push(event);
  }
  merged.push(...messages.slice(at));
  return merged;
}
