import { type Database, defineStatement } from '@aerogram/storage';

import { type BoxPosition, FIRST_QTS } from '../events/index.ts';

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

interface StateRow {
  pts: number;
  qts: number;
  loose_seq: number;
}

const readState = defineStatement<StateRow>('read_box_state', 'SELECT pts, qts, loose_seq FROM counters_now WHERE owner_id = $1');

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

/** Lists the boxes that are not at their last known position, with the current one. Boxes that were never written are left out. */
export async function listMovedBoxes(db: Database, { owners, pts, looseSeqs }: KnownPositions): Promise<Map<bigint, BoxPosition>> {
  const { rows } = await db.run(readMoved, [owners, pts, looseSeqs]);
  return new Map(rows.map((row) => [row.owner_id, stateOf(row)]));
}

function stateOf({ pts, qts, loose_seq: looseSeq }: StateRow): BoxState {
  return { pts, qts: Math.max(qts, FIRST_QTS), looseSeq };
}
