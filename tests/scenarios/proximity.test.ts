import { type Actor, type Device, findSentId, verifyUpdates } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { channelStage } from './channel-stage.ts';
import { createGroup, people } from './group-stage.ts';
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
async function share(device: Device, peer: tl.TypeInputPeer, media: tl.RawInputMediaGeoLive): Promise<number> {
  const answer = await device.change({ _: 'messages.sendMedia', peer, media, message: '', randomId: randomLong() });
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
