import { createECDH } from 'node:crypto';
import { openMessage } from '@aerogram/crypto';
import { createFakeClock, seededRandom } from '@aerogram/runtime';
import { decrypt } from 'http_ece';
import { expect, test } from 'vitest';
import { PushAddressClosed, PushHosts } from '../src/push-hosts.ts';
import { sealNotice, Vapid } from '../src/index.ts';
import { writeWebPush } from '../src/web-push.ts';

const JSON_TEXT = JSON.stringify({ title: 'Ann', description: 'hello '.repeat(9) });
const clock = createFakeClock();
const random = seededRandom('push');
const vapid = new Vapid({ secret: random.bytes(32), subject: 'mailto:ann@example.org', clock });

test('what is sealed is opened by the secret alone, and begins with its name', () => {
  const secret = Buffer.from(random.bytes(256));
  const { p } = JSON.parse(sealNotice(secret, JSON_TEXT, random)) as { p: string };
  expect(p).toMatch(/^[\w-]+$/);
  const opened = openMessage(secret, Buffer.from(p, 'base64url'), 'to-client')!;
  const plain = Buffer.from(opened.plaintext);
  expect(plain.subarray(4, 4 + plain.readInt32LE(0)).toString()).toBe(JSON_TEXT);
});

test('a token says who sends, is kept for hours, and is for one service only', async () => {
  const token = vapid.tokenFor('https://push.example');
  expect(vapid.tokenFor('https://push.example')).toBe(token);
  expect(vapid.tokenFor('https://other.example')).not.toBe(token);
  await clock.advance(13 * 3_600_000);
  expect(vapid.tokenFor('https://push.example')).not.toBe(token);
});

test('a payload that is too long for push services goes without its text', () => {
  const keys = createECDH('prime256v1');
  keys.generateKeys();
  const auth = Buffer.from(random.bytes(16)).toString('base64url');
  const token = JSON.stringify({ endpoint: 'https://push.example/x?y=1', p256dh: keys.getPublicKey('base64url'), auth });
  const envelope = { json: '', shortJson: '', collapse: 'c', isUrgent: false, isQuiet: false, ttlS: 60 };
  const send = (...bodies: string[]) => writeWebPush(token, bodies, envelope, vapid);
  const short = send('{"a":1}', '{}');
  expect(short).toMatchObject({ method: 'POST', path: '/x?y=1', headers: { urgency: 'normal', ttl: '60', topic: 'c' } });
  const read = (body: Uint8Array) => decrypt(Buffer.from(body), { version: 'aes128gcm', privateKey: keys, authSecret: auth }).toString();
  expect(read(short.body)).toBe('{"a":1}');
  expect(short.body.length).toBe(send('{"a":123456}', '{}').body.length);
  const long = send(`{"a":"${'x'.repeat(4000)}"}`, '{"b":2}');
  expect(long.body.length).toBeLessThanOrEqual(4096);
  expect(read(long.body)).toBe('{"b":2}');
});

test.each(['https://10.0.0.1', 'https://127.0.0.1', 'https://[::1]', 'https://192.168.1.1:8443', 'http://push.example', 'https://push.example:25', 'https://inside.example', 'https://localhost'])('nobody can make this server ask %s', async (origin) => {
  using hosts = new PushHosts({ places: { isLocalOnly: false, networks: [] }, clock, resolve: () => Promise.resolve(['93.184.216.34', '10.0.0.7']) });
  await expect((async () => hosts.post(origin, { method: 'POST', path: '/', headers: {}, body: new Uint8Array() }))()).rejects.toThrow(PushAddressClosed);
});
