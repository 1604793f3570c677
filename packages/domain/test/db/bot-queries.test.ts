import { createFaultyBus, type Fate } from '@aerogram/bus/testing';
import { seededRandom } from '@aerogram/runtime';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { BotQuestions, ButtonPresses, type CallbackAnswer, InlineIds, type Press } from '../../src/bot-queries/index.ts';
import { onUserHint } from '../../src/events/index.ts';
import { createWorld, errorOf, type World } from './accounts-world.ts';

const BOT = 7_000_001n;
const said = (message: string): CallbackAnswer => ({ _: 'messages.botCallbackAnswer', message, cache_time: 0 });

describe('the wait for the answer of a bot', () => {
  const random = seededRandom('bot-queries');
  let world: World;
  let questions: BotQuestions;
  let presses: ButtonPresses;
  /** What becomes of the hints that a bot has answered. */
  let fateOfAnswers: Fate;
  let asked: bigint[];
  let listening: Disposable;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());
  beforeEach(() => {
    fateOfAnswers = 'deliver';
    asked = [];
    const bus = createFaultyBus(world.bus, (topic) => (topic.startsWith('bot:') ? fateOfAnswers : 'deliver'));
    questions = new BotQuestions({ db: world.db, bus, clock: world.clock, random });
    presses = new ButtonPresses({ db: world.db, clock: world.clock, questions, inlineIds: new InlineIds(new Map([[1, new Uint8Array(32)]]), 2), users: world.domain.users, channels: world.domain.channels, instanceKeys: new Map([[1, new Uint8Array(32)]]), askFather: () => Promise.reject(new Error('nobody asks')) });
    listening = onUserHint(world.bus, BOT, (hint) => {
      if (hint.kind === 'transient' && hint.update._ === 'updateBotCallbackQuery') asked.push(hint.update.query_id);
    });
  });
  afterEach(() => {
    questions[Symbol.dispose]();
    listening[Symbol.dispose]();
  });

  const press: Press = { userId: 5n, botId: BOT, message: { peerId: 5n, msgId: 1 }, chat: '5', button: { _: 'inlineButtonTypeCallback', data: Buffer.from('go') } };
  const nextAsked = async (): Promise<bigint> => {
    await expect.poll(() => asked.at(-1)).toBeDefined();
    return asked.at(-1)!;
  };

  it('ends with the first answer', async () => {
    const answer = presses.doPress(press);
    const queryId = await nextAsked();
    await presses.doAnswer({ botId: BOT, queryId }, said('one'));
    expect(await answer).toEqual(said('one'));
    expect(await errorOf(presses.doAnswer({ botId: BOT, queryId }, said('two')))).toBe('QUERY_ID_INVALID');
    await presses.doAnswer({ botId: BOT, queryId }, said('one'));
  });

  it('finds an answer whose hint was lost', async () => {
    fateOfAnswers = 'drop';
    const answer = presses.doPress(press);
    await presses.doAnswer({ botId: BOT, queryId: await nextAsked() }, said('found'));
    await world.clock.advance(2000);
    expect(await answer).toEqual(said('found'));
  });

  it('is over after half a minute', async () => {
    const timers = world.clock.pendingTimers();
    const answer = errorOf(presses.doPress(press));
    const queryId = await nextAsked();
    await world.clock.advance(30_000);
    expect(await answer).toBe('BOT_RESPONSE_TIMEOUT');
    // What comes late is kept, and told nobody.
    await presses.doAnswer({ botId: BOT, queryId }, said('late'));
    expect(world.clock.pendingTimers()).toBe(timers);
  });

  it('keeps questions for ten minutes', async () => {
    const answer = errorOf(presses.doPress(press));
    const old = await nextAsked();
    await world.clock.advance(30_000);
    await answer;
    await world.clock.advance(601_000);
    const next = presses.doPress(press);
    await expect.poll(() => asked.length).toBe(2);
    await presses.doAnswer({ botId: BOT, queryId: asked[1]! }, said('new'));
    await next;
    expect(await errorOf(presses.doAnswer({ botId: BOT, queryId: old }, said('too late')))).toBe('QUERY_ID_INVALID');
  });

  it('refuses somebody who presses without end', async () => {
    const presser = { ...press, userId: 6n };
    const pressed = Array.from({ length: 61 }, () => errorOf(presses.doPress(presser)));
    expect(await Promise.race(pressed)).toMatch(/^FLOOD_WAIT_/);
    questions[Symbol.dispose]();
    await Promise.all(pressed);
  });
});
