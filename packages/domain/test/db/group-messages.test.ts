import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { BoxPeer } from '../../src/access/index.ts';
import { BannedRight, insertChat, markedIdOf, nextChatId, saveChatMembers, updateChat } from '../../src/chats/index.ts';
import { hasFlag, MessageFlag, type MessageRow } from '../../src/events/index.ts';
import { chatMember, chatRow } from '../chat-rows.ts';
import { createWorld, errorOf, type World } from './accounts-world.ts';

describe('messages in a basic group', () => {
  let world: World;
  let people: bigint[];
  let chatId: bigint;
  let peerId: bigint;
  let randomIds = 1n;

  beforeAll(async () => {
    world = await createWorld();
    people = [];
    for (const [index, name] of ['Alice', 'Bob', 'Carol'].entries()) people.push((await world.signUp(`999664000${index}`, name)).userId);
  });
  beforeEach(async () => {
    chatId = await world.db.transact('chat', async (tx) => {
      const id = await nextChatId(tx.q, 2);
      await insertChat(tx, chatRow({ chat_id: id, creator_id: people[0]!, members: 3 }));
      await saveChatMembers(tx, people.map((user_id, index) => chatMember({ chat_id: id, user_id, role: index === 0 ? 'creator' : 'member' })));
      return id;
    });
    peerId = markedIdOf(chatRow({ chat_id: chatId }));
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const peerFor = async (viewer: bigint): Promise<BoxPeer> => world.domain.peers.accessChat(viewer, chatId);

  const send = async (senderId: bigint, text: string, replyTo?: number, randomId = randomIds++): Promise<MessageRow> =>
    world.domain.messages.doSendText(await peerFor(senderId), {
      senderId, randomId, text: { text, entities: [] }, silent: false, noforwards: false, noWebpage: false, invertMedia: false, origin: undefined,
      reply: replyTo === undefined ? undefined : { msgId: replyTo, quote: undefined },
    });

  const boxOf = (owner: bigint): Promise<MessageRow[]> =>
    world.db.q.selectFrom('messages').selectAll().where('owner_id', '=', owner).where('peer_id', '=', peerId).orderBy('msg_id').execute();
  const dialogOf = (owner: bigint) =>
    world.db.q.selectFrom('dialogs').selectAll().where('owner_id', '=', owner).where('peer_id', '=', peerId).executeTakeFirstOrThrow();
  const origin = undefined;

  it('reach every member in their own ids, and replies lead to each member’s own copy', async () => {
    const [alice, bob, carol] = people as [bigint, bigint, bigint];
    const first = await send(alice, 'hello');
    const [bobs] = await boxOf(bob);
    await send(bob, 'hi', bobs!.msg_id);
    for (const owner of [alice, bob, carol]) {
      const [hello, hi] = await boxOf(owner);
      expect([hello!.text, hi!.text, hi!.reply_to_msg_id]).toEqual(['hello', 'hi', hello!.msg_id]);
      expect([hello!.from_id, hi!.from_id]).toEqual([alice, bob]);
      expect(hello!.global_id).toBe(first.global_id);
      expect([hasFlag(hello!, MessageFlag.out), hasFlag(hi!, MessageFlag.out)]).toEqual([owner === alice, owner === bob]);
    }
    expect(await dialogOf(carol)).toMatchObject({ unread_count: 2, msg_count: 2 });
  });

  it('are answered once however often a send is repeated', async () => {
    const [alice, bob] = people as [bigint, bigint];
    const [one, two] = [await send(alice, 'once', undefined, 777n), await send(alice, 'once', undefined, 777n)];
    expect(two.msg_id).toBe(one.msg_id);
    expect(await boxOf(bob)).toHaveLength(1);
  });

  it('are edited, pinned and unpinned on every copy', async () => {
    const [alice, bob, carol] = people as [bigint, bigint, bigint];
    const { messages } = world.domain;
    const row = await send(alice, 'hello');
    await messages.doEdit(await peerFor(alice), { ownerId: alice, msgId: row.msg_id, text: { text: 'hello all', entities: [] }, noWebpage: false, invertMedia: false, origin });
    await messages.doPin(await peerFor(alice), { ownerId: alice, msgId: row.msg_id, pinned: true, oneSide: false, silent: false, origin });
    for (const owner of [alice, bob, carol]) {
      const [hello, notice] = await boxOf(owner);
      expect(hello!.text).toBe('hello all');
      expect(hasFlag(hello!, MessageFlag.pinned)).toBe(true);
      expect(notice).toMatchObject({ from_id: alice, reply_to_msg_id: hello!.msg_id });
    }
    await messages.doUnpinAll(await peerFor(alice), { ownerId: alice, origin });
    for (const owner of [alice, bob, carol]) expect(hasFlag((await boxOf(owner))[0]!, MessageFlag.pinned)).toBe(false);
  });

  it('tell their author, and nobody else, when somebody has read them', async () => {
    const [alice, bob, carol] = people as [bigint, bigint, bigint];
    const row = await send(alice, 'read me');
    const before = await world.domain.updates.readPosition(carol);
    await world.domain.messages.doReadHistory({ ownerId: bob, peerId, maxId: 0, origin });
    expect((await dialogOf(alice)).read_outbox_max_id).toBe(row.msg_id);
    expect((await dialogOf(bob)).unread_count).toBe(0);
    expect(await world.domain.updates.readPosition(carol)).toEqual(before);
  });

  it('are deleted for everyone by their author or an admin, and by others only for themselves', async () => {
    const [alice, bob, carol] = people as [bigint, bigint, bigint];
    await send(alice, 'one');
    const [carols] = await boxOf(carol);
    const deletion = (ownerId: bigint, msgId: number, revoke: boolean) => world.domain.messages.doDelete({ ownerId, msgIds: [msgId], revoke, origin });
    expect(await errorOf(deletion(carol, carols!.msg_id, true))).toBe('MESSAGE_DELETE_FORBIDDEN');
    await deletion(carol, carols!.msg_id, false);
    expect([await boxOf(carol), (await boxOf(bob)).length]).toEqual([[], 1]);
    const two = await send(bob, 'two');
    await deletion(bob, two.msg_id, true);
    const three = await send(bob, 'three');
    const alices = (await boxOf(alice)).find((row) => row.global_id === three.global_id)!;
    await deletion(alice, alices.msg_id, true);
    for (const owner of people) expect((await boxOf(owner)).map((row) => row.text)).toEqual(owner === carol ? [] : ['one']);
  });

  it('are refused to those who have left and to those whom the group forbids to write', async () => {
    const [alice, bob, carol] = people as [bigint, bigint, bigint];
    await world.db.transact('leave', async (tx) => {
      await saveChatMembers(tx, [chatMember({ chat_id: chatId, user_id: carol, status: 'left' })]);
      await updateChat(tx, chatId, { version: 2, members: 2, default_rights: BannedRight.send_plain });
    });
    await world.domain.chats.chatChanged(peerId, [carol]);
    expect(await errorOf(send(carol, 'hello?'))).toBe('CHAT_WRITE_FORBIDDEN');
    expect(await errorOf(send(bob, 'may I?'))).toBe('CHAT_SEND_PLAIN_FORBIDDEN');
    await send(alice, 'quiet please');
    expect([(await boxOf(bob)).length, await boxOf(carol)]).toEqual([1, []]);
  });

  it('never reach somebody whose removal was committed before them', async () => {
    const [alice, bob, carol] = people as [bigint, bigint, bigint];
    const sends = Array.from({ length: 30 }, (_, n) => send(alice, `message ${n}`));
    const leave = world.db.transact('leave', async (tx) => {
      await tx.lockCounters([peerId, ...people]);
      await saveChatMembers(tx, [chatMember({ chat_id: chatId, user_id: carol, status: 'left' })]);
      await updateChat(tx, chatId, { version: 2, members: 2 });
      return (await tx.q.selectFrom('messages').select('msg_id').where('owner_id', '=', carol).where('peer_id', '=', peerId).execute()).length;
    });
    const [reached] = await Promise.all([leave, ...sends]);
    expect((await boxOf(carol)).length).toBe(reached);
    expect((await boxOf(bob)).length).toBe(30);
  });
});
