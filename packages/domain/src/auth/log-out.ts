import type { DomainDeps } from '../shared/index.ts';
import { deleteTempKeys } from './auth-key-store.ts';
import { endAuthorizations, endWaiting, unbindElsewhere } from './authorization-store.ts';
import type { KeyStates } from './key-state.ts';
import type { LoginDevice } from './log-in.ts';

type Deps = Pick<DomainDeps, 'db' | 'log' | 'clock'> & { states: KeyStates };

/** Ends the authorisation of the calling device, or its log-in that waits for the password. Does nothing for a device that is not logged in. */
export async function doLogOut({ db, log, clock, states }: Deps, { permAuthKeyId, userId, pendingUserId }: Pick<LoginDevice, 'permAuthKeyId' | 'userId' | 'pendingUserId'>): Promise<void> {
  if (userId === undefined && pendingUserId === undefined) return leaveElsewhere({ db, states }, permAuthKeyId);
  const gone = await db.transact('log-out', async (tx) => {
    const device = await tx.q.selectFrom('authorizations').select('hash').where('auth_key_id', '=', permAuthKeyId).where('user_id', '=', userId ?? 0n).executeTakeFirst();
    tx.afterCommit(() => log.info({ userId: userId ?? pendingUserId, authorization: device?.hash }, 'a device logged out'));
    if (pendingUserId !== undefined) await endWaiting(tx, pendingUserId, { authKeyId: permAuthKeyId });
    return userId === undefined ? [] : endAuthorizations(tx, userId, [permAuthKeyId], { nowDate: clock.now(), revoked: false });
  });
  await states.keysDecided(gone.filter((id) => id !== permAuthKeyId), 'ended');
  await states.keysDecided([permAuthKeyId], 'user');
}

/** Ends that a key is bound to a person of another data centre. What that person has there stays logged in. */
async function leaveElsewhere({ db, states }: Pick<Deps, 'db' | 'states'>, authKeyId: bigint): Promise<void> {
  if ((await states.findKeyState(authKeyId))?.homeDc === undefined) return;
  await db.transact('leave-elsewhere', (tx) => unbindElsewhere(tx, authKeyId));
  await states.keysDecided([authKeyId], 'user');
}

/** Deletes the temporary keys bound to a permanent key, except those listed. */
export async function doDropTempAuthKeys({ db, states }: Deps, permAuthKeyId: bigint, except: readonly bigint[]): Promise<void> {
  const gone = await db.transact('drop-temp-keys', (tx) => deleteTempKeys(tx, permAuthKeyId, except));
  await states.keysDecided(gone, 'ended');
}
