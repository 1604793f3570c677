import { createPublicKey, verify } from 'node:crypto';
import { Long, type tl } from '@mtcute/node';
import type { Actor } from '@aerogram/dev-env';
import { RawAccount, wireTo } from '@aerogram/dev-env/load';
import { RawClient } from '@aerogram/mtproto/client';
import { decode } from '@aerogram/tl';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { operate } from './bot-stage.ts';
import { channelStage, postIn } from './channel-stage.ts';
import { PushService, Subscription } from './push-service.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
let service: PushService;
beforeAll(async () => {
  [scenario, service] = [await startScenario(), await PushService.start()];
});
afterAll(async () => {
  await scenario?.[Symbol.asyncDispose]();
  await service?.[Symbol.asyncDispose]();
});

interface Registered {
  tokenType: number;
  token: string;
  secret?: Uint8Array;
  otherUids?: number[];
}

const register = ({ main }: Actor, { tokenType, token, secret = new Uint8Array(), otherUids = [] }: Registered) =>
  main.call({ _: 'account.registerDevice', tokenType, token, appSandbox: false, secret, otherUids });

/** The notices that a subscription has got so far, oldest first. */
const readAll = (path: string, subscription: Subscription) => service.got.filter((pushed) => pushed.path === path).map((pushed) => subscription.read(pushed));

test('a browser that is closed is told of a message, and one that has it is not', async () => {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.meet(bob);
  const [closed, open] = [new Subscription(`${service.origin}/closed`), new Subscription(`${service.origin}/open`)];
  await register(bob, { tokenType: 10, token: open.token });
  const phone = await bob.device();
  await phone.call({ _: 'account.registerDevice', tokenType: 10, token: closed.token, appSandbox: false, secret: new Uint8Array(), otherUids: [] });
  await bob.main.call({ _: 'account.updateStatus', offline: true });
  await phone.goOffline();
  await alice.send(bob, 'are you there?');
  await bob.main.sees('are you there?');
  await vi.waitFor(() => expect(readAll('/closed', closed)).toHaveLength(1), { timeout: 20_000 });
  const [notice] = readAll('/closed', closed);
  expect(notice).toMatchObject({ loc_key: 'MESSAGE_TEXT', loc_args: ['Alice', 'are you there?'], user_id: String(bob.id), custom: { from_id: String(alice.id) }, title: 'Alice', description: 'are you there?', mute: '0', badge: '1' });
  expect(Number(notice!.custom['msg_id'])).toBeGreaterThan(0);
  expect(readAll('/open', open)).toEqual([]);

  // The server says who it is, signed by the key that browsers subscribe with.
  const [{ headers }] = service.got.filter(({ path }) => path === '/closed') as [(typeof service.got)[number]];
  const [, jwt, key] = /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(headers.authorization!)!;
  const [head, claims, signature] = jwt!.split('.') as [string, string, string];
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({ aud: service.origin });
  const point = Buffer.from(key!, 'base64url');
  const publicKey = createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url') } });
  expect(verify('sha256', Buffer.from(`${head}.${claims}`), { key: publicKey, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))).toBe(true);
  expect(headers).toMatchObject({ urgency: 'high', 'content-encoding': 'aes128gcm' });
  expect(headers['topic']).toMatch(/^[\w-]{32}$/);
});

/** Somebody with one device that is registered and offline, and somebody who writes to them. */
async function setUp(name: string, { tokenType = 10, path = name }: { tokenType?: number; path?: string } = {}): Promise<{ from: Actor; to: Actor; subscription: Subscription; got: () => (typeof service.got)[number][] }> {
  const [from, to] = [await scenario.world.user('Alice'), await scenario.world.user(name)];
  await from.meet(to);
  const subscription = new Subscription(`${service.origin}/${path}`);
  await register(to, { tokenType, token: tokenType === 10 ? subscription.token : `${service.origin}/${path}` });
  await to.main.call({ _: 'account.updateStatus', offline: true });
  await to.main.goOffline();
  return { from, to, subscription, got: () => service.got.filter((pushed) => pushed.path === `/${path}`) };
}

/** Waits until it was decided who is told of what has arrived so far. */
const decided = ({ id }: Actor): Promise<unknown> =>
  vi.waitFor(async () => {
    const { q } = scenario.server.db;
    const [mark, counter] = await Promise.all([q.selectFrom('notice_marks').select('pushed_pts').where('owner_id', '=', BigInt(id)).executeTakeFirst(), q.selectFrom('counters').select('pts').where('owner_id', '=', BigInt(id)).executeTakeFirst()]);
    expect(mark?.pushed_pts).toBe(counter?.pts);
  }, { timeout: 20_000 });

test('gateways of phones get the older encoding, and services that only wake get no content', async () => {
  const older = await setUp('Olga', { path: 'up/aesgcm' });
  await older.from.send(older.to, 'by the older one');
  await vi.waitFor(() => expect(older.got()).toHaveLength(1), { timeout: 20_000 });
  expect(older.subscription.read(older.got()[0]!)).toMatchObject({ loc_args: ['Alice', 'by the older one'] });
  const simple = await setUp('Simon', { tokenType: 4, path: 'simple' });
  service.answer = ({ method }) => (method === 'PUT' ? 405 : 200);
  await simple.from.send(simple.to, 'wake up');
  await vi.waitFor(() => expect(simple.got()).toHaveLength(2), { timeout: 20_000 });
  service.answer = () => 201;
  expect(simple.got().map(({ method, body }) => [method, /^version=\d+$/.test(body.toString())])).toEqual([['PUT', true], ['POST', true]]);
});

test('what is muted or read is not told, a mention is, and without previews no text is said', async () => {
  const { from, to, subscription, got } = await setUp('Mia');
  const other = await to.device();
  await to.meet(from, other);
  const peer: tl.TypeInputNotifyPeer = { _: 'inputNotifyPeer', peer: other.inputPeer(from.id) };
  const settings = (change: Omit<tl.RawInputPeerNotifySettings, '_'>) => other.call({ _: 'account.updateNotifySettings', peer, settings: { _: 'inputPeerNotifySettings', ...change } });
  await settings({ muteUntil: 2 ** 31 - 1 });
  await from.send(to, 'muted');
  await decided(to);
  await settings({ muteUntil: 0, showPreviews: false });
  await from.send(to, 'without its text');
  await vi.waitFor(() => expect(got()).toHaveLength(1), { timeout: 20_000 });
  expect(subscription.read(got()[0]!)).toMatchObject({ loc_key: 'MESSAGE_NOTEXT', loc_args: ['Alice'], description: 'New message' });
  // It is tried again later, and by then it was read.
  service.answer = () => 503;
  await from.send(to, 'read meanwhile');
  await vi.waitFor(() => expect(got()).toHaveLength(2), { timeout: 20_000 });
  await other.call({ _: 'messages.readHistory', peer: other.inputPeer(from.id), maxId: 0 });
  await other.call({ _: 'account.updateStatus', offline: true });
  service.answer = () => 201;
  await settings({ showPreviews: true });
  await from.send(to, 'the last one');
  await vi.waitFor(() => expect(got()).toHaveLength(3), { timeout: 20_000 });
  expect(subscription.read(got()[2]!)).toMatchObject({ loc_args: ['Alice', 'the last one'] });
});

test('a service that fails is asked again, and a subscription that is over is forgotten', async () => {
  const { from, to, got } = await setUp('Vera');
  const answers = [503, 201, 410];
  service.answer = ({ path }) => (path === '/Vera' ? answers.shift()! : 201);
  await from.send(to, 'one');
  await vi.waitFor(() => expect(got()).toHaveLength(2), { timeout: 20_000 });
  const [first, second] = got();
  expect(first!.headers['topic']).toBe(second!.headers['topic']);
  await from.send(to, 'two');
  await vi.waitFor(() => expect(got()).toHaveLength(3), { timeout: 20_000 });
  await vi.waitFor(async () => expect(await scenario.server.db.q.selectFrom('notice_devices').select('token_type').where('user_id', '=', BigInt(to.id)).execute()).toEqual([]), { timeout: 10_000 });
  service.answer = () => 201;
});

test('a second session of an app is woken, and nothing else is sent to it', async () => {
  const [alice, zoe] = [await scenario.world.user('Alice'), await RawAccount.signUp(scenario.server.info, { name: 'Zoe', ...scenario.world.freshPhone() })];
  await using asleep = await RawClient.connect({ ...wireTo(scenario.server.info), clientKey: zoe.key });
  const heard: string[] = [];
  asleep.onUpdate = (body) => void heard.push((decode(body) as { _: string })._);
  asleep.ping(1n);
  await zoe.call<'account.registerDevice'>({ _: 'account.registerDevice', token_type: 7, token: BigInt.asUintN(64, asleep.session.sessionId).toString(), app_sandbox: false, secret: new Uint8Array(), other_uids: [] });
  await zoe.call<'account.updateStatus'>({ _: 'account.updateStatus', offline: true });
  zoe.disconnect();
  const { users } = await alice.main.call({ _: 'contacts.importContacts', contacts: [{ _: 'inputPhoneContact', clientId: Long.ONE, phone: zoe.phone, firstName: 'Zoe', lastName: '' }] });
  const user = users[0] as tl.RawUser;
  await alice.main.change({ _: 'messages.sendMessage', peer: { _: 'inputPeerUser', userId: user.id, accessHash: user.accessHash! }, message: 'wake up', randomId: Long.fromNumber(1) });
  await vi.waitFor(() => expect(heard).toEqual(['updatesTooLong']), { timeout: 20_000 });
});

test('members of a supergroup are told of its posts, those who muted it of nothing', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario);
  const [ofBob, ofCarol] = ['bob', 'carol'].map((path) => new Subscription(`${service.origin}/${path}`)) as [Subscription, Subscription];
  await carol.main.call({ _: 'account.updateNotifySettings', peer: { _: 'inputNotifyPeer', peer: carol.main.inputPeer(id) }, settings: { _: 'inputPeerNotifySettings', muteUntil: 2 ** 31 - 1 } });
  for (const [member, { token }] of [[bob, ofBob], [carol, ofCarol]] as const) {
    await register(member, { tokenType: 10, token });
    await member.main.call({ _: 'account.updateStatus', offline: true });
    await member.main.goOffline();
  }
  await postIn(alice, id, 'good evening');
  await vi.waitFor(() => expect(readAll('/bob', ofBob)).toHaveLength(1), { timeout: 20_000 });
  expect(readAll('/bob', ofBob)).toMatchObject([{ loc_key: 'CHAT_MESSAGE_TEXT', loc_args: ['Alice', 'Climbing', 'good evening'], title: 'Climbing', description: 'Alice: good evening', custom: { channel_id: String(-1_000_000_000_000 - id) } }]);

  // Who is removed is told of nothing, not even of what was posted before.
  service.answer = () => 503;
  await postIn(alice, id, 'for members only');
  await vi.waitFor(() => expect(readAll('/bob', ofBob)).toHaveLength(2), { timeout: 20_000 });
  await alice.main.change({ _: 'channels.editBanned', channel: alice.main.inputChannel(id), participant: alice.main.inputPeer(bob.id), bannedRights: { _: 'chatBannedRights', viewMessages: true, untilDate: 0 } });
  service.answer = () => 201;
  await vi.waitFor(async () => expect(await scenario.server.db.q.selectFrom('device_notices').selectAll().where('owner_id', '=', BigInt(bob.id)).execute()).toEqual([]), { timeout: 20_000 });
  expect(readAll('/bob', ofBob)).toHaveLength(2);
  expect(readAll('/carol', ofCarol)).toEqual([]);
});

test('an operator sees which devices get notices, tries them, and deletes their tokens', async () => {
  const { from, to, subscription, got } = await setUp('Otto');
  const run = (...args: string[]): Promise<string> => operate(scenario, 'push', ...args, String(to.id));
  expect(await run('list')).toMatch(/^Web Push {2}[0-9a-f]{8} {2}.*, registered 20/);
  expect(await operate(scenario, 'push', 'stats')).toMatch(/Web Push {2}\d+ devices, \d+ failing, \d+ notices waiting/);
  const tested = run('test');
  // Servers look for tests from time to time, and at once when something else is due.
  await vi.waitFor(async () => expect(await scenario.server.db.q.selectFrom('device_notices').select('msg_id').where('owner_id', '=', BigInt(to.id)).execute()).toHaveLength(1), { timeout: 20_000 });
  await from.send(to, 'hello');
  expect(await tested).toMatch(/: its push service took the test$/);
  await vi.waitFor(() => expect(got()).toHaveLength(2), { timeout: 20_000 });
  expect(new Set(got().map((pushed) => subscription.read(pushed)['description']))).toEqual(new Set(['This is a test: notices arrive on this device.', 'hello']));
  expect(await run('forget')).toBe('forgot 1 token');
  expect(await run('list')).toBe('no device of this account gets notices');
});
