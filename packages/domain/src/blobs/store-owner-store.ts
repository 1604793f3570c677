import { type Database, defineStatement, type Tx } from '@aerogram/storage';

const readOwner = defineStatement<{ value: string }>('find_files_owner', "SELECT value FROM meta WHERE key = 'files_owner'");

const insertOwner = defineStatement('insert_files_owner', "INSERT INTO meta (key, value) VALUES ('files_owner', gen_random_uuid()::text) ON CONFLICT (key) DO NOTHING");

/** The id by which this database calls a store of blobs its own; undefined before the first start. A restore deletes it (`beginEpoch`), so that a copy of a server gets another one. */
export async function findFilesOwner(db: Pick<Database, 'run'>): Promise<string | undefined> {
  return (await db.run(readOwner, [])).rows[0]?.value;
}

/** Makes that id, unless there is one. */
export async function createFilesOwner(tx: Tx): Promise<void> {
  await tx.run(insertOwner, []);
}
