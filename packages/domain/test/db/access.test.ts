import { markPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import type { ResolvedUser } from '../../src/access/index.ts';
import { insertChannel, insertChat, nextChannelId, nextChatId, saveChannelMember, saveChatMembers } from '../../src/chats/index.ts';
import type { MessageExtra } from '../../src/events/message-extra.ts';
import { channelMember, channelRow, chatMember, chatRow } from '../chat-rows.ts';
import { createWorld, errorOf, type World } from './accounts-world.ts';

describe('access to basic groups and channels', () => {
  let world: World;
  let alice: bigint;
  let bob: bigint;
  let carol: bigint;
  let chatId: bigint;
  let closed: bigint;
  let open: bigint;

  const addChannel = (username: string | null): Promise<bigint> =>
    world.db.transact('channel', async (tx) => {
      const id = await nextChannelId(tx.q, 2);
      await insertChannel(tx, channelRow({ channel_id: id, creator_id: alice, username }), [channelMember({ channel_id: id, user_id: alice, role: 'creator' })]);
      return id;
    });

  beforeAll(async () => {
    world = await createWorld();
    alice = (await world.signUp('9996610001', 'Alice')).userId;
    bob = (await world.signUp('9996620002', 'Bob')).userId;
    carol = (await world.signUp('9996630003', 'Carol')).userId;
    chatId = await world.db.transact('chat', async (tx) => {
      const id = await nextChatId(tx.q, 2);
      await insertChat(tx, chatRow({ chat_id: id, creator_id: alice, members: 1 }));
      await saveChatMembers(tx, [chatMember({ chat_id: id, user_id: alice, role: 'creator' }), chatMember({ chat_id: id, user_id: bob, status: 'left' })]);
      return id;
    });
    closed = await addChannel(null);
    open = await addChannel('public_name');
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const access = (viewer: bigint, input: tl.InputPeer) => world.domain.peers.accessInputPeer(viewer, input);
  const chatPeer = (id: bigint): tl.InputPeer => ({ _: 'inputPeerChat', chat_id: id });
  const hashFor = (viewer: bigint, channelId: bigint): bigint => world.domain.accessHashes.of('channel', viewer, channelId);
  const channelPeer = (viewer: bigint, channelId: bigint): tl.InputPeer => ({ _: 'inputPeerChannel', channel_id: channelId, access_hash: hashFor(viewer, channelId) });

  let randomId = 1n;
  /** Puts a message from Alice into Bob's box. @returns its id there */
  const deliver = async (extra: MessageExtra): Promise<number> => {
    const peer = (await access(alice, { _: 'inputPeerUser', user_id: bob, access_hash: world.domain.accessHashes.of('user', alice, bob) })) as ResolvedUser;
    const part = { randomId: randomId++, text: 'x', flags: 0, extra };
    await world.domain.messages.doSendOutgoing(peer, { senderId: alice, parts: [part], origin: undefined });
    const row = await world.db.q.selectFrom('messages').select('msg_id').where('owner_id', '=', bob).orderBy('msg_id', 'desc').executeTakeFirstOrThrow();
    return row.msg_id;
  };

  it('resolves a basic group for its members, for former members only where they are admitted, and for nobody else', async () => {
    expect(await access(alice, chatPeer(chatId))).toMatchObject({ kind: 'chat', chatId, peerId: -chatId, isSelf: false, row: { title: 'A chat' }, member: { role: 'creator' } });
    expect(await errorOf(access(bob, chatPeer(chatId)))).toBe('CHAT_WRITE_FORBIDDEN');
    const { accessChatOrFormer, accessInputPeerOrFormer } = world.domain.peers;
    expect(await accessInputPeerOrFormer(bob, chatPeer(chatId))).toMatchObject({ kind: 'chat', member: { status: 'left' } });
    expect(await errorOf(accessChatOrFormer(carol, chatId))).toBe('CHAT_ID_INVALID');
    expect(await errorOf(access(carol, chatPeer(chatId)))).toBe('CHAT_ID_INVALID');
    expect(await errorOf(access(alice, chatPeer(chatId + 8n)))).toBe('CHAT_ID_INVALID');
  });

  it('takes no number of a basic group for the marked id of another kind of peer', async () => {
    expect(await errorOf(access(alice, chatPeer(-alice)))).toBe('CHAT_ID_INVALID');
    expect(await errorOf(access(alice, chatPeer(-markPeer({ _: 'peerChannel', channel_id: closed }))))).toBe('CHAT_ID_INVALID');
    expect(await errorOf(access(alice, chatPeer(0n)))).toBe('CHAT_ID_INVALID');
  });

  it('resolves a channel by the viewer\'s own access hash only', async () => {
    expect(await access(alice, channelPeer(alice, closed))).toMatchObject({ kind: 'channel', channelId: closed, member: { role: 'creator' } });
    expect(await errorOf(access(bob, channelPeer(alice, open)))).toBe('CHANNEL_INVALID');
    expect(await errorOf(access(alice, { _: 'inputPeerChannel', channel_id: closed, access_hash: 0n }))).toBe('CHANNEL_INVALID');
    const ofUser = world.domain.accessHashes.of('user', alice, closed);
    expect(await errorOf(access(alice, { _: 'inputPeerChannel', channel_id: closed, access_hash: ofUser }))).toBe('CHANNEL_INVALID');
    expect(await errorOf(world.domain.peers.accessInputChannel(alice, { _: 'inputChannelEmpty' }))).toBe('CHANNEL_INVALID');
  });

  it('opens a private channel to members, a public one to everybody but those who were banned', async () => {
    expect(await errorOf(access(bob, channelPeer(bob, closed)))).toBe('CHANNEL_PRIVATE');
    expect(await access(bob, channelPeer(bob, open))).toMatchObject({ kind: 'channel', channelId: open, member: undefined });
    await world.db.transact('ban', (tx) => saveChannelMember(tx, channelMember({ channel_id: open, user_id: carol, status: 'banned', until_date: world.clock.now() + 60 })));
    expect(await errorOf(access(carol, channelPeer(carol, open)))).toBe('CHANNEL_PRIVATE');
    await world.clock.advance(61_000);
    expect(await access(carol, channelPeer(carol, open))).toMatchObject({ kind: 'channel', member: { status: 'banned' } });
  });

  it('resolves a channel or user that a message mentions, in a private chat and in a basic group, without an access hash', async () => {
    const msgId = await deliver({ fwdFrom: { _: 'messageFwdHeader', date: 1, from_id: { _: 'peerChannel', channel_id: open } } });
    const peer: tl.InputPeer = { _: 'inputPeerUser', user_id: alice, access_hash: world.domain.accessHashes.of('user', bob, alice) };
    expect(await access(bob, { _: 'inputPeerChannelFromMessage', peer, msg_id: msgId, channel_id: open })).toMatchObject({ kind: 'channel', channelId: open });
    expect(await errorOf(access(bob, { _: 'inputPeerChannelFromMessage', peer, msg_id: msgId, channel_id: closed }))).toBe('MSG_ID_INVALID');
    expect(await errorOf(access(bob, { _: 'inputPeerChannelFromMessage', peer, msg_id: msgId, channel_id: -5n }))).toBe('CHANNEL_INVALID');

    await world.db.q.updateTable('messages').set({ peer_id: -chatId }).where('owner_id', '=', bob).where('msg_id', '=', msgId).execute();
    const inGroup = { peer: chatPeer(chatId), msg_id: msgId } as const;
    expect((await world.domain.peers.accessInputUser(bob, { _: 'inputUserFromMessage', ...inGroup, user_id: alice })).user_id).toBe(alice);
    expect(await errorOf(world.domain.peers.accessInputUser(bob, { _: 'inputUserFromMessage', ...inGroup, user_id: carol }))).toBe('MSG_ID_INVALID');
    expect(await errorOf(world.domain.peers.accessInputUser(carol, { _: 'inputUserFromMessage', ...inGroup, user_id: alice }))).toBe('CHAT_ID_INVALID');
  });

  it('reads the messages of many references a few at a time', async () => {
    const msgId = await deliver({ fwdFrom: { _: 'messageFwdHeader', date: 1, from_id: { _: 'peerUser', user_id: carol } } });
    const peer: tl.InputPeer = { _: 'inputPeerUser', user_id: alice, access_hash: world.domain.accessHashes.of('user', bob, alice) };
    let running = 0;
    const read: number[] = [];
    const run = world.db.run.bind(world.db);
    const spy = vi.spyOn(world.db, 'run').mockImplementation(async (statement, values) => {
      if (statement.name !== 'read_messages_at') return run(statement, values);
      expect(++running).toBe(1);
      read.push((values[1] as unknown[]).length);
      const result = await run(statement, values);
      running--;
      return result;
    });
    const inputs = Array.from({ length: 200 }, (_, n): tl.InputUser => ({ _: 'inputUserFromMessage', peer, msg_id: msgId - n, user_id: carol }));
    const users = await Promise.allSettled(inputs.map((input) => world.domain.peers.accessInputUser(bob, input)));
    spy.mockRestore();
    expect(users[0]).toMatchObject({ status: 'fulfilled', value: { user_id: carol } });
    expect(users.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(read.reduce((sum, count) => sum + count, 0)).toBe(200);
    expect(Math.max(...read)).toBeLessThanOrEqual(32);
    expect(read.length).toBeLessThan(20);
  });

  it('refuses references inside references', async () => {
    const inner: tl.InputPeer = { _: 'inputPeerUserFromMessage', peer: { _: 'inputPeerSelf' }, msg_id: 1, user_id: alice };
    expect(await errorOf(access(bob, { _: 'inputPeerUserFromMessage', peer: inner, msg_id: 1, user_id: alice }))).toBe('PEER_ID_INVALID');
  });

  it('refuses groups and channels where only users will do', async () => {
    for (const peer of [chatPeer(chatId), channelPeer(alice, closed)]) expect(await errorOf(world.domain.peers.accessUserPeer(alice, peer))).toBe('PEER_ID_INVALID');
  });
});
