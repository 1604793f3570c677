import { type Database, defineStatement, type Tx } from '@aerogram/storage';

/** What one process counted at one time. */
export interface SeenBatch {
  /** When, in unix seconds. */
  date: number;
  /** Random; tells apart what several processes wrote in the same second. */
  batch: bigint;
  /** A key for each person and post. */
  keys: readonly bigint[];
}

interface SeenRow {
  seen_date: number;
  batch: bigint;
  keys: Uint8Array;
}

/** Bytes of a key. */
const KEY_BYTES = 8;
/** Maximum number of rows read at once. */
const PAGE = 1000;

const insertSeen = defineStatement('insert_seen_posts', 'INSERT INTO seen_posts (seen_date, batch, keys) VALUES ($1, $2, $3)');

const readSeen = defineStatement<SeenRow>(
  'read_seen_posts',
  `SELECT * FROM seen_posts WHERE seen_date > $1 AND (seen_date, batch) < ($2::integer, $3::bigint) ORDER BY seen_date DESC, batch DESC LIMIT ${PAGE}`,
);

const deleteSeen = defineStatement('delete_seen_posts', 'DELETE FROM seen_posts WHERE seen_date < $1');

/** Stores what was counted, in the transaction that counts it. */
export async function insertSeenPosts(tx: Tx, { date, batch, keys }: SeenBatch): Promise<void> {
  const bytes = Buffer.alloc(keys.length * KEY_BYTES);
  for (const [at, key] of keys.entries()) bytes.writeBigInt64LE(key, at * KEY_BYTES);
  await tx.run(insertSeen, [date, batch, bytes]);
}

/** Reads what was counted after a date, at least the newest `most` keys, the oldest ones first. */
export async function listSeenPosts(db: Pick<Database, 'run'>, afterDate: number, most: number): Promise<SeenBatch[]> {
  const found: SeenBatch[] = [];
  let before: [number, bigint] = [2 ** 31 - 1, 0n];
  for (let count = 0; count < most; ) {
    const { rows } = await db.run(readSeen, [afterDate, ...before]);
    for (const { seen_date: date, batch, keys } of rows) {
      const bytes = Buffer.from(keys.buffer, keys.byteOffset, keys.length);
      found.push({ date, batch, keys: Array.from({ length: keys.length / KEY_BYTES }, (_, at) => bytes.readBigInt64LE(at * KEY_BYTES)) });
      count += found.at(-1)!.keys.length;
      before = [date, batch];
    }
    if (rows.length < PAGE) break;
  }
  return found.reverse();
}

/** Deletes what was counted before a date. */
export async function deleteSeenPosts(db: Pick<Database, 'transact'>, beforeDate: number): Promise<void> {
  await db.transact('delete-seen-posts', (tx) => tx.run(deleteSeen, [beforeDate]));
}
