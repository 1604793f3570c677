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
/** Fields that name a channel in which messages are. */
const CHANNELS = new Set(['channel', 'peer', 'from_peer', 'to_peer', 'reply_to_peer_id']);
/** Texts written only to the other chat, or before somebody came: no answer may contain them. */
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

/** An answer as text. */
function textOf(method: tl.AnyMethod['_'], body: Uint8Array): string {
  return JSON.stringify(readResult(new TlReader(body), METHODS[method].result), (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}

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
      if (IDS.has(name) && type !== 'string') request[name] = type === 'int' ? id : [id];
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
      else expect(textOf(request._, body)).not.toContain(MARK);
    }
    expect(await readOther()).toEqual(before);
  });

  it('finds methods to test', () => {
    for (const method of ['messages.editMessage', 'messages.forwardMessages', 'messages.sendReaction', 'messages.sendScheduledMessages', 'messages.updatePinnedMessage']) {
      expect(naming).toContain(method);
    }
  });
});

describe('messages of a supergroup from before a member joined, which are hidden from the member', () => {
  let world: RpcWorld;
  let alice: Person;
  /** An admin who may do everything, and who joined after all that is hidden. */
  let bob: Person;
  let channelId: bigint;
  let hidden: number[];
  const inChannels = methods.map(({ method }) => method).filter((method) => {
    const { fields } = schema.methods.get(method)!;
    const takesIds = fields.some(({ name, type }) => (IDS.has(name) && /^(int|Vector<int>|Vector<InputMessage>)$/.test(type)) || type === 'InputReplyTo');
    return takesIds && fields.some(({ name, type }) => CHANNELS.has(name) && (type === 'InputPeer' || type === 'InputChannel'));
  });

  beforeAll(async () => {
    world = await createRpcWorld('hidden-messages');
    [alice, bob] = [await world.signUp('9996630011', 'Alice'), await world.signUp('9996630012', 'Bob')];
    await call(alice, { _: 'channels.createChannel', megagroup: true, title: 'Climbing', about: '' });
    ({ channel_id: channelId } = await world.db.q.selectFrom('channels').select('channel_id').where('creator_id', '=', alice.userId).executeTakeFirstOrThrow());
    await call(alice, { _: 'channels.togglePreHistoryHidden', channel: channelOf(alice), enabled: true });
    for (const message of ['a post', 'a pinned post']) await call(alice, { _: 'messages.sendMessage', peer: peerOf(alice), message: `${MARK}, ${message}`, random_id: world.random.int63() });
    await call(alice, { _: 'messages.updatePinnedMessage', peer: peerOf(alice), id: 3 });
    await call(alice, { _: 'contacts.addContact', id: userOf(alice, bob), first_name: 'Bob', last_name: '', phone: '' });
    await call(bob, { _: 'contacts.addContact', id: userOf(bob, alice), first_name: 'Alice', last_name: '', phone: '' });
    // Bob wrote a message of his own before he left, and came back later.
    await invite();
    await call(bob, { _: 'messages.sendMessage', peer: peerOf(bob), message: `${MARK}, of Bob himself`, random_id: world.random.int63() });
    await call(bob, { _: 'channels.leaveChannel', channel: channelOf(bob) });
    await invite();
    const { posts, joinedAt } = await readChannel();
    hidden = posts.filter(({ msg_id }) => msg_id <= joinedAt).map(({ msg_id }) => msg_id);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const userOf = (viewer: Person, other: Person): tl.inputUser => ({ _: 'inputUser', user_id: other.userId, access_hash: world.domain.accessHashes.of('user', viewer.userId, other.userId) });
  const hashFor = (viewer: Person): bigint => world.domain.accessHashes.of('channel', viewer.userId, channelId);
  const channelOf = (viewer: Person): tl.inputChannel => ({ _: 'inputChannel', channel_id: channelId, access_hash: hashFor(viewer) });
  const peerOf = (viewer: Person): tl.inputPeerChannel => ({ _: 'inputPeerChannel', channel_id: channelId, access_hash: hashFor(viewer) });

  async function call(person: Person, request: tl.AnyMethod): Promise<void> {
    expect((await world.call(person.authKeyId, request)).error, request._).toBeUndefined();
  }

  async function invite(): Promise<void> {
    await call(alice, { _: 'channels.inviteToChannel', channel: channelOf(alice), users: [userOf(alice, bob)] });
    const admin_rights: tl.chatAdminRights = { _: 'chatAdminRights', change_info: true, delete_messages: true, ban_users: true, invite_users: true, pin_messages: true };
    await call(alice, { _: 'channels.editAdmin', channel: channelOf(alice), user_id: userOf(alice, bob), admin_rights, rank: '' });
  }

  /** The messages of the channel, and the last one that is hidden from Bob. */
  async function readChannel() {
    const { q } = world.db;
    const posts = await q.selectFrom('channel_messages').selectAll().where('channel_id', '=', channelId).orderBy('msg_id').execute();
    const { hidden_max_id: joinedAt } = await q.selectFrom('channel_members').select('hidden_max_id').where('channel_id', '=', channelId).where('user_id', '=', bob.userId).executeTakeFirstOrThrow();
    return { posts, joinedAt };
  }

  /** A request with the channel as its peers, and that id wherever a message is named. */
  function requestOf(method: string, id: number): tl.AnyMethod {
    const { fields } = schema.methods.get(method)!;
    const request: Record<string, unknown> & { _: string } = places.of(method)[0]!.make(peerOf(bob));
    for (const { name, type } of fields) {
      if (CHANNELS.has(name) && (type === 'InputPeer' || type === 'InputChannel')) request[name] = type === 'InputPeer' ? peerOf(bob) : channelOf(bob);
      if (IDS.has(name) && type !== 'string') request[name] = type === 'int' ? id : type === 'Vector<int>' ? [id] : [{ _: 'inputMessageID', id }, { _: 'inputMessageReplyTo', id }, { _: 'inputMessagePinned' }];
      if (name === 'random_id') request[name] = type === 'long' ? world.random.int63() : [world.random.int63()];
      if (type === 'InputReplyTo') request[name] = { _: 'inputReplyToMessage', reply_to_msg_id: id };
      if (name === 'message') request[name] = 'by Bob';
      if (name === 'participant') request[name] = { _: 'inputPeerSelf' };
    }
    return request as unknown as tl.AnyMethod;
  }

  it.each(inChannels)('%s', async (method) => {
    const before = (await readChannel()).posts.filter(({ msg_id }) => hidden.includes(msg_id));
    expect(before).toHaveLength(hidden.length);
    for (const id of hidden) {
      const request = requestOf(method, id);
      const { error, body } = await world.call(bob.authKeyId, request);
      if (error !== undefined) expect(error).not.toMatch(/^(INTERNAL|METHOD_INVALID|INPUT_|AUTH_KEY)/);
      else expect(textOf(request._, body), `message ${id}`).not.toContain(MARK);
    }
    const { posts } = await readChannel();
    expect(posts.filter(({ msg_id }) => hidden.includes(msg_id))).toEqual(before);
    expect(posts.filter((post) => !hidden.includes(post.msg_id) && post.reply_to_msg_id !== null)).toEqual([]);
    expect(await world.db.q.selectFrom('reports').selectAll().execute()).toEqual([]);
  });

  it('finds messages and methods to test', async () => {
    const { posts } = await readChannel();
    expect(posts.filter(({ msg_id, text }) => hidden.includes(msg_id) && text.includes(MARK))).toHaveLength(3);
    for (const method of ['channels.deleteMessages', 'channels.getMessages', 'messages.editMessage', 'messages.forwardMessages', 'messages.getMessageEditData', 'messages.report', 'messages.updatePinnedMessage']) {
      expect(inChannels).toContain(method);
    }
  });
});
