import { setTimeout as delay } from 'node:timers/promises';
import { RawClientError } from '@aerogram/mtproto/client';
import type { tl } from '@aerogram/tl';
import type { RawAccount } from './raw-account.ts';

/** How long a client waits in all for what it was told to repeat later, in milliseconds. */
const WAIT_MAX_MS = 300_000;

/**
 * Like a client, calls again after the time that a FLOOD_WAIT names. Other errors are thrown.
 * @param onWait called for each FLOOD_WAIT
 */
export async function callPatiently<M extends keyof tl.RpcMethods>(account: RawAccount, request: tl.RpcMethods[M]['req'], onWait: () => void = () => {}): Promise<tl.RpcMethods[M]['res']> {
  for (const deadline = performance.now() + WAIT_MAX_MS; ; ) {
    try {
      return await account.call<M>(request);
    } catch (error) {
      const seconds = error instanceof RawClientError ? /^FLOOD_WAIT_(\d+)$/.exec(error.message)?.[1] : undefined;
      if (seconds === undefined || performance.now() > deadline) throw error;
      onWait();
      await delay(Number(seconds) * 1000);
    }
  }
}
