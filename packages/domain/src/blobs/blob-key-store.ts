import { type Database, defineStatement, type Tx } from '@aerogram/storage';

/** The encrypted key of a blob. */
export interface WrappedKey {
  name: string;
  wrappedKey: Uint8Array;
}

const listWrapped = defineStatement<{ name: string; wrapped_key: Uint8Array }>(
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
