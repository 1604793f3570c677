import { defineStatement } from '@aerogram/storage';
import type { Queries, Tx } from '@aerogram/storage';

import { messageColumns, type MessagePlace, type MessageRow } from '../events/index.ts';

/** The current position of a box and the position up to which it is indexed. */
export interface IndexState {
  owner_id: bigint;
  indexed_pts: number;
  box_pts: number;
}

/** A range of a box's pts: after `after`, up to and including `upTo`. */
export interface BoxRange {
  owner: bigint;
  after: number;
  upTo: number;
}

export interface LogRow {
  owner_id: bigint;
  pts: number;
  kind: number;
  payload: Uint8Array;
}

const makeStates = defineStatement(
  'make_search_states',
  `INSERT INTO search_state (owner_id, indexed_pts)
   SELECT o, 0 FROM unnest($1::bigint[]) AS o WHERE NOT EXISTS (SELECT FROM search_state AS s WHERE s.owner_id = o)
    ORDER BY o ON CONFLICT DO NOTHING`,
);

const readStates = defineStatement<IndexState>(
  'read_search_states',
  `SELECT c.owner_id, coalesce(s.indexed_pts, 0) AS indexed_pts, c.pts AS box_pts
     FROM counters AS c LEFT JOIN search_state AS s ON s.owner_id = c.owner_id WHERE c.owner_id = ANY ($1::bigint[]) ORDER BY c.owner_id`,
);

const lockStates = defineStatement<{ owner_id: bigint; indexed_pts: number }>(
  'lock_search_states',
  'SELECT owner_id, indexed_pts FROM search_state WHERE owner_id = ANY ($1::bigint[]) ORDER BY owner_id FOR UPDATE',
);

const readArrivals = defineStatement<MessageRow>(
  'read_search_arrivals',
  `SELECT ${messageColumns('m')}
     FROM unnest($1::bigint[], $2::integer[], $3::integer[]) AS r (r_owner, r_after, r_up_to)
    CROSS JOIN LATERAL (SELECT * FROM messages WHERE owner_id = r_owner AND pts > r_after AND pts <= r_up_to
                         ORDER BY pts LIMIT $4::integer) AS m`,
);

const readChanges = defineStatement<LogRow>(
  'read_search_changes',
  `SELECT l.owner_id, l.pts, l.kind, l.payload
     FROM unnest($1::bigint[], $2::integer[], $3::integer[]) AS r (r_owner, r_after, r_up_to)
    CROSS JOIN LATERAL (SELECT * FROM update_log WHERE owner_id = r_owner AND pts > r_after AND pts <= r_up_to AND pts_count > 0
                         ORDER BY pts LIMIT $4::integer) AS l`,
);

const writeRows = defineStatement(
  'write_search_rows',
  `INSERT INTO message_search (owner_id, msg_id, peer_id, date, terms)
   SELECT o, m, p, d, t::tsvector FROM unnest($1::bigint[], $2::integer[], $3::bigint[], $4::integer[], $5::text[]) AS n (o, m, p, d, t)
   ON CONFLICT (owner_id, msg_id) DO UPDATE SET terms = excluded.terms`,
);

const dropRows = defineStatement(
  'drop_search_rows',
  `DELETE FROM message_search AS s USING unnest($1::bigint[], $2::integer[]) AS d (o, m) WHERE s.owner_id = o AND s.msg_id = m`,
);

const saveStates = defineStatement(
  'save_search_states',
  `UPDATE search_state AS s SET indexed_pts = n.p FROM unnest($1::bigint[], $2::integer[]) AS n (o, p) WHERE s.owner_id = n.o`,
);

/** Finds owners above a given id whose boxes are not fully indexed. */
export const findBehind = defineStatement<{ owner_id: bigint }>(
  'find_search_behind',
  `SELECT c.owner_id FROM counters AS c LEFT JOIN search_state AS s ON s.owner_id = c.owner_id
    WHERE c.owner_id > $1 AND coalesce(s.indexed_pts, 1) < c.pts ORDER BY c.owner_id LIMIT $2::integer`,
);

/** Whether an owner's box is not fully indexed. */
export const isBehind = defineStatement<{ owner_id: bigint }>(
  'is_search_behind',
  `SELECT c.owner_id FROM counters AS c LEFT JOIN search_state AS s ON s.owner_id = c.owner_id
    WHERE c.owner_id = $1 AND coalesce(s.indexed_pts, 1) < c.pts`,
);

/** Returns the index states of those of these owners that have a message box. */
export async function listIndexStates(reads: Queries, owners: readonly bigint[]): Promise<IndexState[]> {
  return (await reads.run(readStates, [owners])).rows;
}

/** Locks the indexed positions of these owners against other indexers, in ascending order, and creates missing ones. */
export async function lockIndexStates(tx: Tx, owners: readonly bigint[]): Promise<{ owner_id: bigint; indexed_pts: number }[]> {
  const [, { rows }] = await Promise.all([tx.run(makeStates, [owners]), tx.run(lockStates, [owners])]);
  return rows;
}

const columnsOf = (ranges: readonly BoxRange[]): [bigint[], number[], number[]] => [
  ranges.map((range) => range.owner),
  ranges.map((range) => range.after),
  ranges.map((range) => range.upTo),
];

/** Lists the new messages in these ranges, at most `limit` per range. */
export async function listArrivals(reads: Queries, ranges: readonly BoxRange[], limit: number): Promise<MessageRow[]> {
  return (await reads.run(readArrivals, [...columnsOf(ranges), limit])).rows;
}

/** Lists the other events in these ranges, at most `limit` per range. */
export async function listChanges(reads: Queries, ranges: readonly BoxRange[], limit: number): Promise<LogRow[]> {
  return (await reads.run(readChanges, [...columnsOf(ranges), limit])).rows;
}

/** The changes to search rows. */
export interface SearchRows {
  written: readonly { row: MessageRow; terms: string }[];
  dropped: readonly MessagePlace[];
  reached: readonly { owner: bigint; pts: number }[];
}

/** Writes search rows and the new indexed positions, together with the COMMIT. */
export function writeSearchRows(tx: Tx, { written, dropped, reached }: SearchRows): void {
  if (dropped.length > 0) tx.runLast(dropRows, [dropped.map(({ owner }) => owner), dropped.map(({ msgId }) => msgId)]);
  if (written.length > 0) {
    tx.runLast(writeRows, [
      written.map(({ row }) => row.owner_id),
      written.map(({ row }) => row.msg_id),
      written.map(({ row }) => row.peer_id),
      written.map(({ row }) => row.date),
      written.map(({ terms }) => terms),
    ]);
  }
  tx.runLast(saveStates, [reached.map(({ owner }) => owner), reached.map(({ pts }) => pts)]);
}

const truncateRows = defineStatement('empty_message_search', 'TRUNCATE message_search');

/** Deletes all search rows and how far each box was indexed. */
export async function emptySearch(tx: Tx): Promise<void> {
  await tx.q.deleteFrom('search_state').execute();
  await tx.run(truncateRows, []);
}
