import { AsyncLocalStorage } from 'node:async_hooks';
import { channel, subscribe } from 'node:diagnostics_channel';
import { QUOTA_CHANNEL, type QuotaName } from '@aerogram/domain';
import { METHOD_CHANNEL, type RpcMethod } from '@aerogram/rpc';

/** The method that is running in the current async context. */
const running = new AsyncLocalStorage<RpcMethod>();
/** Referenced here, because unreferenced channels lose their stores. */
const methodChannel = channel(METHOD_CHANNEL);

const seen = new Map<string, Set<QuotaName>>();
let isWatching = false;

/**
 * Watches every method that runs in this process. If one spends a quota that it does not declare, an uncaught exception fails the test run.
 * @returns the quotas that calls have spent so far, by method
 */
export function watchQuotas(): ReadonlyMap<string, ReadonlySet<QuotaName>> {
  if (isWatching) return seen;
  isWatching = true;
  methodChannel.bindStore(running);
  subscribe(QUOTA_CHANNEL, (message) => {
    const name = message as QuotaName;
    const method = running.getStore();
    if (!method) return;
    const names = seen.get(method.method) ?? new Set();
    seen.set(method.method, names.add(name));
    if (!method.quotas.includes(name)) throw new Error(`${method.method} spends the quota ${name}, which it does not declare`);
  });
  return seen;
}
