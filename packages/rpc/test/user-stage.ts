import type { Domain, KeyState } from '@aerogram/domain';
import { type Clock, createFakeClock, createMetrics, seededRandom, silentLogger } from '@aerogram/runtime';
import { LAYER } from '@aerogram/tl';
import { createDispatcher, type DirectCalls, type Dispatcher, type RpcMethod, type SessionRef } from '../src/index.ts';

/** The key of somebody who is logged in. */
export const USER: KeyState = {
  authKeyId: 1n, permAuthKeyId: 1n, expires_date: undefined, dcId: 2, userId: 10n, bot: false, passwordPending: false, pendingUserId: undefined,
  deactivated: false, revoked: false, layer: LAYER, init: undefined, seenDate: 0,
};

export const newSession = (): SessionRef => ({ authKeyId: 1n, sessionId: 2n, remoteAddress: '127.0.0.1', localAddress: '127.0.0.1', localPort: 443 });

/** A dispatcher of methods that only this user calls. */
export function dispatcherForUser(methods: RpcMethod[], { clock = createFakeClock(), seed = 1 }: { clock?: Clock; seed?: number } = {}): Dispatcher & DirectCalls {
  const auth = { activity: { noteGuest: () => {}, note: () => {} }, findKeyState: () => Promise.resolve(USER) };
  return createDispatcher({ methods, domain: { auth } as unknown as Domain, clock, random: seededRandom(seed), log: silentLogger, metrics: createMetrics() });
}
