import { type Actor, type Device, findSentId, verifyUpdates } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { channelStage, createChannel, inviteTo, postIn } from './channel-stage.ts';
import { createGroup, leave, people, write } from './group-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
}, 60_000);
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** A degree of longitude on the equator has about 111 km, so these are metres. */
const place = (metres: number): tl.RawInputGeoPoint => ({ _: 'inputGeoPoint', lat: 0, long: metres / 111_195 });
const live = (metres: number, radius?: number): tl.RawInputMediaGeoLive => ({ _: 'inputMediaGeoLive', geoPoint: place(metres), period: 900, proximityNotificationRadius: radius });

/** Shares a live location in a chat. @returns the id of the message */
async function share(device: Device, peer: tl.TypeInputPeer, media: tl.RawInputMediaGeoLive, sendAs?: tl.TypeInputPeer): Promise<number> {
  const answer = await device.change({ _: 'messages.sendMedia', peer, media, message: '', randomId: randomLong(), sendAs });
  const named = (answer as tl.RawUpdates).updates.find((update) => update._ === 'updateMessageID');
  return named?._ === 'updateMessageID' ? named.id : findSentId(answer);
}

const move = (device: Device, peer: tl.TypeInputPeer, id: number, media: tl.RawInputMediaGeoLive): Promise<unknown> => device.change({ _: 'messages.editMessage', peer, id, media });
const seesAlert = async (actor: Actor, update: 'updateNewMessage' | 'updateNewChannelMessage'): Promise<unknown> => {
  const { message } = await actor.main.seesUpdate(update, (one) => one.message._ === 'messageService' && one.message.action._ === 'messageActionGeoProximityReached');
  return message._ === 'messageService' ? message.action : undefined;
};
const alertsOf = (actor: Actor): number => actor.main.events.filter((update) => 'message' in update && typeof update.message === 'object' && update.message._ === 'messageService' && update.message.action._ === 'messageActionGeoProximityReached').length;

test('somebody who comes within the radius of the other is announced to both, once', async () => {
  const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
  await alice.meet(bob);
  await bob.meet(alice);
  const [toBob, toAlice] = [alice.main.inputPeer(bob.id), bob.main.inputPeer(alice.id)];
  await verifyUpdates([alice, bob], async () => {
    await share(alice.main, toBob, live(0, 200));
    const id = await share(bob.main, toAlice, live(5000));
    await move(bob.main, toAlice, id, live(1000));
    await move(bob.main, toAlice, id, live(150));
    const action = { _: 'messageActionGeoProximityReached', fromId: { userId: bob.id }, toId: { userId: alice.id }, distance: 150 };
    expect(await seesAlert(alice, 'updateNewMessage')).toMatchObject(action);
    expect(await seesAlert(bob, 'updateNewMessage')).toMatchObject(action);
    await move(bob.main, toAlice, id, live(100));
    await move(bob.main, toAlice, id, { ...live(100), stopped: true });
    const text = await bob.send(alice, 'here');
    await alice.sees('here');
    expect(text).toBeDefined();
  });
  expect([alertsOf(alice), alertsOf(bob)]).toEqual([1, 1]);
});

test('in groups and supergroups all members see the alert, and locations that are not shared any more cause none', async () => {
  const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
  const group = await createGroup(alice, [bob, carol]);
  await verifyUpdates([alice, bob, carol], async () => {
    const own = await share(alice.main, group.peer, live(0, 300));
    const id = await share(bob.main, group.peer, live(4000));
    await move(bob.main, group.peer, id, live(250));
    expect(await seesAlert(carol, 'updateNewMessage')).toMatchObject({ fromId: { userId: bob.id }, toId: { userId: alice.id }, distance: 250 });
    await move(alice.main, group.peer, own, { ...live(0), stopped: true });
    await move(bob.main, group.peer, id, live(4000));
    await move(bob.main, group.peer, id, live(10));
  });
  expect(alertsOf(carol)).toBe(1);
  const stage = await channelStage(scenario);
  await verifyUpdates([stage.alice, stage.bob, stage.carol], async () => {
    const [ofAlice, ofBob] = [stage.alice.main.inputPeer(stage.id), stage.bob.main.inputPeer(stage.id)];
    const id = await share(stage.alice.main, ofAlice, live(0, 500));
    await share(stage.bob.main, ofBob, live(2000));
    await move(stage.alice.main, ofAlice, id, live(1600, 500));
    expect(await seesAlert(stage.carol, 'updateNewChannelMessage')).toMatchObject({ fromId: { userId: stage.bob.id }, toId: { userId: stage.alice.id }, distance: 400 });
  });
});

test('many moves of locations in the name of several channels cause one alert a pair, and none between those of one person', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario);
  const masks = [await createChannel(bob, 'broadcast'), await createChannel(bob, 'broadcast')];
  for (const [owner, channel] of [[alice, id], ...masks.map((mask) => [bob, mask] as const)] as const) {
    await owner.main.change({ _: 'channels.updateUsername', channel: owner.main.inputChannel(channel), username: `near_${owner.id}_${-channel % 1_000_000}` });
  }
  const peer = bob.main.inputPeer(id);
  await verifyUpdates([alice, bob, carol], async () => {
    const shared = [await share(bob.main, peer, live(3000, 500))];
    for (const mask of masks) shared.push(await share(bob.main, peer, live(6000, 500), bob.main.inputPeer(mask)));
    // The locations of Bob come close to each other, and then all of them to that of Alice and away again.
    for (const one of shared) await move(bob.main, peer, one, live(3001, 500));
    await share(alice.main, alice.main.inputPeer(id), live(0, 500));
    for (const metres of [100, 4000, 200, 4000, 300, 4000]) {
      for (const one of shared) await move(bob.main, peer, one, live(metres, 500));
    }
    await postIn(bob, id, 'at last');
    await carol.sees('at last');
  });
  expect(alertsOf(carol)).toBe(1);
});

test('slow mode counts an alert as a message of the member who moves', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario);
  await alice.main.change({ _: 'channels.toggleSlowMode', channel: alice.main.inputChannel(id), seconds: 3600 });
  const shared = await share(bob.main, bob.main.inputPeer(id), live(3000));
  const own = await share(alice.main, alice.main.inputPeer(id), live(0, 500));
  // Bob has to wait after the message with his location, and Carol has sent none. Alice is an admin.
  await move(bob.main, bob.main.inputPeer(id), shared, live(400));
  await postIn(alice, id, 'nobody comes');
  await carol.sees('nobody comes');
  expect(alertsOf(carol)).toBe(0);
  await share(carol.main, carol.main.inputPeer(id), live(9000));
  await move(alice.main, alice.main.inputPeer(id), own, live(8900, 500));
  expect(await seesAlert(carol, 'updateNewChannelMessage')).toMatchObject({ fromId: { userId: carol.id }, toId: { userId: alice.id } });
  expect((await bob.main.fails({ _: 'messages.sendMessage', peer: bob.main.inputPeer(id), message: 'x', randomId: randomLong() })).text).toMatch(/^SLOWMODE_WAIT/);
});

test('locations that one of the two cannot see, or of people who are gone, cause no alert', async () => {
  const [alice, bob, carol, dora] = (await people(scenario, 'Alice', 'Bob', 'Carol', 'Dora')) as [Actor, Actor, Actor, Actor];
  const id = await createChannel(alice);
  await inviteTo(alice, id, [bob, carol]);
  await alice.main.change({ _: 'channels.togglePreHistoryHidden', channel: alice.main.inputChannel(id), enabled: true });
  const hidden = await share(bob.main, bob.main.inputPeer(id), live(3000));
  await share(carol.main, carol.main.inputPeer(id), live(0, 500));
  await inviteTo(alice, id, [dora]);
  await share(dora.main, dora.main.inputPeer(id), live(0, 500));
  await carol.main.change({ _: 'channels.leaveChannel', channel: carol.main.inputChannel(id) });
  await move(bob.main, bob.main.inputPeer(id), hidden, live(100));
  await postIn(bob, id, 'unseen');
  await dora.sees('unseen');
  expect(alertsOf(dora)).toBe(0);
  // The same in a basic group: Carol has left it, and Dora came after the location of Bob.
  const group = await createGroup(alice, [bob, carol]);
  const shared = await share(bob.main, group.peer, live(3000));
  await share(carol.main, group.peer, live(0, 500));
  await leave(carol, group);
  await alice.main.invite({ _: 'messages.addChatUser', chatId: group.id, userId: alice.main.inputUser(dora.id), fwdLimit: 0 });
  await dora.sees('action:messageActionChatAddUser');
  await share(dora.main, group.peer, live(0, 500));
  await move(bob.main, group.peer, shared, live(100));
  await write(bob, group, 'unseen in the group');
  await dora.sees('unseen in the group');
  expect(alertsOf(dora)).toBe(0);
});
