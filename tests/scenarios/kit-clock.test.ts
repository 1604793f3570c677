import { type Actor, BotHttp } from '@aerogram/dev-env';
import type { BotCallWatch } from '@aerogram/bot-api';
import { createBotCallLog, createKitClock, type Fault } from '@aerogram/kit';
import { systemClock } from '@aerogram/runtime';
import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HookServer } from '../../packages/bot-api/test/webhook-world.ts';
import { type MadeBot, makeBot, meetBot, write } from './bot-stage.ts';
import { asking, seesQuery, startInline } from './inline-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;
const DAY_MS = DAY_S * 1000;

const clock = createKitClock();
const botCalls = createBotCallLog({ clock });
/** The bots and people for whom limits hold. */
const limited = new Set<bigint>();
/** Warnings in the log of the server. */
const warnings: string[] = [];
/** Methods of calls that have begun. */
const begun: string[] = [];
const botCallWatch: BotCallWatch = {
  around(call, run, cut) {
    begun.push(call.method);
    return botCalls.around(call, run, cut);
  },
  aroundPost: (post, send) => botCalls.aroundPost(post, send),
};

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({
    clock,
    // Bots may send two messages to one person at once.
    env: { AEROGRAM_BOT_MESSAGES_PER_PERSON: '4' },
    kit: { sessionClock: systemClock, botCalls: botCallWatch, hasLimits: (userId) => limited.has(userId), onServing: ({ jobs }) => clock.follow(jobs!) },
    onLogLine(line) {
      const { level, msg } = JSON.parse(line) as { level: number | string; msg: string };
      if (level === 'warn' || level === 'error' || Number(level) >= 40) warnings.push(msg);
    },
  });
});
afterAll(async () => {
  botCalls[Symbol.dispose]();
  await scenario?.[Symbol.asyncDispose]();
});

/** What is in a chat now, oldest first, as the server has it. */
async function readChat(reader: Actor, other: Actor): Promise<tl.RawMessage[]> {
  const found = (await reader.main.call({ _: 'messages.getHistory', peer: reader.main.inputPeer(other.id), offsetId: 0, offsetDate: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0, hash: 0n as never })) as tl.messages.RawMessages;
  return found.messages.filter((message) => message._ === 'message').reverse();
}

async function meet(): Promise<{ alice: Actor; bob: Actor }> {
  // As apps do: with a key that lasts a day, and is bound to the one that stays.
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob', { handshake: true, pfs: true })];
  await alice.send(bob, 'hello');
  await bob.sees('hello');
  await bob.send(alice, 'hello, Alice');
  return { alice, bob };
}

describe('after a move of the clock', () => {
  test('scheduled messages are sent before it answers, each with its date, and clients stay connected', async () => {
    const { alice, bob } = await meet();
    const peer = alice.main.inputPeer(bob.id);
    const startDate = clock.now();
    const schedule = (message: string, scheduleDate: number) => alice.main.change({ _: 'messages.sendMessage', peer, message, randomId: randomLong(), scheduleDate });
    await schedule('in three days', startDate + 3 * DAY_S);
    await schedule('in a day', startDate + DAY_S);
    await schedule('in a week', startDate + 7 * DAY_S);
    await clock.move(3 * DAY_MS);

    const [, , first, second, ...more] = await readChat(bob, alice);
    expect([first?.message, second?.message, more]).toEqual(['in a day', 'in three days', []]);
    expect(first!.date - startDate - DAY_S).toBeLessThan(HOUR_S);
    expect(second!.date - startDate - 3 * DAY_S).toBeLessThan(HOUR_S);
    await bob.sees('in three days');
    await alice.sees('in three days');

    const later = await bob.send(alice, 'and now?');
    expect(Math.abs(later.date - clock.now())).toBeLessThan(60);
    await alice.sees('and now?');
    await alice.send(bob, 'later');
    await bob.sees('later');
    // Another device logs in by real time, and reads what has been sent since.
    const tablet = await bob.device();
    await alice.send(bob, 'to all devices');
    await tablet.sees('to all devices');
  });

  test('messages with a lifetime are gone before it answers', async () => {
    const { alice, bob } = await meet();
    await alice.main.change({ _: 'messages.setHistoryTTL', peer: alice.main.inputPeer(bob.id), period: DAY_S });
    await alice.send(bob, 'for a day');
    await bob.sees('for a day');
    await clock.move(DAY_MS - 60_000);
    expect((await readChat(bob, alice)).map(({ message }) => message)).toContain('for a day');
    await clock.move(120_000);
    expect((await readChat(bob, alice)).map(({ message }) => message)).not.toContain('for a day');
    await bob.seesGone('for a day');
  });

  test('a query that a bot has not answered has timed out', async () => {
    const { bot, person } = await startInline(scenario, 'silent_bot');
    await using _bot = bot;
    const answer = person.main.call(asking(person, bot, 'anybody there?')).then(() => 'answered', (error: Error) => error.message);
    await seesQuery(bot, 'anybody there?');
    const startedMs = performance.now();
    await clock.move(30_000);
    expect(await answer).toContain('BOT_RESPONSE_TIMEOUT');
    expect(performance.now() - startedMs).toBeLessThan(20_000);
    await meetBot(person, bot);
  });

  test('a bot that waits for updates goes on waiting', async () => {
    const { http, person, made } = await startHttp('patient_bot');
    const [start] = await http.call<{ update_id: number }[]>('getUpdates');
    begun.length = 0;
    const poll = http.call<{ message: { text: string; date: number } }[]>('getUpdates', { timeout: 50, offset: start!.update_id + 1 });
    await expect.poll(() => begun).toContain('getUpdates');
    await clock.move(2 * DAY_MS);
    await write(person, made, 'after two days');
    const [update] = await poll;
    expect(update!.message.text).toBe('after two days');
    expect(Math.abs(update!.message.date - clock.now())).toBeLessThan(60);
  });
});

describe('a fault', () => {
  test('answers one call with 429, and the next one passes', async () => {
    const { http, person, add } = await startHttp('hasty_bot');
    add({ kind: 'error', code: 429, retryAfter: 3, method: 'sendMessage' });
    const send = (): Promise<Response> => fetch(http.url('sendMessage'), { method: 'POST', body: new URLSearchParams({ chat_id: String(person.id), text: 'once', reply_markup: '{"remove_keyboard":true}' }) });
    const refused = await send();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '3']);
    expect(await refused.json()).toEqual({ ok: false, error_code: 429, description: 'Too Many Requests: retry after 3', parameters: { retry_after: 3 } });
    expect((await send()).status).toBe(200);
    await person.sees('once');
    expect([...person.main.state.messages.values()].filter(({ text }) => text === 'once')).toHaveLength(1);
    expect(listCalls(http)).toMatchObject([
      { method: 'sendMessage', params: { text: 'once', reply_markup: { remove_keyboard: true } }, ok: false, error: { error_code: 429, parameters: { retry_after: 3 } } },
      { method: 'sendMessage', ok: true, result: { text: 'once', chat: { id: person.id } } },
    ]);
  });

  test('cuts a connection, or answers late', async () => {
    const { http, person, add } = await startHttp('unlucky_bot');
    const send = (text: string): Promise<unknown> => http.call('sendMessage', { chat_id: person.id, text });
    add({ kind: 'cut' });
    await expect(send('never')).rejects.toThrow('fetch failed');
    add({ kind: 'slow', delayMs: 300 });
    const startedMs = performance.now();
    await send('late');
    expect(performance.now() - startedMs).toBeGreaterThan(290);
    await person.sees('late');
    expect(listCalls(http).map(({ ok, params }) => [params['text'], ok])).toEqual([['never', false], ['late', true]]);
    expect(person.main.find('never')).toBeUndefined();
  });

  test('gives a webhook each update twice, or late, and what it answers counts', async () => {
    const { http, person, made, add } = await startHttp('hooked_bot');
    await using hook = await HookServer.open();
    const texts = (): unknown[] => hook.hits.map(({ update }) => (update['message'] as { text: string }).text);
    hook.reply = (hit) => hit.answer(200, JSON.stringify({ method: 'sendMessage', chat_id: person.id, text: `answer ${hook.hits.length}` }), { 'Content-Type': 'application/json' });
    await http.call('setWebhook', { url: hook.url });
    await hook.sees(1);
    add({ kind: 'twice', contains: 'and again' });
    add({ kind: 'late', delayMs: 200 });
    await write(person, made, 'and again');
    await hook.sees(3);
    expect(texts()).toEqual(['/start', 'and again', 'and again']);
    expect(hook.hits[1]!.id).toBe(hook.hits[2]!.id);
    await person.sees('answer 3');
    expect(person.main.find('answer 2')).toBeDefined();
    const startedMs = performance.now();
    await write(person, made, 'later');
    await hook.sees(4);
    expect(performance.now() - startedMs).toBeGreaterThan(190);
    await person.sees('answer 4');
    expect(listCalls(http).map(({ method }) => method)).toEqual(['setWebhook', ...Array.from({ length: 4 }, () => 'sendMessage')]);
  });
});

test('a webhook that is answering when the clock moves gets nothing twice', async () => {
  const { http, person, made } = await startHttp('thoughtful_bot');
  await using hook = await HookServer.open();
  hook.reply = undefined;
  await http.call('setWebhook', { url: hook.url });
  await hook.sees(1);
  await clock.move(DAY_MS);
  hook.hits[0]!.answer();
  hook.reply = (hit) => hit.answer();
  await write(person, made, 'the next one');
  await hook.sees(2);
  expect(hook.hits[1]!.update).toMatchObject({ message: { text: 'the next one' } });
});

test('limits hold for those for whom they are wanted, and for nobody else', async () => {
  const [free, bound] = [await startHttp('free_bot'), await startHttp('bound_bot')];
  limited.add(BigInt(bound.made.id));
  const sendSome = async ({ http, person }: typeof free): Promise<(number | undefined)[]> => {
    const codes: (number | undefined)[] = [];
    for (let at = 0; at < 4; at++) codes.push((await http.ask('sendMessage', { chat_id: person.id, text: String(at) })).error_code);
    return codes;
  };
  expect(await sendSome(free)).toEqual([undefined, undefined, undefined, undefined]);
  expect(await sendSome(bound)).toEqual([undefined, undefined, 429, 429]);
  // The wait is one of the clock that moves.
  await clock.move(60_000);
  expect((await sendSome(bound))[0]).toBeUndefined();
});

test('nothing that the server did was a cause for concern', () => {
  expect(warnings).toEqual([]);
});

/** The calls of a bot that are recorded. */
const listCalls = ({ id }: HttpBot) => botCalls.list(new Set([id]));

/** A bot over HTTP. */
class HttpBot extends BotHttp {
  readonly id: bigint;

  constructor(made: MadeBot) {
    super(scenario.server, made.token);
    this.id = BigInt(made.id);
  }
}

/** A bot over HTTP, and a person who has started it. */
async function startHttp(username: string) {
  const made = await makeBot(scenario, username);
  const person = await scenario.world.user('Person');
  await write(person, made, '/start');
  const add = (fault: Partial<Fault> & Pick<Fault, 'kind'>): unknown => botCalls.faults.add({ botId: BigInt(made.id), times: 1, ...fault });
  return { http: new HttpBot(made), person, made, add };
}
