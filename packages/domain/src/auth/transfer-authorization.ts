import { rpcError } from '@aerogram/errors';

import type { DomainDeps } from '../shared/index.ts';
import { authorizeKey } from './authorization-store.ts';
import { saveExport, useExport } from './export-store.ts';
import type { KeyStates } from './key-state.ts';
import type { LoginDevice } from './log-in.ts';

/** Length of the token that {@link doExportAuthorization} returns. */
const EXPORT_BYTES = 128;

type Deps = Pick<DomainDeps, 'db' | 'clock' | 'random' | 'config'> & { states: KeyStates };

/**
 * Returns a token that logs in a key of another data centre to the user's account, once and within 5 minutes.
 * @throws RpcError 400 DC_ID_INVALID
 */
export async function doExportAuthorization({ db, clock, random, config }: Deps, { userId, permAuthKeyId, dcId }: { userId: bigint; permAuthKeyId: bigint; dcId: number }): Promise<Uint8Array> {
  if (!config.dcIds.includes(dcId)) throw rpcError('DC_ID_INVALID');
  const bytes = random.bytes(EXPORT_BYTES);
  await db.transact('export-authorization', (tx) => saveExport(tx, { userId, authKeyId: permAuthKeyId, dcId, bytes, nowDate: clock.now() }));
  return bytes;
}

/**
 * Logs a device in with a token of {@link doExportAuthorization}.
 * @throws RpcError 400 AUTH_BYTES_INVALID
 */
export async function doImportAuthorization({ db, clock, random, states }: Deps, device: LoginDevice, { userId, bytes }: { userId: bigint; bytes: Uint8Array }): Promise<void> {
  const authKeyId = device.permAuthKeyId;
  const opened = await db.transact('import-authorization', async (tx) => {
    const nowDate = clock.now();
    const main = await useExport(tx, { userId, bytes, authKeyId, nowDate });
    if (main === undefined) return undefined;
    return authorizeKey(tx, { userId, authKeyId, hash: random.int63(), address: device.address, nowDate, ...(main === authKeyId ? {} : { main }) });
  });
  if (!opened) throw rpcError('AUTH_BYTES_INVALID');
  await states.keysDecided(opened.ended, 'ended');
  await states.keysDecided([authKeyId], 'user');
}
