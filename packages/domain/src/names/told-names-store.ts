import type { Tx } from '@aerogram/storage';

/** Notes on which timelines the names of this home were told to the home of names. */
export async function saveToldTo(tx: Tx, timelines: string): Promise<void> {
  await tx.q
    .insertInto('meta')
    .values({ key: 'names_told_to', value: timelines })
    .onConflict((oc) => oc.column('key').doUpdateSet({ value: timelines }))
    .execute();
}
