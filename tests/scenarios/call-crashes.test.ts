import { World, type Actor } from '@aerogram/dev-env';
import { startServerProcess, type ServerProcess } from '@aerogram/dev-env/load';
import { Long } from '@mtcute/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accept, callsWith, confirm, discard, HANG_UP, protocolOf, refOf, ring, seesCall, toldOf } from './call-stage.ts';

let server: ServerProcess;
let world: World;
let alice: Actor;
let bob: Actor;
beforeAll(async () => {
  server = await startServerProcess();
  world = new World(server);
  [alice, bob] = [await world.user('Alice'), await world.user('Bob')];
  await alice.meet(bob);
  await bob.meet(alice);
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

const FINGERPRINT = Long.fromNumber(7);

test('a kill -9 at each step loses no call: devices that come back are told how far it is, and each step that is repeated has the effect of one', async () => {
  const tablet = await bob.device();
  const call = await ring(alice.main, bob.id);
  await seesCall(bob.main, call.id, 'phoneCallRequested');
  // While it rings: a device that comes back hears it again, and so does one that was away.
  await tablet.goOffline();
  await server.restart();
  await tablet.goOnline();
  await tablet.call({ _: 'updates.getState' });
  await seesCall(tablet, call.id, 'phoneCallRequested');
  expect((await alice.main.call(call.request)).phoneCall).toMatchObject({ _: 'phoneCallWaiting', id: call.id });
  // Between the answer and the keys.
  const { ref, gB } = await accept(bob.main, call.id);
  await seesCall(tablet, call.id, 'phoneCallDiscarded');
  await server.restart();
  expect((await bob.main.call({ _: 'phone.acceptCall', peer: ref, gB, protocol: protocolOf() })).phoneCall).toMatchObject({ _: 'phoneCallWaiting', id: call.id });
  expect(await tablet.fails({ _: 'phone.acceptCall', peer: refOf(await seesCall(tablet, call.id, 'phoneCallRequested')), gB, protocol: protocolOf() })).toMatchObject({ text: 'CALL_ALREADY_ACCEPTED' });
  const started = await confirm(alice.main, call, FINGERPRINT);
  // While they talk.
  await server.restart();
  expect(await confirm(alice.main, call, FINGERPRINT)).toEqual(started);
  await bob.main.call({ _: 'phone.sendSignalingData', peer: ref, data: Uint8Array.of(1) });
  await alice.main.seesUpdate('updatePhoneCallSignalingData', ({ phoneCallId }) => phoneCallId.eq(call.id));
  // Both hang up, and again after a kill: one message each.
  await Promise.all([discard(alice.main, call.ref, HANG_UP), discard(bob.main, ref, HANG_UP)]);
  await server.restart();
  await discard(bob.main, ref, HANG_UP);
  for (const [person, other] of [[alice, bob], [bob, alice]] as const) expect(await callsWith(person.main, other.id)).toMatchObject([{ callId: call.id, reason: HANG_UP }]);
  expect(toldOf(tablet, call.id).at(-1)).toMatchObject({ _: 'phoneCallDiscarded' });
});
