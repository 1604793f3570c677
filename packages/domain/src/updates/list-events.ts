import { defineStatement } from '@aerogram/storage';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { storedDecode } from '@aerogram/tl-compat';

import { findMessages } from '../messages/find-messages.ts';
import { MESSAGE_COLUMNS } from '../messages/message-row.ts';
import type { MessageRow } from '../messages/message-row.ts';
import type { BoxEvent, BoxPosition } from './box-event.ts';
import { LogKind, unpackMsgId } from './update-log-store.ts';

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
}

interface LogRow {
  pts: number;
  pts_count: number;
  kind: number;
  payload: Uint8Array;
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

const readMessages = defineStatement<MessageRow>(
  'read_new_messages',
  `SELECT ${MESSAGE_COLUMNS.join(', ')} FROM messages
    WHERE owner_id = $1 AND pts > $2 AND pts <= $3 ORDER BY pts LIMIT $4`,
);

// What shares a position is never parted: a slice that ended among the updates without pts of one would lose the rest.
const LOG_PAGE = 'ORDER BY pts FETCH FIRST ($4) ROWS WITH TIES) AS page ORDER BY pts, sub';
const LOG_ROWS = 'SELECT pts, sub, pts_count, kind, payload, date, loose_seq FROM update_log';

// Entries without pts of their own that stand at the reader's very position: those since its date may be new to it.
const readLog = defineStatement<LogRow>(
  'read_update_log',
  `SELECT * FROM (${LOG_ROWS}
    WHERE owner_id = $1 AND pts >= $2 AND pts <= $3 AND (pts > $2 OR (pts_count = 0 AND date >= $5))
    ${LOG_PAGE}`,
);

/** A hint may be lost, and is made good within so long (STORAGE-RULES 3); what has a pts goes on meanwhile. */
const LOST_FOR_S = 5;
/** How far behind a reader's position updates without pts are looked for that it may have missed so, and how many. */
const LOOK_BACK = 500;
const MISSED_MAX = 100;

const readMissed = defineStatement<LogRow>(
  'read_missed_log',
  `${LOG_ROWS} WHERE owner_id = $1 AND pts >= $2::integer - ${LOOK_BACK} AND pts < $2 AND pts_count = 0 AND date >= $3
    ORDER BY pts DESC, sub DESC LIMIT ${MISSED_MAX}`,
);

const readLogSince = defineStatement<LogRow>(
  'read_update_log_since',
  `SELECT * FROM (${LOG_ROWS}
    WHERE owner_id = $1 AND pts >= $2 AND pts <= $3
      AND CASE WHEN pts_count > 0 THEN pts > $5 ELSE loose_seq > $6 AND loose_seq <= $7 END
    ${LOG_PAGE}`,
);

/** Reads where a box is; one that was never written is at 1 (PROTOCOL-RULES 3). */
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
 * hole whoever writes meanwhile (STORAGE-RULES 2). Of edits the message as it is now is read; of deleted ones nothing.
 * @param limit events, more or less: what shares a position stays together
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
  if (rows.length > 0) slice.events.unshift(...(await openLog(db, owner, rows.toReversed())));
  return slice;
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

async function readSlice(db: Database, owner: bigint, { after, state, limit, log: reading }: SliceRead): Promise<EventSlice> {
  const [messages, log] = await Promise.all([db.run(readMessages, [owner, after, state.pts, limit + 1]), reading]);
  const positions = [...messages.rows, ...log.rows].map((row) => row.pts).sort((a, b) => a - b);
  const more = positions.length > limit;
  const pts = more ? positions[limit - 1]! : state.pts;
  const arrived: BoxEvent[] = messages.rows
    .filter((row) => row.pts <= pts)
    .map((message) => ({ kind: 'new_message', pts: message.pts, ptsCount: 1, message }));
  const logged = await openLog(db, owner, log.rows.filter((row) => row.pts <= pts));
  const { qts, looseSeq } = state;
  return { events: mergeByPts(arrived, logged), pts, qts, looseSeq, boxPts: state.pts, more: more && pts < state.pts };
}

async function openLog(db: Database, owner: bigint, rows: readonly LogRow[]): Promise<BoxEvent[]> {
  const edited = rows.filter((row) => row.kind === LogKind.edit).map((row) => unpackMsgId(row.payload));
  const messages = await findMessages(db.q, owner, edited);
  const events: BoxEvent[] = [];
  for (const { pts, pts_count: ptsCount, kind, payload, date, loose_seq: looseSeq } of rows) {
    if (kind === LogKind.update) {
      // What insertLog stored under this kind is an Update.
      events.push({ kind: 'update', pts, ptsCount, date, update: storedDecode(payload) as tl.Update, looseSeq });
      continue;
    }
    const message = messages.get(unpackMsgId(payload));
    if (message) events.push({ kind: 'edit_message', pts, ptsCount, message });
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
