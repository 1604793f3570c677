import { Long } from '@mtcute/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyUpdates, type Device } from '@aerogram/dev-env';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** Ids of the pinned messages on a device. */
async function listPinned(device: Device, peer: number, addOffset = 0): Promise<number[]> {
  const found = await device.call({
    _: 'messages.search', peer: device.inputPeer(peer), q: '', filter: { _: 'inputMessagesFilterPinned' },
    minDate: 0, maxDate: 0, offsetId: 0, addOffset, limit: 10, maxId: 0, minId: 0, hash: Long.ZERO,
  });
  if (found._ === 'messages.messagesNotModified') throw new Error('not modified');
  expect(found.messages.every((message) => message._ === 'message' && message.pinned === true)).toBe(true);
  return found.messages.map((message) => message.id);
}

test('a pin for both is shown on every device of both sides, each with its own id, with a service message', async () => {
  const [alice, bob, carol] = [await scenario.world.user('Alice'), await scenario.world.user('Bob'), await scenario.world.user('Carol')];
  await carol.send(bob, 'earlier');
  await bob.sees('earlier');
  const tablet = await alice.device();
  const sent = await alice.send(bob, 'remember');
  const seen = await bob.sees('remember');
  expect(seen.id).not.toBe(sent.id);
  const peer = alice.main.inputPeer(bob.id);
  await verifyUpdates([alice, bob], async () => {
    await alice.main.change({ _: 'messages.updatePinnedMessage', peer, id: sent.id });
    expect((await alice.sees('action:messageActionPinMessage')).reply_to).toBe(sent.id);
    expect((await bob.sees('action:messageActionPinMessage')).reply_to).toBe(seen.id);
    await tablet.seesUpdate('updatePinnedMessages', (update) => update.pinned === true && update.messages[0] === sent.id);
    await bob.main.seesUpdate('updatePinnedMessages', (update) => update.pinned === true && update.messages[0] === seen.id);
  });
  expect(await listPinned(alice.main, bob.id)).toEqual([sent.id]);
  expect(await listPinned(bob.main, alice.id)).toEqual([seen.id]);
  const again = await alice.main.change({ _: 'messages.updatePinnedMessage', peer, id: sent.id });
  expect(again).toMatchObject({ updates: [] });

  await verifyUpdates([alice, bob], async () => {
    await bob.main.change({ _: 'messages.updatePinnedMessage', peer: bob.main.inputPeer(alice.id), id: seen.id, unpin: true });
    await tablet.seesUpdate('updatePinnedMessages', (update) => update.pinned !== true);
  });
  expect(await listPinned(alice.main, bob.id)).toEqual([]);
});

test('a pin for one side stays there; a deleted message is unpinned; all can be unpinned at once', async () => {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  const sent = [await alice.send(bob, 'one'), await alice.send(bob, 'two'), await alice.send(bob, 'three')];
  await bob.sees('three');
  const peer = alice.main.inputPeer(bob.id);
  await verifyUpdates([alice, bob], async () => {
    await alice.main.change({ _: 'messages.updatePinnedMessage', peer, id: sent[0]!.id, pmOneside: true });
  });
  expect(await listPinned(alice.main, bob.id)).toEqual([sent[0]!.id]);
  expect(await listPinned(bob.main, alice.id)).toEqual([]);
  expect(alice.main.find('action:messageActionPinMessage')).toBeUndefined();
  for (const message of sent.slice(1)) await alice.main.change({ _: 'messages.updatePinnedMessage', peer, id: message.id, silent: true });
  expect(await listPinned(alice.main, bob.id)).toEqual(sent.map(({ id }) => id).toReversed());
  expect(await listPinned(alice.main, bob.id, 1)).toEqual([sent[1]!.id, sent[0]!.id]);
  await alice.delete([sent[2]!]);
  expect(await listPinned(alice.main, bob.id)).toEqual([sent[1]!.id, sent[0]!.id]);
  expect(await listPinned(bob.main, alice.id)).toHaveLength(1);
  await verifyUpdates([alice, bob], async () => {
    const affected = await alice.main.call({ _: 'messages.unpinAllMessages', peer });
    expect(affected).toMatchObject({ ptsCount: 2, offset: 0 });
  });
  expect(await listPinned(alice.main, bob.id)).toEqual([]);
  expect(await listPinned(bob.main, alice.id)).toEqual([]);
  expect(await alice.main.call({ _: 'messages.unpinAllMessages', peer })).toMatchObject({ ptsCount: 0 });
});

test('only messages of the dialog can be pinned', async () => {
  const [alice, bob, carol] = [await scenario.world.user('Alice'), await scenario.world.user('Bob'), await scenario.world.user('Carol')];
  const other = await alice.send(carol, 'elsewhere');
  await alice.meet(bob);
  const peer = alice.main.inputPeer(bob.id);
  for (const id of [other.id, 0, 2_000_000]) {
    expect(await alice.main.fails({ _: 'messages.updatePinnedMessage', peer, id })).toEqual({ code: 400, text: 'MESSAGE_ID_INVALID' });
  }
});
