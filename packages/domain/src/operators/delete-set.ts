import type { Database } from '@aerogram/storage';

import { deleteMadeSet, findMadeSets, type MadeSet, saveListed } from '../sticker-sets/index.ts';
import { noteOperator } from './operator-log-store.ts';

/** Finds a set that somebody has made, by its short name in any case. */
export async function findSetByName(db: Pick<Database, 'run'>, name: string): Promise<MadeSet | undefined> {
  return (await findMadeSets(db, { nameKeys: [name.toLowerCase()] }))[0];
}

/** Deletes a set on behalf of an operator, and notes it. Messages keep its stickers, and its name is held for a while. */
export async function doDeleteSet(db: Pick<Database, 'transact'>, { id, shortName, made }: MadeSet, nowDate: number): Promise<void> {
  await db.transact('operator-deletes-set', async (tx) => {
    await tx.lockCounters([made.creatorId]);
    await deleteMadeSet(tx, id, nowDate);
    await noteOperator(tx, `delete the sticker set ${shortName} of account ${made.creatorId}`, nowDate);
  });
}

/** Lets everybody find a set in a search, or no longer, on behalf of an operator, and notes it. */
export async function doListSet(db: Pick<Database, 'transact'>, { id, shortName, made }: MadeSet, { isListed, nowDate }: { isListed: boolean; nowDate: number }): Promise<void> {
  await db.transact('operator-lists-set', async (tx) => {
    await tx.lockCounters([made.creatorId]);
    await saveListed(tx, id, isListed ? nowDate : undefined);
    await noteOperator(tx, `let everybody find the sticker set ${shortName} of account ${made.creatorId}${isListed ? '' : ' no longer'}`, nowDate);
  });
}
