import type { Tables, Tx } from '@aerogram/storage';
import type { Updateable } from 'kysely';

/** Writes an owner's settings that apply to all chats. Columns that are not in `change` stay. */
export async function saveChatSettings(tx: Tx, ownerId: bigint, change: Omit<Updateable<Tables['chat_settings']>, 'owner_id'>): Promise<void> {
  await tx.q
    .insertInto('chat_settings')
    .values({ ...change, owner_id: ownerId })
    .onConflict((conflict) => conflict.column('owner_id').doUpdateSet(change))
    .execute();
}
