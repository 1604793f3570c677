import type { Database, Tables, Tx } from '@aerogram/storage';
import type { Selectable } from 'kysely';

/** Where somebody is in their talk with BotFather. */
export type FatherStep = Omit<Selectable<Tables['bot_father_steps']>, 'owner_id'>;

/** Where somebody is; undefined: nothing was begun, ever. */
export function findStep(q: Database['q'] | Tx['q'], ownerId: bigint): Promise<FatherStep | undefined> {
  return q.selectFrom('bot_father_steps').select(['turn', 'purpose', 'bot_id', 'words']).where('owner_id', '=', ownerId).executeTakeFirst();
}

/**
 * Notes where somebody is after a turn.
 * @param before what the turn began with
 * @returns false if another turn ended meanwhile
 */
export async function saveStep(tx: Tx, ownerId: bigint, before: FatherStep | undefined, next: Pick<FatherStep, 'purpose' | 'bot_id' | 'words'>): Promise<boolean> {
  const turn = (before?.turn ?? 0) + 1;
  const written = await tx.q
    .insertInto('bot_father_steps')
    .values({ owner_id: ownerId, turn, ...next })
    .onConflict((oc) => oc.column('owner_id').doUpdateSet({ turn, ...next }).where('bot_father_steps.turn', '=', turn - 1))
    .returning('turn')
    .executeTakeFirst();
  return written !== undefined;
}
