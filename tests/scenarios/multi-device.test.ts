import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyUpdates } from '@aerogram/dev-env';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

describe('several devices of one account', () => {
  test('every device of both sides gets sends, edits, deletions and read marks once and in order', async () => {
    const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
    await alice.device();
    await alice.device({ transport: 'websocket' });
    await bob.device({ transport: 'obfuscated', pfs: true });
    await verifyUpdates([alice, bob], async () => {
      const first = await alice.send(bob, 'first');
      await alice.sees('first');
      const seen = await bob.sees('first');
      await alice.edit(first, 'first, corrected');
      await bob.sees('first, corrected');
      const doomed = await alice.send(bob, 'doomed');
      await bob.sees('doomed');
      await alice.delete([doomed]);
      await bob.seesGone('doomed');
      await alice.seesGone('doomed');
      await bob.read(seen);
      await Promise.all(alice.devices.map((device) => device.seesUpdate('updateReadHistoryOutbox')));
    });
    for (const device of [...alice.devices, ...bob.devices]) {
      expect(device.state.pushedPts).toEqual([...device.state.pushedPts].sort((a, b) => a - b));
    }
  });

  test('edited scheduled messages, cleared reactions and shared phone numbers reach the other device', async () => {
    const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
    const tablet = await alice.device();
    const { id: msgId } = await alice.send(bob, 'first');
    const { main } = alice;
    const peer = main.inputPeer(bob.id);
    const scheduleDate = Math.floor(Date.now() / 1000) + 3600;
    await main.change({ _: 'messages.sendReaction', peer, msgId, addToRecent: true, reaction: [{ _: 'reactionEmoji', emoticon: '👍' }] });
    await tablet.seesUpdate('updateRecentReactions');
    await main.change({ _: 'messages.sendMessage', peer, message: 'later', randomId: randomLong(), scheduleDate });
    const { message } = await tablet.seesUpdate('updateNewScheduledMessage');
    await main.call({ _: 'account.setPrivacy', key: { _: 'inputPrivacyKeyPhoneNumber' }, rules: [{ _: 'inputPrivacyValueDisallowAll' }] });
    await tablet.seesUpdate('updatePrivacy');

    const told = tablet.events.length;
    const sees = (kind: tl.TypeUpdate['_'], fits: (update: tl.TypeUpdate) => boolean = () => true): Promise<void> =>
      tablet.waitUntil(kind, () => tablet.events.slice(told).some((update) => update._ === kind && fits(update)));
    await main.change({ _: 'messages.editMessage', peer, id: message.id, message: 'later, corrected', scheduleDate });
    await sees('updateNewScheduledMessage', (update) => update._ === 'updateNewScheduledMessage' && update.message._ === 'message' && update.message.message === 'later, corrected');
    await main.call({ _: 'messages.clearRecentReactions' });
    await sees('updateRecentReactions');
    await main.change({ _: 'contacts.addContact', id: main.inputUser(bob.id), firstName: 'Bob', lastName: '', phone: '', addPhonePrivacyException: true });
    await sees('updatePrivacy', (update) => update._ === 'updatePrivacy' && update.rules.some((rule) => rule._ === 'privacyValueAllowUsers' && rule.users.includes(bob.id)));
  });

  test('what the second device sends reaches the first by a push, and the second only by its answer', async () => {
    const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
    const tablet = await alice.device();
    await alice.meet(bob, tablet);
    const before = tablet.state.pushedPts.length;
    await verifyUpdates([alice, bob], async () => {
      await alice.send(bob, 'from the tablet', {}, tablet);
      await alice.main.sees('from the tablet');
      await bob.sees('from the tablet');
    });
    expect(tablet.state.pushedPts.length).toBe(before);
  });

  test('a device that logs in later finds everything', async () => {
    const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
    const hello = await alice.send(bob, 'hello');
    await alice.edit(hello, 'hello there');
    await bob.read(await bob.sees('hello there'));
    await bob.send(alice, 'hi');
    await alice.sees('hi');
    const late = await alice.device();
    await verifyUpdates([alice, bob], async () => {
      await bob.send(alice, 'to both devices');
      await alice.sees('to both devices');
    });
    expect(late.find('hello there')).toMatchObject({ out: true, peer: bob.id });
    expect(late.state.box.readOutbox.get(bob.id)).toBeGreaterThanOrEqual(hello.id);
  });

  test('a device that logged out is gone, the other continues', async () => {
    const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
    const tablet = await alice.device();
    await tablet.call({ _: 'auth.logOut' });
    expect(await tablet.fails({ _: 'updates.getState' })).toEqual({ code: 401, text: 'AUTH_KEY_UNREGISTERED' });
    alice.devices.splice(1);
    await tablet.goOffline();
    await verifyUpdates([alice, bob], async () => {
      await bob.send(alice, 'still there?');
      await alice.sees('still there?');
    });
  });

  test('rule P11: only the last active session of an authorisation gets updates', async () => {
    const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
    await alice.main.goOffline();
    await alice.main.goOnline();
    await alice.main.catchUp();
    await verifyUpdates([alice, bob], async () => {
      await bob.send(alice, 'in the new session');
      await alice.sees('in the new session');
    });
    expect(alice.main.state.pushedPts).toHaveLength(1);
  });
});
