import { type Actor, verifyUpdates } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { channelStage } from './channel-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

test('people talk, mention, pin, search and type in one topic, and the others stay as they are', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario);
  const tablet = await bob.device();
  const channel = alice.main.inputChannel(id);
  const peerOf = (actor: Actor): tl.TypeInputPeer => actor.main.inputPeer(id);
  const createTopic = async (title: string): Promise<number> => {
    const { updates } = (await alice.main.change({ _: 'messages.createForumTopic', peer: peerOf(alice), title, randomId: randomLong() })) as tl.RawUpdates;
    return (updates.find((update) => update._ === 'updateMessageID') as tl.RawUpdateMessageID).id;
  };
  const write = (actor: Actor, topic: number, message: string, more: Partial<tl.messages.RawSendMessageRequest> = {}): Promise<unknown> =>
    actor.main.change({ _: 'messages.sendMessage', peer: peerOf(actor), message, randomId: randomLong(), replyTo: { _: 'inputReplyToMessage', replyToMsgId: topic, topMsgId: topic }, ...more });
  const search = async (topMsgId: number | undefined, more: Partial<tl.messages.RawSearchRequest> = {}): Promise<string[]> => {
    const found = await carol.main.call({
      _: 'messages.search', peer: peerOf(carol), q: 'rope', topMsgId, filter: { _: 'inputMessagesFilterEmpty' }, minDate: 0, maxDate: 0, offsetId: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: Long.ZERO, ...more,
    });
    return (found as tl.messages.RawChannelMessages).messages.map((message) => (message as tl.RawMessage).message);
  };
  await alice.main.change({ _: 'channels.toggleForum', channel, enabled: true, tabs: false });
  const [gear, trips] = [await createTopic('Gear'), await createTopic('Trips')];
  await verifyUpdates([alice, bob, carol], async () => {
    await write(alice, gear, 'which rope?');
    await write(alice, trips, 'rope bridge');
    const who = alice.main.inputUser(bob.id);
    for (const [topic, text] of [[gear, 'Bob, a rope'], [trips, 'Bob, come']] as const) {
      await write(alice, topic, text, { entities: [{ _: 'inputMessageEntityMentionName', offset: 0, length: 3, userId: who }] });
    }
    const asked = await bob.sees('Bob, a rope');
    await tablet.sees('Bob, come');
    await bob.main.call({ _: 'messages.readMentions', peer: peerOf(bob), topMsgId: gear });
    expect(await tablet.seesUpdate('updateChannelReadMessagesContents')).toMatchObject({ topMsgId: gear, messages: [asked.id] });
    await alice.main.change({ _: 'messages.updatePinnedMessage', peer: peerOf(alice), id: asked.id });
    await carol.sees('Bob, come');
  });
  expect([await search(gear), await search(trips), (await search(undefined)).length]).toEqual([['Bob, a rope', 'which rope?'], ['rope bridge'], 3]);
  expect(await search(gear, { q: '', filter: { _: 'inputMessagesFilterPinned' } })).toEqual(['Bob, a rope']);
  // In a closed topic nobody is shown typing who may not write there.
  await alice.main.change({ _: 'messages.editForumTopic', peer: peerOf(alice), topicId: gear, closed: true });
  const type = (topMsgId: number): Promise<unknown> => bob.main.call({ _: 'messages.setTyping', peer: peerOf(bob), topMsgId, action: { _: 'sendMessageTypingAction' } });
  await type(gear);
  await type(trips);
  expect(await carol.main.seesUpdate('updateChannelUserTyping')).toMatchObject({ topMsgId: trips, fromId: { userId: bob.id } });
  expect(carol.main.events.filter((event) => event._ === 'updateChannelUserTyping')).toHaveLength(1);
});
