import { defineStatement } from './statement.ts';

/** What numbers an owner's events; read and changed only under its row lock. */
export interface Counter {
  readonly owner_id: bigint;
  /** Of the last event in the box; a new box has 1. */
  pts: number;
  qts: number;
  /** How many updates without pts the box's log has got; of the last one. */
  loose_seq: number;
  /** The id that the next message gets. */
  next_msg_id: number;
  /** The database's epoch in which it was last numbered; starts anew after fail-over or restore. */
  epoch: number;
}

type CounterRow = Counter & { current_epoch: number; waited_ms: number };

/** How far a counter jumps for each new epoch, so that no number is given twice that a client may have seen. */
export const EPOCH_JUMP = 1_000_000;

// How long it waited is measured in the database, where the way there and a busy processor do not count;
// not by `extract`, which reckons in numeric.
// One statement, ascending: two transactions that want the same owners never wait for each other in a circle.
const lockCounters = defineStatement<CounterRow>(
  'lock_counters',
  `SELECT locked.*, (SELECT value::integer FROM meta WHERE key = 'epoch') AS current_epoch,
          date_part('epoch', clock_timestamp() - statement_timestamp()) * 1000 AS waited_ms
     FROM (SELECT owner_id, pts, qts, loose_seq, next_msg_id, epoch
             FROM counters WHERE owner_id = ANY ($1::bigint[]) ORDER BY owner_id FOR UPDATE) AS locked`,
);

const saveCounters = defineStatement(
  'save_counters',
  `UPDATE counters AS c
      SET pts = n.pts, qts = n.qts, loose_seq = n.loose_seq, next_msg_id = n.next_msg_id, epoch = n.epoch
     FROM unnest($1::bigint[], $2::integer[], $3::integer[], $4::integer[], $5::integer[], $6::integer[])
          AS n (owner_id, pts, qts, loose_seq, next_msg_id, epoch)
    WHERE c.owner_id = n.owner_id`,
);

const createCounters = defineStatement(
  'create_counters',
  `INSERT INTO counters (owner_id, epoch)
   SELECT owner_id, (SELECT value::integer FROM meta WHERE key = 'epoch')
     FROM unnest($1::bigint[]) AS owner_id ORDER BY owner_id
   ON CONFLICT (owner_id) DO NOTHING`,
);

/** The statements on counters, for `transact`. */
export const counterStatements = { lockCounters, saveCounters, createCounters };

/** Brings a counter into the current epoch. */
export function enterEpoch(row: CounterRow): Counter {
  const { current_epoch: currentEpoch } = row;
  const counter = copyCounter(row);
  if (counter.epoch < currentEpoch) {
    const jump = (currentEpoch - counter.epoch) * EPOCH_JUMP;
    counter.pts += jump;
    counter.loose_seq += jump;
    counter.next_msg_id += jump;
    counter.epoch = currentEpoch;
  }
  return counter;
}

/** The counter alone. */
export function copyCounter({ owner_id, pts, qts, loose_seq, next_msg_id, epoch }: Counter): Counter {
  return { owner_id, pts, qts, loose_seq, next_msg_id, epoch };
}

/** Whether nothing was numbered in between. */
export function isSameCounter(a: Counter, b: Counter): boolean {
  return a.pts === b.pts && a.qts === b.qts && a.loose_seq === b.loose_seq && a.next_msg_id === b.next_msg_id && a.epoch === b.epoch;
}

/** Bigints ascending, each once. */
export function sortedUnique(ids: Iterable<bigint>): bigint[] {
  return [...new Set(ids)].sort((a, b) => (a < b ? -1 : 1));
}

/** The values of `saveCounters` for these counters, column by column. */
export function counterColumns(counters: readonly Counter[]) {
  return [
    counters.map((counter) => counter.owner_id),
    counters.map((counter) => counter.pts),
    counters.map((counter) => counter.qts),
    counters.map((counter) => counter.loose_seq),
    counters.map((counter) => counter.next_msg_id),
    counters.map((counter) => counter.epoch),
  ];
}
