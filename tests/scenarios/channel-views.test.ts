import { type Actor, createShiftedClock, verifyUpdates } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channelStage, createChannel, inviteTo, postIn } from './channel-stage.ts';
import { people } from './group-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

const clock = createShiftedClock();
let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ clock });
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

async function countsOf(actor: Actor, peer: tl.TypeInputPeer, id: number[], increment = false): Promise<{ views: number | undefined; forwards: number | undefined }[]> {
  const { views } = await actor.main.call({ _: 'messages.getMessagesViews', peer, id, increment });
  return views.map((one) => ({ views: one.views, forwards: one.forwards }));
}

const forward = (actor: Actor, toPeer: tl.TypeInputPeer, { from, id }: { from: number; id: number }, randomId = randomLong()): Promise<tl.TypeUpdates> =>
  actor.main.change({ _: 'messages.forwardMessages', fromPeer: actor.main.inputPeer(from), toPeer, id: [id], randomId: [randomId] });

const messageIn = (answer: tl.TypeUpdates): tl.RawMessage => {
  const found = (answer as tl.RawUpdates).updates.find((update) => update._ === 'updateNewMessage' || update._ === 'updateNewChannelMessage');
  return (found as tl.RawUpdateNewMessage).message as tl.RawMessage;
};

describe('the views of a post', () => {
  test('begin with one, and rise by one for each person who sees it, however often', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario, 'broadcast');
    await verifyUpdates([alice, bob, carol], async () => {
      const msgId = await postIn(alice, id, 'news');
      expect((await bob.sees('news')).raw).toMatchObject({ views: 1, forwards: 0 });
      const peer = (actor: Actor): tl.TypeInputPeer => actor.main.inputPeer(id);
      expect(await countsOf(bob, peer(bob), [msgId])).toEqual([{ views: 1, forwards: 0 }]);
      // The first view is that of the author.
      expect(await countsOf(alice, peer(alice), [msgId], true)).toEqual([{ views: 1, forwards: 0 }]);
      expect(await countsOf(bob, peer(bob), [msgId, 999, msgId], true)).toEqual([{ views: 2, forwards: 0 }, { views: undefined, forwards: undefined }, { views: 2, forwards: 0 }]);
      expect(await countsOf(bob, peer(bob), [msgId], true)).toEqual([{ views: 2, forwards: 0 }]);
      expect(await countsOf(carol, peer(carol), [msgId], true)).toEqual([{ views: 3, forwards: 0 }]);
      // The first message, which says that the channel was created, is not counted.
      expect(await countsOf(carol, peer(carol), [1], true)).toEqual([{ views: undefined, forwards: undefined }]);
    });
  });

  test('are told to devices that are online, and stand in histories and edits', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario, 'broadcast');
    const msgId = await postIn(alice, id, 'frist');
    for (const actor of [bob, carol]) {
      await actor.sees('frist');
      await countsOf(actor, actor.main.inputPeer(id), [msgId], true);
    }
    const told = await alice.main.seesUpdate('updateChannelMessageViews', ({ views }) => views === 3);
    expect(told).toMatchObject({ id: msgId, channelId: -id - 1_000_000_000_000 });
    const edited = (await alice.main.change({ _: 'messages.editMessage', peer: alice.main.inputPeer(id), id: msgId, message: 'first' })) as tl.RawUpdates;
    expect(edited.updates).toMatchObject([{ message: { views: 3, forwards: 0 } }]);
    const historyOf = async (actor: Actor): Promise<unknown> => {
      const page = await actor.main.call({ _: 'messages.getHistory', peer: actor.main.inputPeer(id), offsetId: msgId + 1, offsetDate: 0, addOffset: 0, limit: 1, maxId: 0, minId: 0, hash: Long.ZERO });
      return 'messages' in page ? page.messages[0] : undefined;
    };
    expect(await historyOf(bob)).toMatchObject({ id: msgId, views: 3, forwards: 0 });
  });

  test('are not counted in groups', async () => {
    const { id, alice, bob } = await channelStage(scenario);
    const msgId = await postIn(alice, id, 'chat');
    const { raw } = await bob.sees('chat');
    expect(raw).not.toHaveProperty('views');
    expect(await countsOf(bob, bob.main.inputPeer(id), [msgId], true)).toEqual([{ views: undefined, forwards: undefined }]);
  });

  test('cannot be asked by strangers, or with invalid ids', async () => {
    const { id, alice } = await channelStage(scenario, 'broadcast');
    const [dora] = (await people(scenario, 'Dora')) as [Actor];
    const ask = (peer: tl.TypeInputPeer, msgId: number): tl.messages.RawGetMessagesViewsRequest => ({ _: 'messages.getMessagesViews', peer, id: [msgId], increment: true });
    expect(await dora.main.fails(ask(alice.main.inputPeer(id), 1))).toEqual({ code: 400, text: 'CHANNEL_INVALID' });
    expect(await alice.main.fails(ask(alice.main.inputPeer(id), 0))).toEqual({ code: 400, text: 'MSG_ID_INVALID' });
    expect(await alice.main.fails(ask({ _: 'inputPeerChat', chatId: 5 }, 1))).toEqual({ code: 400, text: 'CHAT_ID_INVALID' });
    expect(await alice.main.fails(ask({ _: 'inputPeerEmpty' }, 1))).toEqual({ code: 400, text: 'PEER_ID_INVALID' });
  });
});

describe('forwards of a post', () => {
  test('are counted once each, and show the counts of the original', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario, 'broadcast');
    const group = await createChannel(bob, 'megagroup');
    await inviteTo(bob, group, [carol]);
    await verifyUpdates([alice, bob, carol], async () => {
      const msgId = await postIn(alice, id, 'spread this');
      await bob.sees('spread this');
      const randomId = randomLong();
      for (let times = 0; times < 2; times++) await forward(bob, bob.main.inputPeer(group), { from: id, id: msgId }, randomId);
      await alice.main.seesUpdate('updateChannelMessageForwards', ({ forwards }) => forwards === 1);
      const copy = messageIn(await forward(bob, { _: 'inputPeerSelf' }, { from: id, id: msgId }));
      expect(copy).toMatchObject({ views: 1, forwards: 1 });
      expect(await countsOf(alice, alice.main.inputPeer(id), [msgId])).toEqual([{ views: 1, forwards: 2 }]);
      // Who sees the copy sees the post.
      const seen = await carol.main.waitUntil('the copy', () => [...carol.main.state.channels.find(group)!.box.messages.values()].some(({ text }) => text === 'spread this')).then(
        () => [...carol.main.state.channels.find(group)!.box.messages.values()].find(({ text }) => text === 'spread this')!,
      );
      expect(await countsOf(carol, carol.main.inputPeer(group), [seen.id], true)).toEqual([{ views: 2, forwards: 2 }]);
      expect(await countsOf(alice, alice.main.inputPeer(id), [msgId])).toEqual([{ views: 2, forwards: 2 }]);
      expect(await countsOf(bob, { _: 'inputPeerSelf' }, [copy.id], true)).toEqual([{ views: 3, forwards: 2 }]);
    });
  });
});
