import { METHODS, readResult, TlReader, type tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { methods } from '../../src/index.ts';
import { loadSchema } from './random-schema.ts';
import { PeerPlaces } from './peer-places.ts';
import { createRpcWorld, type RpcWorld } from './rpc-world.ts';

const schema = loadSchema();
const places = new PeerPlaces();
/** Fields that name messages of the chat in `peer`. */
const IDS = new Set(['id', 'msg_id', 'reply_to_msg_id', 'top_msg_id']);
const PEERS = new Set(['peer', 'from_peer', 'to_peer']);
/** Texts written only to the other chat: no answer about this chat may contain them. */
const MARK = 'not for Bob';
const HOUR_S = 3600;

interface Person {
  authKeyId: bigint;
  userId: bigint;
}

/** Methods whose request names a chat and messages in it. */
const naming = methods.map(({ method }) => method).filter((method) => {
  const { fields } = schema.methods.get(method)!;
  const takesIds = fields.some(({ name, type }) => (IDS.has(name) && /^(int|Vector<int>)$/.test(type)) || type === 'InputReplyTo');
  return takesIds && fields.some(({ name, type }) => PEERS.has(name) && type === 'InputPeer');
});

describe('messages of another chat, named as if they were in this one', () => {
  let world: RpcWorld;
  let alice: Person;
  let bob: Person;
  let carol: Person;
  /** Messages in Alice's chat with Carol: one from each, and a scheduled one. */
  const foreign: number[] = [];
  beforeAll(async () => {
    world = await createRpcWorld('foreign-messages');
    [alice, bob, carol] = [await world.signUp('9996630001', 'Alice'), await world.signUp('9996630002', 'Bob'), await world.signUp('9996630003', 'Carol')];
    await send(carol, alice, `${MARK}, from Carol`);
    await send(alice, carol, `${MARK}, from Alice`);
    await send(alice, carol, `${MARK}, later`, { schedule_date: Math.floor(Date.now() / 1000) + HOUR_S });
    const rows = await world.db.q.selectFrom('messages').select('msg_id').where('owner_id', '=', alice.userId).where('peer_id', '=', carol.userId).execute();
    const waiting = await world.db.q.selectFrom('scheduled_messages').select('msg_id').where('owner_id', '=', alice.userId).execute();
    foreign.push(...[...rows, ...waiting].map(({ msg_id }) => msg_id));
  });
  afterAll(() => world[Symbol.asyncDispose]());

  function peerOf(viewer: Person, other: Person): tl.InputPeer {
    return { _: 'inputPeerUser', user_id: other.userId, access_hash: world.domain.accessHashes.of('user', viewer.userId, other.userId) };
  }

  async function send(from: Person, to: Person, message: string, more: { schedule_date?: number } = {}): Promise<void> {
    const { error } = await world.call(from.authKeyId, { _: 'messages.sendMessage', peer: peerOf(from, to), message, random_id: world.random.int63(), ...more });
    expect(error).toBeUndefined();
  }

  /** A request with Bob as its peer and that id wherever a message is named. */
  function requestOf(method: string, id: number): tl.AnyMethod {
    const peer = peerOf(alice, bob);
    const request: Record<string, unknown> & { _: string } = places.of(method)[0]!.make(peer);
    for (const { name, type } of schema.methods.get(method)!.fields) {
      if (PEERS.has(name)) request[name] = peer;
      if (IDS.has(name)) request[name] = type === 'int' ? id : [id];
      if (name === 'random_id') request[name] = type === 'long' ? world.random.int63() : [world.random.int63()];
      if (type === 'InputReplyTo') request[name] = { _: 'inputReplyToMessage', reply_to_msg_id: id };
    }
    return request as unknown as tl.AnyMethod;
  }

  /** All data that both have about the other chat. */
  async function readOther(): Promise<unknown> {
    const { q } = world.db;
    const pairs = [[alice.userId, carol.userId], [carol.userId, alice.userId]] as const;
    return Promise.all(pairs.flatMap(([owner, peer]) => [
      q.selectFrom('messages').selectAll().where('owner_id', '=', owner).where('peer_id', '=', peer).orderBy('msg_id').execute(),
      q.selectFrom('dialogs').selectAll().where('owner_id', '=', owner).where('peer_id', '=', peer).execute(),
      q.selectFrom('scheduled_messages').selectAll().where('owner_id', '=', owner).where('peer_id', '=', peer).execute(),
    ]));
  }

  it.each(naming)('%s', async (method) => {
    await send(bob, alice, 'so that there is a chat');
    const before = await readOther();
    for (const id of foreign) {
      const request = requestOf(method, id);
      const { error, body } = await world.call(alice.authKeyId, request);
      if (error !== undefined) expect(error).not.toMatch(/^(INTERNAL|METHOD_INVALID|INPUT_|AUTH_KEY)/);
      else expect(JSON.stringify(readResult(new TlReader(body), METHODS[request._].result), (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).not.toContain(MARK);
    }
    expect(await readOther()).toEqual(before);
  });

  it('finds methods to test', () => {
    for (const method of ['messages.editMessage', 'messages.forwardMessages', 'messages.sendReaction', 'messages.sendScheduledMessages', 'messages.updatePinnedMessage']) {
      expect(naming).toContain(method);
    }
  });
});
