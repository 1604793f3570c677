import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Actor, startTestServer, type TestServer, verifyUpdates, World } from '@aerogram/dev-env';
import { doInitHome, doIssueTicket, type ServedParts } from '@aerogram/node';
import { silentLogger, systemClock } from '@aerogram/runtime';
import { sizeOf } from '@aerogram/storage/testing';
import { storedEncode } from '@aerogram/tl-compat';
import { Long } from '@mtcute/node';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { setProfilePhoto } from './photo-stage.ts';
import { Thief } from './thief.ts';

// Somebody has the certificate of DC 2, and speaks to DC 1, which knows a third one too. Nobody else is at DC 2.
const REQUESTS = sizeOf({ short: 5000, full: 100_000 });
/** Requests under way: more than the other end takes at once. */
const AT_ONCE = 3000;
/** What may be kept afterwards, of which most is the client's, in bytes. */
const MOST_GROWTH = 48 * 1024 * 1024;

/** Bytes that are in use. */
function usedBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

let server: TestServer;
let served: ServedParts;
let world: World;
let ann: Actor;
let zoe: Actor;
/** Lives at DC 2: the thief speaks for him. Tom lives at DC 3. */
let mallory: bigint;
let tom: bigint;
let thief: Thief;
let connectThief: () => Thief;
const lines: string[] = [];
const now = (): number => systemClock.now();

beforeAll(async () => {
  server = await startTestServer({
    joinHomes: async ({ db, dataDir }) => {
      await doInitHome({ db, dataDir, clock: systemClock, log: silentLogger }, { dc: 1, fallback: 1 });
    },
    kit: { onServing: (parts) => void (served = parts) },
    onLogLine: (line) => void lines.push(line),
  });
  const [ticket] = [await doIssueTicket({ db: server.db, dataDir: server.dataDir, clock: systemClock }, 2), await doIssueTicket({ db: server.db, dataDir: server.dataDir, clock: systemClock }, 3)];
  await served.homes!.refresh();
  connectThief = () => new Thief(served.homes!.address!, ticket);
  world = new World(server);
  [ann, zoe] = [await world.user('Ann'), await world.user('Zoe')];
  [mallory, tom] = [2n, 3n].map((dc) => ((BigInt(ann.id) >> 3n) << 3n) + 8000n + dc) as [bigint, bigint];
  await setProfilePhoto(zoe.main);
  await zoe.main.call({ _: 'account.updateUsername', username: 'zoe_at_home' });
  await ann.send(zoe, 'between us');
  await zoe.sees('between us');
  await zoe.main.call({ _: 'account.setPrivacy', key: { _: 'inputPrivacyKeyAddedByPhone' }, rules: [{ _: 'inputPrivacyValueAllowContacts' }] });
  thief = connectThief();
  await thief.send(cardOf(mallory, 1), message(mallory, 'hello'), message(mallory, 'again'));
  await ann.sees('again');
  await ann.main.change({ _: 'messages.sendMessage', peer: ann.main.inputPeer(Number(mallory)), message: 'whoever you are', randomId: Long.ONE });
  thief[Symbol.dispose]();
});
beforeEach(() => void (thief = connectThief()));
afterEach(() => thief[Symbol.dispose]());
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

let globalId = 1_000_000n;
const cardOf = (personId: bigint, version: number): object =>
  ({ kind: 'card', from: personId, card: { personId, version: String(version), firstName: 'Mallory', lastName: '', isBot: false, isDeleted: false, hidesReadDates: false, rules: [] } });
const message = (from: bigint, text: string, to = BigInt(ann.id)): object =>
  ({ kind: 'message', from, to, globalId: ++globalId, msgId: 7, randomId: globalId, date: now(), flags: 0, text });
/** The name of a message in all boxes, which a thief would have to guess. */
const nameOf = async (text: string): Promise<bigint> => (await server.db.q.selectFrom('messages').select('global_id').where('text', '=', text).executeTakeFirstOrThrow()).global_id;

/** What is there of people here, and of what this data centre has sent. */
async function readRows(): Promise<object> {
  const tables = ['messages', 'users', 'phones', 'usernames', 'contacts', 'blocked_peers', 'authorizations', 'card_readers', 'home_streams', 'cards'] as const;
  const rows = await Promise.all(tables.map((table) => server.db.q.selectFrom(table).selectAll().execute()));
  const homes = await server.db.q.selectFrom('homes').select(['dc', 'is_own', 'of_names', 'state', 'link_host', 'link_port', 'client_host', 'client_port']).where('dc', '<>', 2).orderBy('dc').execute();
  // People are online in between.
  const textOf = (row: object): string => JSON.stringify({ ...row, online_date: 0 }, (_key, field: unknown) => (typeof field === 'bigint' ? String(field) : field));
  return { homes, tables: rows.map((of, at) => [tables[at], of.map(textOf).sort()]) };
}

/** Runs an attack, after which all is as before, on all devices too, and people write to each other. */
async function changesNothing(attack: () => Promise<unknown>): Promise<void> {
  const before = await readRows();
  await verifyUpdates([ann, zoe], attack);
  expect(await readRows()).toEqual(before);
  const text = `still up ${++globalId}`;
  await ann.send(zoe, text);
  await zoe.sees(text);
}

test('a thief speaks for people of the stolen data centre only, and changes what they wrote', async () => {
  const [annId, zoeId] = [BigInt(ann.id), BigInt(zoe.id)];
  const [theirs, mine, his] = [await nameOf('between us'), await nameOf('whoever you are'), await nameOf('hello')];
  const edit = (from: bigint, to: bigint, name: bigint): object => ({ kind: 'edit', from, to, date: now(), globalId: name, text: 'forged', setsMarkup: false, noWebpage: false, invertMedia: false });
  const remove = (from: bigint, to: bigint, name: bigint): object => ({ kind: 'delete', from, to, date: now(), globalIds: [name] });
  const react = (from: bigint, to: bigint, name: bigint): object => ({ kind: 'reaction', from, to, date: now(), globalId: name, emoticons: ['👍'], big: false });
  await changesNothing(() =>
    thief.send(
      message(annId, 'as Ann', zoeId), message(tom, 'as Tom'), message(777_000n, 'as the service'), message(mallory, 'to Tom', tom), message(mallory, 'to nobody', annId + 80_000n), message(mallory, 'to the service', 777_000n),
      // In the dialog with Ann, what she wrote; in others, whatever it is.
      edit(mallory, annId, mine), edit(mallory, annId, theirs), edit(annId, zoeId, theirs), edit(mallory, zoeId, his),
      remove(mallory, annId, theirs), remove(mallory, zoeId, theirs), remove(annId, zoeId, theirs), remove(tom, annId, his),
      react(mallory, annId, theirs), react(mallory, zoeId, theirs), react(zoeId, annId, theirs),
      cardOf(annId, 99), cardOf(tom, 99), { kind: 'card', from: mallory, card: { ...(cardOf(annId, 99) as { card: object }).card } },
      { kind: 'block', from: zoeId, to: annId, isBlocked: true }, { kind: 'block', from: mallory, to: tom, isBlocked: true }, { kind: 'contact', from: annId, to: zoeId, isContact: true, isCloseFriend: true },
      { kind: 'name_freed', from: zoeId }, { kind: 'name_freed', from: mallory, type: 'username', name: 'zoe_at_home' }, { kind: 'name_confirmed', from: mallory, type: 'username', name: 'zoe_at_home' },
      { kind: 'name_confirmed', from: mallory, type: 'phone', name: zoe.phone },
    ));
  await thief.send(edit(mallory, annId, his));
  await ann.sees('forged');
});

test('somebody who has blocked a person of the stolen data centre hears nothing of them', async () => {
  const block = (isBlocked: boolean): Promise<unknown> => ann.main.call({ _: isBlocked ? 'contacts.block' : 'contacts.unblock', id: ann.main.inputPeer(Number(mallory)) });
  await block(true);
  const again = await nameOf('again');
  await changesNothing(async () => {
    await thief.send(message(mallory, 'listen'), { kind: 'edit', from: mallory, to: BigInt(ann.id), date: now(), globalId: again, text: 'listen', setsMarkup: false, noWebpage: false, invertMedia: false });
    thief.hint(5000, 'typing', { from: mallory, to: BigInt(ann.id), action: Buffer.from(storedEncode({ _: 'sendMessageTypingAction' })).toString('base64') });
    await thief.send(message(mallory, 'please'));
  });
  await block(false);
});

test('what is no frame is left out or ends the stream, and what is counted stays bounded', async () => {
  const deep = Buffer.from(`${'['.repeat(60_000)}${']'.repeat(60_000)}`);
  await changesNothing(async () => {
    await thief.send(Buffer.from('{'), Buffer.alloc(0), Buffer.from('null'), Buffer.from('"message"'), Buffer.from('{"__proto__":{"kind":"message"}}'), Buffer.alloc(1000, 0xff), deep);
    await thief.send({ kind: 'message' }, { kind: ['message'] }, { from: mallory });
    await thief.send({ ...message(mallory, 'a large one'), extra: 'A'.repeat(257 * 1024) }, message(mallory, 'x'.repeat(5000)), { ...message(mallory, 'one'), globalId: '9'.repeat(200) });
    await thief.sendAt(4000n, message(mallory, 'after a gap'));
    await thief.sendAt(2n ** 62n, message(mallory, 'far away'));
    await thief.sendBytes(Buffer.alloc(64, 0xff));
    await thief.sendBytes(Buffer.concat([Buffer.from([0, 0x30, 0, 0, 2]), Buffer.alloc(3_000_000)]));
    // Skipped are the thief's own.
    for (const epoch of [5n, 6n, 7n]) await thief.skip(epoch, 2n ** 53n);
  });
  const { lost_frames: lost } = await server.db.q.selectFrom('homes').select('lost_frames').where('dc', '=', 2).executeTakeFirstOrThrow();
  expect(lost).toBe(BigInt(Number.MAX_SAFE_INTEGER));
  await thief.send(message(mallory, 'and now a good one'));
  await ann.sees('and now a good one');
});

test('nothing is given back that was not sent', async () => {
  await changesNothing(async () => {
    for (const epoch of [1n, 5n, 2n ** 62n]) await thief.giveBack(epoch, 2n ** 52n, message(BigInt(ann.id), 'I never said that', mallory), { ...message(BigInt(ann.id), 'nor that', mallory), seal: 'A'.repeat(22) });
  });
});

test('cards and photos go to who knows a number or username, and neither can be tried out', async () => {
  const ask = (fields: object): ReturnType<Thief['ask']> => thief.ask('card.read', { viewerId: mallory, isBot: false, way: 'username', ...fields });
  const { photo_id: photoId } = await server.db.q.selectFrom('users').select('photo_id').where('user_id', '=', BigInt(zoe.id)).executeTakeFirstOrThrow();
  const ids = Array.from({ length: 100 }, (_, at) => ({ id: BigInt(zoe.id) + BigInt(8 * (at - 50)) }));
  await changesNothing(async () => {
    expect(await ask({ people: ids })).toEqual({ status: 200, body: { cards: [] } });
    expect(await ask({ way: 'card', people: ids })).toEqual({ status: 200, body: { cards: [] } });
    // Her number is right, and she lets nobody find her by it.
    const byPhone = await ask({ way: 'phone', people: [{ id: BigInt(zoe.id), name: zoe.phone }] });
    expect(byPhone).toEqual({ status: 200, body: { cards: [], epoch: expect.any(String) as string } });
    expect(await thief.ask('card.photo', { personId: BigInt(zoe.id), photoId })).toEqual({ status: 200, body: {} });
    for (const viewerId of [BigInt(ann.id), tom, 777_000n, 0n]) expect((await ask({ viewerId, people: [{ id: BigInt(zoe.id), name: 'zoe_at_home' }] })).status).toBe(500);
    expect((await ask({ people: [...ids, ...ids] })).status).toBe(500);
    const guesses = (turn: number): object[] => ids.map((_, at) => ({ id: BigInt(zoe.id), name: String(99_966_000_000 + turn * 100 + at) }));
    const statuses = await Promise.all(Array.from({ length: 60 }, (_, turn) => ask({ way: 'phone', people: guesses(turn) }).then(({ status }) => status)));
    expect(new Set(statuses)).toEqual(new Set([200, 500]));
    // When the guesses are used up, a right one is not told from a wrong one.
    expect((await ask({ people: [...ids.slice(1), { id: BigInt(zoe.id), name: 'zoe_at_home' }] })).status).toBe(500);
  });
});

test('names and addresses of others cannot be taken or changed', async () => {
  await changesNothing(async () => {
    expect(await thief.ask('names.reserve', { type: 'username', name: 'zoe_at_home', peerId: mallory })).toEqual({ status: 200, body: { outcome: 'taken' } });
    const named = { type: 'username', name: 'nobody_yet' };
    for (const peerId of [tom, BigInt(ann.id)]) {
      expect((await thief.ask('names.reserve', { ...named, peerId })).status).toBe(500);
      expect((await thief.ask('names.tell', { named: [{ ...named, peerId }] })).status).toBe(500);
    }
    expect(await thief.ask('names.tell', { named: [{ type: 'phone', name: zoe.phone, peerId: mallory }] })).toMatchObject({ body: { conflicts: [{ name: zoe.phone }] } });
    expect((await thief.ask('names.owner', { type: 'phone', name: zoe.phone })).status).toBe(500);
    const found = await Promise.all(Array.from({ length: 150 }, (_, turn) => thief.ask('names.find', { type: 'phone', names: Array.from({ length: 500 }, (_number, at) => String(10_000_000 + turn * 500 + at)) })));
    expect(found.filter(({ status }) => status === 500).length).toBeGreaterThan(20);
    const elsewhere = { link_host: '127.0.0.1', link_port: 0, client_host: '127.0.0.1', client_port: 1, web_address: '' };
    expect((await thief.ask('home.addresses', { ...elsewhere, dc: 3, is_own: true, of_names: true, is_removed: false })).status).toBe(200);
    expect((await thief.ask('home.addresses', { ...elsewhere, client_host: 'x'.repeat(5000) })).status).toBe(500);
  });
});

test('nobody logs in to accounts of others', async () => {
  const { bytes, id } = await ann.main.call({ _: 'auth.exportAuthorization', dcId: 3 });
  expect(Number(id)).toBe(ann.id);
  await changesNothing(async () => {
    const take = (userId: bigint, token: Uint8Array): ReturnType<Thief['ask']> => thief.ask('auth.take_export', { userId, bytes: Buffer.from(token).toString('base64'), authKeyId: 5n });
    // It was made for another data centre.
    for (const token of [bytes, Buffer.alloc(128, 1), Buffer.alloc(0)]) expect(await take(BigInt(ann.id), token)).toEqual({ status: 200, body: { isRight: false } });
    expect(await take(tom, bytes)).toEqual({ status: 200, body: { isRight: false } });
    const accept = (userId: bigint): ReturnType<Thief['ask']> => thief.ask('auth.accept_login_token', { userId, token: Buffer.alloc(32, 1).toString('base64'), moved: Buffer.alloc(32, 2).toString('base64') });
    for (const userId of [BigInt(ann.id), tom]) expect((await accept(userId)).status).toBe(500);
    expect(await accept(mallory)).toEqual({ status: 200, body: { refusal: 'AUTH_TOKEN_INVALIDX' } });
    expect(await thief.ask('auth.take_passkey_challenge', { challenge: 'AAAA', authKeyId: 5n })).toEqual({ status: 200, body: { isRight: false } });
  });
});

test(`${REQUESTS} requests without waiting are refused beyond a bound, and people go on`, async () => {
  const bodies: [string, Uint8Array | object][] = [
    ['card.read', { viewerId: mallory, isBot: false, way: 'card', people: [{ id: BigInt(ann.id) }] }], ['card.read', Buffer.from('{')], ['names.find', { type: 'phone', names: ['1'] }], ['no.such', {}], ['../names.find', {}],
    ['card.photo', { personId: BigInt(zoe.id), photoId: 1n }], ['names.reserve', Buffer.alloc(2000, 0x20)], ['auth.take_export', { userId: tom, bytes: '', authKeyId: 1n }],
  ];
  const before = { bytes: usedBytes(), lines: lines.length };
  const counts = new Map<number, number>();
  await changesNothing(async () => {
    let left = REQUESTS;
    const flood = Array.from({ length: AT_ONCE }, async () => {
      while (left-- > 0) {
        const [name, body] = bodies[left % bodies.length]!;
        const { status } = await thief.ask(name, body);
        counts.set(status, (counts.get(status) ?? 0) + 1);
      }
    });
    for (let sent = 0; sent < 5; sent++) {
      await ann.send(zoe, `meanwhile ${sent}`);
      await zoe.sees(`meanwhile ${sent}`);
      await ann.delete([ann.main.find(`meanwhile ${sent}`)!]);
    }
    await Promise.all(flood);
  });
  // Some may end without an answer.
  expect([...counts.keys()].filter((status) => ![0, 200, 404, 500, 503].includes(status))).toEqual([]);
  expect([200, 503].map((status) => (counts.get(status) ?? 0) > 0)).toEqual([true, true]);
  expect((await thief.ask('card.read', Buffer.alloc(1_100_000))).status).not.toBe(200);
  expect(usedBytes() - before.bytes).toBeLessThan(MOST_GROWTH);
  expect(lines.length - before.lines).toBeLessThan(2000);
  for (const secret of [zoe.phone, 'between us', 'never said']) expect(lines.filter((line) => line.includes(secret))).toEqual([]);
}, 300_000);
