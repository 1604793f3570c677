import { generateKeyPairSync, verify } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { openMessage } from '@aerogram/crypto';
import { type PushOutcome, TokenType } from '@aerogram/domain';
import { createFakeClock, createMetrics, seededRandom, silentLogger } from '@aerogram/runtime';
import { expect, onTestFinished, test } from 'vitest';

import { createApns, createFcm, createPushRelay, createRelayClient, PushHosts, readFcmKey } from '../src/index.ts';
import { createPhoneProvider, type PhoneService } from '../src/phone-service.ts';
import { SELF_SIGNED } from './self-signed.ts';

const clock = createFakeClock();
const random = seededRandom('phones');
/** The key of a service account of Firebase. */
const ACCOUNT = generateKeyPairSync('rsa', { modulusLength: 2048 });
const SECRET = Buffer.from(random.bytes(256));
const PAYLOAD = { loc_key: 'MESSAGE_TEXT', loc_args: ['Ann', 'hello'], user_id: '7', custom: { from_id: '9', msg_id: '4' }, title: 'Ann', description: 'hello', mute: '0', random_id: '5', badge: '3', sound: 'default' };
const ENVELOPE = { json: JSON.stringify(PAYLOAD), shortJson: JSON.stringify({ ...PAYLOAD, loc_key: 'MESSAGE_NOTEXT', description: 'New message' }), collapse: 'abc', isUrgent: true, isQuiet: false, ttlS: 60 };

async function listen(server: Server | Http2SecureServer): Promise<number> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

function openHosts(): PushHosts {
  const hosts = new PushHosts({ places: { isLocalOnly: true, networks: [] }, clock });
  onTestFinished(() => hosts[Symbol.dispose]());
  return hosts;
}

/** Seals and sends as the server does. */
const send = (service: PhoneService, tokenType: number, { secret = Uint8Array.from(SECRET), token = 'a0'.repeat(32), isPlain = false, sandbox = false } = {}): Promise<PushOutcome> =>
  createPhoneProvider({ service, isPlain, random }).send({ tokenType, token, secret, sandbox }, ENVELOPE);

/** Decrypts what was sealed for an app, with its secret. */
function open(p: string): Record<string, unknown> {
  const plain = Buffer.from(openMessage(SECRET, Buffer.from(p, 'base64url'), 'to-client')!.plaintext);
  return JSON.parse(plain.subarray(4, 4 + plain.readInt32LE(0)).toString()) as Record<string, unknown>;
}

interface Asked {
  path: string;
  authorization: string;
  body: string;
}

/** A stand-in for a service that answers over HTTP. */
async function standIn(answer: (asked: Asked) => { status: number; body: object }): Promise<string> {
  const listener: RequestListener = (request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { status, body: answered } = answer({ path: request.url!, authorization: request.headers.authorization ?? '', body });
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answered));
    });
  };
  return `http://127.0.0.1:${await listen(createServer(listener))}`;
}

/** A project of Firebase, with a stand-in for Google that answers notices as it is told. */
async function openFirebase(): Promise<{ fcm: PhoneService; asked: Asked[]; answers: { status: number; body: object }[]; tokens: () => number }> {
  const asked: Asked[] = [];
  const answers: { status: number; body: object }[] = [];
  let tokens = 0;
  const origin = await standIn((one) => {
    if (one.path === '/token') {
      const [header, claims, signature] = new URLSearchParams(one.body).get('assertion')!.split('.') as [string, string, string];
      expect(verify('sha256', Buffer.from(`${header}.${claims}`), ACCOUNT.publicKey, Buffer.from(signature, 'base64url'))).toBe(true);
      expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({ iss: 'push@example.org', scope: 'https://www.googleapis.com/auth/firebase.messaging' });
      return { status: 200, body: { access_token: `access-${++tokens}`, expires_in: 3600 } };
    }
    asked.push(one);
    return answers.shift() ?? { status: 200, body: { name: 'projects/p1/messages/1' } };
  });
  const key = readFcmKey(JSON.stringify({ project_id: 'p1', client_email: 'push@example.org', private_key: ACCOUNT.privateKey.export({ type: 'pkcs8', format: 'pem' }), token_uri: `${origin}/token` }));
  return { fcm: createFcm({ hosts: openHosts(), key, clock, origin }), asked, answers, tokens: () => tokens };
}

const failure = (status: number, errorCode: string): { status: number; body: object } => ({ status, body: { error: { code: status, details: [{ '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode }] } } });

test('an Android app gets what is sealed for it over Firebase, by a token that is fetched once an hour', async () => {
  const { fcm, asked, tokens } = await openFirebase();
  expect(await send(fcm, TokenType.fcm, { token: 'phone' })).toEqual({ kind: 'sent' });
  await send(fcm, TokenType.fcm, { token: 'phone' });
  expect(tokens()).toBe(1);
  const { path, authorization, body } = asked[0]!;
  expect([path, authorization]).toEqual(['/v1/projects/p1/messages:send', 'Bearer access-1']);
  const { message } = JSON.parse(body) as { message: { token: string; data: { p: string }; android: object } };
  expect(message).toMatchObject({ token: 'phone', android: { priority: 'HIGH', ttl: '60s' } });
  expect(open(message.data.p)).toEqual(PAYLOAD);
  expect(body).not.toContain('hello');
  await clock.advance(3_500_000);
  await send(fcm, TokenType.fcm, { token: 'phone' });
  expect(asked.at(-1)!.authorization).toBe('Bearer access-2');
});

test('an Android app that has given no secret is only woken', async () => {
  const { fcm, asked } = await openFirebase();
  await send(fcm, TokenType.fcm, { secret: new Uint8Array() });
  expect(JSON.parse(asked[0]!.body)).toMatchObject({ message: { data: { loc_key: 'MESSAGE_MUTED', user_id: '7', custom: '{}' } } });
  expect(asked[0]!.body).not.toContain('hello');
});

test.each([
  [failure(404, 'UNREGISTERED'), { kind: 'gone' }],
  [failure(403, 'SENDER_ID_MISMATCH'), { kind: 'gone' }],
  [failure(400, 'INVALID_ARGUMENT'), { kind: 'refused', reason: 'INVALID_ARGUMENT' }],
  [failure(429, 'QUOTA_EXCEEDED'), { kind: 'later', afterS: 2 }],
  [failure(503, 'UNAVAILABLE'), { kind: 'later', afterS: 2 }],
  [{ status: 401, body: {} }, { kind: 'later', afterS: 2 }],
])('Firebase answers $0: $1', async (answer, outcome) => {
  const { fcm, answers, tokens } = await openFirebase();
  answers.push(answer);
  expect(await send(fcm, TokenType.fcm)).toEqual(outcome);
  await send(fcm, TokenType.fcm);
  // A token that Google does not take any more is not used a second time.
  expect(tokens()).toBe(answer.status === 401 ? 2 : 1);
});

/** A stand-in for Apple's service. */
async function openApple(): Promise<{ apns: PhoneService; asked: (Asked & { headers: Record<string, unknown> })[]; answers: { status: number; body: object }[] }> {
  const asked: (Asked & { headers: Record<string, unknown> })[] = [];
  const answers: { status: number; body: object }[] = [];
  const server = createSecureServer(SELF_SIGNED);
  server.on('stream', (stream, headers) => {
    let body = '';
    stream.on('data', (chunk: Buffer) => (body += chunk.toString()));
    stream.on('end', () => {
      asked.push({ path: headers[':path']!, authorization: headers.authorization!, body, headers });
      const answer = answers.shift() ?? { status: 200, body: {} };
      stream.respond({ ':status': answer.status });
      stream.end(answer.status === 200 ? '' : JSON.stringify(answer.body));
    });
  });
  const origin = `https://127.0.0.1:${await listen(server)}`;
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const apns = createApns({ key: { key: privateKey, keyId: 'KEY1234567', teamId: 'TEAM123456', topic: 'org.example.chat' }, clock, origins: { real: origin, sandbox: origin }, ca: SELF_SIGNED.cert });
  onTestFinished(() => apns[Symbol.dispose]());
  return { apns, asked, answers };
}

test('an iPhone gets what is sealed for it, and Apple sees only that there is a message', async () => {
  const { apns, asked, answers } = await openApple();
  expect(await send(apns, TokenType.apns)).toEqual({ kind: 'sent' });
  const [{ path, headers, body, authorization }] = asked as [(typeof asked)[0]];
  expect(path).toBe(`/3/device/${'a0'.repeat(32)}`);
  expect(headers).toMatchObject({ 'apns-push-type': 'alert', 'apns-topic': 'org.example.chat', 'apns-priority': '10', 'apns-collapse-id': 'abc' });
  const { aps, p } = JSON.parse(body) as { aps: object; p: string };
  expect(aps).toEqual({ alert: { body: 'You have a new message' }, 'mutable-content': 1, sound: 'default' });
  expect(open(p)).toMatchObject({ from_id: '9', msg_id: '4', loc_key: 'MESSAGE_TEXT', aps: { alert: { title: 'Ann', body: 'hello' }, badge: 3 } });
  expect(body).not.toContain('hello');

  await send(apns, TokenType.apns, { secret: new Uint8Array() });
  expect(asked[1]!.body).not.toContain('hello');
  await send(apns, TokenType.apns, { secret: new Uint8Array(), isPlain: true });
  expect(asked[2]!.body).toContain('hello');
  expect(asked[2]!.authorization).toBe(authorization);

  expect(await send(apns, TokenType.apns, { token: '../../other' })).toEqual({ kind: 'gone' });
  expect(asked).toHaveLength(3);

  for (const [status, answered, outcome] of [
    [410, { reason: 'Unregistered', timestamp: 1_700_000_000_123 }, { kind: 'gone', atDate: 1_700_000_000 }],
    [400, { reason: 'BadDeviceToken' }, { kind: 'gone' }],
    [400, { reason: 'BadTopic' }, { kind: 'refused', reason: 'BadTopic' }],
    [403, { reason: 'ExpiredProviderToken' }, { kind: 'later', afterS: 2 }],
    [429, { reason: 'TooManyRequests' }, { kind: 'later', afterS: 2 }],
    [503, {}, { kind: 'later', afterS: 2 }],
  ] as const) {
    answers.push({ status, body: answered });
    expect(await send(apns, TokenType.apns), JSON.stringify(answered)).toEqual(outcome);
  }
  // After the token was refused, another one is made.
  await send(apns, TokenType.apns);
  expect(asked.at(-1)!.authorization).not.toBe(authorization);
});

test('a service that is not there is asked again', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const apns = createApns({ key: { key: privateKey, keyId: 'k', teamId: 't', topic: 'o' }, clock, origins: { real: 'https://127.0.0.1:1', sandbox: 'https://127.0.0.1:1' } });
  onTestFinished(() => apns[Symbol.dispose]());
  expect(await send(apns, TokenType.apns)).toEqual({ kind: 'later', afterS: 2 });
});

test('a relay gives sealed notices of servers that it knows to the services for which it has keys, and takes no others', async () => {
  const { fcm, asked, answers } = await openFirebase();
  const relay = createPushRelay({ services: [fcm], servers: new Map([['ours', 'k'.repeat(32)]]), log: silentLogger, metrics: createMetrics() });
  const address = `http://127.0.0.1:${await listen(relay)}`;
  const client = createRelayClient({ hosts: openHosts(), address, key: 'k'.repeat(32) });
  expect(await send(client, TokenType.fcm, { token: 'phone' })).toEqual({ kind: 'sent' });
  const { message } = JSON.parse(asked[0]!.body) as { message: { token: string; data: { p: string } } };
  expect(message.token).toBe('phone');
  expect(open(message.data.p)).toEqual(PAYLOAD);

  answers.push(failure(404, 'UNREGISTERED'));
  expect(await send(client, TokenType.fcm)).toEqual({ kind: 'gone' });
  answers.push(failure(503, 'UNAVAILABLE'));
  expect(await send(client, TokenType.fcm)).toEqual({ kind: 'later', afterS: 2 });
  expect(await send(client, TokenType.fcm, { secret: new Uint8Array() })).toEqual({ kind: 'refused', reason: 'the app has given no secret' });
  expect(await send(client, TokenType.apns)).toEqual({ kind: 'refused', reason: 'by the relay' });
  const stranger = createRelayClient({ hosts: openHosts(), address, key: 'x'.repeat(32) });
  expect(await send(stranger, TokenType.fcm)).toEqual({ kind: 'later', afterS: 2 });
  expect(asked).toHaveLength(3);

  const post = (body: string, key = 'k'.repeat(32)): Promise<number> => fetch(`${address}/v1/push`, { method: 'POST', headers: { authorization: `Bearer ${key}` }, body }).then(({ status }) => status);
  expect(await post('{}')).toBe(400);
  expect(await post(JSON.stringify({ token_type: 2, token: 't', p: 'short', collapse: 'c', ttl: 1 }))).toBe(400);
  expect(await post('x'.repeat(20_000))).toBe(400);
  expect(await post('{}', 'nobody')).toBe(401);
});
