import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { BOT_METHODS } from '@aerogram/bot-api';
import { type BotAnswer, BotHttp } from '@aerogram/dev-env';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { promoteBotIn } from './bot-api-chats-stage.ts';
import { type MadeBot, makeBot, write } from './bot-stage.ts';
import { createChannel } from './channel-stage.ts';
import { CheckedBot } from './checked-bot.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
let made: MadeBot;
let bot: BotHttp;
let base: string;
beforeAll(async () => {
  scenario = await startScenario();
  made = await makeBot(scenario, 'Front_bot');
  bot = new CheckedBot(scenario.server, made.token);
  base = `http://${scenario.server.info.http.host}:${scenario.server.info.http.port}`;
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** Asks for a path of the HTTP port, and returns the status and the object of the answer. */
async function ask(path: string, init: RequestInit = {}): Promise<{ status: number; answer: unknown }> {
  const response = await fetch(`${base}${path}`, init);
  return { status: response.status, answer: await response.json() };
}

describe('the token in a path', () => {
  test('opens the bot, whatever the case of the method', async () => {
    for (const path of ['getMe', 'getme', 'GETME', 'test/getMe']) expect(await bot.call(path)).toMatchObject({ id: made.id, is_bot: true, username: 'Front_bot', can_join_groups: true });
  });

  test('is told from what can never be one', async () => {
    const unauthorized = { status: 401, answer: { ok: false, error_code: 401, description: 'Unauthorized' } };
    const invalid = { status: 401, answer: { ok: false, error_code: 401, description: 'Unauthorized: invalid token specified' } };
    expect(await ask(`/bot${made.id}:${'x'.repeat(35)}/getMe`)).toEqual(unauthorized);
    expect(await ask(`/bot${made.id}:short/getMe`)).toEqual(unauthorized);
    expect(await ask(`/bot0123:abc/getMe`)).toEqual(invalid);
    expect(await ask(`/bot-5:abc/getMe`)).toEqual(invalid);
    expect(await ask(`/bot5:${'x'.repeat(90)}/getMe`)).toEqual(invalid);
    for (const init of [{}, { method: 'POST' }]) for (const path of ['/bot12345/getMe', '/bot', '/bot/', '/botanic/getMe', '/file/bot12/photos/1']) expect([path, await ask(path, init)]).toEqual([path, invalid]);
    expect(await ask(`/botabc:def/getMe`)).toMatchObject({ status: 421 });
    expect(await ask(`/bot${made.token.replace(':', '%3A')}/getMe`)).toMatchObject({ status: 200 });
  });

  test('opens nothing after it was revoked', async () => {
    const owner = await scenario.world.user('Owner');
    const revoked = await makeBot(scenario, 'Revoked_bot', owner);
    const http = new CheckedBot(scenario.server, revoked.token);
    await http.call('getMe');
    const { id: userId, accessHash } = await write(owner, revoked, 'hello');
    const { token } = await owner.main.call({ _: 'bots.exportBotToken', bot: { _: 'inputUser', userId, accessHash: accessHash! }, revoke: true });
    expect(await http.refusal('getMe')).toBe('401 Unauthorized');
    expect(await new CheckedBot(scenario.server, token).call('getMe')).toMatchObject({ id: revoked.id });
  });

  test('opens nothing to a request that began before it was revoked', async () => {
    const owner = await scenario.world.user('Owner');
    const revoked = await makeBot(scenario, 'Waiting_bot', owner);
    const http = new BotHttp(scenario.server, revoked.token);
    const { id: userId, accessHash } = await write(owner, revoked, 'hello');
    const [update] = await http.call<{ update_id: number }[]>('getUpdates');
    const waiting = http.refusal('getUpdates', { offset: update!.update_id + 1, timeout: 30 });
    const slow = request(http.url('sendMessage'), { method: 'POST', headers: { 'Content-Type': 'application/json' } });
    const answered = once(slow, 'response') as Promise<[IncomingMessage]>;
    slow.write('{');
    await owner.main.call({ _: 'bots.exportBotToken', bot: { _: 'inputUser', userId, accessHash: accessHash! }, revoke: true });
    await write(owner, revoked, 'not for whoever has the old token');
    slow.end(`"chat_id":${owner.id},"text":"too late"}`);
    expect(await waiting).toBe('401 Unauthorized');
    const [{ statusCode }] = await answered;
    expect(statusCode).toBe(401);
  });

  test('leaves the links of people whose names begin with "bot" alone', async () => {
    for (const path of ['/botnews', '/botnews/12']) expect((await fetch(`${base}${path}`)).headers.get('content-type')).toContain('text/html');
  });
});

describe('a request', () => {
  test('for a method that does not exist is answered with JSON', async () => {
    expect(await bot.refusal('noSuchMethod')).toBe('404 Not Found: method not found');
    expect(await bot.refusal('')).toBe('404 Not Found: method not found');
  });

  test('may come from a page of another origin', async () => {
    const asked = await fetch(bot.url('getMe'), { method: 'OPTIONS', headers: { Origin: 'https://example.org', 'Access-Control-Request-Method': 'POST' } });
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-origin')).toBe('*');
    expect((await fetch(bot.url('getMe'))).headers.get('access-control-allow-origin')).toBe('*');
  });

  test('that narrows who reads a message in a way the server does not know is refused', async () => {
    for (const name of ['business_connection_id', 'receiver_user_id', 'callback_query_id']) expect(await bot.refusal('sendMessage', { chat_id: made.id, text: 'x', [name]: 1 })).toBe(`400 Bad Request: the parameter "${name}" is not supported by this server`);
  });

  test('is bounded in length, depth and number of parameters', async () => {
    const headers = { 'Content-Type': 'application/json' };
    expect(await ask(`/bot${made.token}/getMe`, { method: 'POST', headers, body: `{"a":"${'x'.repeat(5 * 1024 * 1024)}"}` })).toMatchObject({ status: 413 });
    expect(await ask(`/bot${made.token}/getMe`, { method: 'POST', headers, body: `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}` })).toMatchObject({ status: 400 });
    expect(await ask(`/bot${made.token}/getMe`, { method: 'POST', headers, body: 'no json' })).toMatchObject({ status: 400 });
    expect(await ask(`/bot${made.token}/getMe`, { method: 'POST', body: new URLSearchParams(Array.from({ length: 10_000 }, (_, at): [string, string] => [`p${at}`, '1'])) })).toMatchObject({ status: 400 });
    const form = new FormData();
    for (let at = 0; at < 600; at++) form.append(`p${at}`, '1');
    expect(await ask(`/bot${made.token}/getMe`, { method: 'POST', body: form })).toMatchObject({ status: 400 });
  });

  test('to send one message after the other is refused in the end, with the seconds to wait', async () => {
    const person = await scenario.world.user('Person');
    await write(person, made, 'hello');
    const answers: BotAnswer[] = [];
    for (let at = 0; at < 40 && answers.at(-1)?.ok !== false; at++) answers.push(await bot.ask('sendMessage', { chat_id: person.id, text: String(at) }));
    const { error_code, parameters, description } = answers.at(-1)!;
    expect(error_code).toBe(429);
    expect(description).toBe(`Too Many Requests: retry after ${parameters?.retry_after}`);
    expect(answers.length).toBeGreaterThan(30);
  });

  test('to send into a channel counts for the channel, by whichever name', async () => {
    const owner = await scenario.world.user('Admin');
    const poster = await makeBot(scenario, 'Posting_bot', owner);
    await write(owner, poster, '/start');
    const channel = await createChannel(owner, 'broadcast');
    await promoteBotIn(owner, channel, poster, { postMessages: true });
    await owner.main.change({ _: 'channels.updateUsername', channel: owner.main.inputChannel(channel), username: 'counted_news' });
    const http = new CheckedBot(scenario.server, poster.token);
    const names = ['@counted_news', channel, '@Counted_News'];
    for (let at = 0; at < 20; at++) await http.call('sendMessage', { chat_id: names[at % 3], text: String(at) });
    for (const chat_id of names) expect(await http.refusal('sendMessage', { chat_id, text: 'too many' })).toMatch(/^429 /);
    // Another chat has its own count.
    await http.call('sendMessage', { chat_id: owner.id, text: 'hello' });
  });

  test('that its client does not finish is no fault of the server', async () => {
    const countOf = async (code: string): Promise<number> => Number(new RegExp(`^aerogram_bot_api_requests_total\\{method="getMe",code="${code}"\\} (\\d+)`, 'm').exec(await (await fetch(`${base}/metrics`)).text())?.[1] ?? 0);
    const before = await countOf('400');
    const left = request(bot.url('getMe'), { method: 'POST', headers: { 'Content-Type': 'application/json', Expect: '100-continue' } });
    left.on('error', () => undefined);
    const seen = once(left, 'continue');
    left.flushHeaders();
    await seen;
    left.destroy();
    await expect.poll(() => countOf('400')).toBe(before + 1);
    expect(await countOf('500')).toBe(0);
  });

  test('with a form brings files, which may be large or empty', async () => {
    expect(await bot.call('getMe', { document: new File([Buffer.alloc(1_300_000)], 'large.bin') })).toMatchObject({ id: made.id });
    expect(await bot.refusal('getMe', { document: new File([], 'empty.bin') })).toBe('400 Bad Request: file must be non-empty');
    expect(await bot.refusal('getMe', { document: new File([Buffer.alloc(51 * 1024 * 1024)], 'huge.bin') })).toBe('413 Request Entity Too Large');
    // A client that reads the answer only after it has sent everything gets it, and may go on with the same connection.
    const { status, headers } = await fetch(bot.url('getMe'), { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: `{"a":"${'x'.repeat(20 * 1024 * 1024)}"}` });
    expect([status, headers.get('connection')]).toEqual([413, 'keep-alive']);
  });
});

describe('every method', () => {
  /** Errors that the official server calls by their names, too. */
  const NAMED = new Set(['CONTACT_NAME_EMPTY', 'EMOTICON_INVALID', 'FIRSTNAME_INVALID', 'PARTICIPANT_ID_INVALID', 'PHONE_NUMBER_INVALID', 'STICKERSET_INVALID', 'URL_INVALID']);

  /** Values that make no sense in most parameters. */
  const SENSELESS: Record<string, unknown> = { nothing: undefined, word: 'x', negative: -1, object: {}, objects: [{}] };

  test.each(Object.keys(SENSELESS))('that is given senseless values says what is wrong: %s', async (kind) => {
    const value = SENSELESS[kind];
    const person = await scenario.world.user('Person');
    const wrong: string[] = [];
    for (const chat_id of [undefined, person.id]) {
      const senseless = await makeBot(scenario, `Senseless_${kind}${chat_id === undefined ? '' : '_met'}_bot`);
      if (chat_id !== undefined) await write(person, senseless, '/start');
      const http = new CheckedBot(scenario.server, senseless.token);
      for (const { method, params } of BOT_METHODS) {
        if (method === 'close' || method === 'logOut') continue;
        const answer = await http.ask(method, { ...Object.fromEntries(params.map((name) => [name, value])), ...(chat_id !== undefined && params.includes('chat_id') && { chat_id }) });
        if (answer.ok) continue;
        const { error_code, description = '' } = answer;
        const name = /: ([A-Z_]+)$/.exec(description)?.[1];
        const isRight = (error_code === 400 || error_code === 403) && (name === undefined ? /^(Bad Request|Forbidden): [a-z]/.test(description) : NAMED.has(name));
        if (!isRight) wrong.push(`${method}: ${error_code} ${description}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
