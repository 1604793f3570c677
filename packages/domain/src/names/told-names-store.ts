import { type Database, sql, type Tx } from '@aerogram/storage';

/** Notes on which timelines the names of this home were told to the first home. */
export async function saveToldTo(tx: Tx, timelines: string): Promise<void> {
  await tx.q
    .insertInto('meta')
    .values({ key: 'names_told_to', value: timelines })
    .onConflict((oc) => oc.column('key').doUpdateSet({ value: timelines }))
    .execute();
}

/**
 * Notes at the first home that another home has told it all its names.
 * @param epoch the stream epoch of the database of the first home
 */
export async function saveNamesEpoch(tx: Tx, dc: number, epoch: bigint): Promise<void> {
  await tx.q.updateTable('homes').set({ names_epoch: epoch }).where('dc', '=', dc).execute();
}

/**
 * Finds, at the first home, a home whose names this database may have lost by a restore: it has told them before, but not since.
 * @param exceptDc a home that is not looked at
 */
export async function findUntold({ q }: Pick<Database, 'q'>, exceptDc: number | undefined): Promise<number | undefined> {
  const untold = await q
    .selectFrom('homes')
    .select('dc')
    .where('is_own', '=', false)
    .where('state', '<>', 'removed')
    .where('names_epoch', 'not in', sql<bigint>`(0, (SELECT value::bigint FROM meta WHERE key = 'stream_epoch'))`)
    .where('dc', '<>', exceptDc ?? 0)
    .executeTakeFirst();
  return untold?.dc;
}
