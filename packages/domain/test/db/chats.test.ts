import { markPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import {
  ALL_BANNED_RIGHTS,
  BannedRight,
  ChannelFlag,
  type ChannelMemberRow,
  type ChannelRow,
  countMembers,
  insertChannel,
  insertChat,
  listMemberIds,
  listMembers,
  nextChannelId,
  nextChatId,
  projectChatParticipants,
  saveChannelMember,
  saveChatMembers,
  updateChannel,
  updateChat,
} from '../../src/chats/index.ts';
import { channelMember, channelRow, chatMember, chatRow } from '../chat-rows.ts';
import { createWorld, type World } from './accounts-world.ts';

const [ANNA, BEN, CARL, DORA] = [1n, 2n, 3n, 4n];

describe('basic groups', () => {
  let world: World;
  let chatId: bigint;
  let peerId: bigint;
  beforeAll(async () => {
    world = await createWorld();
    chatId = await world.db.transact('chat', async (tx) => {
      const id = await nextChatId(tx.q, 2);
      await insertChat(tx, chatRow({ chat_id: id, creator_id: ANNA, members: 3, default_rights: BannedRight.pin_messages }));
      const member = (userId: bigint, role: 'creator' | 'admin' | 'member') => chatMember({ chat_id: id, user_id: userId, role });
      await saveChatMembers(tx, [member(ANNA, 'creator'), member(BEN, 'admin'), member(CARL, 'member')]);
      return id;
    });
    peerId = markPeer({ _: 'peerChat', chat_id: chatId });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const see = async (viewer: bigint): Promise<tl.Chat> => (await world.domain.chats.projectChats(viewer, [peerId, viewer, peerId]))[0]!;

  it('have unique ids that contain the data centre', async () => {
    const next = await world.db.transact('id', (tx) => nextChatId(tx.q, 2));
    expect(next).toBe(chatId + 8n);
    expect(chatId & 7n).toBe(2n);
  });

  it('are projected according to the viewer’s place in the group', async () => {
    expect(await see(ANNA)).toMatchObject({ _: 'chat', creator: true, participants_count: 3, version: 1, admin_rights: { add_admins: true } });
    const admin = await see(BEN);
    expect(admin).toMatchObject({ _: 'chat', admin_rights: { ban_users: true }, default_banned_rights: { pin_messages: true } });
    expect(admin).not.toHaveProperty('admin_rights.add_admins');
    const member = await see(CARL);
    expect(member).toMatchObject({ _: 'chat', id: chatId, title: 'A chat', creator: undefined, left: undefined, admin_rights: undefined });
    expect(await see(DORA)).toEqual({ _: 'chatEmpty', id: chatId });
    expect(await world.domain.chats.projectChats(DORA, [])).toEqual([]);
  });

  it('show a change to recent viewers, in this process and others, and nothing of it before the commit', async () => {
    const other = world.domain;
    await see(CARL);
    await world.db.transact('go', async (tx) => {
      await updateChat(tx, chatId, { members: 2, version: 2, title: 'Renamed' });
      await saveChatMembers(tx, [chatMember({ chat_id: chatId, user_id: CARL, status: 'left' })]);
    });
    expect(await see(CARL)).toMatchObject({ title: 'A chat', left: undefined });
    await other.chats.chatChanged(peerId, [CARL]);
    expect(await see(CARL)).toMatchObject({ _: 'chat', title: 'Renamed', left: true, participants_count: 0, version: 2 });
    expect(await see(BEN)).toMatchObject({ title: 'Renamed', participants_count: 2 });
    expect(await listMemberIds(world.db, chatId)).toEqual([ANNA, BEN]);
    expect(await other.chats.findMember(peerId, CARL)).toMatchObject({ status: 'left' });

    await world.db.transact('ban', (tx) => saveChatMembers(tx, [chatMember({ chat_id: chatId, user_id: CARL, status: 'banned' })]));
    world.bus.publish('accounts', { kind: 'chat', markedId: peerId, userIds: [CARL] });
    await vi.waitFor(async () => expect(await see(CARL)).toEqual({ _: 'chatForbidden', id: chatId, title: 'Renamed' }));
  });

  it('list their members to members only', async () => {
    const row = (await world.domain.chats.findRow(peerId)) as ReturnType<typeof chatRow>;
    const members = await listMembers(world.db, chatId);
    expect(projectChatParticipants(row, BEN, members)).toEqual({
      _: 'chatParticipants',
      chat_id: chatId,
      version: 2,
      participants: [
        { _: 'chatParticipantCreator', user_id: ANNA, rank: undefined },
        { _: 'chatParticipantAdmin', user_id: BEN, inviter_id: 1n, date: 100, rank: undefined },
      ],
    });
    expect(projectChatParticipants(row, CARL, members)).toEqual({ _: 'chatParticipantsForbidden', chat_id: chatId });
  });

  it('name the supergroup that they became, with each viewer’s access hash', async () => {
    const channelId = 26n;
    await world.db.transact('migrate', (tx) => updateChat(tx, chatId, { deactivated: true, migrated_to: channelId }));
    await world.domain.chats.chatChanged(peerId);
    const { accessHashes } = world.domain;
    for (const viewer of [ANNA, BEN]) {
      const migrated_to = { _: 'inputChannel', channel_id: channelId, access_hash: accessHashes.of('channel', viewer, channelId) };
      expect(await see(viewer)).toMatchObject({ _: 'chat', deactivated: true, participants_count: 0, migrated_to });
    }
  });
});

describe('channels', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  /** Creates a channel of Anna with Ben. */
  const make = async (change: Partial<ChannelRow>): Promise<{ id: bigint; see(viewer: bigint): Promise<tl.Chat>; set(row: Partial<ChannelMemberRow>): Promise<void> }> => {
    const id = await world.db.transact('channel', async (tx) => {
      const channelId = await nextChannelId(tx.q, 2);
      const row = channelRow({ channel_id: channelId, creator_id: ANNA, ...change });
      const member = (userId: bigint, role: 'creator' | 'member') => channelMember({ channel_id: channelId, user_id: userId, role });
      await insertChannel(tx, row, [member(ANNA, 'creator'), member(BEN, 'member')]);
      return channelId;
    });
    const peerId = markPeer({ _: 'peerChannel', channel_id: id });
    return {
      id,
      see: async (viewer) => (await world.domain.chats.projectChats(viewer, [peerId]))[0]!,
      async set(row) {
        await world.db.transact('set', (tx) => saveChannelMember(tx, channelMember({ channel_id: id, ...row })));
        await world.domain.chats.chatChanged(peerId, [row.user_id!]);
      },
    };
  };

  it.each(['megagroup', 'gigagroup', 'broadcast'] as const)('show a %s with the flags of its kind and the viewer’s access hash', async (kind) => {
    const { id, see } = await make({ kind, slow_mode_seconds: 10, flags: ChannelFlag.signatures | ChannelFlag.noforwards | ChannelFlag.joinToSend });
    const isBroadcast = kind === 'broadcast';
    const seen = (await see(BEN)) as tl.channel;
    expect(seen).toMatchObject({ _: 'channel', id, noforwards: true, participants_count: 2, date: 120, admin_rights: undefined });
    expect([seen.broadcast, seen.megagroup, seen.gigagroup]).toEqual([isBroadcast || undefined, !isBroadcast || undefined, kind === 'gigagroup' || undefined]);
    expect([seen.signatures, seen.slowmode_enabled, seen.join_to_send]).toEqual([isBroadcast || undefined, !isBroadcast || undefined, !isBroadcast || undefined]);
    expect(world.domain.accessHashes.matches('channel', BEN, id, seen.access_hash!)).toBe(true);
    expect(world.domain.accessHashes.matches('channel', CARL, id, seen.access_hash!)).toBe(false);
    expect(await see(ANNA)).toMatchObject({ creator: true, admin_rights: { add_admins: true } });
  });

  it('show a public channel to strangers, and only the name of a private one', async () => {
    const open = await make({ kind: 'broadcast', username: 'OpenChannel' });
    expect(await open.see(CARL)).toMatchObject({ _: 'channel', left: true, username: 'OpenChannel', date: 100 });
    const closed = await make({ kind: 'broadcast' });
    const forbidden = { _: 'channelForbidden', broadcast: true, megagroup: undefined, id: closed.id, title: 'A group' };
    expect(await closed.see(CARL)).toMatchObject(forbidden);
    await closed.set({ user_id: BEN, status: 'left' });
    expect(await closed.see(BEN)).toMatchObject(forbidden);
    await closed.set({ user_id: BEN, status: 'member' });
    expect(await closed.see(BEN)).toMatchObject({ _: 'channel', left: undefined });
  });

  it('show restrictions and bans to the users concerned, as long as they last', async () => {
    const { see, set } = await make({ username: 'Restricting' });
    const until_date = world.clock.now() + 60;
    await set({ user_id: BEN, banned_rights: BannedRight.send_polls, until_date });
    expect(await see(BEN)).toMatchObject({ _: 'channel', banned_rights: { send_polls: true, until_date } });
    await set({ user_id: CARL, status: 'banned', banned_rights: ALL_BANNED_RIGHTS, until_date });
    expect(await see(CARL)).toMatchObject({ _: 'channelForbidden', megagroup: true, until_date });
    await world.clock.advance(60_000);
    expect(await see(BEN)).toMatchObject({ _: 'channel', banned_rights: undefined });
    expect(await see(CARL)).toMatchObject({ _: 'channel', left: true });
  });

  it('count members, and show a deleted channel to nobody', async () => {
    const { id, see } = await make({ username: 'Counting' });
    const peerId = markPeer({ _: 'peerChannel', channel_id: id });
    await world.db.transact('count', (tx) => countMembers(tx, id, { members: 3, admins: 0, kicked: 0, restricted: 0, bots: 0 }));
    await world.domain.chats.chatChanged(peerId);
    expect(await see(BEN)).toMatchObject({ participants_count: 5 });
    await world.db.transact('delete', (tx) => updateChannel(tx, id, { flags: ChannelFlag.deleted }));
    await world.domain.chats.chatChanged(peerId);
    expect(await see(ANNA)).toMatchObject({ _: 'channelForbidden' });
  });
});
