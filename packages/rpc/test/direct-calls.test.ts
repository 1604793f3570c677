import { expect, test } from 'vitest';
import { defineMethod } from '../src/index.ts';
import { dispatcherForUser, newSession, USER } from './user-stage.ts';

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
  const dispatcher = dispatcherForUser([status], { seed });
  const session = newSession();
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
