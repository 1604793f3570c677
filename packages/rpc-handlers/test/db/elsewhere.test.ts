import { TABLE_OWNERS } from '@aerogram/cluster/testing';
import { sql, type Tables } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { methods } from '../../src/index.ts';
import { ERRORS, fieldOf, naming, WORKING } from './elsewhere-table.ts';
import { createWorldWithFarHome, FAR_PERSON } from './far-home.ts';
import type { PeerPlace } from './peer-places.ts';
import type { RpcWorld } from './rpc-world.ts';

const worksIn = (method: string, field: string): boolean => WORKING[method]?.split(' ').includes(field) === true;
const refused = naming.map(({ method, found }) => ({ method, found: found.filter((place) => !worksIn(method, fieldOf(place))) })).filter(({ found }) => found.length > 0);
const working = naming.map(({ method, found }) => ({ method, found: found.filter((place) => worksIn(method, fieldOf(place))) })).filter(({ found }) => found.length > 0);

interface Person {
  authKeyId: bigint;
  userId: bigint;
}

const PREVIEW: tl.InputMedia = { _: 'inputMediaWebPage', url: 'https://example.org/', optional: true };

/** Tables that a call changes whatever it is about. */
const CHANGED_ALWAYS: ReadonlySet<string> = new Set(['auth_keys', 'authorizations', 'settings', 'meta']);

describe('a person in another data centre', () => {
  let world: RpcWorld;
  let people = 0;
  beforeAll(async () => {
    world = await createWorldWithFarHome('elsewhere');
  }, 120_000);
  afterAll(() => world[Symbol.asyncDispose]());

  const signUp = (): Promise<Person> => world.signUp(`999662${String(++people).padStart(4, '0')}`, `Person ${people}`);

  /** A right reference of this caller to a person. */
  function referTo(callerId: bigint, type: PeerPlace['type'], user_id: bigint): object {
    return { _: type === 'InputPeer' ? 'inputPeerUser' : 'inputUser', user_id, access_hash: world.domain.accessHashes.of('user', callerId, user_id) };
  }

  /** The content of each table, as a hash. */
  async function readAll(): Promise<Map<string, string>> {
    const { rows: tables } = await sql<{ name: string }>`SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()`.execute(world.db.q);
    const parts = tables.filter(({ name }) => !CHANGED_ALWAYS.has(name)).map(({ name }) => `SELECT '${name}' AS name, coalesce(md5(string_agg(t::text, '' ORDER BY t::text)), '') AS hash FROM "${name}" AS t`);
    const { rows } = await sql<{ name: string; hash: string }>`${sql.raw(parts.join(' UNION ALL '))}`.execute(world.db.q);
    return new Map(rows.map(({ name, hash }) => [name, hash]));
  }

  /** The tables of users in which rows are stored under the id of this person. */
  async function listOwned(userId: bigint): Promise<string[]> {
    const { rows: keys } = await sql<{ table: string; column: string }>`
      SELECT c.relname AS "table", a.attname AS "column" FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
      WHERE i.indisprimary AND c.relnamespace = current_schema()::regnamespace AND a.atttypid = 'bigint'::regtype`.execute(world.db.q);
    const owned = keys.filter(({ table }) => TABLE_OWNERS[table as keyof Tables] === 'user' || table === 'counters');
    const parts = owned.map(({ table, column }) => `SELECT '${table}' AS name WHERE EXISTS (SELECT FROM "${table}" WHERE "${column}" = ${userId})`);
    const { rows } = await sql<{ name: string }>`${sql.raw(parts.join(' UNION ALL '))}`.execute(world.db.q);
    return rows.map(({ name }) => name);
  }

  it('is refused at once wherever a method does not work with one, and nothing is written', async () => {
    const [caller, bot] = [await signUp(), await world.logInBot('near_bot')];
    const before = await readAll();
    const answers: string[] = [];
    for (const { method, found } of refused) {
      const asked = methods.find((one) => one.method === method)!.callers.has('user') ? caller : bot;
      for (const place of found) {
        const { error } = await world.call(asked.authKeyId, place.make(referTo(asked.userId, place.type, FAR_PERSON)) as tl.AnyMethod);
        const expected = ERRORS[`${method}.${fieldOf(place)}`] ?? 'PEER_ID_INVALID';
        if (error !== expected) answers.push(`${method} ${place.path}: ${error ?? 'answered'} instead of ${expected}`);
      }
    }
    expect(answers).toEqual([]);
    const after = await readAll();
    expect([...after].filter(([name, hash]) => before.get(name) !== hash).map(([name]) => name)).toEqual([]);
    expect(refused.length).toBeGreaterThan(90);
  });

  it('is answered as somebody here is where a method works with one', { timeout: 120_000 }, async () => {
    const differing: string[] = [];
    const friend = await signUp();
    let callers = [await signUp(), await signUp()] as const;
    for (const { method, found } of working) {
      const isSend = methods.find((one) => one.method === method)!.repeat === 'random_id';
      for (const place of found) {
        // A repeated send is answered differently.
        if (isSend) callers = [await signUp(), await signUp()];
        const ask = async (caller: Person, personId: bigint): Promise<string | undefined> => {
          const request = place.make(referTo(caller.userId, place.type, personId)) as tl.AnyMethod;
          // Of all media only link previews travel.
          const sent = request._ === 'messages.sendMedia' ? { ...request, media: PREVIEW } : request;
          return (await world.call(caller.authKeyId, sent)).error;
        };
        const [there, here] = [await ask(callers[0], FAR_PERSON), await ask(callers[1], friend.userId)];
        if (there !== here) differing.push(`${method} ${place.path}: ${there ?? 'answered'} instead of ${here ?? 'an answer'}`);
      }
    }
    expect(differing).toEqual([]);
    expect(await listOwned(FAR_PERSON)).toEqual([]);
    expect(await listOwned(friend.userId)).toContain('counters');
    expect(working.length).toBeGreaterThan(70);
  });
});
