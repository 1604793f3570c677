import { type Actor, verifyUpdates } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ChannelStage, channelStage } from './channel-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({});
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** Alice's forum with two topics, and Bob and Carol in it, who have read all. */
async function forumStage(): Promise<ChannelStage & { cats: number; dogs: number }> {
  const stage = await channelStage(scenario);
  const { alice, bob, carol, id } = stage;
  await alice.main.change({ _: 'channels.toggleForum', channel: alice.main.inputChannel(id), enabled: true, tabs: false });
  const [cats, dogs] = [await createTopic(alice, id, 'Cats'), await createTopic(alice, id, 'Dogs')];
  for (const actor of [bob, carol]) await actor.main.call({ _: 'channels.readHistory', channel: actor.main.inputChannel(id), maxId: 0 });
  return { ...stage, cats, dogs };
}

const namedIn = (answer: tl.TypeUpdates): number => ((answer as tl.RawUpdates).updates.find((update) => update._ === 'updateMessageID') as tl.RawUpdateMessageID).id;

const createTopic = async (actor: Actor, id: number, title: string): Promise<number> =>
  namedIn(await actor.main.change({ _: 'messages.createForumTopic', peer: actor.main.inputPeer(id), title, randomId: randomLong() }));

const inTopic = (topicId: number): tl.RawInputReplyToMessage => ({ _: 'inputReplyToMessage', replyToMsgId: topicId, topMsgId: topicId });

const postIn = async (actor: Actor, id: number, topicId: number, text: string | { message: string; clearDraft: true }): Promise<number> =>
  namedIn(await actor.main.change({ _: 'messages.sendMessage', peer: actor.main.inputPeer(id), replyTo: inTopic(topicId), randomId: randomLong(), ...(typeof text === 'string' ? { message: text } : text) }));

async function unreadOf(actor: Actor, id: number): Promise<{ dialog: number; topics: number[] }> {
  const peer = actor.main.inputPeer(id);
  const { topics } = await actor.main.call({ _: 'messages.getForumTopics', peer, offsetDate: 0, offsetId: 0, offsetTopic: 0, limit: 20 });
  const { dialogs } = await actor.main.call({ _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeer', peer }] });
  return { dialog: (dialogs[0] as tl.RawDialog).unreadCount, topics: topics.map((topic) => (topic as tl.RawForumTopic).unreadCount) };
}

const readTopic = (actor: Actor, id: number, topicId: number, maxId: number) => actor.main.call({ _: 'messages.readDiscussion', peer: actor.main.inputPeer(id), msgId: topicId, readMaxId: maxId });

describe('topics of a forum', () => {
  test('are read one by one, which the other devices and the authors see, and the server remembers', async () => {
    const { id, alice, bob, carol, cats, dogs } = await forumStage();
    const phone = await bob.device();
    await verifyUpdates([alice, bob, carol], async () => {
      const one = await postIn(alice, id, cats, 'one');
      const two = await postIn(alice, id, dogs, 'two');
      const three = await postIn(alice, id, cats, 'three');
      await bob.sees('three');
      expect(await unreadOf(bob, id)).toEqual({ dialog: 3, topics: [2, 1, 0] });
      await readTopic(bob, id, cats, three);
      const isCats = (update: { topMsgId: number; readMaxId: number }): boolean => update.topMsgId === cats && update.readMaxId === three;
      await phone.seesUpdate('updateReadChannelDiscussionInbox', isCats);
      await phone.seesUpdate('updateReadChannelInbox', ({ maxId, stillUnreadCount }) => maxId === one && stillUnreadCount === 1);
      await alice.main.seesUpdate('updateReadChannelDiscussionOutbox', isCats);
      expect(await unreadOf(bob, id)).toEqual({ dialog: 1, topics: [0, 1, 0] });
      await readTopic(bob, id, dogs, two);
      expect(await unreadOf(bob, id)).toEqual({ dialog: 0, topics: [0, 0, 0] });
      expect(await unreadOf(carol, id)).toEqual({ dialog: 3, topics: [2, 1, 0] });
      await carol.main.call({ _: 'channels.readHistory', channel: carol.main.inputChannel(id), maxId: 0 });
      expect(await unreadOf(carol, id)).toEqual({ dialog: 0, topics: [0, 0, 0] });
    });
    const before = await postIn(alice, id, dogs, 'before the restart');
    await postIn(alice, id, cats, 'the same');
    await readTopic(bob, id, dogs, before);
    await scenario.server.restart();
    expect(await unreadOf(bob, id)).toEqual({ dialog: 1, topics: [1, 0, 0] });
    expect(await unreadOf(carol, id)).toEqual({ dialog: 2, topics: [1, 1, 0] });
  });

  test('have drafts and settings of their own, on all devices', async () => {
    const { id, alice, bob, carol, cats, dogs } = await forumStage();
    const phone = await bob.device();
    const peer = bob.main.inputPeer(id);
    await verifyUpdates([alice, bob, carol], async () => {
      for (const topicId of [cats, dogs]) await bob.main.change({ _: 'messages.saveDraft', peer, message: `about ${topicId}`, replyTo: inTopic(topicId) });
      await phone.seesUpdate('updateDraftMessage', ({ topMsgId, draft }) => topMsgId === cats && draft._ === 'draftMessage' && draft.message === `about ${cats}`);
      await bob.main.change({ _: 'account.updateNotifySettings', peer: { _: 'inputNotifyForumTopic', peer, topMsgId: cats }, settings: { _: 'inputPeerNotifySettings', muteUntil: 2_000_000_000 } });
      expect(await phone.seesUpdate('updateNotifySettings')).toMatchObject({ peer: { _: 'notifyForumTopic', topMsgId: cats }, notifySettings: { muteUntil: 2_000_000_000 } });
      await postIn(bob, id, cats, { message: 'sent', clearDraft: true });
      const { topics } = await bob.main.call({ _: 'messages.getForumTopicsByID', peer, topics: [cats, dogs] });
      const shown = new Map((topics as tl.RawForumTopic[]).map((topic) => [topic.id, topic]));
      expect(shown.get(cats)).toMatchObject({ draft: undefined, notifySettings: { muteUntil: 2_000_000_000 } });
      expect(shown.get(dogs)).toMatchObject({ draft: { message: `about ${dogs}` } });
    });
  });
});
