import { createFakeClock } from '@aerogram/runtime';
import { expect, test } from 'vitest';
import { CallHistory } from '../src/call-history.ts';
import type { SessionMessages } from '../src/call.ts';

type Fate = ReturnType<SessionMessages['fateOf']>;

/** A call that waits for message 8 of a session. */
function stage(fate: Fate) {
  const clock = createFakeClock();
  const messages: SessionMessages & { fate: Fate } = { fate, fateOf: () => messages.fate, onGone: undefined };
  const history = new CallHistory(messages);
  let result: boolean | undefined;
  const wait = (): void => void history.succeeded(8n, clock).then((isOk) => (result = isOk));
  const after = async (ms: number): Promise<boolean | undefined> => {
    await clock.advance(ms);
    return result;
  };
  return { clock, messages, history, wait, after };
}

test('a call fails at once if the message before it is gone, whether or not its end is remembered', async () => {
  const forgotten = stage('gone');
  forgotten.wait();
  expect(await forgotten.after(0)).toBe(false);
  const failed = stage('gone');
  failed.history.begin();
  failed.history.end(8n, 'failed');
  failed.wait();
  expect(await failed.after(0)).toBe(false);
  expect(failed.clock.pendingTimers()).toBe(0);
});

test('a call runs at once after one that has succeeded', async () => {
  const { history, wait, after } = stage('gone');
  history.begin();
  history.end(8n, 'ok');
  wait();
  expect(await after(0)).toBe(true);
});

test.each(['unseen', 'running'] as const)('a call waits ten seconds for a message that is %s, and not longer', async (fate) => {
  const { clock, messages, wait, after } = stage(fate);
  wait();
  expect(await after(9_999)).toBeUndefined();
  expect(await after(1)).toBe(false);
  expect([clock.pendingTimers(), messages.onGone]).toEqual([0, undefined]);
});

test('a call waits half a second for a message that is older than the session', async () => {
  const { clock, wait, after } = stage('early');
  wait();
  expect(await after(499)).toBeUndefined();
  expect(await after(1)).toBe(false);
  expect(clock.pendingTimers()).toBe(0);
});

test('an older message that comes in this time is waited for until it ends', async () => {
  const { clock, history, messages, wait, after } = stage('early');
  wait();
  await clock.advance(400);
  messages.fate = 'running';
  history.begin();
  expect(await after(5000)).toBeUndefined();
  history.end(8n, 'ok');
  expect(await after(0)).toBe(true);
  expect([clock.pendingTimers(), messages.onGone]).toEqual([0, undefined]);
});

test('calls that wait fail as soon as their message is refused, and no others do', async () => {
  const { clock, history, messages, wait, after } = stage('unseen');
  wait();
  const other = history.succeeded(12n, clock);
  messages.onGone!(16n);
  // What is told may be older news: the message runs by now.
  messages.fate = 'running';
  messages.onGone!(8n);
  expect(await after(0)).toBeUndefined();
  messages.fate = 'gone';
  messages.onGone!(8n);
  expect(await after(0)).toBe(false);
  history.begin();
  history.end(12n, 'ok');
  expect(await other).toBe(true);
  expect([clock.pendingTimers(), messages.onGone]).toEqual([0, undefined]);
});

test('when the session ends, all calls that wait fail', async () => {
  const { clock, history, messages, wait, after } = stage('unseen');
  wait();
  const other = history.succeeded(12n, clock);
  messages.fate = 'gone';
  messages.onGone!(undefined);
  expect([await after(0), await other]).toEqual([false, false]);
  expect([clock.pendingTimers(), messages.onGone]).toEqual([0, undefined]);
});
