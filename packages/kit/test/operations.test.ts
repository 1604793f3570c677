import { createFakeClock } from '@aerogram/runtime';
import { expect, test } from 'vitest';
import { createBotCallLog } from '../src/bot-call-log.ts';
import type { Operation } from '../src/define-operation.ts';
import type { Kit } from '../src/kit.ts';
import { createKitClock } from '../src/kit-clock.ts';
import { CALL_OPERATIONS } from '../src/operations/calls.ts';
import { CLOCK_OPERATIONS } from '../src/operations/clock.ts';
import { FAULT_OPERATIONS } from '../src/operations/faults.ts';
import type { TestSet } from '../src/test-set.ts';

const OPERATIONS: readonly Operation[] = [...CALL_OPERATIONS, ...CLOCK_OPERATIONS, ...FAULT_OPERATIONS];
const BOT = 77n;

function createStage() {
  const clock = createKitClock(createFakeClock());
  const botCalls = createBotCallLog({ clock });
  const kit = { clock, botCalls } as unknown as Kit;
  const setOf = (...bots: bigint[]): TestSet => ({ bots: new Set(bots) }) as unknown as TestSet;
  /** Runs an operation as the control API does. */
  const ask = async (name: string, params: unknown, set = setOf(BOT)): Promise<unknown> => {
    const operation = OPERATIONS.find((candidate) => candidate.name === name)!;
    return operation.result.parse(await operation.run({ kit, set, signal: new AbortController().signal }, operation.params.parse(params)));
  };
  const call = (method: string, botId = BOT): Promise<unknown> =>
    botCalls.around({ botId, method, params: new Map([['text', 'hi']]), files: new Map(), signal: new AbortController().signal }, () => Promise.resolve(true), () => undefined).catch((error: Error) => error.message);
  return { kit, ask, call, setOf };
}

test('the clock is read, and moved ahead as far as dates go', async () => {
  const { kit, ask } = createStage();
  const startMs = kit.clock.nowMs();
  expect(await ask('clock.now', {})).toEqual({ ms: startMs });
  expect(await ask('clock.move', { ms: 60_000 })).toEqual({ ms: startMs + 60_000 });
  for (const ms of [-1, 1.5, 20 * 365 * 86_400_000]) await expect(ask('clock.move', { ms })).rejects.toThrow();
  await expect(ask('clock.move', { ms: 10 * 365 * 86_400_000 })).rejects.toThrow('dates end in 2038');
  expect(await ask('clock.now', {})).toEqual({ ms: startMs + 60_000 });
});

test('faults are added to bots of the set, and removed', async () => {
  const { ask, call, setOf } = createStage();
  const { fault } = (await ask('faults.add', { bot: '77', fault: { kind: 'error', retryAfter: 5, when: { method: 'sendMessage', contains: 'hi' } } })) as { fault: string };
  expect([await call('getMe'), await call('sendMessage'), await call('sendMessage')]).toEqual([true, 'Too Many Requests: retry after 5', true]);
  expect(await ask('faults.remove', { fault })).toEqual({});

  const { fault: lasting } = (await ask('faults.add', { bot: '77', fault: { kind: 'error', times: 0 } })) as { fault: string };
  await ask('faults.remove', { fault: lasting }, setOf(78n));
  expect(await call('getMe')).toBe('Internal Server Error');
  await ask('faults.remove', { fault: lasting });
  expect(await call('getMe')).toBe(true);

  await ask('faults.add', { bot: '77', fault: { kind: 'error', times: 0 } });
  await ask('faults.clear', {}, setOf(78n));
  expect(await call('getMe')).toBe('Internal Server Error');
  await ask('faults.clear', { bot: '77' });
  expect(await call('getMe')).toBe(true);
});

test.each([
  ['a method that does not exist', { bot: '77', fault: { kind: 'error', when: { method: 'sendMesage' } } }, 'No method of the Bot API is called "sendMesage"'],
  ['a bot of another set', { bot: '78', fault: { kind: 'cut' } }, 'There is no bot 78 in this set'],
  ['no id', { bot: '@me', fault: { kind: 'cut' } }, 'Invalid string'],
  ['an unknown kind', { bot: '77', fault: { kind: 'rude' } }, 'Invalid option'],
  ['a condition that there is not', { bot: '77', fault: { kind: 'cut', when: { metod: 'sendMessage' } } }, 'Unrecognized key'],
  ['a method for a webhook', { bot: '77', fault: { kind: 'twice', when: { method: 'sendMessage' } } }, 'have no method'],
  ['a long delay', { bot: '77', fault: { kind: 'slow', delayMs: 1e9 } }, 'Too big'],
])('a fault for %s is refused', async (_name, params, text) => {
  const { ask } = createStage();
  await expect(ask('faults.add', params)).rejects.toThrow(text);
});

test('calls are listed by bot and method, and only those of the set', async () => {
  const { ask, call } = createStage();
  await call('getMe');
  await call('sendMessage');
  await call('sendMessage', 78n);
  expect(await ask('calls.list', {})).toMatchObject([{ n: 1, method: 'getMe' }, { n: 2, method: 'sendMessage', params: { text: 'hi' }, ok: true, result: true }]);
  expect(await ask('calls.list', { bot: '77', method: 'SendMessage' })).toMatchObject([{ n: 2 }]);
  expect(await ask('calls.list', { after: 1 })).toMatchObject([{ n: 2 }]);
  await expect(ask('calls.list', { bot: '78' })).rejects.toThrow('There is no bot 78');
});
