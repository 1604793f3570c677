import { bucketOf } from '../bucket.ts';
import type { Counter } from '../database/counters.ts';
import { defineStatement } from '../database/statement.ts';

/** Work for another place, appended in the transaction that causes it. */
export interface OutboxEntry {
  /** Whose event it is; its counter must be locked in the transaction. */
  source_owner: bigint;
  /** Where it goes: `search`, `dc:4`, … Each destination gets a source's entries in their order. */
  dest: string;
  /** Which of the destination's functions applies it. */
  kind: string;
  payload: Uint8Array;
}

const insertOutbox = defineStatement(
  'insert_outbox',
  `INSERT INTO outbox (source_owner, out_seq, dest, bucket, kind, payload, date)
   SELECT source_owner, out_seq, dest, bucket, kind, payload, $7::integer
     FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::smallint[], $5::text[], $6::bytea[])
          AS n (source_owner, out_seq, dest, bucket, kind, payload)`,
);

/** The prepared insert and its values; numbers the entries from the locked counters. */
export function appendOutbox(entries: readonly OutboxEntry[], counters: ReadonlyMap<bigint, Counter>, date: number) {
  const sequences = entries.map((entry) => {
    const counter = counters.get(entry.source_owner);
    if (!counter) throw new Error(`outbox: the counter of ${entry.source_owner} is not locked`);
    counter.out_seq += 1n;
    return counter.out_seq;
  });
  const values = [
    entries.map((entry) => entry.source_owner),
    sequences,
    entries.map((entry) => entry.dest),
    entries.map((entry) => bucketOf(entry.source_owner)),
    entries.map((entry) => entry.kind),
    entries.map((entry) => entry.payload),
    date,
  ];
  return { statement: insertOutbox, values };
}
