import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyUpdates, type Actor, type Device } from '@aerogram/dev-env';
import { startScenario, type Scenario } from './scenario.ts';

const HOUR_S = 3600;
const UNTIL_ONLINE = 0x7ffffffe;

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const now = (): number => Math.floor(Date.now() / 1000);

/** Schedules a text; returns its scheduled id. */
async function schedule(from: Actor, to: Actor, { message, scheduleDate, randomId = randomLong() }: { message: string; scheduleDate: number; randomId?: Long }): Promise<number> {
  await from.meet(to);
  const answer = await from.main.change({ _: 'messages.sendMessage', peer: from.main.inputPeer(to.id), message, randomId, scheduleDate });
  if (answer._ !== 'updates') throw new Error(`answered ${answer._}`);
  const named = answer.updates.find((update) => update._ === 'updateMessageID');
  const news = answer.updates.find((update) => update._ === 'updateNewScheduledMessage');
  expect(news).toMatchObject({ message: { id: named?.id, date: scheduleDate, message, out: true } });
  return named!.id;
}

async function listScheduled(device: Device, peer: number): Promise<tl.TypeMessage[]> {
  const found = await device.call({ _: 'messages.getScheduledHistory', peer: device.inputPeer(peer), hash: Long.ZERO });
  if (found._ === 'messages.messagesNotModified') throw new Error('not modified');
  return found.messages;
}

test('a message can be scheduled, changed, and sent at once', async () => {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  const tablet = await alice.device();
  const peer = (await alice.send(bob, 'first'), alice.main.inputPeer(bob.id));
  await verifyUpdates([alice, bob], async () => {
    const randomId = randomLong();
    const date = now() + HOUR_S;
    const id = await schedule(alice, bob, { message: 'later', scheduleDate: date, randomId });
    await tablet.seesUpdate('updateNewScheduledMessage', (update) => update.message.id === id);
    expect(await schedule(alice, bob, { message: 'later', scheduleDate: date, randomId })).toBe(id);
    await alice.main.change({ _: 'messages.editMessage', peer, id, message: 'later, corrected', scheduleDate: date + HOUR_S });
    expect(await listScheduled(alice.main, bob.id)).toMatchObject([{ id, message: 'later, corrected', date: date + HOUR_S }]);
    expect(await listScheduled(bob.main, alice.id)).toEqual([]);

    const answer = await alice.main.change({ _: 'messages.sendScheduledMessages', peer, id: [id] });
    expect(answer).toMatchObject({ updates: [{ _: 'updateNewMessage', message: { fromScheduled: true } }, { _: 'updateDeleteScheduledMessages', messages: [id] }] });
    await bob.sees('later, corrected');
    const gone = await tablet.seesUpdate('updateDeleteScheduledMessages');
    expect(gone.sentMessages).toEqual([(await alice.sees('later, corrected')).id]);
    expect(await listScheduled(alice.main, bob.id)).toEqual([]);
  });
});

test('scheduling a message clears the draft', async () => {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  const tablet = await alice.device();
  const peer = (await alice.send(bob, 'first'), alice.main.inputPeer(bob.id));
  const send = { _: 'messages.sendMessage' as const, peer, message: 'later', scheduleDate: now() + HOUR_S };
  const listDrafts = async (): Promise<unknown[]> => ((await alice.main.call({ _: 'messages.getAllDrafts' })) as tl.RawUpdates).updates;
  await alice.main.call({ _: 'messages.saveDraft', peer, message: 'half a thought' });
  // Only if the client asks for it.
  await alice.main.change({ ...send, randomId: randomLong() });
  expect(await listDrafts()).toHaveLength(1);
  await verifyUpdates([alice, bob], async () => {
    await alice.main.change({ ...send, randomId: randomLong(), clearDraft: true });
    await tablet.seesUpdate('updateDraftMessage', ({ draft }) => draft._ === 'draftMessageEmpty');
  });
  expect(await listDrafts()).toEqual([]);
});

// The next three wait for dates.
test.concurrent('the server sends it when its date has come', async () => {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  const id = await schedule(alice, bob, { message: 'in time', scheduleDate: now() + 12 });
  await bob.main.waitUntil('the scheduled message', () => bob.main.find('in time') !== undefined, 30_000);
  const gone = await alice.main.seesUpdate('updateDeleteScheduledMessages', (update) => update.messages[0] === id);
  expect(gone.sentMessages).toEqual([(await alice.sees('in time')).id]);
  expect((await alice.sees('in time')).date).toBeGreaterThan(now() - 30);
});

test.concurrent('a message can wait until its recipient is online', async () => {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.meet(bob);
  await bob.main.call({ _: 'account.updateStatus', offline: true });
  await schedule(alice, bob, { message: 'you are here', scheduleDate: UNTIL_ONLINE });
  await bob.main.call({ _: 'account.updateStatus', offline: false });
  await bob.main.waitUntil('the awaited message', () => bob.main.find('you are here') !== undefined, 30_000);
  await alice.main.seesUpdate('updateDeleteScheduledMessages');
  expect(await listScheduled(alice.main, bob.id)).toEqual([]);
});

test.concurrent('a message for "when online" waits while its recipient hides the online status from the author', async () => {
  const { world } = scenario;
  const [hidden, blocked, shown] = [await world.user('Hidden'), await world.user('Blocked'), await world.user('Shown')];
  const bob = await world.user('Bob');
  for (const author of [hidden, blocked, shown]) await author.meet(bob);
  for (const author of [hidden, blocked]) await bob.meet(author);
  await bob.main.call({ _: 'account.updateStatus', offline: true });
  const ids = [await schedule(hidden, bob, { message: 'to who hides', scheduleDate: UNTIL_ONLINE }), await schedule(blocked, bob, { message: 'to who blocks', scheduleDate: UNTIL_ONLINE })];
  const key = { _: 'inputPrivacyKeyStatusTimestamp' as const };
  await bob.main.call({ _: 'account.setPrivacy', key, rules: [{ _: 'inputPrivacyValueDisallowUsers', users: [bob.main.inputUser(hidden.id)] }, { _: 'inputPrivacyValueAllowAll' }] });
  await bob.main.call({ _: 'contacts.block', id: bob.main.inputPeer(blocked.id) });
  await bob.main.call({ _: 'account.updateStatus', offline: false });
  // When the second message arrives, the job has checked all waiting messages at least once.
  for (const text of ['first', 'second']) {
    await schedule(shown, bob, { message: text, scheduleDate: UNTIL_ONLINE });
    await bob.main.waitUntil(text, () => bob.main.find(text) !== undefined, 30_000);
  }
  expect(await listScheduled(hidden.main, bob.id)).toMatchObject([{ id: ids[0] }]);
  expect(await listScheduled(blocked.main, bob.id)).toMatchObject([{ id: ids[1] }]);
  await bob.main.call({ _: 'account.setPrivacy', key, rules: [{ _: 'inputPrivacyValueAllowAll' }] });
  await bob.main.waitUntil('the message', () => bob.main.find('to who hides') !== undefined, 30_000);
});

test('a deleted message is never sent; messages that cannot be scheduled are refused', async () => {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  const tablet = await alice.device();
  const id = await schedule(alice, bob, { message: 'never', scheduleDate: now() + HOUR_S });
  const peer = alice.main.inputPeer(bob.id);
  await alice.main.change({ _: 'messages.deleteScheduledMessages', peer, id: [id] });
  await tablet.seesUpdate('updateDeleteScheduledMessages', (update) => update.messages[0] === id && update.sentMessages === undefined);
  expect(await schedule(alice, bob, { message: 'another', scheduleDate: now() + HOUR_S })).toBeGreaterThan(id);
  const fails = (scheduleDate: number, to = peer): Promise<{ code: number; text: string }> =>
    alice.main.fails({ _: 'messages.sendMessage', peer: to, message: 'no', randomId: randomLong(), scheduleDate });
  expect(await fails(now() + 400 * 24 * HOUR_S)).toEqual({ code: 400, text: 'SCHEDULE_DATE_TOO_LATE' });
  expect(await fails(UNTIL_ONLINE, { _: 'inputPeerSelf' })).toEqual({ code: 400, text: 'SCHEDULE_DATE_INVALID' });
  expect(await alice.main.fails({ _: 'messages.sendScheduledMessages', peer, id: [id] })).toEqual({ code: 400, text: 'MESSAGE_ID_INVALID' });
  await bob.main.call({ _: 'account.setPrivacy', key: { _: 'inputPrivacyKeyStatusTimestamp' }, rules: [{ _: 'inputPrivacyValueDisallowAll' }] });
  expect(await fails(UNTIL_ONLINE)).toEqual({ code: 400, text: 'SCHEDULE_STATUS_PRIVATE' });
});
