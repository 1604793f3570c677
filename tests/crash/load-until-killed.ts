import { setTimeout as delay } from 'node:timers/promises';
import type { RawAccount } from '@aerogram/dev-env/load';
import { isRetryable } from './power-cut.ts';

/**
 * Repeats actions until the server is gone.
 * @param accounts whose connections end with the load
 * @param strike kills the server. It calls `begins` before, because calls fail only from then on
 */
export async function loadUntilKilled(accounts: readonly RawAccount[], actions: readonly (() => Promise<void>)[], strike: (begins: () => void) => Promise<void>): Promise<void> {
  let running = true;
  let striking = false;
  const repeat = async (action: () => Promise<void>): Promise<void> => {
    try {
      // The pause gives the other actions their turn if there is nothing to do.
      for (; running; await delay(1)) await action();
    } catch (error) {
      // Without its database the server may answer 500, or the connection is gone: the call counts as unanswered.
      if (!striking || !isRetryable(error)) throw error;
    }
  };
  const load = Promise.all(actions.map(repeat));
  try {
    const blow = strike(() => {
      striking = true;
    });
    await Promise.race([blow, load.then(() => (striking ? blow : Promise.reject(new Error('the load ended before the kill'))))]);
  } finally {
    running = false;
    for (const account of accounts) account.disconnect();
    await load.catch(() => {});
  }
}
