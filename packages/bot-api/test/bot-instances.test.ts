import { createFakeClock } from '@aerogram/runtime';
import { expect, test } from 'vitest';

import { BotInstances } from '../src/bot-instances.ts';

const BOT = 7n;

/** What is done for bots, and whether the database answers. */
function stage() {
  const clock = createFakeClock();
  const done: string[] = [];
  const state = { fails: false };
  const note = async (what: string): Promise<void> => void done.push(what);
  let untilMs = 0;
  const instances = new BotInstances({
    tokens: {
      isLoggedOut: async (botId) => botId === BOT && untilMs > clock.nowMs(),
      doLogOut: async (_botId, seconds) => void (untilMs = clock.nowMs() + seconds * 1000),
    },
    receivers: { end: (botId, error) => void done.push(`end ${botId} ${error?.message ?? ''}`.trim()) },
    webhooks: {
      pause: (botId) => note(`pause ${botId}`),
      resume: (botId) => note(`resume ${botId}`),
      doRemove: (botId) => (state.fails ? Promise.reject(new Error('no database')) : note(`remove ${botId}`).then(() => true)),
    },
  });
  return { clock, done, state, instances };
}

test('a bot that is closed goes on with its next request', async () => {
  const { instances, done } = stage();
  await instances.close(BOT);
  await instances.enter(BOT);
  expect(done).toEqual(['pause 7', 'end 7', 'resume 7']);
});

test('a bot that has logged out is refused for ten minutes, and others are not', async () => {
  const { instances, done, clock } = stage();
  await instances.logOut(BOT);
  expect(done).toEqual(['remove 7', 'end 7 Logged out']);
  await clock.advance(599_999);
  await expect(instances.enter(BOT)).rejects.toMatchObject({ code: 400, message: 'Logged out' });
  await instances.enter(8n);
  await clock.advance(1);
  await instances.enter(BOT);
});

test('a bot that could not be logged out goes on', async () => {
  const { instances, state } = stage();
  state.fails = true;
  await expect(instances.logOut(BOT)).rejects.toThrow('no database');
  await instances.enter(BOT);
});
