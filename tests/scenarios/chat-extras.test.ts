import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createShiftedClock, verifyUpdates, type Actor, type Device } from '@aerogram/dev-env';
import { startScenario, type Scenario } from './scenario.ts';

const DAY_MS = 86_400_000;

const clock = createShiftedClock();
let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ clock });
}, 60_000);
afterAll(() => scenario?.[Symbol.asyncDispose]());

async function two(): Promise<[Actor, Actor]> {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.meet(bob);
  await bob.meet(alice);
  return [alice, bob];
}

const textsOf = (actor: Actor, peer: Actor): string[] =>
  [...actor.main.state.messages.values()].filter((message) => message.peer === peer.id).sort((a, b) => a.id - b.id).map((message) => message.text);

test('a history is deleted by a range of dates, for both sides or one', async () => {
  const [alice, bob] = await two();
  const dates: number[] = [];
  for (const day of ['first', 'second', 'third', 'fourth']) {
    dates.push((await alice.send(bob, `${day} day`)).date);
    await bob.sees(`${day} day`);
    clock.shift(DAY_MS);
  }
  const peer = alice.main.inputPeer(bob.id);
  const forget = async (range: { minDate?: number; maxDate?: number; revoke?: boolean; justClear?: boolean }, gone: string[]): Promise<void> => {
    const affected = await alice.main.call({ _: 'messages.deleteHistory', peer, maxId: 0, ...range });
    expect(affected).toMatchObject({ ptsCount: gone.length, offset: 0 });
    alice.main.affect(affected, () => {
      for (const text of gone) alice.main.state.messages.delete(alice.main.find(text)!.id);
    });
  };
  await verifyUpdates([alice, bob], () => forget({ minDate: dates[1]!, maxDate: dates[2]! - 1, revoke: true, justClear: true }, ['second day']));
  await bob.seesGone('second day');
  await verifyUpdates([alice, bob], () => forget({ minDate: dates[3]! }, ['fourth day']));
  expect(textsOf(alice, bob)).toEqual(['first day', 'third day']);
  expect(textsOf(bob, alice)).toEqual(['first day', 'third day', 'fourth day']);
  await forget({ maxDate: dates[0]! - 1 }, []);
});

test('all drafts go at once, on every device', async () => {
  const [alice, bob] = await two();
  const tablet = await alice.device();
  for (const peer of [alice.main.inputPeer(bob.id), { _: 'inputPeerSelf' as const }]) await alice.main.call({ _: 'messages.saveDraft', peer, message: 'not yet sent' });
  const listDrafts = async (device: Device): Promise<number> => {
    const answer = await device.call({ _: 'messages.getAllDrafts' });
    return answer._ === 'updates' ? answer.updates.length : -1;
  };
  expect(await listDrafts(tablet)).toBe(2);
  expect(await alice.main.call({ _: 'messages.clearAllDrafts' })).toBe(true);
  for (const id of [alice.id, bob.id]) {
    await tablet.seesUpdate('updateDraftMessage', ({ peer, draft }) => peer._ === 'peerUser' && peer.userId === id && draft._ === 'draftMessageEmpty');
  }
  expect(await listDrafts(tablet)).toBe(0);
  expect(await alice.main.call({ _: 'messages.clearAllDrafts' })).toBe(true);
});

test('a screenshot is told of once, as often as the call is repeated', async () => {
  const [alice, bob] = await two();
  const sent = await alice.send(bob, 'a secret');
  await bob.sees('a secret');
  await verifyUpdates([alice, bob], async () => {
    const call = {
      _: 'messages.sendScreenshotNotification' as const,
      peer: bob.main.inputPeer(alice.id),
      replyTo: { _: 'inputReplyToMessage' as const, replyToMsgId: (await bob.sees('a secret')).id },
      randomId: randomLong(),
    };
    const first = await bob.main.change(call);
    expect(first).toMatchObject({ updates: [{ _: 'updateMessageID' }, { _: 'updateNewMessage', message: { out: true, action: { _: 'messageActionScreenshotTaken' } } }] });
    expect(await bob.main.change(call)).toMatchObject({ updates: first._ === 'updates' ? first.updates : [] });
    expect((await alice.sees('action:messageActionScreenshotTaken')).reply_to).toBe(sent.id);
    const whole = { _: 'inputReplyToMessage' as const, replyToMsgId: 0 };
    await bob.main.change({ ...call, replyTo: whole, randomId: randomLong() });
  });
  expect(textsOf(alice, bob).filter((text) => text === 'action:messageActionScreenshotTaken')).toHaveLength(2);
  const self = { _: 'inputPeerSelf' as const };
  expect(await bob.main.fails({ _: 'messages.sendScreenshotNotification', peer: self, replyTo: { _: 'inputReplyToMessage', replyToMsgId: 0 }, randomId: randomLong() })).toEqual({ code: 400, text: 'PEER_ID_INVALID' });
});

test('what only groups count is empty or refused in private chats', async () => {
  const [alice, bob] = await two();
  const sent = await alice.send(bob, 'hello');
  const peer = alice.main.inputPeer(bob.id);
  expect(await alice.main.call({ _: 'messages.getUnreadMentions', peer, offsetId: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0 })).toMatchObject({ _: 'messages.messages', messages: [] });
  expect(await alice.main.call({ _: 'messages.getMessagesViews', peer, id: [sent.id, 99], increment: true })).toMatchObject({ views: [{ _: 'messageViews' }, { _: 'messageViews' }] });
  expect(await alice.main.fails({ _: 'messages.getMessageReadParticipants', peer, msgId: sent.id })).toEqual({ code: 400, text: 'PEER_ID_INVALID' });
  expect(await alice.main.call({ _: 'messages.reportMessagesDelivery', peer, id: [sent.id] })).toBe(true);
  expect(await alice.main.fails({ _: 'messages.reportMessagesDelivery', peer, id: [99] })).toEqual({ code: 400, text: 'MESSAGE_ID_INVALID' });
});

test('the reaction that one reacts with at once is in the config of every device', async () => {
  const [alice, bob] = await two();
  const tablet = await alice.device();
  const find = async (device: Device): Promise<tl.TypeReaction | undefined> => (await device.call({ _: 'help.getConfig' })).reactionsDefault;
  expect(await find(tablet)).toEqual({ _: 'reactionEmoji', emoticon: '👍' });
  await alice.main.call({ _: 'messages.setDefaultReaction', reaction: { _: 'reactionEmoji', emoticon: '🔥' } });
  await tablet.seesUpdate('updateConfig');
  expect(await find(tablet)).toEqual({ _: 'reactionEmoji', emoticon: '🔥' });
  expect(await find(bob.main)).toEqual({ _: 'reactionEmoji', emoticon: '👍' });
  for (const reaction of [{ _: 'reactionEmpty' }, { _: 'reactionEmoji', emoticon: 'x' }, { _: 'reactionCustomEmoji', documentId: Long.ONE }] as const) {
    expect(await alice.main.fails({ _: 'messages.setDefaultReaction', reaction })).toEqual({ code: 400, text: 'REACTION_INVALID' });
  }
});

test('a reaction of the other side can be reported, what is not there cannot', async () => {
  const [alice, bob] = await two();
  const sent = await alice.send(bob, 'react to this');
  const seen = await bob.sees('react to this');
  await bob.main.change({ _: 'messages.sendReaction', peer: bob.main.inputPeer(alice.id), msgId: seen.id, reaction: [{ _: 'reactionEmoji', emoticon: '💩' }] });
  const peer = alice.main.inputPeer(bob.id);
  const report = { _: 'messages.reportReaction' as const, peer, id: sent.id, reactionPeer: peer };
  expect(await alice.main.call(report)).toBe(true);
  expect(await alice.main.call(report)).toBe(true);
  expect(await alice.main.fails({ ...report, id: 99 })).toEqual({ code: 400, text: 'MESSAGE_ID_INVALID' });
  expect(await alice.main.fails({ ...report, reactionPeer: { _: 'inputPeerSelf' } })).toEqual({ code: 400, text: 'PEER_ID_INVALID' });
  await bob.main.change({ _: 'messages.sendReaction', peer: bob.main.inputPeer(alice.id), msgId: seen.id });
  expect(await alice.main.fails(report)).toEqual({ code: 400, text: 'MESSAGE_ID_INVALID' });
});
