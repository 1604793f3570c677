import Long from 'long';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Actor, verifyUpdates } from '@aerogram/dev-env';
import { createGroup, people, write } from './group-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

describe('messages in a basic group', () => {
  test('reach all devices of all members, with replies to each one’s own copy, and a device that was away', { timeout: 120_000 }, async () => {
    const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
    // Carol's own ids differ from those of the others.
    await carol.send(carol, 'a note to myself');
    const group = await createGroup(alice, [bob, carol]);
    const tablet = await carol.device();
    await tablet.goOffline();
    await verifyUpdates([alice, bob, carol], async () => {
      await write(alice, group, 'who has the rope?');
      const asked = await bob.sees('who has the rope?');
      expect(asked).toMatchObject({ out: false, peer: -group.id, from: alice.id });
      await write(bob, group, 'I do', { replyTo: asked.id });
      const answer = await carol.main.sees('I do');
      expect(answer.reply_to).toBe((await carol.main.sees('who has the rope?')).id);
      expect((await alice.sees('I do')).reply_to).toBe((await alice.sees('who has the rope?')).id);
      await tablet.goOnline();
      await tablet.catchUp();
      await tablet.sees('I do');
    });
  });

  test('are edited, pinned, read and deleted for everyone', { timeout: 120_000 }, async () => {
    const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
    const group = await createGroup(alice, [bob, carol]);
    await verifyUpdates([alice, bob, carol], async () => {
      await write(alice, group, 'Tuesday at six');
      const mine = await alice.sees('Tuesday at six');
      await bob.sees('Tuesday at six');
      await alice.main.change({ _: 'messages.editMessage', peer: group.peer, id: mine.id, message: 'Tuesday at seven' });
      const seen = await bob.sees('Tuesday at seven');
      await carol.sees('Tuesday at seven');
      await alice.main.change({ _: 'messages.updatePinnedMessage', peer: group.peer, id: mine.id });
      expect(await carol.sees('action:messageActionPinMessage')).toMatchObject({ reply_to: (await carol.sees('Tuesday at seven')).id });
      await bob.read(seen);
      await alice.main.seesUpdate('updateReadHistoryOutbox');
      await alice.delete([mine]);
      for (const actor of [bob, carol]) await actor.seesGone('Tuesday at seven');
    });
  });

  test('are found by search, forwarded into and out of the group, and stay with whoever leaves', { timeout: 120_000 }, async () => {
    const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
    const group = await createGroup(alice, [bob, carol]);
    await verifyUpdates([alice, bob, carol], async () => {
      await write(alice, group, 'carabiner');
      const seen = await bob.sees('carabiner');
      await bob.forward([seen], alice);
      await alice.send(bob, 'helmet');
      const helmet = await bob.sees('helmet');
      await bob.main.change({
        _: 'messages.forwardMessages', fromPeer: bob.main.inputPeer(alice.id), toPeer: group.peer, id: [helmet.id], randomId: [randomLong()],
      });
      expect(await carol.sees('helmet')).toMatchObject({ peer: -group.id, from: bob.id });
    });
    const found = await bob.main.call({
      _: 'messages.search', peer: group.peer, q: 'carabiner', filter: { _: 'inputMessagesFilterEmpty' },
      minDate: 0, maxDate: 0, offsetId: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: Long.ZERO,
    });
    expect(found).toMatchObject({ messages: [{ message: 'carabiner' }], chats: [{ id: group.id, title: 'Climbing' }] });
    await carol.main.change({ _: 'messages.deleteChatUser', chatId: group.id, userId: { _: 'inputUserSelf' } });
    await bob.sees('action:messageActionChatDeleteUser');
    await write(alice, group, 'after Carol left');
    await bob.sees('after Carol left');
    expect((await carol.main.fails({ _: 'messages.sendMessage', peer: group.peer, message: 'still here?', randomId: Long.ONE })).text).toBe('CHAT_WRITE_FORBIDDEN');
    const history = await carol.main.loadHistory(-group.id);
    expect(history.map((message) => message.text)).toContain('carabiner');
    expect(history.map((message) => message.text)).not.toContain('after Carol left');
  });

  test('typing is shown to the members who are there', async () => {
    const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
    const group = await createGroup(alice, [bob]);
    await alice.main.call({ _: 'messages.setTyping', peer: group.peer, action: { _: 'sendMessageTypingAction' } });
    expect(await bob.main.seesUpdate('updateChatUserTyping')).toMatchObject({ chatId: group.id, fromId: { userId: alice.id } });
  });
});
