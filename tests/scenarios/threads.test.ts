import { type Actor, verifyUpdates } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channelStage, createChannel, postIn } from './channel-stage.ts';
import { people } from './group-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({});
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

async function replyIn(actor: Actor, id: number, message: string, replyToMsgId: number): Promise<number> {
  const replyTo: tl.TypeInputReplyTo = { _: 'inputReplyToMessage', replyToMsgId };
  const { updates } = (await actor.main.change({ _: 'messages.sendMessage', peer: actor.main.inputPeer(id), message, replyTo, randomId: randomLong() })) as tl.RawUpdates;
  return (updates.find((update) => update._ === 'updateMessageID') as tl.RawUpdateMessageID).id;
}

const WINDOW = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 20, maxId: 0, minId: 0, hash: Long.ZERO };

async function idsOfThread(actor: Actor, id: number, msgId: number, window: Partial<typeof WINDOW> = {}): Promise<{ ids: number[]; count: number }> {
  const answer = (await actor.main.call({ _: 'messages.getReplies', peer: actor.main.inputPeer(id), msgId, ...WINDOW, ...window })) as tl.messages.RawChannelMessages;
  return { ids: answer.messages.map((message) => message.id), count: answer.count };
}

const open = (actor: Actor, id: number, msgId: number): Promise<tl.messages.RawDiscussionMessage> =>
  actor.main.call({ _: 'messages.getDiscussionMessage', peer: actor.main.inputPeer(id), msgId });

async function repliesOf(actor: Actor, id: number, msgId: number): Promise<tl.TypeMessageReplies | undefined> {
  const { views } = await actor.main.call({ _: 'messages.getMessagesViews', peer: actor.main.inputPeer(id), id: [msgId], increment: false });
  return views[0]!.replies;
}

describe('a thread of a supergroup', () => {
  test('has the replies to a message and the replies to these, and is read by itself', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario);
    await verifyUpdates([alice, bob, carol], async () => {
      const root = await postIn(alice, id, 'who comes along?');
      expect((await bob.sees('who comes along?')).raw).toMatchObject({ replies: { replies: 0 } });
      const first = await replyIn(bob, id, 'I do', root);
      const second = await replyIn(carol, id, 'me too', first);
      expect((await alice.sees('I do')).raw).toMatchObject({ reply_to: { reply_to_msg_id: root }, replies: { replies: 0 } });
      expect((await alice.sees('me too')).raw).toMatchObject({ reply_to: { reply_to_msg_id: first, reply_to_top_id: root } });
      await postIn(alice, id, 'something else');
      expect(await idsOfThread(alice, id, root)).toEqual({ ids: [second, first], count: 2 });
      expect(await idsOfThread(alice, id, second, { limit: 1, offsetId: second })).toEqual({ ids: [first], count: 2 });
      expect(await open(alice, id, first)).toMatchObject({ messages: [{ id: root, replies: { replies: 2, maxId: second } }], maxId: second, unreadCount: 2 });
      expect(await open(bob, id, root)).toMatchObject({ unreadCount: 1 });
      await alice.main.call({ _: 'messages.readDiscussion', peer: alice.main.inputPeer(id), msgId: root, readMaxId: first });
      expect(await open(alice, id, root)).toMatchObject({ readInboxMaxId: first, unreadCount: 1 });
      expect(await repliesOf(alice, id, root)).toMatchObject({ replies: 2, maxId: second, readMaxId: first });
      expect(await repliesOf(carol, id, root)).not.toHaveProperty('readMaxId', first);
    });
  });

  test('shrinks when a reply is deleted, and its read mark reaches the other devices of the reader', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario);
    const phone = await alice.device();
    await verifyUpdates([alice, bob, carol], async () => {
      const root = await postIn(alice, id, 'a question');
      const replies = [await replyIn(bob, id, 'one', root), await replyIn(bob, id, 'two', root), await replyIn(carol, id, 'three', root)];
      await alice.main.call({ _: 'messages.readDiscussion', peer: alice.main.inputPeer(id), msgId: root, readMaxId: replies[0]! });
      expect(await phone.seesUpdate('updateReadChannelDiscussionInbox')).toMatchObject({ topMsgId: root, readMaxId: replies[0] });
      const before = (await repliesOf(alice, id, root))!;
      await bob.main.change({ _: 'channels.deleteMessages', channel: bob.main.inputChannel(id), id: [replies[1]!] });
      expect(await open(alice, id, root)).toMatchObject({ maxId: replies[2], unreadCount: 1 });
      const after = (await repliesOf(alice, id, root))!;
      expect(after.replies).toBe(2);
      expect(after.repliesPts).toBeGreaterThan(before.repliesPts);
    });
  });

  test('is refused where there is none, and to those who may not read the group', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario);
    const [dave] = (await people(scenario, 'Dave')) as [Actor];
    const news = await createChannel(alice, 'broadcast');
    const post = await postIn(alice, news, 'news');
    const root = await postIn(alice, id, 'for members');
    const outside = { _: 'inputPeerChannel', channelId: -id - 1_000_000_000_000, accessHash: Long.ZERO } as const;
    for (const call of [{ _: 'messages.getReplies', ...WINDOW }, { _: 'messages.getDiscussionMessage' }, { _: 'messages.readDiscussion', readMaxId: 5 }] as const) {
      const ask = (actor: Actor, peer: tl.TypeInputPeer, msgId: number): Promise<unknown> => actor.main.call({ ...call, peer, msgId });
      await expect(ask(bob, bob.main.inputPeer(id), 999)).rejects.toThrow('MSG_ID_INVALID');
      await expect(ask(alice, alice.main.inputPeer(news), post)).rejects.toThrow('MSG_ID_INVALID');
      await expect(ask(alice, { _: 'inputPeerSelf' }, root)).rejects.toThrow('PEER_ID_INVALID');
      await expect(ask(dave, outside, root)).rejects.toThrow(/CHANNEL_(INVALID|PRIVATE)/);
    }
    await alice.main.change({ _: 'channels.deleteMessages', channel: alice.main.inputChannel(id), id: [root] });
    await expect(idsOfThread(carol, id, root)).rejects.toThrow('MSG_ID_INVALID');
    // Somebody who is thrown out reads no thread any more.
    const kept = await postIn(alice, id, 'kept');
    const peer = carol.main.inputPeer(id);
    await alice.main.change({ _: 'channels.editBanned', channel: alice.main.inputChannel(id), participant: alice.main.inputPeer(carol.id), bannedRights: { _: 'chatBannedRights', viewMessages: true, untilDate: 0 } });
    await expect(carol.main.call({ _: 'messages.getReplies', peer, msgId: kept, ...WINDOW })).rejects.toThrow('CHANNEL_PRIVATE');
  });
});
