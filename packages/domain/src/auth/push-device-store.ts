import type { Tables, Tx } from '@aerogram/storage';
import type { Insertable } from 'kysely';

/** Stores a device's token for a push service, replacing the previous one. */
export async function savePushDevice(tx: Tx, row: Omit<Insertable<Tables['push_devices']>, 'locked_period'>): Promise<void> {
  const { user_id: _userId, auth_key_id: _authKeyId, token_type: _tokenType, ...change } = row;
  await tx.q
    .insertInto('push_devices')
    .values({ ...row, locked_period: null })
    .onConflict((oc) => oc.columns(['user_id', 'auth_key_id', 'token_type']).doUpdateSet(change))
    .execute();
}

/** Deletes a token of these users: the device's own, and the same token on any other device. */
export async function deletePushDevices(
  tx: Tx,
  userIds: readonly bigint[],
  { authKeyId, tokenType, token }: { authKeyId: bigint; tokenType: number; token: string },
): Promise<void> {
  await tx.q
    .deleteFrom('push_devices')
    .where('user_id', 'in', [...userIds])
    .where('token_type', '=', tokenType)
    .where((eb) => eb.or([eb('auth_key_id', '=', authKeyId), eb('token', '=', token)]))
    .execute();
}

/** Writes after how many seconds the app of a device locks itself; null if it does not. */
export async function savePushLock(tx: Tx, userId: bigint, authKeyId: bigint, periodS: number | null): Promise<void> {
  await tx.q.updateTable('push_devices').set({ locked_period: periodS }).where('user_id', '=', userId).where('auth_key_id', '=', authKeyId).execute();
}
