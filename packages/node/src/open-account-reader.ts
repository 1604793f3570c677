import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MasterKeys, Uploads } from '@aerogram/blob';
import { createInProcessBus } from '@aerogram/bus';
import { createDomain } from '@aerogram/domain';
import { createDispatcher, directCallerOf } from '@aerogram/rpc';
import { methods } from '@aerogram/rpc-handlers';
import { type Config, createMetrics, Lifecycle, type Logger, systemClock, systemRandom } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { playOwnHome } from './homes/own-home.ts';
import { masterKeySource, openBlobStore } from './open-files.ts';

/** Makes calls as an account, from a process beside the server. */
export interface AccountReader extends AsyncDisposable {
  /** Makes a call that only reads, as an app of the account would, and returns its result. @throws RpcError */
  invoke<R extends tl.AnyMethod>(request: R): Promise<tl.RpcMethods[R['_']]['res']>;
}

const HERE = { remoteAddress: '127.0.0.1', localAddress: '127.0.0.1', localPort: 0 };
/** Nothing is uploaded. */
const NO_UPLOADS = { maxParts: 1, maxBytesPerUser: 1, maxUploadsPerUser: 1 };

/**
 * Opens the messenger on a database for the calls of one account, without limits. The server may run meanwhile.
 * @throws OperatorError when the master key of files cannot be read
 */
export async function openAccountReader(deps: { config: Config; db: Database; log: Logger }, userId: bigint): Promise<AccountReader> {
  const { db, log } = deps;
  const { config } = await playOwnHome(deps.config);
  const [clock, random, metrics] = [systemClock, systemRandom, createMetrics()];
  const keys = await MasterKeys.open(masterKeySource(config, random), random, clock);
  const parts = new Lifecycle({ log, clock, drainTimeoutMs: 0 });
  try {
    const opened = await openBlobStore(config, clock);
    parts.own('files', opened);
    const root = await mkdtemp(join(tmpdir(), 'aerogram-export-'));
    parts.add({ name: 'directory for uploads', stop: () => rm(root, { recursive: true, force: true }) });
    const uploads = await Uploads.open({ root, keys, random, clock, ...NO_UPLOADS });
    parts.own('uploads', uploads);
    const codeDelivery = { ways: ['sms'] as const, deliver: refuseCode, deliverEmail: refuseCode };
    const fileStorage = { uploads, store: opened.store, keys };
    const hasLimits = (): boolean => false;
    const domain = await createDomain({ db, bus: createInProcessBus(), clock, random, log, metrics, config, codeDelivery, fileStorage, hasLimits, cleansUp: () => false });
    parts.own('domain', domain);
    // Only parts that were started are stopped.
    await parts.start();
    const calls = createDispatcher({ methods, domain, clock, random, log, metrics, hasLimits });
    const caller = directCallerOf({ userId, isBot: false, dcId: config.homeDcId }, HERE);
    return { invoke: (request) => calls.invoke(caller, request), [Symbol.asyncDispose]: () => parts.stop() };
  } catch (error) {
    await parts.start();
    await parts.stop();
    throw error;
  }
}

function refuseCode(): Promise<never> {
  return Promise.reject(new Error('this process sends no codes'));
}
