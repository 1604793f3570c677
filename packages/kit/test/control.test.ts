import { once } from 'node:events';
import { createServer, type IncomingMessage, request as sendRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { type Control, defineOperation, KitError, startControl } from '@aerogram/kit';
import { createFakeClock, silentLogger } from '@aerogram/runtime';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { streamCalls } from '../src/control/call-stream.ts';
import { createStandInKit, type StandInKit } from './stand-in-kit.ts';

const SECRET = 'the secret of this test';

/** What operations were run, in order. */
let ran: string[] = [];
/** Gets the signals of `test.wait`. */
const waits = new EventTarget();

class WaitEvent extends Event {
  readonly signal: AbortSignal;

  constructor(signal: AbortSignal) {
    super('wait');
    this.signal = signal;
  }
}

/** The signal of the next run of `test.wait`. */
function nextWait(): Promise<AbortSignal> {
  return new Promise((resolve) => {
    waits.addEventListener('wait', (event) => resolve((event as WaitEvent).signal), { once: true });
  });
}

const OPERATIONS = [
  defineOperation({
    name: 'test.echo',
    summary: 'Gives a text back.',
    params: z.strictObject({ text: z.string(), times: z.int().min(1).max(3).optional(), list: z.array(z.json()).optional() }),
    result: z.object({ set: z.string(), text: z.string() }),
    async run({ set }, { text }) {
      ran.push(`echo ${set.id}`);
      return { set: set.id, text, secret: 'not documented' };
    },
  }),
  defineOperation({
    name: 'test.refuse',
    summary: 'Is refused by the cloud.',
    params: z.strictObject({}),
    result: z.boolean(),
    run: () => Promise.reject(new KitError('refused', 'Ann may not write here.', { refusal: 'CHAT_WRITE_FORBIDDEN', talk: 'Ann: hi' })),
  }),
  defineOperation({
    name: 'test.fail',
    summary: 'Has a fault.',
    params: z.strictObject({}),
    result: z.boolean(),
    run: () => Promise.reject(new Error('the password is 1234')),
  }),
  defineOperation({
    name: 'test.wait',
    summary: 'Waits until nobody waits for it.',
    params: z.strictObject({}),
    result: z.boolean(),
    run: ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
        waits.dispatchEvent(new WaitEvent(signal));
      }),
  }),
];

interface Answer {
  status: number;
  connection: string | undefined;
  body: { result?: unknown; callsUpTo?: number; error?: { code: string; message: string; refusal?: string; talk?: string } };
}

let standIn: StandInKit;
let control: Control;

beforeAll(async () => {
  standIn = createStandInKit();
  control = await startControl({ kit: standIn.kit, operations: OPERATIONS, secret: SECRET, log: silentLogger });
});
afterAll(() => control.stop());
beforeEach(() => {
  ran = [];
});

const HEADERS: Record<string, string> = { authorization: `Bearer ${SECRET}`, 'content-type': 'application/json' };

interface Request {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

/** Sends a request with node:http, which sets any header, `Host` too. */
function send(path: string, { method = 'POST', headers = HEADERS, body = '{"text":"hi"}' }: Request = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = sendRequest(`${control.url}${path}`, { method, headers }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('end', () => {
        const text = Buffer.concat(pieces).toString();
        resolve({ status: response.statusCode!, connection: response.headers.connection, body: (text === '' ? {} : JSON.parse(text)) as Answer['body'] });
      });
    });
    request.on('error', reject);
    request.end(method === 'POST' ? body : undefined);
  });
}

describe('who may use the control API', () => {
  const PATHS = ['/v1/test.echo', '/v1/calls', '/v1', '/openapi.json', '/v1/no.such', '/'];
  const METHODS = ['POST', 'GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'];
  const REFUSED: [string, number, Record<string, string | undefined>][] = [
    ['a host that is not this machine', 403, { host: 'cloud.example.org' }],
    ['a host that begins like this machine', 403, { host: '127.0.0.1.example.org' }],
    ['another origin', 403, { origin: 'https://example.org' }],
    ['an origin of this machine', 403, { origin: 'http://127.0.0.1' }],
    ['an origin that is hidden', 403, { origin: 'null' }],
    ['no secret', 401, { authorization: undefined }],
    ['a wrong secret', 401, { authorization: `Bearer ${SECRET}x` }],
    ['an empty secret', 401, { authorization: 'Bearer ' }],
    ['the secret in another form', 401, { authorization: `Basic ${SECRET}` }],
  ];

  test.each(REFUSED)('a request with %s is refused, whatever it asks for', async (_, status, change) => {
    const headers = Object.fromEntries(Object.entries({ ...HEADERS, ...change }).filter((entry): entry is [string, string] => entry[1] !== undefined));
    for (const path of PATHS) {
      for (const method of METHODS) {
        const answer = await send(path, { method, headers });
        expect(answer.status, `${method} ${path}`).toBe(status);
        if (method !== 'HEAD') expect(answer.body).toEqual({ error: { code: 'unauthorized', message: expect.any(String) as string } });
      }
    }
    expect(ran).toEqual([]);
  });

  test.each(['127.0.0.1', 'localhost:1234', '[::1]:80'])('%s is a host of this machine', async (host) => {
    expect((await send('/v1/test.echo', { headers: { ...HEADERS, host } })).status).toBe(200);
  });

  test('a secret is made up if none is given', async () => {
    const others = await Promise.all([1, 2].map(() => startControl({ kit: standIn.kit, operations: [], log: silentLogger })));
    const [one, two] = others.map(({ secret }) => secret);
    expect(one).toMatch(/^[\w-]{43}$/);
    expect(one).not.toBe(two);
    await Promise.all(others.map((other) => other.stop()));
  });
});

describe('an operation', () => {
  test('answers with its result and the newest call of the set', async () => {
    expect((await send('/v1/test.echo')).body).toEqual({ result: { set: 'main', text: 'hi' }, callsUpTo: 0 });
    standIn.otherBots.add(7n);
    const call = standIn.record(7n);
    expect((await send('/v1/test.echo', { headers: { ...HEADERS, 'aerogram-set': 'other' } })).body).toEqual({ result: { set: 'other', text: 'hi' }, callsUpTo: call.n });
    expect((await send('/v1/test.echo')).body.callsUpTo).toBe(0);
  });

  test('runs in sets that exist', async () => {
    const answer = await send('/v1/test.echo', { headers: { ...HEADERS, 'aerogram-set': 'none' } });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'invalid', message: 'There is no set none.' } } });
    expect(ran).toEqual([]);
  });

  test('is refused with the reason of the cloud', async () => {
    const { status, body } = await send('/v1/test.refuse', { body: '{}' });
    expect(status).toBe(409);
    expect(body.error).toEqual({ code: 'refused', message: 'Ann may not write here.', refusal: 'CHAT_WRITE_FORBIDDEN', talk: 'Ann: hi' });
    expect(body.callsUpTo).toBe(0);
  });

  test('that has a fault tells nothing about it', async () => {
    const { status, body } = await send('/v1/test.fail', { body: '{}' });
    expect(status).toBe(500);
    expect(body.error).toEqual({ code: 'internal', message: 'The server has a fault; its log says which.' });
  });

  test.each(['/v1/no.such', '/v1/constructor', '/v2/test.echo', '/'])('%s is not there', async (path) => {
    expect(await send(path)).toMatchObject({ status: 404, body: { error: { code: 'invalid' } } });
  });

  test('is called by POST only', async () => {
    for (const method of ['GET', 'OPTIONS', 'PUT']) expect((await send('/v1/test.echo', { method })).status).toBe(405);
    expect(ran).toEqual([]);
  });
});

describe('a body', () => {
  const text = (body: string | Buffer): Promise<Answer> => send('/v1/test.echo', { body });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json-seq', ''])('of the type "%s" is refused', async (type) => {
    expect(await send('/v1/test.echo', { headers: { ...HEADERS, 'content-type': type } })).toMatchObject({ status: 415, body: { error: { code: 'invalid' } } });
    expect(ran).toEqual([]);
  });

  test('may name its character set', async () => {
    expect((await send('/v1/test.echo', { headers: { ...HEADERS, 'content-type': 'Application/JSON; charset=utf-8' } })).status).toBe(200);
  });

  test.each(['', '{', 'text', '{"text":"hi"}}', Buffer.from([0x22, 0xff, 0x22])])('that is no JSON is refused: %s', async (body) => {
    const { status, body: answer } = await text(body);
    expect([status, answer.error]).toEqual([400, { code: 'invalid', message: 'The body is not JSON in UTF-8.' }]);
  });

  test.each([
    ['null', 'expected object'],
    ['[]', 'expected object'],
    ['{}', 'text: '],
    ['{"text":1}', 'text: '],
    ['{"text":"hi","times":4}', 'times: '],
    ['{"text":"hi","other":1}', '"other"'],
    ['{"text":"hi","__proto__":{}}', '"__proto__"'],
  ])('%s is refused with a message that says where it is wrong', async (body, part) => {
    const { status, body: answer } = await text(body);
    expect([status, answer.error?.code]).toEqual([400, 'invalid']);
    expect(answer.error?.message).toContain('test.echo: ');
    expect(answer.error?.message).toContain(part);
    expect(ran).toEqual([]);
  });

  test('with unknown fields is answered in few words', async () => {
    const fields = Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`field${at}`, at]));
    expect((await text(JSON.stringify({ text: 'hi', ...fields }))).body.error?.message.length).toBeLessThan(400);
  });

  test('that is nested deeply is refused', async () => {
    const nested = (depth: number): string => `{"text":"hi","list":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    expect((await text(nested(60))).status).toBe(200);
    expect((await text(nested(1_000_000))).body.error?.message).toBe('The body is nested too deeply.');
  });

  test('that is too long is refused with an answer, whether it names its length or not', async () => {
    const body = Buffer.alloc(64 * 1024 * 1024 + 1, ' ');
    const named = await send('/v1/test.echo', { body });
    const pieces = await send('/v1/test.echo', { body, headers: { ...HEADERS, 'transfer-encoding': 'chunked' } });
    for (const { status, body: answer } of [named, pieces]) expect([status, answer.error?.code]).toEqual([413, 'invalid']);
    expect(ran).toEqual([]);
  });

  test('is not read without the secret', async () => {
    const { status, connection } = await send('/v1/test.echo', { headers: { ...HEADERS, authorization: 'Bearer x', 'content-length': '1000000' }, body: '{' });
    expect([status, connection]).toEqual([401, 'close']);
  });
});

describe('whoever waits', () => {
  test('and goes away ends the operation', async () => {
    const waiting = nextWait();
    const request = sendRequest(`${control.url}/v1/test.wait`, { method: 'POST', headers: HEADERS });
    request.on('error', () => {});
    request.end('{}');
    const signal = await waiting;
    expect(signal.aborted).toBe(false);
    request.destroy();
    await once(signal, 'abort');
  });

  test('is told that the server stops, and the port is closed', async () => {
    const other = await startControl({ kit: standIn.kit, operations: OPERATIONS, secret: SECRET, log: silentLogger });
    const waiting = nextWait();
    const answer = fetch(`${other.url}/v1/test.wait`, { method: 'POST', headers: HEADERS, body: '{}' });
    const signal = await waiting;
    const stopped = other.stop();
    expect(signal.aborted).toBe(true);
    const response = await answer;
    expect([response.status, await response.json()]).toMatchObject([503, { error: { code: 'stopping' } }]);
    await stopped;
    await expect(fetch(`${other.url}/v1`, { headers: HEADERS })).rejects.toThrow();
  });
});

test('more requests at the same time than there may be are refused, until others end', async () => {
  const other = await startControl({ kit: standIn.kit, operations: OPERATIONS, secret: SECRET, log: silentLogger, requestsMax: 1 });
  const post = (name: string, body: string, signal: AbortSignal | null = null): Promise<Response> => fetch(`${other.url}/v1/${name}`, { method: 'POST', headers: HEADERS, body, signal });
  const waiting = nextWait();
  const caller = new AbortController();
  const gone = post('test.wait', '{}', caller.signal).catch((error: Error) => error.name);
  const signal = await waiting;
  const refused = await post('test.echo', '{"text":"hi"}');
  expect([refused.status, await refused.json()]).toMatchObject([503, { error: { code: 'busy' } }]);
  caller.abort();
  expect(await gone).toBe('AbortError');
  if (!signal.aborted) await once(signal, 'abort');
  await expect.poll(async () => (await post('test.echo', '{"text":"hi"}')).status).toBe(200);
  await other.stop();
});

describe('pages', () => {
  test('list the operations', async () => {
    const { body } = await send('/v1', { method: 'GET' });
    expect(body).toMatchObject({ operations: [{ name: 'test.echo', summary: 'Gives a text back.' }, {}, {}, {}] });
  });

  test('describe them as OpenAPI', async () => {
    const { body } = await send('/openapi.json', { method: 'GET' });
    expect(body).toMatchObject({ openapi: '3.1.0', paths: { '/v1/test.echo': { post: { operationId: 'test.echo' } } } });
  });
});

describe('the stream of calls', () => {
  /** Opens a stream. @returns reads its next line, and closes it */
  async function open(query: string, headers = HEADERS): Promise<{ next(): Promise<unknown>; close(): Promise<void> }> {
    const request = sendRequest(`${control.url}/v1/calls${query}`, { headers });
    request.end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    response.on('error', () => {});
    const lines = createInterface({ input: response })[Symbol.asyncIterator]();
    const before = standIn.listeners();
    return {
      next: async () => JSON.parse((await lines.next()).value as string) as unknown,
      async close() {
        request.destroy();
        await expect.poll(() => standIn.listeners()).toBe(before - 1);
      },
    };
  }

  beforeAll(() => standIn.mainBots.add(5n));

  test('begins after a call, and goes on with those of bots of the set', async () => {
    const [one, two] = [standIn.record(5n), standIn.record(5n)];
    const stream = await open(`?after=${one.n}`);
    expect(await stream.next()).toEqual(two);
    standIn.record(99n);
    const three = standIn.record(5n, { text: 'line\nline' });
    expect(await stream.next()).toEqual(three);
    standIn.mainBots.add(6n);
    const four = standIn.record(6n);
    expect(await stream.next()).toEqual(four);
    await stream.close();
  });

  test('is there before anything was called', async () => {
    const stream = await open('?after=999', { ...HEADERS, 'aerogram-set': 'other' });
    await stream.close();
  });

  test('gives a slow reader all that was called, and keeps nothing for it', async () => {
    const stream = await open(`?after=${standIn.record(5n).n}`);
    const sent = Array.from({ length: 300 }, (_, at) => standIn.record(5n, { text: String(at).padEnd(100_000, 'x') }));
    for (const call of sent) expect(await stream.next()).toEqual(call);
    await stream.close();
  });

  test('is cut off when its reader is very far behind', async () => {
    const request = sendRequest(`${control.url}/v1/calls?after=${standIn.record(5n).n}`, { headers: HEADERS });
    request.end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const closed = new Promise((resolve) => {
      response.on('error', () => {}).on('close', resolve);
    });
    const listeners = standIn.listeners();
    // More than the buffers of both sides take.
    for (let at = 0; at < 100; at++) standIn.record(5n, { text: 'x'.repeat(200_000) });
    for (let at = 0; at < 5_000; at++) standIn.record(5n);
    await expect.poll(() => standIn.listeners()).toBe(listeners - 1);
    response.resume();
    await closed;
    expect(response.complete).toBe(false);
  });

  test('has an empty line from time to time, and ends after its set', async () => {
    const clock = createFakeClock();
    let isOver = false;
    let ended: Promise<void> | undefined;
    const server = createServer((_, response) => {
      ended = streamCalls(response, { botCalls: standIn.kit.botCalls, set: standIn.kit.sets.get('other'), after: 999_999, signal: new AbortController().signal, isOver: () => isOver, clock });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { body } = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await clock.advance(30_000);
    const reader = body!.getReader();
    expect(Buffer.from((await reader.read()).value as Uint8Array).toString()).toBe('\n');
    isOver = true;
    await clock.advance(30_000);
    await ended;
    expect((await reader.read()).done).toBe(true);
    expect(clock.pendingTimers()).toBe(0);
    server.close();
    server.closeAllConnections();
  });

  test.each(['?after=-1', '?after=x', '?after=', '?after=1e3', '?after=99999999999999999'])('begins nowhere: %s', async (query) => {
    expect((await send(`/v1/calls${query}`, { method: 'GET' })).status).toBe(400);
  });
});
