import { type Database, defineStatement } from '@aerogram/storage';

import { type BoxPosition, FIRST_QTS } from '../events/index.ts';

/** The counters of an owner's box. */
export interface BoxState extends BoxPosition {
  qts: number;
}

/** The counters of an owner's box as one device sees them, with those of the log of the device. */
export interface DeviceState extends BoxState {
  /** Number of the last event in the log of the device; 0 if it has no log. Its `qts` is then that of the box. */
  deviceSeq: number;
  /** Up to which qts the log was confirmed. */
  deviceConfirmed: number;
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

interface StateRow {
  pts: number;
  qts: number;
  loose_seq: number;
}

const readState = defineStatement<StateRow>('read_box_state', 'SELECT pts, qts, loose_seq FROM counters_now WHERE owner_id = $1');

// A box that was never written has no row, but the device may have a log.
const readDevice = defineStatement<Partial<StateRow> & { device_qts: number | null; device_seq: number | null; device_confirmed: number | null }>(
  'read_device_state',
  `SELECT c.pts, c.qts, c.loose_seq, d.qts AS device_qts, d.seq AS device_seq, d.confirmed_qts AS device_confirmed
     FROM (SELECT $1::bigint AS owner_id) AS o
     LEFT JOIN counters_now c ON c.owner_id = o.owner_id
     LEFT JOIN device_logs_now d ON d.owner_id = o.owner_id AND d.auth_key_id = $2`,
);

// Nearly all boxes are unchanged, so only those that moved are returned.
const readMoved = defineStatement<StateRow & { owner_id: bigint }>(
  'read_moved_boxes',
  `SELECT c.owner_id, c.pts, c.qts, c.loose_seq
     FROM unnest($1::bigint[], $2::integer[], $3::integer[]) AS known (owner_id, pts, loose_seq)
     JOIN counters_now c ON c.owner_id = known.owner_id
    WHERE c.pts <> known.pts OR c.loose_seq <> known.loose_seq`,
);

/** Reads the counters of a box. A box that was never written is at pts 1 and qts 1 (rule P3, first pts). */
export async function findBoxState(db: Database, owner: bigint): Promise<BoxState> {
  const { rows } = await db.run(readState, [owner]);
  return rows[0] === undefined ? { pts: 1, qts: FIRST_QTS, looseSeq: 0 } : stateOf(rows[0]);
}

/** Reads the counters of a box, and those of the log of a device. */
export async function findDeviceState(db: Database, owner: bigint, authKeyId: bigint): Promise<DeviceState> {
  const row = (await db.run(readDevice, [owner, authKeyId])).rows[0]!;
  const box = stateOf({ pts: row.pts ?? 1, qts: row.qts ?? FIRST_QTS, loose_seq: row.loose_seq ?? 0 });
  return { ...box, qts: row.device_qts ?? box.qts, deviceSeq: row.device_seq ?? 0, deviceConfirmed: row.device_confirmed ?? 0 };
}

/** Lists the boxes that are not at their last known position, with the current one. Boxes that were never written are left out. */
export async function listMovedBoxes(db: Database, { owners, pts, looseSeqs }: KnownPositions): Promise<Map<bigint, BoxPosition>> {
  const { rows } = await db.run(readMoved, [owners, pts, looseSeqs]);
  return new Map(rows.map((row) => [row.owner_id, stateOf(row)]));
}

function stateOf({ pts, qts, loose_seq: looseSeq }: StateRow): BoxState {
  return { pts, qts: Math.max(qts, FIRST_QTS), looseSeq };
}
