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

const listNames = defineStatement<{ name: string; size: bigint }>('list_blobs', 'SELECT name, size FROM blobs WHERE name > $1 AND deleted_date IS NULL ORDER BY name LIMIT $2');

// Those that could not be read come after all others.
const readDue = defineStatement<CheckColumns>(
  'find_unchecked_blob',
  `(SELECT name, size, wrapped_key, block_hashes FROM blobs WHERE tried_date = 0 AND checked_date < $1 AND deleted_date IS NULL ORDER BY checked_date LIMIT 1)
   UNION ALL
   (SELECT name, size, wrapped_key, block_hashes FROM blobs WHERE tried_date > 0 AND tried_date < $2 AND deleted_date IS NULL ORDER BY tried_date LIMIT 1)
   LIMIT 1`,
);

const readByName = defineStatement<CheckColumns>('find_blob_to_check', 'SELECT name, size, wrapped_key, block_hashes FROM blobs WHERE name = $1');

const saveCheck = defineStatement('save_blob_check', 'UPDATE blobs SET checked_date = $2, fault = $3, tried_date = 0 WHERE name = $1');

const saveTry = defineStatement('save_blob_attempt', 'UPDATE blobs SET tried_date = $2 WHERE name = $1');

const countMessages = defineStatement<{ messages: bigint }>(
  'count_messages_of_blob',
  'SELECT count(*) AS messages FROM blobs b JOIN documents d USING (identity) JOIN message_files f USING (document_id) WHERE b.name = $1',
);

const checkable = (row: CheckColumns): CheckableBlob => ({ name: row.name, size: Number(row.size), wrappedKey: row.wrapped_key, blockHashes: row.block_hashes });

/** Lists blobs by name, without those that operators have deleted. @param after only names that sort after this */
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
