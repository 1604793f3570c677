import { type Database, defineStatement, type Tx } from '@aerogram/storage';

/** A blob as its row describes it, without its hashes. */
export interface NamedBlob {
  name: string;
  /** Bytes. */
  size: number;
}

/** What is needed to check the content of a blob. */
export interface CheckableBlob extends NamedBlob {
  wrappedKey: Uint8Array;
  blockHashes: Uint8Array;
}

interface CheckColumns {
  name: string;
  size: bigint;
  wrapped_key: Uint8Array;
  block_hashes: Uint8Array;
}

const listNames = defineStatement<{ name: string; size: bigint }>('list_blobs', 'SELECT name, size FROM blobs WHERE name > $1 ORDER BY name LIMIT $2');

// Those that could not be read come after all others.
const readDue = defineStatement<CheckColumns>(
  'find_unchecked_blob',
  `(SELECT name, size, wrapped_key, block_hashes FROM blobs WHERE tried_date = 0 AND checked_date < $1 ORDER BY checked_date LIMIT 1)
   UNION ALL
   (SELECT name, size, wrapped_key, block_hashes FROM blobs WHERE tried_date > 0 AND tried_date < $2 ORDER BY tried_date LIMIT 1)
   LIMIT 1`,
);

const readByName = defineStatement<CheckColumns>('find_blob_to_check', 'SELECT name, size, wrapped_key, block_hashes FROM blobs WHERE name = $1');

const saveCheck = defineStatement('save_blob_check', 'UPDATE blobs SET checked_date = $2, fault = $3, tried_date = 0 WHERE name = $1');

const saveTry = defineStatement('save_blob_attempt', 'UPDATE blobs SET tried_date = $2 WHERE name = $1');

const countMessages = defineStatement<{ messages: bigint }>(
  'count_messages_of_blob',
  'SELECT count(*) AS messages FROM blobs b JOIN documents d USING (identity) JOIN message_files f USING (document_id) WHERE b.name = $1',
);

const countAll = defineStatement<{ blobs: bigint; bytes: bigint; documents: bigint; references: bigint; released: bigint; strays: bigint; faults: bigint; unread: bigint; oldest: number | null }>(
  'count_files',
  `SELECT (SELECT count(*) FROM blobs) AS blobs, (SELECT coalesce(sum(size), 0)::bigint FROM blobs) AS bytes, (SELECT count(*) FROM documents) AS documents,
          (SELECT count(*) FROM message_files) AS "references", (SELECT count(DISTINCT document_id) FROM file_releases) AS released,
          (SELECT count(*) FROM stray_blobs) AS strays, (SELECT count(*) FROM blobs WHERE fault IS NOT NULL) AS faults, (SELECT count(*) FROM blobs WHERE tried_date > 0) AS unread,
          (SELECT min(checked_date) FROM blobs) AS oldest`,
);

/** The encrypted key of a blob. */
export interface WrappedKey {
  name: string;
  wrappedKey: Uint8Array;
}

const listWrapped = defineStatement<Pick<CheckColumns, 'name' | 'wrapped_key'>>(
  'list_blob_keys',
  'SELECT name, wrapped_key FROM blobs WHERE substring(wrapped_key FROM 2 FOR 8) <> $1 AND name > $2 ORDER BY name LIMIT $3',
);

// One step of the index for each id, instead of reading all rows.
const listKeyIds = defineStatement<{ id: Uint8Array }>(
  'list_master_key_ids',
  `WITH RECURSIVE ids AS (
     (SELECT substring(wrapped_key FROM 2 FOR 8) AS id FROM blobs ORDER BY substring(wrapped_key FROM 2 FOR 8) LIMIT 1)
     UNION ALL
     SELECT (SELECT substring(b.wrapped_key FROM 2 FOR 8) FROM blobs b WHERE substring(b.wrapped_key FROM 2 FOR 8) > ids.id
              ORDER BY substring(b.wrapped_key FROM 2 FOR 8) LIMIT 1) FROM ids WHERE ids.id IS NOT NULL)
   SELECT id FROM ids WHERE id IS NOT NULL`,
);

const saveKey = defineStatement('save_blob_key', 'UPDATE blobs SET wrapped_key = $3 WHERE name = $1 AND wrapped_key = $2');

const checkable = (row: CheckColumns): CheckableBlob => ({ name: row.name, size: Number(row.size), wrappedKey: row.wrapped_key, blockHashes: row.block_hashes });

/** Lists blobs by name. @param after only names that sort after this */
export async function listBlobs(db: Pick<Database, 'run'>, after: string, limit: number): Promise<NamedBlob[]> {
  return (await db.run(listNames, [after, limit])).rows.map(({ name, size }) => ({ name, size: Number(size) }));
}

/**
 * The blob that was checked or uploaded the longest ago.
 * @param before.checkedDate only if that was before this date
 * @param before.triedDate only if it was not tried in vain since this date
 */
export async function findUncheckedBlob(db: Pick<Database, 'run'>, before: { checkedDate: number; triedDate: number }): Promise<CheckableBlob | undefined> {
  const [row] = (await db.run(readDue, [before.checkedDate, before.triedDate])).rows;
  return row && checkable(row);
}

/** A blob with what is needed to check it; undefined if it was deleted. */
export async function findBlobToCheck(db: Pick<Database, 'run'>, name: string): Promise<CheckableBlob | undefined> {
  const [row] = (await db.run(readByName, [name])).rows;
  return row && checkable(row);
}

/** Notes that a blob was checked. @param fault undefined: it is sound */
export async function saveBlobCheck(tx: Tx, name: string, { date, fault }: { date: number; fault: string | undefined }): Promise<void> {
  await tx.run(saveCheck, [name, date, fault ?? null]);
}

/** Notes that a blob could not be read, for a reason that says nothing about the blob. */
export async function saveBlobAttempt(tx: Tx, name: string, date: number): Promise<void> {
  await tx.run(saveTry, [name, date]);
}

/** In how many messages the file with this blob is. A message between two people counts once in the box of each. */
export async function countMessagesOfBlob(db: Pick<Database, 'run'>, name: string): Promise<number> {
  return Number((await db.run(countMessages, [name])).rows[0]!.messages);
}

/** Numbers about all files. */
export interface FileNumbers {
  blobs: number;
  bytes: number;
  documents: number;
  /** How often messages refer to documents. */
  references: number;
  /** Documents that are new or have lost a reference, so that they may have none. */
  released: number;
  /** Blobs in the store that have no row. */
  strays: number;
  /** Blobs whose last check found a fault. */
  faults: number;
  /** Blobs that could not be read when they were last to be checked. */
  unread: number;
  /** Unix seconds since when every blob was checked or uploaded; undefined without blobs. */
  checkedSince: number | undefined;
}

/** Counts files. It reads all rows about files. */
export async function countFiles(db: Pick<Database, 'run'>): Promise<FileNumbers> {
  const { oldest, ...counts } = (await db.run(countAll, [])).rows[0]!;
  const numbers = Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, Number(count)])) as Record<keyof typeof counts, number>;
  return { ...numbers, checkedSince: oldest ?? undefined };
}

/** Lists keys of blobs that another master key than this one has encrypted, by the name of the blob. @param keyId 8 bytes */
export async function listKeysToRewrap(db: Pick<Database, 'run'>, keyId: Uint8Array, after: string, limit: number): Promise<readonly WrappedKey[]> {
  return (await db.run(listWrapped, [keyId, after, limit])).rows.map(({ name, wrapped_key: wrappedKey }) => ({ name, wrappedKey }));
}

/** Lists the master keys that are needed to read all stored files but are not among these. @param known ids of 16 hex digits, as in the result */
export async function findMissingMasterKeys(db: Pick<Database, 'run'>, known: readonly string[]): Promise<string[]> {
  const { rows } = await db.run(listKeyIds, []);
  return rows.map(({ id }) => Buffer.from(id).toString('hex')).filter((id) => !known.includes(id));
}

/** Replaces the encrypted key of a blob, unless somebody else has replaced it. */
export async function saveBlobKey(tx: Tx, name: string, { before, after }: { before: Uint8Array; after: Uint8Array }): Promise<void> {
  await tx.run(saveKey, [name, before, after]);
}
