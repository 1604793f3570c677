import type { Domain, KeyState } from '@aerogram/domain';
import { createFakeClock, createMetrics, seededRandom, silentLogger } from '@aerogram/runtime';
import { LAYER } from '@aerogram/tl';
import { expect, test } from 'vitest';

import { createDispatcher, defineMethod, type SessionRef } from '../src/index.ts';

const USER: KeyState = {
  authKeyId: 1n, permAuthKeyId: 1n, expires_date: undefined, dcId: 2, userId: 10n, bot: false, passwordPending: false, pendingUserId: undefined,
  deactivated: false, revoked: false, layer: LAYER, init: undefined, seenDate: 0,
};

/** Makes three calls without a connection in a new process. @returns their ids */
async function idsOfCalls(seed: number): Promise<bigint[]> {
  const ids: bigint[] = [];
  const status = defineMethod({
    method: 'account.updateStatus', access: 'user', cost: 1, repeat: 'idempotent',
    handler: (ctx) => {
      ids.push(ctx.caller.msgId);
      return Promise.resolve(true);
    },
  });
  const domain = { auth: { activity: { noteGuest: () => {}, note: () => {} } } } as unknown as Domain;
  const dispatcher = createDispatcher({ methods: [status], domain, clock: createFakeClock(), random: seededRandom(seed), log: silentLogger, metrics: createMetrics() });
  const session: SessionRef = { authKeyId: 1n, sessionId: 2n, remoteAddress: '127.0.0.1', localAddress: '127.0.0.1', localPort: 443 };
  for (let n = 0; n < 3; n++) await dispatcher.invoke({ key: USER, session }, { _: 'account.updateStatus', offline: false });
  return ids;
}

test('calls of the Bot API get ids that neither a restart nor another process gives again', async () => {
  const [first, second] = [await idsOfCalls(1), await idsOfCalls(2)];
  expect(new Set([...first, ...second]).size).toBe(6);
  // The order of sends is that of the ids.
  for (const ids of [first, second]) expect(ids).toEqual(ids.toSorted((a, b) => (a < b ? -1 : 1)));
  expect(first.every((id) => id > 0n && id < 2n ** 63n)).toBe(true);
});
