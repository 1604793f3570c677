import { type Actor, BotHttp } from '@aerogram/dev-env';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MadeBot, makeBot, write } from './bot-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
let person: Actor;
let made: MadeBot;
let bot: BotHttp;
let path: string;
const logged: string[] = [];
beforeAll(async () => {
  scenario = await startScenario({
    onLogLine: (line) => void logged.push(line),
    env: { AEROGRAM_BOT_MESSAGES_PER_SECOND: '0', AEROGRAM_BOT_MESSAGES_PER_PERSON: '0', AEROGRAM_BOT_MESSAGES_PER_GROUP: '0' },
  });
  person = await scenario.world.user('Person');
  made = await makeBot(scenario, 'Hostile_target_bot');
  bot = new BotHttp(scenario.server, made.token);
  path = `/bot${made.token}`;
  await write(person, made, '/start');
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const MIB = 2 ** 20;

/** An answer as it came over the wire. */
interface WireAnswer {
  status: number;
  head: string;
  body: string;
}

/** A connection that says what it likes. */
class Wire implements Disposable {
  readonly socket: Socket;
  /** Settles when the server or a reset has ended the connection. */
  readonly ended: Promise<void>;
  #came = '';
  #noticed: () => void = () => {};

  private constructor(socket: Socket) {
    this.socket = socket;
    this.ended = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.setEncoding('utf8');
    // A reset is one of the ways in which a server refuses to go on.
    socket.on('error', () => {});
    socket.on('data', (text: string) => {
      this.#came += text;
      this.#noticed();
    });
  }

  static async open(): Promise<Wire> {
    const { host, port } = scenario.server.info.http;
    const socket = connect({ host, port });
    await once(socket, 'connect');
    return new Wire(socket);
  }

  /** Waits for the next answer with its body; undefined if the connection is closed without one. */
  async answer(): Promise<WireAnswer | undefined> {
    for (;;) {
      const [head, rest] = this.#came.split(/\r\n\r\n(.*)/s, 2);
      const length = Number(/^content-length: (\d+)/im.exec(head ?? '')?.[1] ?? 0);
      if (head !== undefined && rest !== undefined && Buffer.byteLength(rest) >= length) {
        const body = Buffer.from(rest).subarray(0, length).toString();
        this.#came = Buffer.from(rest).subarray(length).toString();
        return { status: Number(head.split(' ', 2)[1]), head, body };
      }
      if (this.socket.closed) return undefined;
      await Promise.race([this.ended, new Promise<void>((resolve) => (this.#noticed = resolve))]);
    }
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}

/** Writes the head of a request. @param first such as `POST /bot1:x/getMe` */
const headOf = (first: string, headers: Record<string, string | number> = {}): string =>
  [`${first} HTTP/1.1`, 'Host: localhost', ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n');

/** Sends one request on a connection of its own. @returns its answer; undefined if the server closed the connection */
async function exchange(first: string, headers: Record<string, string | number> = {}, body: string | Buffer = ''): Promise<WireAnswer | undefined> {
  using wire = await Wire.open();
  const length = Buffer.byteLength(body);
  wire.socket.write(headOf(first, { ...(length > 0 ? { 'Content-Length': length } : {}), ...headers }));
  wire.socket.write(body);
  return await wire.answer();
}

/** Expects an error of the Bot API: JSON with the same code as the status, which is the client's fault. */
function expectRefused(answer: WireAnswer | undefined, description?: string | RegExp): void {
  if (answer === undefined) throw new Error('the connection was closed without an answer');
  const error = JSON.parse(answer.body) as { ok: boolean; error_code: number; description: string };
  expect(error).toMatchObject({ ok: false, error_code: answer.status });
  expect(answer.status, answer.body).toBeGreaterThanOrEqual(400);
  expect(answer.status, answer.body).toBeLessThan(500);
  if (description !== undefined) expect(error.description).toMatch(description);
}

const expectServing = async (): Promise<void> => expect(await bot.call('getMe')).toMatchObject({ id: made.id });

/** A form in which each part is written as it stands. */
const formOf = (...parts: string[]): string => `${parts.map((part) => `--B\r\n${part}\r\n`).join('')}--B--\r\n`;
const field = (name: string, value: string): string => `Content-Disposition: form-data; name="${name}"\r\n\r\n${value}`;
const fileField = (name: string, value: string): string => `Content-Disposition: form-data; name="${name}"; filename="x.bin"\r\nContent-Type: application/octet-stream\r\n\r\n${value}`;
const FORM = { 'Content-Type': 'multipart/form-data; boundary=B' };
const JSON_TYPE = { 'Content-Type': 'application/json' };

describe('a body', () => {
  test('that says it is a gigabyte is refused while it comes', async () => {
    using wire = await Wire.open();
    wire.socket.write(headOf(`POST ${path}/sendDocument`, { ...FORM, 'Content-Length': 1024 * MIB }));
    wire.socket.write(`--B\r\n${fileField('document', '')}`);
    const piece = Buffer.alloc(MIB, 'x');
    let sent = 0;
    const answered = wire.answer();
    const send = async (): Promise<void> => {
      for (; sent < 80 && !wire.socket.destroyed; sent++) if (!wire.socket.write(piece)) await Promise.race([once(wire.socket, 'drain'), wire.ended]);
    };
    await Promise.race([answered, send().catch(() => {})]);
    expectRefused(await answered, /^(Request Entity Too Large|Bad Request: )/);
    await wire.ended;
    // The longest file and what was on its way.
    expect(sent).toBeLessThan(80);
    await expectServing();
  });

  test('that says it is a gigabyte of text is refused before it comes', async () => {
    for (const headers of [JSON_TYPE, {}]) {
      using wire = await Wire.open();
      wire.socket.write(headOf(`POST ${path}/getMe`, { ...headers, 'Content-Length': 1024 * MIB }));
      expectRefused(await wire.answer(), 'Request Entity Too Large');
      await wire.ended;
    }
  });

  test('that comes byte by byte holds up nobody, and ends with its connection', async () => {
    const slow = await Promise.all(Array.from({ length: 40 }, async (_, n) => {
      const wire = await Wire.open();
      wire.socket.write(headOf(`POST ${path}/getMe`, { ...(n % 2 === 0 ? FORM : JSON_TYPE), 'Content-Length': 3 * MIB }));
      wire.socket.write(n % 2 === 0 ? '--B\r\n' : '{');
      return wire;
    }));
    const other = await makeBot(scenario, 'Patient_bot');
    expect(await new BotHttp(scenario.server, other.token).call('getMe')).toMatchObject({ id: other.id });
    for (const wire of slow) wire.socket.write(' ');
    for (const wire of slow) wire.socket.destroy();
    await expectServing();
  });

  test('with broken parts is refused', async () => {
    const bodies = {
      'no end': `--B\r\n${field('a', '1')}`,
      'no end of a file': `--B\r\n${fileField('document', 'x'.repeat(2000))}`,
      'no headers': '--B\r\n\r\nvalue\r\n--B',
      'only a beginning': '--B',
      'another boundary': '--C\r\n\r\n--C--\r\n',
      'not a form': 'a=1&b=2',
      'nested': `--B\r\n${field('a', `--B\r\n${field('b', '1')}`)}`,
    };
    for (const [name, body] of Object.entries(bodies)) {
      const answer = await exchange(`POST ${path}/getMe`, FORM, body);
      expect(answer, name).toBeDefined();
      expectRefused(answer, "can't parse multipart form data");
    }
    for (const type of ['multipart/form-data', 'multipart/form-data; boundary=', `multipart/form-data; boundary=${'B'.repeat(4000)}`]) {
      expectRefused(await exchange(`POST ${path}/getMe`, { 'Content-Type': type }, formOf(field('a', '1'))));
    }
  });

  test('with thousands of fields, files, headers or levels is refused', async () => {
    expectRefused(await exchange(`POST ${path}/getMe`, FORM, formOf(...Array.from({ length: 10_000 }, (_, n) => field(`f${n}`, '1')))), 'too many parameters');
    expectRefused(await exchange(`POST ${path}/getMe`, FORM, formOf(...Array.from({ length: 40 }, (_, n) => fileField(`f${n}`, 'x')))), 'too many files');
    expectRefused(await exchange(`POST ${path}/getMe`, JSON_TYPE, JSON.stringify(Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`f${n}`, n])))), 'too many parameters');
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    for (const name of ['reply_markup', 'entities', 'reply_parameters', 'link_preview_options']) {
      const params = { chat_id: String(person.id), text: 'deep', [name]: deep };
      expectRefused(await exchange(`POST ${path}/sendMessage`, FORM, formOf(...Object.entries(params).map(([key, value]) => field(key, value)))), /^Bad Request: /);
      expectRefused(await exchange(`POST ${path}/sendMessage`, JSON_TYPE, JSON.stringify(params)), /^Bad Request: /);
      expectRefused(await exchange(`POST ${path}/sendMessage`, JSON_TYPE, `{"chat_id":${person.id},"text":"deep","${name}":${deep}}`), /^Bad Request: /);
    }
    const manyHeaders = formOf(`${Array.from({ length: 5000 }, (_, n) => `X-${n}: 1\r\n`).join('')}${field('a', '1')}`);
    const answer = await exchange(`POST ${path}/getMe`, FORM, manyHeaders);
    expect(answer?.status).toBeLessThan(500);
    await expectServing();
  });

  test('that is not what its headers say leads to no server error', async () => {
    const cases: [headers: Record<string, string | number>, body: string][] = [
      [{}, '{"a":1}'],
      [{ 'Content-Type': 'application/json' }, 'null'],
      [{ 'Content-Type': 'application/json' }, '[[]]'],
      [{ 'Content-Type': 'application/json' }, '\ufeff{}'],
      [{ 'Content-Type': 'application/json' }, '{"__proto__":{"polluted":true},"constructor":1}'],
      [{ 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }, 'no gzip'],
      [{ 'Content-Type': 'application/x-www-form-urlencoded' }, '%=%&%ff=%00&&&='],
      [{ 'Content-Type': 'text/plain' }, 'text'],
      [{ 'Content-Type': '\u00ff;;;' }, 'text'],
      [{ 'Content-Length': -5 }, ''],
      [{ 'Content-Length': '5, 6' }, '{"a":1}'],
      [{ 'Content-Length': 'many' }, ''],
      [{ 'Content-Length': '99999999999999999999999999' }, ''],
      [{ 'Transfer-Encoding': 'chunked', 'Content-Length': 3 }, 'abc'],
      [{ 'Transfer-Encoding': 'chunked', ...JSON_TYPE }, 'zzz\r\n'],
      [{ 'Transfer-Encoding': 'chunked', ...JSON_TYPE }, 'ffffffffffffffffffff\r\n'],
      [{ 'Expect': 'wonders', ...JSON_TYPE }, '{}'],
    ];
    for (const [headers, body] of cases) {
      using wire = await Wire.open();
      const length = Buffer.byteLength(body);
      const isSaid = 'Content-Length' in headers || 'Transfer-Encoding' in headers;
      wire.socket.write(headOf(`POST ${path}/getMe`, { ...(isSaid ? {} : { 'Content-Length': length }), ...headers }));
      wire.socket.write(body);
      wire.socket.end();
      const answer = await wire.answer();
      if (answer !== undefined) expect(answer.status, JSON.stringify(headers)).toBeLessThan(500);
    }
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    await expectServing();
  });
});

describe('a parameter', () => {
  test('that is no text, no number or no id is refused, or read as nothing', async () => {
    const to = (chat_id: unknown): Record<string, unknown> => ({ chat_id, text: 'hello' });
    const nul = '\u0000';
    const requests: Record<string, unknown>[] = [
      to('@na\u0000me_bot'), to('\u0000'), to('\ud800'), to('@\udfff\ud800'), to('1e400'), to('9'.repeat(400)), to(Number.MAX_VALUE), to(-0), to('-100'), to('-1009223372036854775808'),
      to('-9223372036854775808'), to(2 ** 53), to([]), to({}), to([person.id]), to(true), to('NaN'), to(`@${'x'.repeat(100_000)}`), to('@'), to('../..'),
      { chat_id: person.id, text: '\ud800' }, { chat_id: person.id, text: nul }, { chat_id: person.id, text: [] }, { chat_id: person.id, text: 'x'.repeat(3 * MIB) },
      { chat_id: person.id, text: `a${nul}b`, parse_mode: nul }, { chat_id: person.id, text: '<'.repeat(100_000), parse_mode: 'HTML' }, { chat_id: person.id, text: '['.repeat(100_000), parse_mode: 'MarkdownV2' },
      { chat_id: person.id, text: 'x', reply_parameters: { message_id: 2 ** 60 } }, { chat_id: person.id, text: 'x', reply_parameters: { message_id: -1, quote: nul } }, { chat_id: person.id, text: 'x', reply_parameters: nul },
      { chat_id: person.id, text: 'x', reply_markup: { inline_keyboard: [[{ text: nul, callback_data: '\ud800' }]] } }, { chat_id: person.id, text: 'x', reply_markup: { inline_keyboard: Array.from({ length: 10_000 }, () => [{ text: 'x', callback_data: 'x' }]) } },
      { chat_id: person.id, text: 'x', reply_markup: { inline_keyboard: { length: 1e9 } } }, { chat_id: person.id, text: 'x', reply_markup: { inline_keyboard: [null, [null], 5] } }, { chat_id: person.id, text: 'x', reply_markup: 5 },
      { chat_id: person.id, text: 'x', entities: [{ type: 'bold', offset: -5, length: 1e9 }] }, { chat_id: person.id, text: 'x', entities: [null, 5, { type: {} }] }, { chat_id: person.id, text: 'x', entities: [{ type: 'text_mention', offset: 0, length: 1, user: { id: 2 ** 60 } }] },
      { chat_id: person.id, text: 'x', link_preview_options: [] }, { chat_id: person.id, text: 'x', link_preview_options: { url: `http://${nul}` } }, { chat_id: person.id, text: 'x', message_thread_id: 1e300 }, { chat_id: person.id, text: 'x', message_effect_id: nul },
    ];
    for (const params of requests) {
      const { ok, error_code: code = 200, description } = await bot.ask('sendMessage', params);
      const what = `${JSON.stringify(params).slice(0, 200)}: ${description}`;
      expect(ok || (code >= 400 && code < 500), what).toBe(true);
    }
    for (const [method, params] of [
      ['getUpdates', { offset: '9'.repeat(30), limit: -(2 ** 60), timeout: -1, allowed_updates: nul }], ['getUpdates', { offset: -(2 ** 31) - 1, limit: 'x', allowed_updates: '[{"a":[]},5]' }],
      ['setWebhook', { url: nul }], ['setWebhook', { url: `https://${'x'.repeat(100_000)}/` }], ['setWebhook', { url: 'https://example.org:99999/' }], ['setWebhook', { url: 'https://example.org/', max_connections: -1e300, secret_token: nul }],
      ['forwardMessage', { chat_id: person.id, from_chat_id: nul, message_id: 2 ** 60 }], ['copyMessages', { chat_id: person.id, from_chat_id: person.id, message_ids: [1e300, nul, null, {}] }],
      ['deleteMessages', { chat_id: person.id, message_ids: '['.repeat(50_000) }], ['sendPhoto', { chat_id: person.id, photo: `attach://${nul}` }], ['sendPhoto', { chat_id: person.id, photo: nul }], ['sendDocument', { chat_id: person.id, document: 'x'.repeat(100_000) }],
      ['getFile', { file_id: nul }], ['getFile', { file_id: '\ud800' }], ['answerCallbackQuery', { callback_query_id: nul, text: nul }], ['answerInlineQuery', { inline_query_id: '9'.repeat(40), results: '{}' }],
      ['getChat', { chat_id: `@a${nul}b` }], ['getChatMember', { chat_id: '-1001', user_id: '9'.repeat(40) }], ['sendMediaGroup', { chat_id: person.id, media: [null, {}, { type: 'photo', media: nul }] }], ['setMyCommands', { commands: [{ command: nul, description: nul }] }],
      ['editMessageText', { inline_message_id: nul, text: 'x' }], ['sendLocation', { chat_id: person.id, latitude: 1e308, longitude: '-1e308' }], ['sendContact', { chat_id: person.id, phone_number: nul, first_name: nul }], ['sendDice', { chat_id: person.id, emoji: nul }],
    ] as [string, Record<string, unknown>][]) {
      const { ok, error_code: code = 200, description } = await bot.ask(method, params);
      expect(ok || (code >= 400 && code < 500), `${method} ${JSON.stringify(params).slice(0, 200)}: ${description}`).toBe(true);
    }
    await expectServing();
  });
});

describe('a connection', () => {
  test('is closed after a body that was not read, so that the rest of it is no request', async () => {
    using wire = await Wire.open();
    wire.socket.write(headOf(`POST /bot${made.id}:guessed/getMe`, { ...JSON_TYPE, 'Content-Length': 2 * MIB }));
    wire.socket.write(`{}${headOf(`GET ${path}/getMe`)}`);
    expectRefused(await wire.answer(), 'Unauthorized');
    expect(await wire.answer()).toBeUndefined();
  });

  test('answers requests that follow a refused one with a whole body', async () => {
    using wire = await Wire.open();
    const refused = headOf(`POST ${path}/getMe`, { ...JSON_TYPE, 'Content-Length': 2 });
    wire.socket.write(`${refused}[]${headOf(`GET ${path}/getMe`)}${refused}[]${headOf(`GET ${path}/getMe`)}`);
    for (let pair = 0; pair < 2; pair++) {
      expectRefused(await wire.answer(), 'JSON object');
      expect(JSON.parse((await wire.answer())!.body)).toMatchObject({ ok: true });
    }
  });

  test('that its client closes while the answer is made or the body comes is no error', async () => {
    for (const bytes of [headOf(`GET ${path}/getMe`), `${headOf(`POST ${path}/getMe`, { ...JSON_TYPE, 'Content-Length': 100 })}{`, `${headOf(`POST ${path}/getMe`, { ...FORM, 'Content-Length': 1000 })}--B\r\n${fileField('document', 'x')}`]) {
      using wire = await Wire.open();
      // The server reads both requests at once, so it has begun with the second one when it answers the first.
      wire.socket.write(`${headOf(`GET ${path}/getMe`)}${bytes}`);
      expect(await wire.answer()).toMatchObject({ status: 200 });
      wire.socket.resetAndDestroy();
      await wire.ended;
    }
    await expectServing();
  });
});

describe('a path', () => {
  test('of another form opens nothing', async () => {
    const [id, secret] = made.token.split(':') as [string, string];
    for (const rest of ['../x', '%2e%2e/getMe', '../../file/x', '/getMe', 'getMe/', 'getMe/..', 'get%4De%00', 'test/test/getMe', '%', 'constructor', '__proto__', 'x'.repeat(10_000)]) {
      expectRefused(await exchange(`GET ${path}/${rest}`), 'Not Found');
    }
    for (const token of [`${id}:${secret}x`, `${id}:${secret.slice(1)}`, `${id}:`, `${id}:%00`, `${id}:${secret}%00`, `${id}:%ff`, `${id}:%`, `%00${id}:${secret}`, ` ${id}:x`.replace(' ', '%20'), `${id}:${secret}%2f..`, '1:'.repeat(2000), `${'9'.repeat(30)}:x`, `-${id}:x`, `${id}:../${secret}`]) {
      expectRefused(await exchange(`GET /bot${token}/getMe`));
    }
    for (const file of ['../../etc/passwd', '%2e%2e%2f%2e%2e%2fetc%2fpasswd', '%00', 'photos/../x', '', 'x'.repeat(5000)]) expectRefused(await exchange(`GET /file${path}/${file}`));
    // None of these is a path of the Bot API.
    for (const other of [`/${path}/getMe`, `/x/..${path}/getMe`, `/.${path}/getMe`, `http://localhost${path}/getMe`, `/BOT${'x'.repeat(9000)}`]) {
      const answer = await exchange(`GET ${other}`);
      expect(answer?.status ?? 404, other.slice(0, 40)).toBeLessThan(500);
    }
    // Longer than the heads of requests may be.
    expect((await exchange(`GET ${path}/${'x'.repeat(70_000)}`))?.status ?? 431).toBe(431);
  });

  test('with another verb is refused', async () => {
    for (const verb of ['PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND']) expectRefused(await exchange(`${verb} ${path}/getMe`), 'Method Not Allowed');
    using wire = await Wire.open();
    wire.socket.write(`${headOf(`HEAD ${path}/getMe`)}`);
    const [head] = (await once(wire.socket, 'data')) as [string];
    expect(head).toContain(' 405 ');
    for (const verb of ['CONNECT', 'BOGUS']) expect((await exchange(`${verb} ${path}/getMe`))?.status ?? 400).toBeLessThan(500);
  });
});

describe('a token', () => {
  test('cannot be guessed fast from one network, where a bot that was there before goes on', async () => {
    const from = { 'X-Forwarded-For': '198.51.100.7' };
    const statusOf = async (of: string): Promise<number> => (await exchange(`GET /bot${of}/getMe`, from))!.status;
    expect(await statusOf(made.token)).toBe(200);
    const statuses: number[] = [];
    for (let n = 0; n < 24; n++) statuses.push(await statusOf(`${1_000_000 + n}:${'A'.repeat(35)}`));
    expect(statuses).toEqual([...Array<number>(19).fill(401), ...Array<number>(5).fill(429)]);
    const refused = await exchange(`GET /bot5:${'A'.repeat(35)}/getMe`, from);
    expect(refused!.head).toMatch(/^retry-after: \d+/im);
    expect(JSON.parse(refused!.body)).toMatchObject({ parameters: { retry_after: expect.any(Number) as number } });
    expect(await statusOf(made.token)).toBe(200);
    // Another right one is not told from wrong ones now.
    const { token } = await makeBot(scenario, 'Unknown_there_bot');
    expect(await statusOf(token)).toBe(429);
    expect((await exchange(`GET /bot${token}/getMe`, { 'X-Forwarded-For': '203.0.113.9' }))!.status).toBe(200);
  });

  test('is in no line of the log, whatever was sent', async () => {
    await expectServing();
    const [, secret] = made.token.split(':') as [string, string];
    expect(logged.length).toBeGreaterThan(0);
    for (const line of logged) for (const part of [secret, secret.slice(0, 12), secret.slice(-12)]) if (line.includes(part)) throw new Error('a line of the log has the token');
    expect(logged.filter((line) => (JSON.parse(line) as { level: number }).level >= 50)).toEqual([]);
  });
});
