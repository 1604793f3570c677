import type { tl } from '@mtcute/node';
import { describe, expect, test } from 'vitest';
import { AccountState } from '../src/state/account-state.ts';
import { BotEvents } from '../src/state/bot-events.ts';

const stop = (qts: number, userId = 1): tl.RawUpdateBotStopped => ({ _: 'updateBotStopped', userId, date: 1, stopped: true, qts });
const push = (...updates: tl.TypeUpdate[]): tl.RawUpdates => ({ _: 'updates', updates, users: [], chats: [], date: 1, seq: 0 });
const stateAt = (qts: number): tl.updates.RawState => ({ _: 'updates.state', pts: 1, qts, date: 1, seq: 0, unreadCount: 0 });

/** Checks what was pushed to a bot since qts 1 against a server that has these events. @returns what is wrong */
async function check(pushed: tl.TypeUpdates[], server: tl.RawUpdateBotStopped[], act: (events: BotEvents) => void = () => {}): Promise<string> {
  const qts = server.at(-1)?.qts ?? 1;
  const ask = async (request: tl.RpcMethod): Promise<unknown> => {
    if (request._ !== 'updates.getDifference') return stateAt(qts);
    return { _: 'updates.difference', newMessages: [], newEncryptedMessages: [], otherUpdates: server.filter((update) => update.qts > request.qts), chats: [], users: [], state: stateAt(qts) };
  };
  const events = new BotEvents(ask);
  events.begin(stateAt(1));
  act(events);
  for (const updates of pushed) events.take(updates);
  return events.check().then(() => 'nothing', (error: unknown) => (error as Error).message);
}

describe('the events of a bot', () => {
  test('are right if pushes and the difference tell the same', async () => {
    expect(await check([], [])).toBe('nothing');
    expect(await check([push(stop(2), stop(3)), push(stop(4))], [stop(2), stop(3), stop(4)])).toBe('nothing');
  });

  test('are wrong if pushes leave one out, tell one twice or tell something else', async () => {
    expect(await check([push(stop(2), stop(2), stop(3))], [stop(2), stop(3)])).toContain('pushed qts 2 after 2');
    expect(await check([push(stop(2), stop(4), stop(3))], [stop(2), stop(3), stop(4)])).toContain('pushed qts 4 after 2');
    expect(await check([push(stop(2, 7))], [stop(2)])).toContain('qts 2 is');
    expect(await check([push(stop(2), stop(3))], [stop(2)])).toContain('does not tell of qts 3');
  });

  test('may be pushed twice while the bot reads a difference, and not once it has the answer', async () => {
    const asking = (isReading: boolean) => (events: BotEvents): void => {
      events.expectPushesAgain(true);
      events.expectPushesAgain(isReading);
    };
    expect(await check([push(stop(2)), push(stop(2))], [stop(2)], asking(true))).toBe('nothing');
    expect(await check([push(stop(2)), push(stop(2))], [stop(2)], asking(false))).toContain('pushed qts 2 after 2');
  });

  test('are wrong if the difference has a hole', async () => {
    expect(await check([push(stop(2), stop(3), stop(4))], [stop(2), stop(4)])).toContain('a difference tells of qts 4 after 2');
  });

  test('may lack pushes after the connection was lost, and come again after an answer', async () => {
    expect(await check([push(stop(4))], [stop(2), stop(3), stop(4)], (events) => events.lostConnection())).toBe('nothing');
    const state = new AccountState(1n);
    state.qts = 1;
    const updates = { ...push(), updates: [{ _: 'updateBotStopped', user_id: 1n, date: 1, stopped: true, qts: 2 }] } as never;
    state.knownUsers.add(1);
    state.applyUpdates(updates, 'push');
    state.expectPushesAgain(false);
    state.applyUpdates(updates, 'push');
    expect([state.qts, state.violations.filter((one) => one.includes('qts'))]).toEqual([2, []]);
    state.applyUpdates(updates, 'push');
    expect(state.violations.join()).toContain('pushed qts 2 after 2');
  });
});
