import { userTopic } from '@aerogram/bus';
import type { UserHint } from '@aerogram/domain';
import { sql } from '@aerogram/storage';
import { METHODS, readResult, TlReader, type tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { methods } from '../../src/index.ts';
import { type FieldPlace, FieldPlaces, type Plausible } from './field-places.ts';
import { createRpcWorld, type RpcWorld } from './rpc-world.ts';

/** An id that belongs to nobody, with a pattern that occurs in no other number or text of this database. */
const STRANGER = 0x9e_5b_7a_c3_6dn;
const TEXT = 'some words here';
const HOUR_S = 3600;
/** Longs that name no peer: random ids, proofs and sizes from clients. */
const NO_IDS = new Set(['random_id', 'access_hash', 'hash', 'client_id', 'query_id', 'nonce', 'offset', 'video_max_size', 'video_size_max', 'file_size_max']);
/** Methods that end the account that calls them; none of them takes a user id. */
const ENDING = new Set(['auth.logOut', 'account.deleteAccount', 'auth.resetAuthorizations', 'account.resetAuthorization']);
/** Answers that repeat an id of the request reveal nothing about it. */
const EMPTY = new Set(['userEmpty', 'documentEmpty']);

interface Person {
  authKeyId: bigint;
  userId: bigint;
}

/** To whom a request is sent, and when. */
type Way = 'to a friend' | 'to oneself' | 'later';
/** For methods that send something, each variant is tested. */
const WAYS: readonly Way[] = ['to a friend', 'to oneself', 'later'];
/** Methods that are called before everything is looked at. */
const GROUP = 6;

describe('the id of a stranger, anywhere in a request that can contain one', () => {
  let world: RpcWorld;
  let alice: Person;
  let bob: Person;
  let carol: Person;
  let hashes: bigint[];
  let way: Way = 'to a friend';
  let words = 0;
  /** Message ids in Alice's box: one from Bob and one to him, or both her own in Saved Messages. */
  const ids = new Map<Way, { theirs: number; own: number }>();
  /** Tables into which an earlier method wrote the stranger: each is reported once. */
  const told = new Set<string>();
  const heard: { owner: bigint; hint: UserHint }[] = [];

  const peerOf = (viewer: Person, other: Person): tl.inputPeerUser => ({
    _: 'inputPeerUser', user_id: other.userId, access_hash: world.domain.accessHashes.of('user', viewer.userId, other.userId),
  });
  const peer = (): tl.InputPeer => (way === 'to oneself' ? { _: 'inputPeerSelf' } : peerOf(alice, bob));
  const of = (what: 'theirs' | 'own') => (): number => ids.get(way)![what];
  const later = (): number | undefined => (way === 'later' ? Math.floor(Date.now() / 1000) + HOUR_S : undefined);
  const plausible: Plausible = {
    peer: (type) => (type === 'InputDialogPeer' ? { _: 'inputDialogPeer', peer: peer() } : type === 'InputNotifyPeer' ? { _: 'inputNotifyPeer', peer: peer() } : type === 'InputPeer' ? peer() : undefined),
    from_peer: peer,
    to_peer: peer,
    message: (type) => (type === 'string' ? `${TEXT} ${++words}` : undefined),
    text: (type) => (type === 'string' ? TEXT : undefined),
    offset: (type) => (type === 'int' ? 0 : undefined),
    length: () => 4,
    random_id: (type) => (type === 'long' ? world.random.int63() : type === 'int' ? undefined : [world.random.int63()]),
    msg_id: (type) => (type === 'int' ? of('own')() : undefined),
    emoticon: () => '🎲',
    phone_number: () => '+15550001111',
    'messages.editMessage.id': of('own'),
    'messages.editMessage.message': () => `${TEXT} ${++words}`,
    'messages.forwardMessages.id': () => [of('own')()],
    'messages.sendMessage.schedule_date': later,
    'messages.sendMedia.schedule_date': later,
    'messages.forwardMessages.schedule_date': later,
    'messages.updateDialogFilter.id': () => 5,
    'dialogFilter.contacts': () => true,
    'inputReplyToMessage.reply_to_msg_id': of('theirs'),
    'inputReplyToMessage.quote_text': () => TEXT,
    'inputMediaGeoLive.period': () => 900,
  };
  const fields = new FieldPlaces(plausible);
  const placesOf = (method: string): FieldPlace[] => fields.of(method, (name, type) => type === 'long' && !NO_IDS.has(name));

  beforeAll(async () => {
    world = await createRpcWorld('stranger-ids');
    [alice, bob, carol] = [await world.signUp('9996640001', 'Alice'), await world.signUp('9996640002', 'Bob'), await world.signUp('9996640003', 'Carol')];
    await world.db.q
      .insertInto('users')
      .values({ user_id: STRANGER, phone: '9996649999', first_name: 'Stranger', last_name: '', username: null, created_date: 1, online_date: 1 })
      .execute();
    hashes = [alice, bob].map(({ userId }) => world.domain.accessHashes.of('user', userId, STRANGER));
    for (const { userId } of [alice, bob]) world.bus.subscribe(userTopic(userId), (hint) => void heard.push({ owner: userId, hint: hint as UserHint }));
    const theirs = await send(bob, peerOf(bob, alice));
    const own = await send(alice, peerOf(alice, bob));
    ids.set('to a friend', { theirs, own });
    ids.set('later', { theirs, own });
    ids.set('to oneself', { theirs: await send(alice, { _: 'inputPeerSelf' }), own: await send(alice, { _: 'inputPeerSelf' }) });
  }, 120_000);
  afterAll(() => world[Symbol.asyncDispose]());

  /** @returns the id of the message in Alice's box */
  async function send(from: Person, to: tl.InputPeer): Promise<number> {
    const { error } = await world.call(from.authKeyId, { _: 'messages.sendMessage', peer: to, message: TEXT, random_id: world.random.int63() });
    expect(error).toBeUndefined();
    const { msg_id } = await world.db.q.selectFrom('messages').select('msg_id').where('owner_id', '=', alice.userId).orderBy('msg_id', 'desc').limit(1).executeTakeFirstOrThrow();
    return msg_id;
  }

  async function answer(person: Person, request: tl.AnyMethod): Promise<unknown> {
    const { error, body } = await world.call(person.authKeyId, request);
    return error === undefined ? readResult(new TlReader(body), METHODS[request._].result) : undefined;
  }

  /** Describes where an object names a user. */
  function find(value: unknown, wanted: readonly bigint[], path: string): string[] {
    if (typeof value === 'bigint') return wanted.includes(value) ? [path] : [];
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
    if ('_' in value && EMPTY.has(String(value._))) return [];
    return Object.entries(value).flatMap(([name, one]) => find(one, wanted, `${path}.${name}`));
  }
  const findStranger = (value: unknown, path: string): string[] => find(value, [STRANGER, ...hashes], path);

  /** The tables that name the stranger, except those of the account itself. */
  async function listTables(): Promise<string[]> {
    const { rows: tables } = await sql<{ name: string }>`SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = current_schema()`.execute(world.db.q);
    const little = Buffer.alloc(8);
    little.writeBigInt64LE(STRANGER);
    const forms = `%(${STRANGER}|${little.toString('hex')})%`;
    const parts = tables
      .filter(({ name }) => name !== 'users' && !told.has(name))
      .map(({ name }) => `SELECT '${name}' AS name WHERE EXISTS (SELECT FROM ${name} AS t WHERE t::text SIMILAR TO '${forms}')`);
    const { rows } = await sql<{ name: string }>`${sql.raw(parts.join(' UNION ALL '))}`.execute(world.db.q);
    for (const { name } of rows) told.add(name);
    return rows.map(({ name }) => `stored in ${name}`);
  }

  /** What was pushed to both since the last check. */
  async function listPushed(): Promise<string[]> {
    const found: string[] = [];
    for (const { owner, hint } of heard.splice(0)) {
      const { updates } = world.domain;
      found.push(...findStranger(await (hint.kind === 'box' ? updates.projectEvents(owner, hint.events) : updates.projectUpdates(owner, updatesOf(hint))), 'pushed'));
    }
    return found;
  }

  /** What both can read afterwards. */
  async function listRead(): Promise<string[]> {
    const found: string[] = [];
    for (const [person, other] of [[alice, bob], [bob, alice]] as const) {
      const range = { offset_id: 0, offset_date: 0, add_offset: 0, limit: 100, max_id: 0, min_id: 0, hash: 0n };
      for (const request of [
        { _: 'updates.getDifference', pts: 1, date: 1, qts: 0 },
        { _: 'messages.getDialogs', offset_date: 0, offset_id: 0, offset_peer: { _: 'inputPeerEmpty' }, limit: 100, hash: 0n },
        { _: 'messages.getHistory', peer: peerOf(person, other), ...range },
        { _: 'messages.getHistory', peer: { _: 'inputPeerSelf' }, ...range },
        { _: 'messages.getScheduledHistory', peer: peerOf(person, other), hash: 0n },
        { _: 'messages.getAllDrafts' },
        { _: 'messages.getDialogFilters' },
        { _: 'account.getAutoSaveSettings' },
        { _: 'account.getReactionsNotifySettings' },
        { _: 'account.getNotifyExceptions' },
        { _: 'contacts.getContacts', hash: 0n },
        { _: 'users.getFullUser', id: { _: 'inputUserSelf' } },
      ] satisfies tl.AnyMethod[]) {
        found.push(...findStranger(await answer(person, request), `read by ${request._}`));
      }
    }
    return found;
  }

  const naming = methods.map(({ method }) => method).filter((method) => !ENDING.has(method) && placesOf(method).length > 0);

  /** Looking at everything takes longer than the calls of a method, so it is done once for some of them. */
  const groups = Array.from({ length: Math.ceil(naming.length / GROUP) }, (_, n) => naming.slice(n * GROUP, (n + 1) * GROUP));

  it.each(groups.map((group) => ({ title: group.join(', '), group })))('$title', { timeout: 300_000 }, async ({ group }) => {
    const found: string[] = [];
    for (const method of group) {
      const sends = placesOf(method).some(({ path }) => path.startsWith('entities.') || path.startsWith('reply_to.'));
      for (way of sends ? WAYS : WAYS.slice(0, 1)) {
        for (const { path, make } of placesOf(method)) {
          const request = make(STRANGER) as tl.AnyMethod;
          found.push(...findStranger(await answer(alice, request), `${method}, ${way}: ${path} is answered`));
          if (way === 'later') await world.db.q.deleteFrom('scheduled_messages').execute();
        }
      }
    }
    expect([...found, ...(await listPushed()), ...(await listRead()), ...(await listTables())].slice(0, 20)).toEqual([]);
  });

  it('would be found: the id of a friend is found in the same places', async () => {
    await send(carol, peerOf(carol, alice));
    way = 'to a friend';
    const shown = async (method: 'messages.sendMessage' | 'messages.editMessage', path: string): Promise<boolean> => {
      const place = placesOf(method).find((one) => one.path === path)!;
      return find(await answer(alice, place.make(carol.userId) as tl.AnyMethod), [carol.userId], method).length > 0;
    };
    expect(await shown('messages.sendMessage', 'entities.messageEntityMentionName.user_id')).toBe(true);
    expect(await shown('messages.sendMessage', 'reply_to.inputReplyToMessage.quote_entities.messageEntityMentionName.user_id')).toBe(true);
    expect(await shown('messages.editMessage', 'entities.messageEntityMentionName.user_id')).toBe(true);
    heard.length = 0;
    expect(naming.length).toBeGreaterThan(100);
  });
});

/** The updates in a hint that is not about a box. */
function updatesOf(hint: Exclude<UserHint, { kind: 'box' }>): tl.Update[] {
  if (hint.kind === 'transient') return [hint.update];
  return [...hint.events.map(({ update }) => update), ...(hint.transient === undefined ? [] : [hint.transient])];
}
