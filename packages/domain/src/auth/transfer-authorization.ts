import { memberDcOf } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import { z } from 'zod';

import { packPlain, unpackPlain, wireBytes, wireInt, wireUserId } from '../effects/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { authorizeKey, bindElsewhere } from './authorization-store.ts';
import { saveExport, useExport } from './export-store.ts';
import type { KeyStates } from './key-state.ts';
import type { LoginDevice } from './log-in.ts';

/** Length of the token that {@link doExportAuthorization} returns. */
const EXPORT_BYTES = 128;

type Deps = Pick<DomainDeps, 'db' | 'clock' | 'random' | 'config' | 'homes'> & { states: KeyStates };

/** What a data centre asks the home of a person when a client presents a token from there. */
const TAKE_EXPORT = 'auth.take_export';

const question = z.object({ userId: wireUserId, bytes: wireBytes(EXPORT_BYTES), authKeyId: wireInt });
const answer = z.object({ isRight: z.boolean() });

/**
 * Returns a token that logs in a key of another data centre to the user's account, once and within 5 minutes.
 * @throws RpcError 400 DC_ID_INVALID
 */
export async function doExportAuthorization({ db, clock, random, config, homes }: Deps, { userId, permAuthKeyId, dcId }: { userId: bigint; permAuthKeyId: bigint; dcId: number }): Promise<Uint8Array> {
  if (!config.dcIds.includes(dcId) && homes?.others.includes(dcId) !== true) throw rpcError('DC_ID_INVALID');
  const bytes = random.bytes(EXPORT_BYTES);
  await db.transact('export-authorization', (tx) => saveExport(tx, { userId, authKeyId: permAuthKeyId, dcId, bytes, nowDate: clock.now() }));
  return bytes;
}

/**
 * Logs a device in with a token of {@link doExportAuthorization}. The key of a device whose user lives in another data centre is bound to that user: it opens nothing
 * here, and its calls are sent there.
 * @returns whether the user lives here
 * @throws RpcError 400 AUTH_BYTES_INVALID
 * @throws HomeAway the user's data centre does not answer
 */
export async function doImportAuthorization(deps: Deps, device: LoginDevice, { userId, bytes }: { userId: bigint; bytes: Uint8Array }): Promise<boolean> {
  const { db, clock, random, states, homes } = deps;
  const home = memberDcOf(homes, userId);
  if (home !== undefined) {
    await importElsewhere(deps, device, { userId, bytes, home });
    return false;
  }
  const authKeyId = device.permAuthKeyId;
  const opened = await db.transact('import-authorization', async (tx) => {
    const nowDate = clock.now();
    const main = await useExport(tx, { userId, bytes, authKeyId, nowDate, isFor: (dc) => homes?.others.includes(dc) !== true });
    if (main === undefined) return undefined;
    return authorizeKey(tx, { userId, authKeyId, hash: random.int63(), address: device.address, nowDate, ...(main === authKeyId ? {} : { main }) });
  });
  if (!opened) throw rpcError('AUTH_BYTES_INVALID');
  await states.keysDecided(opened.ended, 'ended');
  await states.keysDecided([authKeyId], 'user');
  return true;
}

async function importElsewhere({ db, clock, states, homes }: Deps, { permAuthKeyId: authKeyId }: LoginDevice, { userId, bytes, home }: { userId: bigint; bytes: Uint8Array; home: number }): Promise<void> {
  if (bytes.length !== EXPORT_BYTES) throw rpcError('AUTH_BYTES_INVALID');
  const { isRight } = unpackPlain(answer, await homes!.ask(home, TAKE_EXPORT, packPlain({ userId, bytes, authKeyId })));
  if (!isRight) throw rpcError('AUTH_BYTES_INVALID');
  const ended = await db.transact('import-from-elsewhere', (tx) => bindElsewhere(tx, { userId, authKeyId }, clock.now()));
  await states.keysDecided(ended, 'ended');
  await states.keysDecided([authKeyId], 'user');
}

/** Answers other data centres whether a token that was exported here for them is right. Each is used once, and only by the data centre that it was made for. */
export function answerExports({ db, clock, homes }: Pick<Deps, 'db' | 'clock' | 'homes'>): void {
  homes?.onAsk(TAKE_EXPORT, async (body, from) => {
    const given = unpackPlain(question, body);
    const taken = await db.transact('take-export', (tx) => useExport(tx, { ...given, nowDate: clock.now(), isFor: (dc) => dc === from }));
    return packPlain({ isRight: taken !== undefined });
  });
}
