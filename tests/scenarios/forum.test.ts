import { type Actor, verifyUpdates } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inviteTo, postIn } from './channel-stage.ts';
import { people } from './group-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({});
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** Alice's forum with Bob in it. */
async function forumStage(): Promise<{ id: number; alice: Actor; bob: Actor }> {
  const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
  const made = (await alice.main.change({ _: 'channels.createChannel', megagroup: true, forum: true, title: 'Climbing', about: '' })) as tl.RawUpdates;
  expect(made.chats[0]).toMatchObject({ forum: true });
  const id = -1_000_000_000_000 - (made.chats[0] as tl.RawChannel).id;
  await inviteTo(alice, id, [bob]);
  return { id, alice, bob };
}

const idIn = (answer: tl.TypeUpdates): number => ((answer as tl.RawUpdates).updates.find((update) => update._ === 'updateMessageID') as tl.RawUpdateMessageID).id;

async function createTopic(actor: Actor, id: number, title: string): Promise<number> {
  return idIn(await actor.main.change({ _: 'messages.createForumTopic', peer: actor.main.inputPeer(id), title, iconColor: 0xffd67e, randomId: randomLong() }));
}

const inTopic = (topic: number): tl.TypeInputReplyTo => ({ _: 'inputReplyToMessage', replyToMsgId: topic, topMsgId: topic });

async function writeIn(actor: Actor, id: number, topic: number, message: string): Promise<number> {
  return idIn(await actor.main.change({ _: 'messages.sendMessage', peer: actor.main.inputPeer(id), message, replyTo: inTopic(topic), randomId: randomLong() }));
}

const refusal = async (actor: Actor, id: number, topic: number): Promise<string> =>
  (await actor.main.fails({ _: 'messages.sendMessage', peer: actor.main.inputPeer(id), message: 'no', replyTo: inTopic(topic), randomId: randomLong() })).text;

async function topicsOf(actor: Actor, id: number): Promise<tl.messages.RawForumTopics> {
  return actor.main.call({ _: 'messages.getForumTopics', peer: actor.main.inputPeer(id), offsetDate: 0, offsetId: 0, offsetTopic: 0, limit: 20 });
}

describe('a forum', () => {
  test('has topics, which are written in, edited, closed, pinned and deleted, on all devices', async () => {
    const { id, alice, bob } = await forumStage();
    const phone = await alice.device();
    await verifyUpdates([alice, bob], async () => {
      const cats = await createTopic(alice, id, 'Cats');
      const meow = await writeIn(bob, id, cats, 'meow');
      expect((await alice.sees('meow')).raw).toMatchObject({ reply_to: { forum_topic: true, reply_to_msg_id: cats } });
      await postIn(bob, id, 'to all');
      expect((await alice.sees('to all')).raw).not.toHaveProperty('reply_to.forum_topic', true);
      const { topics, messages } = await topicsOf(alice, id);
      expect(topics).toMatchObject([{ id: 1, title: 'General' }, { id: cats, title: 'Cats', iconColor: 0xffd67e, topMessage: meow, my: true }]);
      expect(messages.map((message) => 'message' in message && message.message)).toEqual(expect.arrayContaining(['meow', 'to all']));
      const peer = alice.main.inputPeer(id);
      await alice.main.change({ _: 'messages.editForumTopic', peer, topicId: cats, title: 'Big cats' });
      await alice.main.change({ _: 'messages.editForumTopic', peer, topicId: cats, closed: true });
      expect(await refusal(bob, id, cats)).toBe('TOPIC_CLOSED');
      await writeIn(alice, id, cats, 'the last word');
      await bob.sees('the last word');
      await alice.main.change({ _: 'messages.updatePinnedForumTopic', peer, topicId: cats, pinned: true });
      expect(await bob.main.seesUpdate('updatePinnedForumTopic')).toMatchObject({ pinned: true, topicId: cats });
      expect(await phone.seesUpdate('updatePinnedForumTopic')).toMatchObject({ topicId: cats });
      expect((await topicsOf(bob, id)).topics[0]).toMatchObject({ id: cats, title: 'Big cats', closed: true, pinned: true });
      await alice.main.change({ _: 'messages.editForumTopic', peer, topicId: 1, hidden: true });
      expect((await bob.main.fails({ _: 'messages.sendMessage', peer: bob.main.inputPeer(id), message: 'no', randomId: randomLong() })).text).toBe('TOPIC_CLOSED');
      await alice.main.change({ _: 'messages.editForumTopic', peer, topicId: 1, hidden: false });
      expect((await bob.main.fails({ _: 'messages.sendMessage', peer: bob.main.inputPeer(id), message: 'no', randomId: randomLong() })).text).toBe('TOPIC_CLOSED');
      await alice.main.change({ _: 'messages.editForumTopic', peer, topicId: 1, closed: false });
      await bob.main.change({ _: 'messages.sendMessage', peer: bob.main.inputPeer(id), message: 'open again', randomId: randomLong() });
      expect(await alice.main.change({ _: 'messages.deleteTopicHistory', peer, topMsgId: cats })).toMatchObject({ offset: 0 });
      // A client that names the topic as the message to reply to may hear that this message is gone.
      expect(await refusal(bob, id, cats)).toBe('TOPIC_DELETED');
      expect((await topicsOf(bob, id)).topics.map((topic) => topic.id)).toEqual([1]);
    });
  });

  test('is shown as messages to one person, on all devices of that person', async () => {
    const { id, alice, bob } = await forumStage();
    const phone = await alice.device();
    await verifyUpdates([alice, bob], async () => {
      await alice.main.change({ _: 'channels.toggleViewForumAsMessages', channel: alice.main.inputChannel(id), enabled: true });
      expect(await phone.seesUpdate('updateChannelViewForumAsMessages')).toMatchObject({ enabled: true });
    });
    const fullOf = async (actor: Actor) => (await actor.main.call({ _: 'channels.getFullChannel', channel: actor.main.inputChannel(id) })).fullChat as tl.RawChannelFull;
    expect([(await fullOf(alice)).viewForumAsMessages, (await fullOf(bob)).viewForumAsMessages]).toEqual([true, false]);
  });

  test('answers the older forms of its methods, which name a channel', async () => {
    const { id, alice } = await forumStage();
    const channel = alice.main.inputChannel(id);
    const dogs = idIn(await alice.main.change({ _: 'channels.createForumTopic', channel, title: 'Dogs', randomId: randomLong() }));
    await alice.main.change({ _: 'channels.editForumTopic', channel, topicId: dogs, title: 'Wolves' });
    await alice.main.change({ _: 'channels.updatePinnedForumTopic', channel, topicId: dogs, pinned: true });
    await alice.main.change({ _: 'channels.reorderPinnedForumTopics', channel, order: [1, dogs], force: true });
    const { topics } = await alice.main.call({ _: 'channels.getForumTopics', channel, offsetDate: 0, offsetId: 0, offsetTopic: 0, limit: 20 });
    expect(topics).toMatchObject([{ id: 1, pinned: true }, { id: dogs, title: 'Wolves', pinned: true }]);
    expect(await alice.main.call({ _: 'channels.deleteTopicHistory', channel, topMsgId: dogs })).toMatchObject({ offset: 0 });
    expect((await alice.main.call({ _: 'channels.getForumTopicsByID', channel, topics: [dogs] })).topics).toEqual([{ _: 'forumTopicDeleted', id: dogs }]);
    expect((await alice.main.fails({ _: 'channels.getForumTopics', channel: { _: 'inputChannelEmpty' }, offsetDate: 0, offsetId: 0, offsetTopic: 0, limit: 1 })).text).toBe('CHANNEL_INVALID');
  });

  test('begins with what the group had, and ends with one list again', async () => {
    const { id, alice, bob } = await forumStage();
    const channel = alice.main.inputChannel(id);
    const window = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 20, maxId: 0, minId: 0, hash: Long.ZERO };
    await verifyUpdates([alice, bob], async () => {
      const cats = await createTopic(alice, id, 'Cats');
      await alice.main.change({ _: 'channels.toggleForum', channel, enabled: false, tabs: false });
      const plain = await postIn(bob, id, 'no topics now');
      await alice.main.change({ _: 'channels.toggleForum', channel, enabled: true, tabs: true });
      const general = (await bob.main.call({ _: 'messages.getReplies', peer: bob.main.inputPeer(id), msgId: 1, ...window })) as tl.messages.RawChannelMessages;
      expect(general.messages[0]).toMatchObject({ id: plain });
      expect(general.messages.map((message) => message.id)).not.toContain(cats);
      expect(general.count).toBe(general.messages.length);
      expect(general.topics).toMatchObject([{ id: 1, title: 'General', short: true }]);
    });
  });
});
