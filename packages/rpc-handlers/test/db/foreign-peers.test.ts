import { METHODS, readResult, TlReader, type tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { methods } from '../../src/index.ts';
import { PeerPlaces, type PeerPlace } from './peer-places.ts';
import { createRpcWorld, type RpcWorld } from './rpc-world.ts';

const places = new PeerPlaces();
const naming = methods.map(({ method }) => ({ method, found: places.of(method) })).filter(({ found }) => found.length > 0);

/** Errors that say nothing about the request and would be the server's fault. */
const BLAMED = /^(INTERNAL|METHOD_INVALID|INPUT_METHOD_INVALID|INPUT_FETCH|AUTH_KEY|SESSION|USER_DEACTIVATED)/;

describe('a user named anywhere in a request without the right to it', () => {
  let world: RpcWorld;
  let victim: { authKeyId: bigint; userId: bigint };
  /** An access hash of the victim that was given to somebody else. */
  let stolen: bigint;
  let people = 0;
  beforeAll(async () => {
    world = await createRpcWorld('foreign-peers');
    victim = await signUp();
    const friend = await signUp();
    stolen = world.domain.accessHashes.of('user', friend.userId, victim.userId);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  function signUp(): ReturnType<RpcWorld['signUp']> {
    people++;
    return world.signUp(`999662${String(people).padStart(4, '0')}`, `Person ${people}`);
  }

  /** Attempts: somebody else's hash, a guessed one, none, an id as another kind of peer, a message of somebody else. */
  function references(type: PeerPlace['type']): object[] {
    const user_id = victim.userId;
    const hashes = [stolen, 1n, 0n];
    if (type === 'InputChannel') return hashes.map((access_hash) => ({ _: 'inputChannel', channel_id: user_id, access_hash }));
    const name = type === 'InputPeer' ? 'inputPeerUser' : 'inputUser';
    const byMessage = { _: `${name}FromMessage`, peer: { _: 'inputPeerSelf' }, msg_id: 1, user_id };
    const named = [...hashes.map((access_hash) => ({ _: name, user_id, access_hash })), byMessage];
    if (type === 'InputUser') return named;
    return [...named, { _: 'inputPeerChat', chat_id: user_id }, { _: 'inputPeerChannel', channel_id: user_id, access_hash: stolen }];
  }

  /** Data of the victim that a call could have changed. */
  async function readVictim(): Promise<unknown> {
    const { userId } = victim;
    const counters = await world.db.q.selectFrom('counters').selectAll().where('owner_id', '=', userId).execute();
    const dialogs = await world.db.q.selectFrom('dialogs').selectAll().where('owner_id', '=', userId).execute();
    return { counters, dialogs };
  }

  /** Whether an answer shows the victim. */
  function shows(value: unknown): boolean {
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return false;
    if ('_' in value && (value._ === 'user' || value._ === 'userFull') && (value as unknown as { id: bigint }).id === victim.userId) return true;
    return Object.values(value).some(shows);
  }

  it.each(naming)('$method', async ({ found }) => {
    const before = await readVictim();
    const attacker = await signUp();
    for (const place of found) {
      for (const reference of references(place.type)) {
        const request = place.make(reference) as tl.AnyMethod;
        const said = `${place.path} = ${JSON.stringify(reference, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}`;
        const { error, body } = await world.call(attacker.authKeyId, request);
        if (error !== undefined) expect(error, said).not.toMatch(BLAMED);
        else expect(shows(readResult(new TlReader(body), METHODS[request._].result)), said).toBe(false);
      }
    }
    expect(await readVictim()).toEqual(before);
  });

  it('is visible to a caller with the right to it, so the test above would notice', async () => {
    const friend = await signUp();
    const reference = { _: 'inputUser', user_id: victim.userId, access_hash: world.domain.accessHashes.of('user', friend.userId, victim.userId) };
    for (const method of ['users.getUsers', 'users.getFullUser'] as const) {
      const request = places.of(method)[0]!.make(reference) as tl.AnyMethod;
      const { body } = await world.call(friend.authKeyId, request);
      expect(shows(readResult(new TlReader(body), METHODS[method].result)), method).toBe(true);
    }
  });

  it('is tested with all methods that take a user', () => {
    expect(naming.length).toBeGreaterThan(50);
    expect(naming.find(({ method }) => method === 'messages.sendMessage')!.found.map(({ path }) => path)).toContain('reply_to.inputReplyToMessage.reply_to_peer_id');
  });
});
