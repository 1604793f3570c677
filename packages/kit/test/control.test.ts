import { request as sendRequest } from 'node:http';
import { type Control, defineOperation, KitError, startControl } from '@aerogram/kit';
import { silentLogger } from '@aerogram/runtime';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createStandInKit, type StandInKit } from './stand-in-kit.ts';

const SECRET = 'the secret of this test';

/** What operations were run, in order. */
let ran: string[] = [];
/** Called by the operation `test.wait` with its signal. */
let waiting: (signal: AbortSignal) => void = () => {};

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
        waiting(signal);
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

const HEADERS = { authorization: `Bearer ${SECRET}`, 'content-type': 'application/json' };

/** Sends a request with node:http, which sets any header, `Host` too. */
function send(path: string, { method = 'POST', headers = HEADERS as Record<string, string>, body = '{"text":"hi"}' as string | Buffer } = {}): Promise<Answer> {
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
