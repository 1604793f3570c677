import { markPeer } from '@aerogram/cluster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ChannelFlag, type ChannelMemberRow, type ChatMemberRow } from '../../src/chats/index.ts';
import { hasFlag, MessageFlag, type MessageRow } from '../../src/events/index.ts';
import type { UserRow } from '../../src/peers/index.ts';
import { createWorld, errorOf, signUpPeople, type World } from './accounts-world.ts';

const ORIGIN = { authKeyId: 1n, sessionId: 1n };
const PEOPLE = 8;

describe('basic groups become supergroups', () => {
  let world: World;
  let people: UserRow[];
  let randomId = 0n;
  beforeAll(async () => {
    world = await createWorld();
    people = await signUpPeople(world, PEOPLE);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const person = (n: number): bigint => people[n]!.user_id;
  const by = (n: number, chatId: bigint) => ({ actorId: person(n), chatId, origin: ORIGIN });
  const migrate = (n: number, chatId: bigint) => world.domain.channels.doMigrate(by(n, chatId));
  const chatOf = (chatId: bigint) => world.db.q.selectFrom('chats').selectAll().where('chat_id', '=', chatId).executeTakeFirstOrThrow();
  const channelsOf = (chatId: bigint) => world.db.q.selectFrom('channels').selectAll().where('migrated_from_chat_id', '=', chatId).execute();
  const oldMembers = (chatId: bigint): Promise<ChatMemberRow[]> =>
    world.db.q.selectFrom('chat_members').selectAll().where('chat_id', '=', chatId).where('status', '=', 'member').orderBy('user_id').execute();
  const newMembers = (channelId: bigint): Promise<ChannelMemberRow[]> =>
    world.db.q.selectFrom('channel_members').selectAll().where('channel_id', '=', channelId).where('status', '=', 'member').orderBy('user_id').execute();
  const bannedFrom = async (channelId: bigint): Promise<bigint[]> => {
    const rows = await world.db.q.selectFrom('channel_members').select('user_id').where('channel_id', '=', channelId).where('status', '=', 'banned').execute();
    return rows.map((row) => row.user_id);
  };
  const boxOf = (owner: bigint, chatId: bigint): Promise<MessageRow[]> =>
    world.db.q.selectFrom('messages').selectAll().where('owner_id', '=', owner).where('peer_id', '=', -chatId).orderBy('msg_id').execute();

  async function create(others: readonly number[]): Promise<bigint> {
    const users = others.map((n) => people[n]!);
    const { notice } = await world.domain.groups.doCreate({ creatorId: person(0), title: 'A group', users, ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN });
    return -notice!.peer_id;
  }

  async function send(n: number, chatId: bigint, text: string): Promise<MessageRow> {
    const peer = await world.domain.peers.accessChat(person(n), chatId);
    return world.domain.messages.doSendText(peer, {
      senderId: person(n), randomId: ++randomId, text: { text, entities: [] }, silent: false, noforwards: false, noWebpage: false, invertMedia: false, origin: undefined, reply: undefined,
    });
  }

  it('once, however often and from however many devices it is called', async () => {
    const chatId = await create([1, 2]);
    const calls = await Promise.all([0, 0, 0, 0].map((n) => migrate(n, chatId)));
    await world.restart();
    calls.push(await migrate(0, chatId));
    expect(new Set(calls.map(({ peerId }) => peerId)).size).toBe(1);
    expect(calls.filter(({ first }) => first !== undefined)).toHaveLength(1);
    expect(await channelsOf(chatId)).toHaveLength(1);
    for (const n of [0, 1, 2]) expect((await boxOf(person(n), chatId)).filter((row) => hasFlag(row, MessageFlag.service))).toHaveLength(2);
    expect(await chatOf(chatId)).toMatchObject({ deactivated: true, version: 2 });
    expect(await errorOf(migrate(1, chatId))).toBe('CHAT_ID_INVALID');
    const [channel] = await channelsOf(chatId);
    const [head] = await world.db.q.selectFrom('channel_heads').selectAll().where('channel_id', '=', channel!.channel_id).execute();
    expect(head).toMatchObject({ members: 3, top_msg_id: 1, ordinal: 1 });
  });

  it('without losing a member or a message while people write, come and go', async () => {
    for (let round = 0; round < 6; round++) {
      const chatId = await create([1, 2, 3]);
      await world.domain.groups.doEditAdmin(by(0, chatId), person(1), true);
      const done: string[] = [];
      const note = async (name: string, call: Promise<unknown>): Promise<void> => {
        const error = await errorOf(call);
        if (error === 'no error') done.push(name);
        // The author of 'send 2' may have been removed before.
        else expect([name, error]).toEqual([name, name === 'send 2' && error === 'CHAT_WRITE_FORBIDDEN' ? error : 'CHAT_ID_INVALID']);
      };
      const { groups } = world.domain;
      await Promise.all([
        note('send 1', send(1, chatId, 'one')),
        note('add 4', groups.doAddUser(by(1, chatId), people[4]!, 0)),
        note('leave 3', groups.doRemoveUser(by(3, chatId), person(3), false)),
        ...(round % 2 === 0 ? [] : [note('send 2', send(2, chatId, 'two'))]),
        migrate(0, chatId),
        note('add 5', groups.doAddUser(by(0, chatId), people[5]!, 0)),
        note('remove 2', groups.doRemoveUser(by(0, chatId), person(2), false)),
        note('send 3', send(0, chatId, 'three')),
      ]);
      const [channel] = await channelsOf(chatId);
      const old = await oldMembers(chatId);
      const members = await newMembers(channel!.channel_id);
      expect(members.map((row) => row.user_id)).toEqual(old.map((row) => row.user_id));
      expect(members.map((row) => row.role)).toEqual(old.map((row) => row.role));
      const expected = new Set([0, 1, 2, 3]);
      if (done.includes('add 4')) expected.add(4);
      if (done.includes('add 5')) expected.add(5);
      if (done.includes('leave 3')) expected.delete(3);
      if (done.includes('remove 2')) expected.delete(2);
      expect(new Set(members.map((row) => row.user_id))).toEqual(new Set([...expected].map(person)));
      // Whoever was removed in time is banned, and whoever left is not.
      const banned = done.includes('remove 2') ? [person(2)] : [];
      expect(await bannedFrom(channel!.channel_id)).toEqual(banned);
      const [head] = await world.db.q.selectFrom('channel_heads').selectAll().where('channel_id', '=', channel!.channel_id).execute();
      expect(head).toMatchObject({ members: members.length, kicked: banned.length });
      // Nothing comes after the message that names the supergroup, in no box, and each acknowledged message is in all of them.
      for (const { user_id: owner } of members) {
        const box = await boxOf(owner, chatId);
        const last = box.at(-1)!;
        expect(last.global_id).toBe((await boxOf(person(0), chatId)).at(-1)!.global_id);
        expect(box.map((row) => row.text)).toEqual(expect.arrayContaining(done.includes('send 3') && expected.size === members.length && [0, 1].map(person).includes(owner) ? ['three'] : []));
        const [dialog] = await world.domain.dialogs.find(owner, [markPeer({ _: 'peerChannel', channel_id: channel!.channel_id })]);
        expect(dialog).toMatchObject({ top_msg_id: 1, unread_count: 0, read_inbox_max_id: 1 });
      }
      const { version } = await chatOf(chatId);
      const changes = done.filter((name) => !name.startsWith('send')).length;
      expect(version).toBe(3 + changes);
      await world.restart();
    }
  });

  it('without those who have no account any more', async () => {
    const chatId = await create([1, 2, 6]);
    await world.db.q.updateTable('users').set({ deleted: true }).where('user_id', '=', person(6)).execute();
    await migrate(0, chatId);
    const [channel] = await channelsOf(chatId);
    expect(new Set((await newMembers(channel!.channel_id)).map((row) => row.user_id))).toEqual(new Set([0, 1, 2].map(person)));
    expect(channel).toMatchObject({ kind: 'megagroup', title: 'A group', creator_id: person(0) });
  });

  it('that keep default rights, protection and the lifetime of messages', async () => {
    const chatId = await create([1]);
    await world.domain.groups.doEditDefaultRights(by(0, chatId), { _: 'chatBannedRights', send_polls: true, until_date: 0 });
    await world.domain.groups.doToggleNoForwards(by(0, chatId), true);
    await world.db.q.updateTable('dialogs').set({ ttl_period: 86_400 }).where('peer_id', '=', -chatId).execute();
    const { default_rights } = await chatOf(chatId);
    const { first } = await migrate(0, chatId);
    expect(first!.ttl_period).toBeNull();
    const [channel] = await channelsOf(chatId);
    expect(channel).toMatchObject({ default_rights, flags: ChannelFlag.hiddenPrehistory | ChannelFlag.noforwards, ttl_period: 86_400 });
    // The message that names the supergroup never expires.
    expect((await boxOf(person(1), chatId)).at(-1)).toMatchObject({ ttl_period: null });
  });
});
