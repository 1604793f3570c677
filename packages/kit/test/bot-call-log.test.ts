import { BotError, Described, type WatchedCall } from '@aerogram/bot-api';
import { createFakeClock } from '@aerogram/runtime';
import { describe, expect, test } from 'vitest';
import { createBotCallLog } from '../src/bot-call-log.ts';
import type { Fault } from '../src/bot-faults.ts';

const BOT = 77n;
const OTHER = 78n;
const BOTH = new Set([BOT, OTHER]);

function createStage() {
  const clock = createFakeClock();
  const log = createBotCallLog({ clock, sessionClock: clock });
  const call = (method: string, params: Record<string, unknown> = {}, more: Partial<WatchedCall> = {}): WatchedCall => ({ botId: BOT, method, params: new Map(Object.entries(params)), files: new Map(), signal: new AbortController().signal, ...more });
  /** Makes a call that succeeds unless a fault hits it. */
  const make = async (method: string, params: Record<string, unknown> = {}, more: Partial<WatchedCall> & { result?: unknown } = {}) => {
    let [runs, cuts] = [0, 0];
    const { result = true, ...rest } = more;
    const run = (): Promise<unknown> => {
      runs++;
      return result instanceof Error ? Promise.reject(result) : Promise.resolve(result);
    };
    const answer = await log.around(call(method, params, rest), run, () => void cuts++).catch((error: unknown) => error);
    return { answer, runs, cuts };
  };
  const add = (fault: Partial<Fault> & Pick<Fault, 'kind'>): number => log.faults.add({ botId: BOT, times: 1, ...fault })!;
  return { clock, log, make, add };
}

describe('the record', () => {
  test('has calls in the order in which they ended, with readable parameters, results and errors', async () => {
    const { log, make } = createStage();
    const keyboard = { inline_keyboard: [[{ text: 'Yes', callback_data: 'y' }]] };
    await make('sendMessage', { chat_id: '5', text: '[1]', reply_markup: JSON.stringify(keyboard) }, { result: { message_id: 9 } });
    await make('sendPhoto', { chat_id: 5, photo: 'attach://cat', broken: '{' }, { files: new Map([['cat', { name: 'cat.jpg', size: 12 }]]), result: new Error('a fault of the server') });
    await make('deleteWebhook', {}, { result: new Described(true, 'Webhook was deleted') });
    await make('sendMessage', {}, { botId: OTHER, result: new BotError(429, 'Too Many Requests: retry after 3', { retry_after: 3 }) });
    expect(log.list(BOTH)).toMatchObject([
      { n: 1, botId: '77', method: 'sendMessage', params: { chat_id: '5', text: '[1]', reply_markup: keyboard }, ok: true, result: { message_id: 9 } },
      { n: 2, params: { chat_id: 5, photo: 'attach://cat', broken: '{', cat: { file: 'cat.jpg', size: 12 } }, ok: false, error: { error_code: 500, description: 'Internal Server Error' } },
      { n: 3, ok: true, result: true },
      { n: 4, botId: '78', ok: false, error: { error_code: 429, description: 'Too Many Requests: retry after 3', parameters: { retry_after: 3 } } },
    ]);
    expect([log.newest(BOTH), log.newest(new Set([BOT])), log.newest(new Set([5n]))]).toEqual([4, 3, 0]);
    expect(log.list(new Set([BOT]), 1).map(({ n }) => n)).toEqual([2, 3]);
  });

  test('is complete before the bot gets its answer, and tells who listens', async () => {
    const { log, make } = createStage();
    const heard: number[] = [];
    const stop = log.onCall(({ n }) => heard.push(n));
    await make('getMe');
    expect(heard).toEqual([1]);
    stop();
    await make('getMe');
    expect(heard).toEqual([1]);
  });

  test('leaves out polls that have brought nothing', async () => {
    const { log, make } = createStage();
    await make('getUpdates', {}, { result: [] });
    await make('getUpdates', {}, { result: [{ update_id: 1 }] });
    expect(log.list(BOTH)).toMatchObject([{ method: 'getUpdates', result: [{ update_id: 1 }] }]);
  });

  test('is bounded in the number of calls and in their size', async () => {
    const { log, make } = createStage();
    for (let calls = 0; calls < 10_010; calls++) await make('getMe');
    expect([log.list(BOTH).length, log.list(BOTH)[0]!.n]).toEqual([10_000, 11]);
    for (let calls = 0; calls < 40; calls++) await make('sendMessage', { text: 'x'.repeat(1_000_000) });
    expect(log.list(BOTH).length).toBeLessThan(40);
    await make('getUpdates', {}, { result: ['y'.repeat(2_000_000)] });
    expect(log.list(BOTH).at(-1)).not.toHaveProperty('result');
  });

  test('forgets the bots of a test that is over', async () => {
    const { log, make, add } = createStage();
    await make('getMe');
    await make('getMe', {}, { botId: OTHER });
    add({ kind: 'error' });
    log.forget(new Set([BOT]));
    expect(log.list(BOTH).map(({ botId }) => botId)).toEqual(['78']);
    expect(log.newest(new Set([BOT]))).toBe(0);
    expect((await make('getMe')).answer).toBe(true);
  });
});

describe('a fault', () => {
  test('answers the calls that it is meant for with an error, as often as it says, and they do nothing', async () => {
    const { log, make, add } = createStage();
    add({ kind: 'error', code: 429, retryAfter: 3, method: 'sendmessage', contains: 'say "hi"', times: 2 });
    expect((await make('sendMessage', { text: 'bye' })).answer).toBe(true);
    expect((await make('sendPhoto', { caption: 'say "hi"' })).answer).toBe(true);
    expect((await make('sendMessage', { text: 'say "hi"' }, { botId: OTHER })).answer).toBe(true);
    const { answer, runs } = await make('sendMessage', { text: 'I say "hi"' });
    expect(answer).toMatchObject({ code: 429, message: 'Too Many Requests: retry after 3', parameters: { retry_after: 3 } });
    expect(runs).toBe(0);
    expect(log.list(BOTH).at(-1)).toMatchObject({ ok: false, error: { error_code: 429, parameters: { retry_after: 3 } } });
    expect((await make('sendMessage', { reply_markup: '{"inline_keyboard":[[{"text":"say \\"hi\\""}]]}' })).answer).toBeInstanceOf(BotError);
    expect((await make('sendMessage', { text: 'say "hi"' })).answer).toBe(true);
  });

  test.each([
    [{ code: 500 }, '500 Internal Server Error'],
    [{ code: 429 }, '429 Too Many Requests: retry after 1'],
    [{ code: 403, description: 'Forbidden: bot was kicked from the group chat' }, '403 Forbidden: bot was kicked from the group chat'],
    [{}, '500 Internal Server Error'],
  ])('%j says %s', async (fault, text) => {
    const { make, add } = createStage();
    add({ kind: 'error', ...fault });
    const error = (await make('getMe')).answer as BotError;
    expect(`${error.code} ${error.message}`).toBe(text);
  });

  test('holds until it is removed, if it says so', async () => {
    const { log, make, add } = createStage();
    const id = add({ kind: 'error', times: 0 });
    for (let calls = 0; calls < 5; calls++) expect((await make('getMe')).answer).toBeInstanceOf(BotError);
    expect([log.faults.botOf(id), log.faults.botOf(id + 1)]).toEqual([BOT, undefined]);
    log.faults.remove(id);
    expect((await make('getMe')).answer).toBe(true);
    add({ kind: 'error' });
    log.faults.clear(new Set([OTHER]));
    expect((await make('getMe')).answer).toBeInstanceOf(BotError);
  });

  test('cuts the connection, and the call does nothing', async () => {
    const { log, make, add } = createStage();
    add({ kind: 'cut' });
    expect(await make('sendMessage')).toMatchObject({ runs: 0, cuts: 1 });
    expect(log.list(BOTH)).toMatchObject([{ ok: false, error: { description: 'the connection was closed without an answer' } }]);
  });

  test('answers late, while the call happens at once', async () => {
    const { log, make, add, clock } = createStage();
    add({ kind: 'slow', delayMs: 5000 });
    let isDone = false;
    const made = make('getMe').then(() => (isDone = true));
    await clock.advance(4999);
    expect([isDone, log.list(BOTH)]).toEqual([false, []]);
    await clock.advance(1);
    await made;
    expect(log.list(BOTH)).toMatchObject([{ ok: true }]);
  });

  test('does not wait for clients that have gone, nor for a server that stops', async () => {
    const { log, make, add, clock } = createStage();
    add({ kind: 'slow', delayMs: 5000, times: 0 });
    const gone = new AbortController();
    const first = make('getMe', {}, { signal: gone.signal });
    gone.abort();
    await first;
    const second = make('getMe');
    log[Symbol.dispose]();
    await second;
    expect(clock.pendingTimers()).toBe(0);
  });

  test('is for updates to a webhook: twice, or late', async () => {
    const { log, make, add, clock } = createStage();
    let sent = 0;
    const post = (json: string): Promise<number> => log.aroundPost({ botId: BOT, json }, () => Promise.resolve(++sent));
    add({ kind: 'twice', contains: 'twice' });
    expect((await make('sendMessage', { text: 'twice' })).runs).toBe(1);
    expect(await post('{"text":"once"}')).toBe(1);
    expect(await post('{"text":"twice"}')).toBe(3);
    expect(await post('{"text":"twice"}')).toBe(4);
    add({ kind: 'late', delayMs: 2000 });
    const late = post('{}');
    await clock.advance(1999);
    expect(sent).toBe(4);
    await clock.advance(1);
    expect(await late).toBe(5);
  });

  test('is refused when there are very many', () => {
    const { log } = createStage();
    const add = (): number | undefined => log.faults.add({ botId: BOT, kind: 'cut', times: 0 });
    for (let faults = 0; faults < 1000; faults++) expect(add()).toBeDefined();
    expect(add()).toBeUndefined();
  });
});
