import { defineStatement } from '@aerogram/storage';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { storedDecode } from '@aerogram/tl-compat';

import { type BoxEvent, type BoxPosition, bytesOfRow, LogKind, messageBytes, messageColumns, type MessageRow, unpackMsgId } from '../events/index.ts';
import { findMessages } from '../messages/index.ts';

/** Where an owner's box is. */
export interface BoxState extends BoxPosition {
  qts: number;
}

/** Where boxes were when they were last looked at, column by column. */
export interface KnownPositions {
  owners: readonly bigint[];
  pts: readonly number[];
  looseSeqs: readonly number[];
}

/** How much of a box a session was given. */
export interface BoxReach extends BoxPosition {
  /** What it lacks of updates without pts stands at this pts or later. */
  loosePts: number;
}

/** A part of a box's history. */
export interface EventSlice extends BoxState {
  /** Ascending. The slice ends at `pts`. */
  events: BoxEvent[];
  /** The counter at the time of reading. */
  boxPts: number;
  /** The box goes on beyond `pts`. */
  more: boolean;
  /** Set where the slice ends among the updates without pts that stand at `pts`: those from this date on are still to come. */
  restDate?: number | undefined;
}

interface LogRow {
  pts: number;
  pts_count: number;
  kind: number;
  /** Null where it is too long to be read. */
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

// Nearly all stand where they stood: what is not told here must not be read there.
const readMoved = defineStatement<StateRow & { owner_id: bigint }>(
  'read_moved_boxes',
  `SELECT c.owner_id, c.pts, c.qts, c.loose_seq
     FROM unnest($1::bigint[], $2::integer[], $3::integer[]) AS known (owner_id, pts, loose_seq)
     JOIN counters c ON c.owner_id = known.owner_id
    WHERE c.pts <> known.pts OR c.loose_seq <> known.loose_seq`,
);

/** Most bytes of rows in one slice, more or less: what goes over it by one row, or one second of updates without pts, stays whole. */
export const SLICE_BYTES = 1024 * 1024;
/** Most bytes of the updates without pts that were logged at one position within one second; the latest ones are kept. */
const SECOND_BYTES = 4 * SLICE_BYTES;
/** Longest logged update in bytes; older programs could store longer ones, which are passed over. */
const PAYLOAD_MAX_BYTES = 64 * 1024;

// Reads no further than the row that fills the slice.
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
 * A page of the log. What was logged at one position is parted only where it fills a slice, and then between seconds, because a client's
 * state names no more than a position and a second. Dates never go back within a box.
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

// Entries without pts of their own that stand at the reader's very position: those since its date may be new to it.
const readLog = defineStatement<LogRow>('read_update_log', selectPage('(pts > $2 OR (pts_count = 0 AND date >= $5))'));

/** A hint may be lost, and is made good within so long (rule S3); what has a pts goes on meanwhile. */
const LOST_FOR_S = 5;
/** How far behind a reader's position updates without pts are looked for that it may have missed so, and how many. */
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

/** Reads where a box is; one that was never written is at 1 (rule P3). */
export async function findBoxState(db: Database, owner: bigint): Promise<BoxState> {
  const { rows } = await db.run(readState, [owner]);
  return rows[0] === undefined ? { pts: 1, qts: 0, looseSeq: 0 } : stateOf(rows[0]);
}

/** Where boxes are that are not where they are said to be; not of those that were never written. */
export async function listMovedBoxes(db: Database, { owners, pts, looseSeqs }: KnownPositions): Promise<Map<bigint, BoxPosition>> {
  const { rows } = await db.run(readMoved, [owners, pts, looseSeqs]);
  return new Map(rows.map((row) => [row.owner_id, stateOf(row)]));
}

function stateOf({ pts, qts, loose_seq: looseSeq }: StateRow): BoxState {
  return { pts, qts, looseSeq };
}

/**
 * Reads what happened after `after`: the counter first, then only what is numbered up to it, so that the answer has no
 * hole whoever writes meanwhile (rule S2). Of edits the message as it is now is read; of deleted ones nothing.
 * @param limit events, more or less: what shares a position stays together, unless it fills the slice
 * @param sinceDate updates without pts that stand at `after` itself are given from this date on, and those before it from
 * a little earlier: a device that went offline before a lost one was made good has passed its position
 */
export async function listEvents(
  db: Database,
  owner: bigint,
  after: number,
  limit: number,
  sinceDate: number,
): Promise<EventSlice> {
  const state = await findBoxState(db, owner);
  const log = db.run(readLog, [owner, after, state.pts, limit + 1, sinceDate]);
  const missed = db.run(readMissed, [owner, after, sinceDate - LOST_FOR_S]);
  const [slice, { rows }] = await Promise.all([readSlice(db, owner, { after, state, limit, log }), missed]);
  if (rows.length > 0) slice.events.unshift(...(await openLog(db, owner, takeNewest(rows).toReversed())));
  return slice;
}

/** As many of the newest rows as a quarter of a slice holds. Pure. */
function takeNewest(rows: readonly LogRow[]): LogRow[] {
  let bytes = 0;
  return rows.filter(({ payload }) => (bytes += payload?.length ?? 0) <= SLICE_BYTES / 4);
}

/** The same for a session, which knows exactly which updates without pts it was given. */
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

/** What a slice has whole or not at all: a message that arrived, or what was logged at one position within one second. */
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
 * Where a slice of the first `taken` units ends, and whether the box goes on behind it. Behind what fills a slice the database may have left
 * out more of the same position. Pure.
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

/** How long the messages are that edits in the log name; each counts once, as it comes once. */
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

/** Both lists ascend; at one position the message comes before what was logged there. Pure. */
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

/** Adds what was logged before a position, by seconds. @returns where the rest begins */
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

/** Opens entries of the log. Of several edits of one message only the last is kept: all of them show the message as it is now. */
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
      // What insertLog stored under this kind is an Update.
      events.push({ kind: 'update', pts, ptsCount, date, update: storedDecode(payload) as tl.Update, looseSeq });
    }
  }
  return events;
}

/** Both lists ascend; at one position the message comes before what was logged there. */
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
