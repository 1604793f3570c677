import { defineStatement } from '@aerogram/storage';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { storedDecode } from '@aerogram/tl-compat';

import { type BoxEvent, type BoxPosition, bytesOfRow, LogKind, messageBytes, messageColumns, type MessageRow, unpackMsgId } from '../events/index.ts';
import { findMessages } from '../messages/index.ts';

/** The counters of an owner's box. */
export interface BoxState extends BoxPosition {
  qts: number;
}

/** The last known positions of boxes, one array per column. */
export interface KnownPositions {
  owners: readonly bigint[];
  pts: readonly number[];
  looseSeqs: readonly number[];
}

/** How far a session has received the events of a box. */
export interface BoxReach extends BoxPosition {
  /** Lower bound for the pts of the updates without pts that the session has not received. */
  loosePts: number;
}

/** A section of a box's history. */
export interface EventSlice extends BoxState {
  /** In ascending order of pts; the section ends at `pts`. */
  events: BoxEvent[];
  /** The box's pts at the time of reading. */
  boxPts: number;
  /** Whether the box has events after this section. */
  more: boolean;
  /**
   * Set if the section ends between updates without pts that share the position `pts`: those dated from here on are still to come (unix
   * seconds).
   */
  restDate?: number | undefined;
}

interface LogRow {
  pts: number;
  pts_count: number;
  kind: number;
  /** Null if it is longer than {@link PAYLOAD_MAX_BYTES}. */
  payload: Uint8Array | null;
  date: number;
  loose_seq: number;
}

interface StateRow {
  pts: number;
  qts: number;
  loose_seq: number;
}

const readState = defineStatement<StateRow>('read_box_state', 'SELECT pts, qts, loose_seq FROM counters WHERE owner_id = $1');

// Nearly all boxes are unchanged, so only those that moved are returned.
const readMoved = defineStatement<StateRow & { owner_id: bigint }>(
  'read_moved_boxes',
  `SELECT c.owner_id, c.pts, c.qts, c.loose_seq
     FROM unnest($1::bigint[], $2::integer[], $3::integer[]) AS known (owner_id, pts, loose_seq)
     JOIN counters c ON c.owner_id = known.owner_id
    WHERE c.pts <> known.pts OR c.loose_seq <> known.loose_seq`,
);

/**
 * Approximate maximum size of the rows in one slice, in bytes. The row, or the group of updates without pts of one second, that crosses the
 * limit is still included whole.
 */
export const SLICE_BYTES = 1024 * 1024;
/** Maximum size of the updates without pts logged at one position within one second, in bytes; the latest ones are kept. */
const SECOND_BYTES = 4 * SLICE_BYTES;
/** Maximum size of a logged update in bytes. Older versions could store longer ones, which are skipped. */
const PAYLOAD_MAX_BYTES = 64 * 1024;

// Returns messages up to the one that fills the slice.
const readMessages = defineStatement<MessageRow>(
  'read_new_messages',
  `SELECT ${messageColumns('page')} FROM (
     SELECT m.*, sum(${messageBytes('m')}) OVER (ORDER BY m.pts ROWS UNBOUNDED PRECEDING) - ${messageBytes('m')} AS bytes_before FROM messages m
      WHERE m.owner_id = $1 AND m.pts > $2 AND m.pts <= $3 ORDER BY m.pts LIMIT $4) AS page
    WHERE bytes_before < ${SLICE_BYTES} ORDER BY pts`,
);

const readBytes = defineStatement<{ msg_id: number; bytes: number }>(
  'read_message_bytes',
  `SELECT msg_id, ${messageBytes('m')} AS bytes FROM messages m WHERE owner_id = $1 AND msg_id = ANY ($2::integer[])`,
);

const LOG_BYTES = `LEAST(octet_length(payload), ${PAYLOAD_MAX_BYTES})`;
const LOG_COLUMNS = `pts, sub, pts_count, kind, CASE WHEN octet_length(payload) <= ${PAYLOAD_MAX_BYTES} THEN payload END AS payload, date, loose_seq`;

/**
 * SQL for a page of the log. Entries at one position stay together unless they fill the slice; then the page ends between two seconds,
 * because a client's state can only express a pts and a date in seconds. Dates never go back within a box.
 */
function selectPage(condition: string): string {
  return `SELECT ${LOG_COLUMNS} FROM (
      SELECT *, min(bytes_before) OVER (PARTITION BY pts, date) AS before_second,
             sum(${LOG_BYTES}) OVER (PARTITION BY pts, date ORDER BY sub DESC ROWS UNBOUNDED PRECEDING) - ${LOG_BYTES} AS after_in_second
        FROM (SELECT *, sum(${LOG_BYTES}) OVER (ORDER BY pts, date, sub ROWS UNBOUNDED PRECEDING) - ${LOG_BYTES} AS bytes_before
                FROM update_log WHERE owner_id = $1 AND pts >= $2 AND pts <= $3 AND ${condition}
               ORDER BY pts FETCH FIRST ($4) ROWS WITH TIES) AS first_rows) AS page
    WHERE before_second < ${SLICE_BYTES} AND after_in_second < ${SECOND_BYTES}
    ORDER BY pts, sub`;
}

// At the reader's own pts, only updates without pts dated on or after the reader's date may be new to it.
const readLog = defineStatement<LogRow>('read_update_log', selectPage('(pts > $2 OR (pts_count = 0 AND date >= $5))'));

/** Seconds within which a lost hint is recovered (rule S3). In that time the reader's pts may move past an update without pts. */
const LOST_FOR_S = 5;
/** How far below the reader's pts to look for updates without pts that it may have missed that way, and the maximum number of them. */
const LOOK_BACK = 500;
const MISSED_MAX = 100;

const readMissed = defineStatement<LogRow>(
  'read_missed_log',
  `SELECT ${LOG_COLUMNS} FROM update_log
    WHERE owner_id = $1 AND pts >= $2::integer - ${LOOK_BACK} AND pts < $2 AND pts_count = 0 AND date >= $3
    ORDER BY pts DESC, sub DESC LIMIT ${MISSED_MAX}`,
);

const readLogSince = defineStatement<LogRow>(
  'read_update_log_since',
  selectPage('CASE WHEN pts_count > 0 THEN pts > $5 ELSE loose_seq > $6 AND loose_seq <= $7 END'),
);

/** Reads the counters of a box. A box that was never written is at pts 1 (rule P3). */
export async function findBoxState(db: Database, owner: bigint): Promise<BoxState> {
  const { rows } = await db.run(readState, [owner]);
  return rows[0] === undefined ? { pts: 1, qts: 0, looseSeq: 0 } : stateOf(rows[0]);
}

/** Lists the boxes that are not at their last known position, with the current one. Boxes that were never written are left out. */
export async function listMovedBoxes(db: Database, { owners, pts, looseSeqs }: KnownPositions): Promise<Map<bigint, BoxPosition>> {
  const { rows } = await db.run(readMoved, [owners, pts, looseSeqs]);
  return new Map(rows.map((row) => [row.owner_id, stateOf(row)]));
}

function stateOf({ pts, qts, loose_seq: looseSeq }: StateRow): BoxState {
  return { pts, qts, looseSeq };
}

/**
 * Reads the events after `after`. It reads the counter first and then only events numbered up to it, so the result has no gap even if
 * others write meanwhile (rule S2). For an edit it reads the message as it is now; edits of deleted messages are skipped.
 * @param limit approximate maximum number of events: those at one position stay together unless they fill the slice
 * @param sinceDate unix seconds. Updates without pts at `after` itself are included from this date on, and those at lower positions from
 * {@link LOST_FOR_S} earlier: a device that went offline before a lost update was recovered may have passed its position
 */
export async function listEvents(
  db: Database,
  owner: bigint,
  { after, limit, sinceDate }: { after: number; limit: number; sinceDate: number },
): Promise<EventSlice> {
  const state = await findBoxState(db, owner);
  const log = db.run(readLog, [owner, after, state.pts, limit + 1, sinceDate]);
  const missed = db.run(readMissed, [owner, after, sinceDate - LOST_FOR_S]);
  const [slice, { rows }] = await Promise.all([readSlice(db, owner, { after, state, limit, log }), missed]);
  if (rows.length > 0) slice.events.unshift(...(await openLog(db, owner, takeNewest(rows).toReversed())));
  return slice;
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

/**
 * The sizes of the messages that edits in the log refer to, by message id. The caller counts each message once, because several edits of it
 * become one event.
 */
async function findEditedBytes(db: Database, owner: bigint, rows: readonly LogRow[]): Promise<Map<number, number>> {
  const ids = rows.flatMap((row) => idOfEdit(row) ?? []);
  if (ids.length === 0) return new Map();
  const found = await db.run(readBytes, [owner, [...new Set(ids)]]);
  return new Map(found.rows.map(({ msg_id: msgId, bytes }) => [msgId, bytes]));
}

function idOfEdit({ kind, payload }: LogRow): number | undefined {
  return kind === LogKind.edit && payload !== null ? unpackMsgId(payload) : undefined;
}

function bytesOfLogged(row: LogRow, edited: Map<number, number>): number {
  const msgId = idOfEdit(row);
  if (msgId === undefined) return row.payload?.length ?? 0;
  const bytes = edited.get(msgId) ?? 0;
  edited.delete(msgId);
  return bytes;
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

/**
 * Decodes log entries into events. Of several edits of one message only the last becomes an event, because each would show the message as
 * it is now.
 */
async function openLog(db: Database, owner: bigint, rows: readonly LogRow[]): Promise<BoxEvent[]> {
  const lastEdits = new Map(rows.flatMap((row) => {
    const msgId = idOfEdit(row);
    return msgId === undefined ? [] : [[msgId, row] as const];
  }));
  const messages = await findMessages(db.q, owner, [...lastEdits.keys()]);
  const events: BoxEvent[] = [];
  for (const row of rows) {
    const { pts, pts_count: ptsCount, payload, date, loose_seq: looseSeq } = row;
    const msgId = idOfEdit(row);
    if (msgId !== undefined) {
      const message = lastEdits.get(msgId) === row ? messages.get(msgId) : undefined;
      if (message) events.push({ kind: 'edit_message', pts, ptsCount, message });
    } else if (payload !== null) {
      // The cast is safe: insertLog stores only updates under this kind.
      events.push({ kind: 'update', pts, ptsCount, date, update: storedDecode(payload) as tl.Update, looseSeq });
    }
  }
  return events;
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
