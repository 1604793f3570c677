import { defineStatement } from './statement.ts';

/** The counters that number the events of one owner; read and changed only under the lock of their row. */
export interface Counter {
  readonly owner_id: bigint;
  /** pts of the last event in the message box; a new box has 1. */
  pts: number;
  /** qts of the last event that has one (see `Boxes.addQts`); 0 in a box that never had any. */
  qts: number;
  /** Number of the last update without pts in the box's log. */
  loose_seq: number;
  /** The id of the next message. */
  next_msg_id: number;
  /** Epoch of the database in which the counters were last used; fail-over and restore start a new epoch. */
  epoch: number;
}

type CounterRow = Counter & { current_epoch: number; waited_ms: number };

/** How far the counters jump for each new epoch, so that no number is reused that a client may have seen. */
export const EPOCH_JUMP = 1_000_000;

// The wait for the locks is measured in the database, so that the network and a busy CPU of ours do not count; `date_part` instead of
// `extract`, which calculates in numeric. One statement locks in ascending order, so two transactions that need the same owners never
// deadlock.
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

/** Moves a counter into the current epoch. */
export function enterEpoch(row: CounterRow): Counter {
  const { current_epoch: currentEpoch } = row;
  const counter = copyCounter(row);
  if (counter.epoch < currentEpoch) {
    const jump = (currentEpoch - counter.epoch) * EPOCH_JUMP;
    counter.pts += jump;
    counter.qts += jump;
    counter.loose_seq += jump;
    counter.next_msg_id += jump;
    counter.epoch = currentEpoch;
  }
  return counter;
}

/** Copies the columns of the counter only. */
export function copyCounter({ owner_id, pts, qts, loose_seq, next_msg_id, epoch }: Counter): Counter {
  return { owner_id, pts, qts, loose_seq, next_msg_id, epoch };
}

/** Whether the counters are equal, so nothing was numbered in between. */
export function isSameCounter(a: Counter, b: Counter): boolean {
  return a.pts === b.pts && a.qts === b.qts && a.loose_seq === b.loose_seq && a.next_msg_id === b.next_msg_id && a.epoch === b.epoch;
}

/** Up to so many ids are sorted by insertion. Nearly every send has two; for two, a Set and `sort` allocated a kilobyte. */
const FEW = 8;

/** Sorts ids in ascending order and removes duplicates. */
export function sortedUnique(ids: Iterable<bigint>): bigint[] {
  const list = [...ids];
  if (list.length > FEW) return [...new Set(list)].sort((a, b) => (a < b ? -1 : 1));
  let count = 0;
  for (const id of list) {
    let at = count;
    while (at > 0 && list[at - 1]! > id) at--;
    if (at > 0 && list[at - 1] === id) continue;
    list.copyWithin(at + 1, at, count);
    list[at] = id;
    count++;
  }
  list.length = count;
  return list;
}

/** The parameters of `saveCounters`, one array per column. */
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
