import { DEFAULT_LIMITS, type FieldLimit, type RpcMethod } from '@aerogram/rpc';
import { sql } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { methods } from '../../src/index.ts';
import { type FieldPlace, FieldPlaces } from './field-places.ts';
import { createRpcWorld, type RpcWorld } from './rpc-world.ts';

/** Methods that may end the account that calls them. */
const ENDING = new Set(['account.deleteAccount', 'auth.logOut', 'account.resetAuthorization']);
/** Errors that would be the server's fault. */
const BLAMED = /^(INTERNAL|WORKER_BUSY|METHOD_INVALID|INPUT_METHOD|INPUT_FETCH)/;
/** Maximum length of a stored row, in bytes of its text form, in which each byte of a bytea takes two digits. */
const ROW_MAX = 128 * 1024;
/** Maximum length of an answer. */
const ANSWER_MAX = 4 * 1024 * 1024;

interface Person {
  authKeyId: bigint;
  userId: bigint;
}

describe('declared limits of fields, at any depth', () => {
  let world: RpcWorld;
  let alice: Person;
  let bob: Person;
  let bot: Person;
  let people = 0;
  let words = 0;
  let ownId = 0;

  const bobAsPeer = (): tl.inputPeerUser => ({ _: 'inputPeerUser', user_id: bob.userId, access_hash: world.domain.accessHashes.of('user', alice.userId, bob.userId) });
  const fields = new FieldPlaces({
    peer: (type) => (type === 'InputDialogPeer' ? { _: 'inputDialogPeer', peer: bobAsPeer() } : type === 'InputPeer' ? bobAsPeer() : undefined),
    to_peer: bobAsPeer,
    from_peer: bobAsPeer,
    message: (type) => (type === 'string' ? `some words ${++words}` : undefined),
    offset: (type) => (type === 'int' ? 0 : undefined),
    length: () => 4,
    random_id: (type) => (type === 'long' ? world.random.int63() : type === 'int' ? undefined : [world.random.int63()]),
    'messages.editMessage.id': () => ownId,
    'messages.editMessage.message': () => `some words ${++words}`,
    'messages.forwardMessages.id': () => [ownId],
    'messages.updateDialogFilter.id': () => 5,
    'dialogFilter.contacts': () => true,
    'inputReplyToMessage.reply_to_msg_id': () => ownId,
    'inputReplyToMessage.quote_text': () => 'some words',
    phone_number: () => '+15550001111',
  });
  const placesOf = ({ method }: RpcMethod): FieldPlace[] => fields.of(method, (_name, type) => type === 'string' || type === 'bytes');

  const signUp = (): Promise<Person> => world.signUp(`999663${String(++people).padStart(4, '0')}`, `Person ${people}`);

  beforeAll(async () => {
    world = await createRpcWorld('field-limits');
    [alice, bob, bot] = [await signUp(), await signUp(), await world.logInBot('limits_bot')];
    await world.call(alice.authKeyId, { _: 'messages.sendMessage', peer: bobAsPeer(), message: 'some words', random_id: 1n });
    ownId = (await world.db.q.selectFrom('messages').select('msg_id').where('owner_id', '=', alice.userId).orderBy('msg_id', 'desc').limit(1).executeTakeFirstOrThrow()).msg_id;
  });
  afterAll(() => world[Symbol.asyncDispose]());

  /** The limit of a string or byte string: the declared one or the default. */
  function limitOf({ limits }: RpcMethod, { fieldPath, type }: FieldPlace): { max: number; error: string } {
    const declared: FieldLimit | undefined = (type === 'string' ? limits.strings : limits.bytes)?.[fieldPath];
    const standard = type === 'string' ? DEFAULT_LIMITS.string : DEFAULT_LIMITS.bytes;
    return declared === undefined ? standard : typeof declared === 'number' ? { ...standard, max: declared } : declared;
  }

  const valueOf = (type: string, length: number, letter = 'x'): unknown => (type === 'string' ? letter.repeat(length) : new Uint8Array(length));
  const errorOf = async (method: RpcMethod, request: { _: string }): Promise<string | undefined> => {
    const person = ENDING.has(method.method) ? await signUp() : alice;
    const caller = method.callers.has('user') ? person : bot;
    return (await world.call(caller.authKeyId, request as tl.AnyMethod)).error;
  };

  const taking = methods.filter((method) => placesOf(method).length > 0);

  it.each(taking)('$method accepts each text and byte string at its limit, and no longer one', { timeout: 300_000 }, async (method) => {
    const found: string[] = [];
    for (const place of placesOf(method)) {
      const { max, error } = limitOf(method, place);
      // Characters of one byte and of three bytes.
      for (const letter of place.type === 'string' ? ['x', 'あ'] : ['']) {
        const outcome = await errorOf(method, place.make(valueOf(place.type, max, letter)));
        if (outcome !== undefined && (BLAMED.test(outcome) || outcome === DEFAULT_LIMITS.string.error || outcome === DEFAULT_LIMITS.bytes.error)) {
          found.push(`${place.path}, ${max} long: ${outcome}`);
        }
      }
      const refusal = await errorOf(method, place.make(valueOf(place.type, max + 1)));
      if (refusal !== error) found.push(`${place.path}, ${max + 1} long: ${refusal}, not ${error}`);
    }
    expect(found.slice(0, 10)).toEqual([]);
  });

  it('stores no row that is too long, and nothing that cannot be read', async () => {
    const { rows: tables } = await sql<{ name: string }>`SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = current_schema()`.execute(world.db.q);
    const longest = tables.map(({ name }) => `SELECT '${name}' AS name, max(length(t::text)) AS bytes FROM ${name} AS t`).join(' UNION ALL ');
    const { rows } = await sql<{ name: string; bytes: number | null }>`${sql.raw(longest)}`.execute(world.db.q);
    expect(rows.filter(({ bytes }) => (bytes ?? 0) > ROW_MAX)).toEqual([]);
    for (const person of [alice, bob]) {
      for (const request of [
        { _: 'updates.getDifference', pts: 1, date: 1, qts: 0 },
        { _: 'messages.getDialogs', offset_date: 0, offset_id: 0, offset_peer: { _: 'inputPeerEmpty' }, limit: 100, hash: 0n },
        { _: 'messages.getHistory', peer: { _: 'inputPeerSelf' }, offset_id: 0, offset_date: 0, add_offset: 0, limit: 100, max_id: 0, min_id: 0, hash: 0n },
        { _: 'messages.getAllDrafts' },
        { _: 'messages.getDialogFilters' },
        { _: 'contacts.getContacts', hash: 0n },
      ] satisfies tl.AnyMethod[]) {
        const { error, body } = await world.call(person.authKeyId, request);
        expect({ error, method: request._ }).toEqual({ error: undefined, method: request._ });
        expect(body.length, request._).toBeLessThan(ANSWER_MAX);
      }
    }
  });

  it('are only declared for fields that exist', () => {
    for (const method of methods) {
      const all = new Set(fields.of(method.method, () => true).map((place) => place.fieldPath));
      const { vectors, strings, bytes } = method.limits;
      const declared = [vectors, strings, bytes].flatMap((limits) => Object.keys(limits ?? {}));
      expect(declared.filter((path) => !all.has(path)), method.method).toEqual([]);
    }
    expect(taking.length).toBeGreaterThan(100);
  });
});
