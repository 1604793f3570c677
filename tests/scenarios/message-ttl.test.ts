import { Long } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createShiftedClock, verifyUpdates, type Actor, type Device } from '@aerogram/dev-env';
import { startScenario, type Scenario } from './scenario.ts';

const DAY_S = 86_400;
const WEEK_S = 7 * DAY_S;

const clock = createShiftedClock();
let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ clock });
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** The auto-delete timer of a chat in the profile and in the dialog list. */
async function findTtl(device: Device, peer: number): Promise<[number | undefined, number | undefined]> {
  const { fullUser } = await device.call({ _: 'users.getFullUser', id: device.inputUser(peer) });
  const { dialogs } = await device.call({ _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeer', peer: device.inputPeer(peer) }] });
  const [dialog] = dialogs;
  if (dialog?._ !== 'dialog') throw new Error('no dialog');
  return [fullUser.ttlPeriod, dialog.ttlPeriod];
}

async function setTtl(from: Actor, to: Actor, period: number): Promise<void> {
  await from.main.change({ _: 'messages.setHistoryTTL', peer: from.main.inputPeer(to.id), period });
}

test('messages of a chat with an auto-delete timer are deleted for both sides; earlier ones and the service message stay', async () => {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  const tablet = await alice.device();
  await alice.send(bob, 'from before');
  await bob.sees('from before');
  await verifyUpdates([alice, bob], async () => {
    await setTtl(alice, bob, DAY_S);
    for (const device of [tablet, bob.main]) await device.seesUpdate('updatePeerHistoryTTL', (update) => update.ttlPeriod === DAY_S);
    const notice = await bob.sees('action:messageActionSetMessagesTTL');
    expect(notice).toMatchObject({ from: alice.id, ttl_period: undefined });
    const sent = await alice.send(bob, 'for a day');
    expect(sent.ttl_period).toBe(DAY_S);
    expect((await bob.sees('for a day')).ttl_period).toBe(DAY_S);
    await bob.send(alice, 'also for a day');
    expect((await alice.sees('also for a day')).ttl_period).toBe(DAY_S);
  });
  expect(await findTtl(alice.main, bob.id)).toEqual([DAY_S, DAY_S]);
  expect(await findTtl(bob.main, alice.id)).toEqual([DAY_S, DAY_S]);

  await verifyUpdates([alice, bob], async () => {
    await setTtl(bob, alice, 0);
    await alice.main.seesUpdate('updatePeerHistoryTTL', (update) => update.ttlPeriod === undefined);
    await alice.send(bob, 'for ever');
    await bob.sees('for ever');
  });
  expect(await findTtl(alice.main, bob.id)).toEqual([undefined, undefined]);
  const before = { ids: alice.main.find('for a day')!.id, pts: alice.main.state.pts };
  clock.shift((DAY_S + 60) * 1000);
  await alice.seesGone('also for a day');
  await bob.seesGone('also for a day');
  const gone = alice.main.events.flatMap((event) => (event._ === 'updateDeleteMessages' ? event.messages : []));
  expect(gone).toContain(before.ids);
  for (const actor of [alice, bob]) {
    expect([...actor.main.state.messages.values()].filter((message) => message.peer === alice.id || message.peer === bob.id).map((message) => message.text)).toEqual([
      'from before', 'action:messageActionSetMessagesTTL', 'action:messageActionSetMessagesTTL', 'for ever',
    ]);
  }
  await verifyUpdates([alice, bob], async () => {});
});

test('a device that was offline learns of expired messages from the difference', async () => {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.meet(bob);
  await setTtl(alice, bob, DAY_S);
  for (let i = 0; i < 20; i++) await alice.send(bob, `short-lived ${i}`);
  await bob.sees('short-lived 19');
  const pinned = alice.main.find('short-lived 3')!;
  await alice.main.change({ _: 'messages.updatePinnedMessage', peer: alice.main.inputPeer(bob.id), id: pinned.id });
  expect((await bob.sees('action:messageActionPinMessage')).ttl_period).toBe(DAY_S);
  await alice.main.goOffline();
  await bob.main.goOffline();
  clock.shift((DAY_S + 60) * 1000);
  await scenario.server.restart();
  for (const { main } of [alice, bob]) {
    await main.goOnline();
    await main.catchUp();
    // By the difference or pushed right after it, because the job runs in parallel.
    await main.seesGone('short-lived 0');
    await main.seesGone('action:messageActionPinMessage');
    expect(main.find('action:messageActionSetMessagesTTL')).toBeDefined();
  }
  await verifyUpdates([alice, bob], async () => {});
});

test('a default auto-delete timer applies to chats in which its owner writes for the first time', async () => {
  const [alice, bob, carol] = [await scenario.world.user('Alice'), await scenario.world.user('Bob'), await scenario.world.user('Carol')];
  expect(await alice.main.call({ _: 'messages.getDefaultHistoryTTL' })).toMatchObject({ period: 0 });
  await alice.send(carol, 'known already');
  await carol.sees('known already');
  await alice.main.call({ _: 'messages.setDefaultHistoryTTL', period: WEEK_S });
  expect(await alice.main.call({ _: 'messages.getDefaultHistoryTTL' })).toMatchObject({ period: WEEK_S });
  await verifyUpdates([alice, bob], async () => {
    await bob.send(alice, 'hi, stranger');
    await alice.sees('hi, stranger');
  });
  expect(alice.main.find('action:messageActionSetMessagesTTL')).toBeUndefined();
  const tablet = await alice.device();
  await verifyUpdates([alice, bob], async () => {
    const randomId = randomLong();
    const sent = await alice.send(bob, 'hi', { randomId });
    expect(sent.ttl_period).toBe(WEEK_S);
    expect((await alice.send(bob, 'hi', { randomId })).id).toBe(sent.id);
    const notice = await alice.sees('action:messageActionSetMessagesTTL');
    expect(notice.id).toBe(sent.id - 1);
    const update = await tablet.seesUpdate('updateNewMessage', (one) => one.message.id === notice.id);
    expect(update.message).toMatchObject({ action: { period: WEEK_S, autoSettingFrom: Long.fromNumber(alice.id) } });
    await bob.main.seesUpdate('updatePeerHistoryTTL', (one) => one.ttlPeriod === WEEK_S);
    await bob.sees('hi');
    expect((await alice.send(bob, 'again')).ttl_period).toBe(WEEK_S);
    await bob.send(alice, 'an answer');
    expect((await alice.sees('an answer')).ttl_period).toBe(WEEK_S);
  });
  expect([...bob.main.state.messages.values()].filter((message) => message.text === 'action:messageActionSetMessagesTTL')).toHaveLength(1);
  expect((await alice.send(carol, 'as before')).ttl_period).toBeUndefined();
  expect(await findTtl(bob.main, alice.id)).toEqual([WEEK_S, WEEK_S]);
});

test('invalid timers, and chats that cannot have one, are refused', async () => {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.send(bob, 'hello');
  const peer = alice.main.inputPeer(bob.id);
  for (const period of [-DAY_S, 3600, 366 * DAY_S]) {
    expect(await alice.main.fails({ _: 'messages.setHistoryTTL', peer, period })).toEqual({ code: 400, text: 'TTL_PERIOD_INVALID' });
    expect(await alice.main.fails({ _: 'messages.setDefaultHistoryTTL', period })).toEqual({ code: 400, text: 'TTL_PERIOD_INVALID' });
  }
  expect(await alice.main.fails({ _: 'messages.setHistoryTTL', peer, period: 0 })).toEqual({ code: 400, text: 'CHAT_NOT_MODIFIED' });
  expect(await alice.main.fails({ _: 'messages.setHistoryTTL', peer: { _: 'inputPeerSelf' }, period: DAY_S })).toEqual({ code: 400, text: 'PEER_ID_INVALID' });
  await alice.main.call({ _: 'contacts.block', id: peer });
  expect(await alice.main.fails({ _: 'messages.setHistoryTTL', peer, period: DAY_S })).toEqual({ code: 400, text: 'YOU_BLOCKED_USER' });
  // A blocked user is not told: only the own side changes.
  const own = { _: 'messages.setHistoryTTL' as const, peer: (await bob.meet(alice), bob.main.inputPeer(alice.id)), period: DAY_S };
  await verifyUpdates([alice, bob], () => bob.main.change(own));
  expect(await findTtl(alice.main, bob.id)).toEqual([undefined, undefined]);
});
