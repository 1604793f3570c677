import { Long, type tl } from '@mtcute/node';
import { createShiftedClock, verifyUpdates, type Actor, type Device } from '@aerogram/dev-env';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accept, BUSY, callsWith, confirm, discard, HANG_UP, makePower, MISSED, protocolOf, refOf, ring, seesCall, toldOf } from './call-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

const clock = createShiftedClock();
let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ clock });
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** Two people who know each other; the callee has three devices, the caller two. */
async function meet(): Promise<{ alice: Actor; bob: Actor; phones: Device[]; other: Device }> {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.meet(bob);
  await bob.meet(alice);
  return { alice, bob, phones: [bob.main, await bob.device(), await bob.device()], other: await alice.device() };
}

const kindsOf = (device: Device, id: Long): string[] => toldOf(device, id).map((call) => call._);
const FINGERPRINT = Long.fromString('-3972359982579920590');

/** Waits until both boxes have the message about a call. */
async function seesMessage(people: Actor[], fits: object): Promise<void> {
  for (const [at, person] of people.entries()) {
    await person.main.waitUntil('the message about the call', () => person.main.find('action:messageActionPhoneCall') !== undefined);
    expect((await callsWith(person.main, people[1 - at]!.id))[0]).toMatchObject(fits);
  }
}

describe('a call', () => {
  test('does not ring on a device whose owner wants no calls there, also when that connects', async () => {
    const { alice, bob, phones } = await meet();
    const [phone, tablet] = phones as [Device, Device, Device];
    await tablet.call({ _: 'account.changeAuthorizationSettings', hash: Long.ZERO, callRequestsDisabled: true });
    const call = await ring(alice.main, bob.id);
    await seesCall(phone, call.id, 'phoneCallRequested');
    await tablet.goOffline();
    await tablet.goOnline();
    await alice.send(bob, 'after the ring');
    await tablet.sees('after the ring');
    expect(toldOf(tablet, call.id)).toEqual([]);
    const { ref } = await accept(phone, call.id);
    await discard(phone, ref, HANG_UP);
    await seesMessage([alice, bob], {});
    // Who is called often is offered first.
    const ask: tl.contacts.RawGetTopPeersRequest = { _: 'contacts.getTopPeers', phoneCalls: true, offset: 0, limit: 10, hash: Long.ZERO };
    const peer = { _: 'peerUser', userId: bob.id };
    expect(await alice.main.call(ask)).toMatchObject({ _: 'contacts.topPeers', categories: [{ category: { _: 'topPeerCategoryPhoneCalls' }, count: 1, peers: [{ peer }] }] });
    expect(await bob.main.call(ask)).toMatchObject({ categories: [] });
    await alice.main.call({ _: 'contacts.resetTopPeerRating', category: { _: 'topPeerCategoryPhoneCalls' }, peer: alice.main.inputPeer(bob.id) });
    expect(await alice.main.call(ask)).toMatchObject({ categories: [] });
  });

  test('rings on all devices, is answered by one, and ends with one message in both boxes; nobody else hears of it', async () => {
    const { alice, bob, phones, other } = await meet();
    const [phone, tablet, laptop] = phones as [Device, Device, Device];
    await verifyUpdates([alice, bob], async () => {
      const call = await ring(alice.main, bob.id, { video: true });
      for (const device of phones) expect(await seesCall(device, call.id, 'phoneCallRequested')).toMatchObject({ adminId: alice.id, participantId: bob.id, video: true, gAHash: new Uint8Array(call.request.gAHash) });
      // Each device rings, and the caller hears of it once.
      for (const device of phones) await device.call({ _: 'phone.receivedCall', peer: refOf(await seesCall(device, call.id, 'phoneCallRequested')) });
      await seesCall(alice.main, call.id, 'phoneCallWaiting', ({ receiveDate }) => receiveDate !== undefined);
      const { ref, gB, call: answered } = await accept(tablet, call.id);
      expect(answered).toMatchObject({ _: 'phoneCallWaiting', protocol: { libraryVersions: ['9.0.0'] } });
      for (const device of [phone, laptop]) await seesCall(device, call.id, 'phoneCallDiscarded');
      expect(await seesCall(alice.main, call.id, 'phoneCallAccepted')).toMatchObject({ gB, protocol: { libraryVersions: ['9.0.0'], udpP2p: true } });
      const own = await confirm(alice.main, call, FINGERPRINT);
      expect(own).toMatchObject({ p2pAllowed: true, gAOrB: gB, keyFingerprint: FINGERPRINT, video: true });
      // The relay of this server, for addresses and as a relay; both devices get the same.
      expect(own.connections).toMatchObject([{ stun: true, ip: '127.0.0.1', username: '' }, { turn: true, ip: '127.0.0.1', username: expect.stringMatching(/^\d+:[a-z0-9]+$/) }]);
      expect(await seesCall(tablet, call.id, 'phoneCall')).toMatchObject({ connections: own.connections, gAOrB: call.gA, keyFingerprint: FINGERPRINT, startDate: own.startDate });

      // Signalling reaches the other device of the call alone, in its order.
      const packets = Array.from({ length: 20 }, (_, at) => Uint8Array.of(at, 1, 2, 3));
      await Promise.all(packets.map((data) => alice.main.call({ _: 'phone.sendSignalingData', peer: call.ref, data })));
      const heard = (): tl.TypeUpdate[] => tablet.events.filter((update) => update._ === 'updatePhoneCallSignalingData' && update.phoneCallId.eq(call.id));
      await tablet.waitUntil('the packets', () => heard().length === packets.length);
      expect(heard().map((update) => (update as tl.RawUpdatePhoneCallSignalingData).data[0])).toEqual(packets.map(([first]) => first));
      await tablet.call({ _: 'phone.sendSignalingData', peer: ref, data: Uint8Array.of(9) });
      await alice.main.seesUpdate('updatePhoneCallSignalingData', ({ phoneCallId }) => phoneCallId.eq(call.id));

      clock.shift(61_000);
      await discard(tablet, ref, HANG_UP, 3600);
      expect(await seesCall(alice.main, call.id, 'phoneCallDiscarded')).toMatchObject({ reason: HANG_UP });
      await seesMessage([alice, bob], { video: true, callId: call.id, reason: HANG_UP });
      // Nobody makes the talk longer than the server saw it.
      const [{ duration }] = (await callsWith(alice.main, bob.id)) as [tl.RawMessageActionPhoneCall];
      expect(duration).toBeGreaterThanOrEqual(61);
      expect(duration).toBeLessThan(120);
      expect(alice.main.find('action:messageActionPhoneCall')).toMatchObject({ out: true });

      // What comes late is answered calmly, and changes nothing.
      await alice.main.change({ _: 'phone.discardCall', peer: call.ref, duration: 0, reason: BUSY, connectionId: Long.ZERO });
      expect(await tablet.call({ _: 'phone.receivedCall', peer: ref })).toBe(true);
      expect(await tablet.call({ _: 'phone.sendSignalingData', peer: ref, data: Uint8Array.of(1) })).toBe(true);
      await alice.main.call({ _: 'phone.setCallRating', peer: call.ref, rating: 5, comment: 'fine' });
      expect(await alice.main.call({ _: 'phone.saveCallDebug', peer: call.ref, debug: { _: 'dataJSON', data: '{}' } })).toBe(true);
      expect(await callsWith(bob.main, alice.id)).toMatchObject([{ reason: HANG_UP }]);

      expect([kindsOf(phone, call.id), kindsOf(laptop, call.id)]).toEqual([['phoneCallRequested', 'phoneCallDiscarded'], ['phoneCallRequested', 'phoneCallDiscarded']]);
      expect(other.events.filter((update) => update._ === 'updatePhoneCall' || update._ === 'updatePhoneCallSignalingData')).toEqual([]);
      for (const device of [phone, laptop]) expect(device.events.filter((update) => update._ === 'updatePhoneCallSignalingData')).toEqual([]);
    });
  });

  test('is declined, is given up, and is hung up before the keys are exchanged: with the right reason on both sides', async () => {
    const { alice, bob, phones } = await meet();
    const declined = await ring(alice.main, bob.id);
    const ref = refOf(await seesCall(phones[1]!, declined.id, 'phoneCallRequested'));
    await discard(phones[1]!, ref, BUSY);
    for (const device of [alice.main, phones[0]!, phones[2]!]) expect(await seesCall(device, declined.id, 'phoneCallDiscarded')).toMatchObject({ reason: BUSY, duration: undefined });
    await seesMessage([alice, bob], { callId: declined.id, reason: BUSY, duration: undefined });

    const givenUp = await ring(alice.main, bob.id);
    // What the caller says does not make a call declined that nobody has answered.
    await discard(alice.main, givenUp.ref, BUSY, 100);
    for (const device of phones) expect(await seesCall(device, givenUp.id, 'phoneCallDiscarded')).toMatchObject({ reason: MISSED });
    await bob.main.waitUntil('two messages', () => [...bob.main.state.messages.values()].filter(({ text }) => text === 'action:messageActionPhoneCall').length === 2);
    expect(await callsWith(bob.main, alice.id)).toMatchObject([{ callId: givenUp.id, reason: MISSED, duration: undefined }, { reason: BUSY }]);

    const early = await ring(alice.main, bob.id);
    const answer = await accept(phones[0]!, early.id);
    await discard(phones[0]!, answer.ref, HANG_UP, 5);
    expect(await seesCall(alice.main, early.id, 'phoneCallDiscarded')).toMatchObject({ reason: HANG_UP, duration: undefined });
    expect(await alice.main.fails({ _: 'phone.confirmCall', peer: early.ref, gA: early.gA, keyFingerprint: FINGERPRINT, protocol: protocolOf() })).toMatchObject({ text: 'CALL_ALREADY_DECLINED' });
    expect(await phones[1]!.fails({ _: 'phone.acceptCall', peer: refOf(await seesCall(phones[1]!, early.id, 'phoneCallRequested')), gB: makePower(), protocol: protocolOf() })).toMatchObject({ text: 'CALL_ALREADY_DECLINED' });
  });

  test('is won by one of the devices that answer, and of answer and hang-up one wins', async () => {
    const { alice, bob, phones } = await meet();
    for (let round = 0; round < 5; round++) {
      const call = await ring(alice.main, bob.id);
      const refs = await Promise.all(phones.map(async (device) => refOf(await seesCall(device, call.id, 'phoneCallRequested'))));
      const answers = await Promise.allSettled(phones.slice(0, 2).map((device, at) => device.call({ _: 'phone.acceptCall', peer: refs[at]!, gB: makePower(), protocol: protocolOf() })));
      expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      const won = answers.findIndex(({ status }) => status === 'fulfilled');
      for (const device of [phones[1 - won]!, phones[2]!]) await seesCall(device, call.id, 'phoneCallDiscarded');
      expect(toldOf(phones[won]!, call.id).map(({ _ }) => _)).toEqual(['phoneCallRequested']);
      // The device that lost says that it is busy: that ends nothing.
      await discard(phones[1 - won]!, refs[1 - won]!, BUSY);
      await confirm(alice.main, call, FINGERPRINT);
      await seesCall(phones[won]!, call.id, 'phoneCall');
      await discard(alice.main, call.ref, HANG_UP);
      await seesCall(phones[won]!, call.id, 'phoneCallDiscarded');

      const race = await ring(alice.main, bob.id);
      const ref = refOf(await seesCall(phones[0]!, race.id, 'phoneCallRequested'));
      await Promise.allSettled([discard(alice.main, race.ref, MISSED), phones[0]!.call({ _: 'phone.acceptCall', peer: ref, gB: makePower(), protocol: protocolOf() })]);
      for (const device of phones) await seesCall(device, race.id, 'phoneCallDiscarded');
    }
    expect(await callsWith(bob.main, alice.id)).toHaveLength(10);
  });

  test('two people who call each other at once have two calls, and both can be answered', async () => {
    const { alice, bob } = await meet();
    const [one, other] = await Promise.all([ring(alice.main, bob.id), ring(bob.main, alice.id)]);
    await accept(bob.main, one.id);
    await accept(alice.main, other.id);
    await Promise.all([confirm(alice.main, one, FINGERPRINT), confirm(bob.main, other, FINGERPRINT)]);
    await Promise.all([discard(alice.main, one.ref, HANG_UP), discard(bob.main, other.ref, HANG_UP)]);
    expect(await callsWith(alice.main, bob.id)).toHaveLength(2);
  });
});

describe('the server ends a call', () => {
  test('that no device receives, that nobody answers, and that is not confirmed, and one of whom is logged out; a device that connects while it rings is told', async () => {
    const { alice, bob, phones, other } = await meet();
    for (const device of phones.slice(1)) await device.goOffline();
    const missed = await ring(alice.main, bob.id);
    clock.shift(26_000);
    for (const device of [alice.main, bob.main]) expect(await seesCall(device, missed.id, 'phoneCallDiscarded')).toMatchObject({ reason: MISSED });
    await seesMessage([alice, bob], { callId: missed.id, reason: MISSED, duration: undefined });

    const ringing = await ring(alice.main, bob.id);
    await bob.main.call({ _: 'phone.receivedCall', peer: refOf(await seesCall(bob.main, ringing.id, 'phoneCallRequested')) });
    await seesCall(alice.main, ringing.id, 'phoneCallWaiting', ({ receiveDate }) => receiveDate !== undefined);
    // A device that rings, and connects again, is not told a second time.
    await bob.main.goOffline();
    await bob.main.goOnline();
    await bob.main.call({ _: 'updates.getState' });
    clock.shift(80_000);
    const late = phones[1]!;
    await late.goOnline();
    await late.call({ _: 'updates.getState' });
    await seesCall(late, ringing.id, 'phoneCallRequested');
    clock.shift(16_000);
    for (const device of [alice.main, bob.main, late]) expect(await seesCall(device, ringing.id, 'phoneCallDiscarded')).toMatchObject({ reason: MISSED });
    expect(kindsOf(bob.main, ringing.id)).toEqual(['phoneCallRequested', 'phoneCallDiscarded']);
    // One that connects soon after learns that it is over, and not that it rings.
    const latest = phones[2]!;
    await latest.goOnline();
    await latest.call({ _: 'updates.getState' });
    await seesCall(latest, ringing.id, 'phoneCallDiscarded');
    expect(kindsOf(latest, ringing.id)).toEqual(['phoneCallDiscarded']);

    const stuck = await ring(alice.main, bob.id);
    await accept(bob.main, stuck.id);
    clock.shift(26_000);
    for (const device of [alice.main, bob.main]) expect(await seesCall(device, stuck.id, 'phoneCallDiscarded')).toMatchObject({ reason: { _: 'phoneCallDiscardReasonDisconnect' } });
    const endless = await ring(alice.main, bob.id);
    await accept(bob.main, endless.id);
    await confirm(alice.main, endless, FINGERPRINT);
    clock.shift(86_401_000);
    expect(await seesCall(bob.main, endless.id, 'phoneCallDiscarded')).toMatchObject({ reason: { _: 'phoneCallDiscardReasonDisconnect' }, duration: undefined });

    const left = await ring(other, bob.id);
    await seesCall(bob.main, left.id, 'phoneCallRequested');
    await other.call({ _: 'auth.logOut' });
    expect(await seesCall(bob.main, left.id, 'phoneCallDiscarded')).toMatchObject({ reason: MISSED });
  });
});

describe('a request', () => {
  test('that is repeated makes no second call', async () => {
    const { alice, bob } = await meet();
    const call = await ring(alice.main, bob.id);
    const again = await Promise.all([alice.main.call(call.request), alice.main.call(call.request)]);
    for (const { phoneCall } of again) expect(phoneCall).toMatchObject({ _: 'phoneCallWaiting', id: call.id });
    const answer = await accept(bob.main, call.id);
    const repeated = await bob.main.call({ _: 'phone.acceptCall', peer: answer.ref, gB: answer.gB, protocol: protocolOf() });
    expect(repeated.phoneCall).toMatchObject({ _: 'phoneCallWaiting', id: call.id });
    const first = await confirm(alice.main, call, FINGERPRINT);
    expect(await confirm(alice.main, call, FINGERPRINT)).toEqual(first);
    await discard(alice.main, call.ref, HANG_UP);
    expect(toldOf(bob.main, call.id).map(({ _ }) => _).filter((kind) => kind === 'phoneCallRequested')).toHaveLength(1);
    expect(await callsWith(bob.main, alice.id)).toHaveLength(1);
  });

  test('is refused by privacy, by blocks, to oneself and bots, and when it is malformed; too many at once are refused', async () => {
    const { alice, bob } = await meet();
    const carol = await scenario.world.user('Carol');
    await carol.meet(bob);
    const fails = async (from: Device, change: Partial<tl.phone.RawRequestCallRequest>): Promise<{ code: number; text: string }> =>
      from.fails({ _: 'phone.requestCall', userId: from.inputUser(bob.id), randomId: 1, gAHash: new Uint8Array(32), protocol: protocolOf(), ...change });
    expect(await fails(alice.main, { userId: { _: 'inputUserSelf' } })).toEqual({ code: 400, text: 'USER_ID_INVALID' });
    expect(await fails(alice.main, { gAHash: new Uint8Array(31) })).toEqual({ code: 400, text: 'SHA256_HASH_INVALID' });
    expect(await fails(alice.main, { protocol: { ...protocolOf(), udpP2p: false, udpReflector: false } })).toEqual({ code: 400, text: 'CALL_PROTOCOL_FLAGS_INVALID' });
    expect(await fails(alice.main, { protocol: { ...protocolOf(), libraryVersions: ['latest'] } })).toEqual({ code: 400, text: 'CALL_PROTOCOL_FLAGS_INVALID' });
    expect(await fails(alice.main, { protocol: { ...protocolOf(), maxLayer: 64 } })).toEqual({ code: 400, text: 'CALL_PROTOCOL_LAYER_INVALID' });

    const available = async (from: Actor): Promise<unknown> => {
      const { fullUser } = await from.main.call({ _: 'users.getFullUser', id: from.main.inputUser(bob.id) });
      return [fullUser.phoneCallsAvailable, fullUser.videoCallsAvailable];
    };
    expect(await available(alice)).toEqual([true, true]);
    await bob.main.call({ _: 'account.setPrivacy', key: { _: 'inputPrivacyKeyPhoneCall' }, rules: [{ _: 'inputPrivacyValueAllowContacts' }, { _: 'inputPrivacyValueDisallowAll' }] });
    expect(await available(alice)).toEqual([true, true]);
    expect(await available(carol)).toEqual([false, false]);
    expect(await fails(carol.main, {})).toEqual({ code: 403, text: 'USER_PRIVACY_RESTRICTED' });
    await bob.main.call({ _: 'contacts.block', id: bob.main.inputPeer(alice.id) });
    expect(await fails(alice.main, {})).toEqual({ code: 400, text: 'USER_IS_BLOCKED' });
    await bob.main.call({ _: 'contacts.unblock', id: bob.main.inputPeer(alice.id) });

    // Addresses are shown only if both let the other know.
    await bob.main.call({ _: 'account.setPrivacy', key: { _: 'inputPrivacyKeyPhoneP2P' }, rules: [{ _: 'inputPrivacyValueDisallowAll' }] });
    const call = await ring(alice.main, bob.id, { protocol: protocolOf('13.0.0', '10.0.0', '2.7.7') });
    const answer = await accept(bob.main, call.id, protocolOf('2.7.7', '10.0.0'));
    expect(answer.call).toMatchObject({ protocol: { libraryVersions: ['10.0.0'] } });
    expect((await confirm(alice.main, call, FINGERPRINT)).p2pAllowed).toBe(false);
    // Somebody else, another device of the caller, and a guess learn nothing.
    expect(await carol.main.fails({ _: 'phone.receivedCall', peer: answer.ref })).toMatchObject({ text: 'CALL_PEER_INVALID' });
    expect(await alice.main.fails({ _: 'phone.discardCall', peer: answer.ref, duration: 0, reason: HANG_UP, connectionId: Long.ZERO })).toMatchObject({ text: 'CALL_PEER_INVALID' });
    expect(await (await alice.device()).fails({ _: 'phone.confirmCall', peer: call.ref, gA: call.gA, keyFingerprint: FINGERPRINT, protocol: protocolOf() })).toMatchObject({ text: 'CALL_PEER_INVALID' });

    for (let at = 0; at < 2; at++) await ring(alice.main, bob.id);
    expect(await fails(alice.main, {})).toEqual({ code: 400, text: 'CALL_OCCUPY_FAILED' });
    // Nobody is kept from calling by those who call them.
    await ring(bob.main, alice.id);
  });

  test('a key that does not fit to the request ends the call', async () => {
    const { alice, bob } = await meet();
    const call = await ring(alice.main, bob.id);
    await accept(bob.main, call.id);
    expect(await alice.main.fails({ _: 'phone.confirmCall', peer: call.ref, gA: makePower(), keyFingerprint: FINGERPRINT, protocol: protocolOf() })).toMatchObject({ text: 'DH_G_A_INVALID' });
    for (const device of [alice.main, bob.main]) await seesCall(device, call.id, 'phoneCallDiscarded');
    const second = await ring(alice.main, bob.id);
    const ref = refOf(await seesCall(bob.main, second.id, 'phoneCallRequested'));
    expect(await bob.main.fails({ _: 'phone.acceptCall', peer: ref, gB: new Uint8Array(256), protocol: protocolOf() })).toMatchObject({ text: 'DH_G_A_INVALID' });
  });
});

test('the list of calls has all and the missed ones, and is deleted for both', async () => {
  const { alice, bob } = await meet();
  const missed = await ring(alice.main, bob.id);
  await discard(alice.main, missed.ref, MISSED);
  const declined = await ring(alice.main, bob.id);
  await discard(bob.main, refOf(await seesCall(bob.main, declined.id, 'phoneCallRequested')), BUSY);
  const list = async (device: Device, onlyMissed: boolean): Promise<string[]> => {
    const found = await device.call({
      _: 'messages.search', peer: { _: 'inputPeerEmpty' }, q: '', filter: { _: 'inputMessagesFilterPhoneCalls', missed: onlyMissed }, minDate: 0, maxDate: 0, offsetId: 0, addOffset: 0, limit: 20, maxId: 0, minId: 0, hash: Long.ZERO,
    });
    if (found._ === 'messages.messagesNotModified') throw new Error(found._);
    return found.messages.map((message) => (message._ === 'messageService' && message.action._ === 'messageActionPhoneCall' ? message.action.callId.toString() : message._));
  };
  expect([await list(bob.main, false), await list(bob.main, true)]).toEqual([[String(declined.id), String(missed.id)], [String(missed.id)]]);
  await verifyUpdates([alice, bob], async () => {
    const affected = await bob.main.call({ _: 'messages.deletePhoneCallHistory', revoke: true });
    expect(affected).toMatchObject({ ptsCount: 2, offset: 0 });
    expect(await bob.main.call({ _: 'messages.deletePhoneCallHistory', revoke: true })).toMatchObject({ ptsCount: 0, offset: 0, messages: [] });
  });
  expect([await list(bob.main, false), await list(alice.main, false)]).toEqual([[], []]);
});
