import { markPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { findJoinedScopes, insertChannel, insertChat, nextChannelId, nextChatId, saveChatMembers } from '../../src/chats/index.ts';
import { isInFolder } from '../../src/dialogs/index.ts';
import { channelMember, channelRow, chatMember, chatRow } from '../chat-rows.ts';
import { createWorld, type World } from './accounts-world.ts';

describe('groups and channels in settings and lists', () => {
  let world: World;
  let alice: bigint;
  let group: tl.peerChat;
  let supergroup: tl.peerChannel;
  let broadcast: tl.peerChannel;

  beforeAll(async () => {
    world = await createWorld();
    alice = (await world.signUp('9996610001', 'Alice')).userId;
    const addChannel = (kind: 'megagroup' | 'broadcast'): Promise<tl.peerChannel> =>
      world.db.transact('channel', async (tx) => {
        const channel_id = await nextChannelId(tx.q, 2);
        await insertChannel(tx, channelRow({ channel_id, kind }), [channelMember({ channel_id, user_id: alice, status: kind === 'broadcast' ? 'member' : 'left' })]);
        return { _: 'peerChannel', channel_id };
      });
    group = await world.db.transact('chat', async (tx) => {
      const chat_id = await nextChatId(tx.q, 2);
      await insertChat(tx, chatRow({ chat_id }));
      await saveChatMembers(tx, [chatMember({ chat_id, user_id: alice })]);
      return { _: 'peerChat', chat_id };
    });
    supergroup = await addChannel('megagroup');
    broadcast = await addChannel('broadcast');
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it('a supergroup is a group among the exceptions of notification settings, and a broadcast is a channel', async () => {
    const { notifications } = world.domain;
    for (const peer of [group, supergroup, broadcast]) await notifications.doUpdateSettings(alice, { peer }, { _: 'inputPeerNotifySettings', silent: true });
    const found = async (scope: 'users' | 'chats' | 'broadcasts'): Promise<Set<bigint>> =>
      new Set((await notifications.listExceptions(alice, { scope, sounds: true, stories: true })).map(({ peerId }) => peerId));
    expect(await found('chats')).toEqual(new Set([markPeer(group), markPeer(supergroup)]));
    expect(await found('broadcasts')).toEqual(new Set([markPeer(broadcast)]));
    expect(await found('users')).toEqual(new Set());
  });

  it('only those count as joined that the user is in now', async () => {
    const all = [group, supergroup, broadcast].map((peer) => markPeer(peer));
    expect(await findJoinedScopes(world.domain.chats, alice, [...all, alice])).toEqual(new Map([[markPeer(group), 'chats'], [markPeer(broadcast), 'broadcasts']]));
  });

  it('a folder that names a group or channel has it in it, so that it stays archived', async () => {
    const { accessHashes, filters } = world.domain;
    const channelPeer: tl.InputPeer = { _: 'inputPeerChannel', channel_id: broadcast.channel_id, access_hash: accessHashes.of('channel', alice, broadcast.channel_id) };
    const title: tl.textWithEntities = { _: 'textWithEntities', text: 'Sport', entities: [] };
    const include_peers: tl.InputPeer[] = [{ _: 'inputPeerChat', chat_id: group.chat_id }, channelPeer];
    await filters.doUpdate(alice, 5, { _: 'dialogFilter', id: 5, title, pinned_peers: [], include_peers, exclude_peers: [] }, undefined);
    expect(await isInFolder(world.db.q, alice, markPeer(group))).toBe(true);
    expect(await isInFolder(world.db.q, alice, markPeer(broadcast))).toBe(true);
    expect(await isInFolder(world.db.q, alice, markPeer(supergroup))).toBe(false);
  });
});
