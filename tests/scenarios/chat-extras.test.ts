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
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

async function two(): Promise<[Actor, Actor]> {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.meet(bob);
  await bob.meet(alice);
  return [alice, bob];
}

const textsOf = (actor: Actor, peer: Actor): string[] =>
  [...actor.main.state.messages.values()].filter((message) => message.peer === peer.id).sort((a, b) => a.id - b.id).map((message) => message.text);

test('messages can be deleted by a range of dates, for both sides or one', async () => {
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
  };
  await verifyUpdates([alice, bob], () => forget({ minDate: dates[1]!, maxDate: dates[2]! - 1, revoke: true, justClear: true }, ['second day']));
  await bob.seesGone('second day');
  await verifyUpdates([alice, bob], () => forget({ minDate: dates[3]! }, ['fourth day']));
  expect(textsOf(alice, bob)).toEqual(['first day', 'third day']);
  expect(textsOf(bob, alice)).toEqual(['first day', 'third day', 'fourth day']);
  await forget({ maxDate: dates[0]! - 1 }, []);
});

test('deleting a history for both also deletes what only the other side has', async () => {
  const [alice, bob] = await two();
  await alice.send(bob, 'of both');
  await alice.delete([await alice.send(bob, 'of Bob alone')], { forBoth: false });
  const last = await bob.send(alice, 'the last that goes');
  await alice.sees('the last that goes');
  await bob.send(alice, 'stays');
  const stays = await alice.sees('stays');
  const peer = alice.main.inputPeer(bob.id);
  await verifyUpdates([alice, bob], async () => {
    const affected = await alice.main.call({ _: 'messages.deleteHistory', peer, maxId: stays.id - 1, revoke: true });
    expect(affected).toMatchObject({ ptsCount: 2, offset: 0 });
    for (const text of ['of both', 'of Bob alone', last.text]) await bob.seesGone(text);
  });
  expect([textsOf(alice, bob), textsOf(bob, alice)]).toEqual([['stays'], ['stays']]);

  // Alice deletes something for herself and then the whole chat for Bob too: the answer counts none of her own messages.
  await verifyUpdates([alice, bob], () => alice.delete([stays], { forBoth: false }));
  await verifyUpdates([alice, bob], async () => {
    expect(await alice.main.call({ _: 'messages.deleteHistory', peer, maxId: 0, revoke: true })).toMatchObject({ ptsCount: 0, offset: 0 });
    await bob.seesGone('stays');
  });
  expect((await alice.main.fails({ _: 'messages.deleteHistory', peer, maxId: 0, minDate: 2, maxDate: 1 })).text).toBe('MIN_DATE_INVALID');
});

test('all drafts are deleted at once, on every device', async () => {
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

test('a screenshot is announced once, however often the call is repeated', async () => {
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

test('features that only exist in groups are empty or refused in private chats', async () => {
  const [alice, bob] = await two();
  const sent = await alice.send(bob, 'hello');
  const peer = alice.main.inputPeer(bob.id);
  expect(await alice.main.call({ _: 'messages.getUnreadMentions', peer, offsetId: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0 })).toMatchObject({ _: 'messages.messages', messages: [] });
  expect(await alice.main.call({ _: 'messages.getMessagesViews', peer, id: [sent.id, 99], increment: true })).toMatchObject({ views: [{ _: 'messageViews' }, { _: 'messageViews' }] });
  expect(await alice.main.fails({ _: 'messages.getMessageReadParticipants', peer, msgId: sent.id })).toEqual({ code: 400, text: 'PEER_ID_INVALID' });
  expect(await alice.main.call({ _: 'messages.reportMessagesDelivery', peer, id: [sent.id] })).toBe(true);
  expect(await alice.main.fails({ _: 'messages.reportMessagesDelivery', peer, id: [99] })).toEqual({ code: 400, text: 'MESSAGE_ID_INVALID' });
});

test('the quick reaction is in the config of every device', async () => {
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

test('a reaction of the other side can be reported, but not one that does not exist', async () => {
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

test('a client can ask in advance whether a message can be edited', async () => {
  const [alice, bob] = await two();
  const sent = await alice.send(bob, 'mine');
  const peer = alice.main.inputPeer(bob.id);
  expect(await alice.main.call({ _: 'messages.getMessageEditData', peer, id: sent.id })).toEqual({ _: 'messages.messageEditData', caption: false });
  const place = { _: 'inputMediaGeoPoint' as const, geoPoint: { _: 'inputGeoPoint' as const, lat: 1, long: 2 } };
  await alice.main.change({ _: 'messages.sendMedia', peer, media: place, message: '', randomId: randomLong() });
  expect(await alice.main.call({ _: 'messages.getMessageEditData', peer, id: sent.id + 1 })).toMatchObject({ caption: true });
  const fails = (actor: Actor, other: Actor, id: number): Promise<{ code: number; text: string }> =>
    actor.main.fails({ _: 'messages.getMessageEditData', peer: actor.main.inputPeer(other.id), id });
  expect(await fails(bob, alice, (await bob.sees('mine')).id)).toEqual({ code: 403, text: 'MESSAGE_AUTHOR_REQUIRED' });
  expect(await fails(alice, bob, 99)).toEqual({ code: 400, text: 'MESSAGE_ID_INVALID' });
  clock.shift(3 * DAY_MS);
  expect(await fails(alice, bob, sent.id)).toEqual({ code: 400, text: 'MESSAGE_EDIT_TIME_EXPIRED' });
});

test('a repeating scheduled message is sent again after each period', async () => {
  const [alice, bob] = await two();
  const tablet = await alice.device();
  const peer = alice.main.inputPeer(bob.id);
  const date = clock.now() + DAY_MS / 1000;
  const call = { _: 'messages.sendMessage' as const, peer, message: 'every day', randomId: randomLong(), scheduleDate: date, scheduleRepeatPeriod: DAY_MS / 1000 };
  // 0 and less stand for no period.
  for (const wrong of [1, 3600]) {
    expect(await alice.main.fails({ ...call, scheduleRepeatPeriod: wrong })).toEqual({ code: 400, text: 'SCHEDULE_DATE_INVALID' });
  }
  expect(await alice.main.fails({ ...call, scheduleDate: 0x7ffffffe })).toEqual({ code: 400, text: 'SCHEDULE_DATE_INVALID' });
  await alice.main.change(call);
  const listed = async (): Promise<tl.RawMessage[]> => {
    const found = await tablet.call({ _: 'messages.getScheduledHistory', peer, hash: Long.ZERO });
    return found._ === 'messages.messagesNotModified' ? [] : found.messages.filter((message) => message._ === 'message');
  };
  const [first] = await listed();
  expect(first).toMatchObject({ date, scheduleRepeatPeriod: DAY_MS / 1000 });

  const countSeen = (): number => [...bob.main.state.messages.values()].filter((message) => message.text === 'every day').length;
  await verifyUpdates([alice, bob], async () => {
    // Two and a half days after its date: missed repetitions are not made up for.
    clock.shift(date * 1000 + 2.5 * DAY_MS - clock.nowMs());
    await bob.sees('every day');
    await tablet.seesUpdate('updateDeleteScheduledMessages', (update) => update.messages[0] === first!.id && update.sentMessages?.length === 1);
    await tablet.seesUpdate('updateNewScheduledMessage', (update) => update.message.id !== first!.id);
  });
  expect(countSeen()).toBe(1);
  const [second] = await listed();
  expect(second).toMatchObject({ date: date + 3 * DAY_MS / 1000, scheduleRepeatPeriod: DAY_MS / 1000 });
  await verifyUpdates([alice, bob], async () => {
    await alice.main.change({ _: 'messages.sendScheduledMessages', peer, id: [second!.id] });
    await bob.main.waitUntil('the second', () => countSeen() === 2);
    await tablet.seesUpdate('updateNewScheduledMessage', (update) => update.message._ === 'message' && update.message.date === date + 4 * DAY_MS / 1000);
  });
  const [third] = await listed();
  await alice.main.change({ _: 'messages.editMessage', peer, id: third!.id, message: 'once more', scheduleDate: third!.date });
  expect(await listed()).toMatchObject([{ message: 'once more', scheduleRepeatPeriod: undefined }]);
  await alice.main.change({ _: 'messages.sendScheduledMessages', peer, id: [third!.id] });
  await bob.sees('once more');
  expect(await listed()).toEqual([]);
});

test('a chat marked as unread is so on every device, until it is unmarked or emptied', async () => {
  const [alice, bob] = await two();
  const tablet = await alice.device();
  const peer = { _: 'inputDialogPeer' as const, peer: alice.main.inputPeer(bob.id) };
  expect(await alice.main.fails({ _: 'messages.markDialogUnread', peer, unread: true })).toEqual({ code: 400, text: 'PEER_HISTORY_EMPTY' });
  const sent = await alice.send(bob, 'think of this');
  const listMarks = async (): Promise<number[]> =>
    (await tablet.call({ _: 'messages.getDialogUnreadMarks' })).flatMap((one) => (one._ === 'dialogPeer' && one.peer._ === 'peerUser' ? [one.peer.userId] : []));
  await alice.main.call({ _: 'messages.markDialogUnread', peer, unread: true });
  await tablet.seesUpdate('updateDialogUnreadMark', (update) => update.unread === true);
  expect(await listMarks()).toEqual([bob.id]);
  await tablet.call({ _: 'messages.markDialogUnread', peer: { ...peer, peer: (await alice.meet(bob, tablet), tablet.inputPeer(bob.id)) } });
  await alice.main.seesUpdate('updateDialogUnreadMark', (update) => update.unread !== true);
  expect(await listMarks()).toEqual([]);
  await alice.main.call({ _: 'messages.markDialogUnread', peer, unread: true });
  await alice.delete([sent]);
  await tablet.seesUpdate('updateDialogUnreadMark', (update) => update.unread !== true);
  expect(await listMarks()).toEqual([]);
});
