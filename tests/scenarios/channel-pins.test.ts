import { Long, type tl } from '@mtcute/node';
import { type Actor, type Device, verifyUpdates } from '@aerogram/dev-env';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { channelStage, postIn, promoteIn } from './channel-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const PIN = 'action:messageActionPinMessage';

const pin = (actor: Actor, id: number, msgId: number, more: { silent?: boolean; unpin?: boolean; pmOneside?: boolean } = {}): Promise<tl.TypeUpdates> =>
  actor.main.change({ _: 'messages.updatePinnedMessage', peer: actor.main.inputPeer(id), id: msgId, ...more });

async function listPinned(device: Device, id: number, more: { addOffset?: number; limit?: number } = {}): Promise<number[]> {
  const found = await device.call({
    _: 'messages.search', peer: device.inputPeer(id), q: '', filter: { _: 'inputMessagesFilterPinned' },
    minDate: 0, maxDate: 0, offsetId: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: Long.ZERO, ...more,
  });
  if (found._ !== 'messages.channelMessages') throw new Error(found._);
  expect(found.messages.every((message) => message._ === 'message' && message.pinned === true)).toBe(true);
  return found.messages.map((message) => message.id);
}

async function newestPin(device: Device, id: number): Promise<number | undefined> {
  const { fullChat } = await device.call({ _: 'channels.getFullChannel', channel: device.inputChannel(id) });
  return (fullChat as tl.RawChannelFull).pinnedMsgId;
}

test('several messages of a supergroup are pinned, with a service message; members online and away see it', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario);
  const tablet = await alice.device();
  const first = await postIn(bob, id, 'first');
  const second = await postIn(carol, id, 'second');
  await alice.sees('second');
  await carol.main.goOffline();
  await verifyUpdates([alice, bob], async () => {
    const { updates } = (await pin(alice, id, first)) as tl.RawUpdates;
    expect(updates).toMatchObject([
      { _: 'updatePinnedChannelMessages', pinned: true, messages: [first], ptsCount: 1 },
      { _: 'updateNewChannelMessage', message: { _: 'messageService', out: true, replyTo: { replyToMsgId: first } } },
    ]);
    expect((await bob.sees(PIN)).reply_to).toBe(first);
    await tablet.seesUpdate('updatePinnedChannelMessages', (update) => update.pinned === true);
    // Members may pin unless that is forbidden to them; in a channel, a pin is for all.
    await pin(bob, id, second, { silent: true, pmOneside: true });
    await alice.main.seesUpdate('updateNewChannelMessage', ({ message }) => message._ === 'messageService' && message.out !== true && message.silent === true);
  });
  expect(await listPinned(bob.main, id)).toEqual([second, first]);
  expect(await listPinned(bob.main, id, { addOffset: 1, limit: 1 })).toEqual([first]);
  expect(await newestPin(bob.main, id)).toBe(second);
  const channel = bob.main.inputChannel(id);
  expect(await bob.main.call({ _: 'channels.getMessages', channel, id: [{ _: 'inputMessagePinned' }] })).toMatchObject({ messages: [{ id: second, pinned: true }] });
  await carol.main.goOnline();
  await verifyUpdates([carol], () => carol.main.catchUp());
  expect(carol.main.find('first')!.raw).toMatchObject({ pinned: true });

  const again = (await pin(alice, id, first)) as tl.RawUpdates;
  expect(again.updates).toEqual([]);
  await verifyUpdates([alice, bob, carol], async () => {
    await pin(alice, id, second, { unpin: true });
    await carol.main.seesUpdate('updatePinnedChannelMessages', (update) => update.pinned !== true);
  });
  expect(await newestPin(bob.main, id)).toBe(first);
});

test('all messages are unpinned at once, and a deleted one is pinned no longer', async () => {
  const { id, alice, bob } = await channelStage(scenario);
  const ids = [await postIn(alice, id, 'one'), await postIn(alice, id, 'two'), await postIn(alice, id, 'three')];
  for (const msgId of ids) await pin(alice, id, msgId, { silent: true });
  await alice.main.call({ _: 'channels.deleteMessages', channel: alice.main.inputChannel(id), id: [ids[2]!] });
  expect(await listPinned(bob.main, id)).toEqual([ids[1], ids[0]]);
  await verifyUpdates([alice, bob], async () => {
    expect(await alice.main.call({ _: 'messages.unpinAllMessages', peer: alice.main.inputPeer(id) })).toMatchObject({ ptsCount: 2, offset: 0 });
    await bob.main.seesUpdate('updatePinnedChannelMessages', (update) => update.pinned !== true && update.ptsCount === 2);
  });
  expect(await listPinned(bob.main, id)).toEqual([]);
  expect(await newestPin(bob.main, id)).toBeUndefined();
  expect(await alice.main.call({ _: 'messages.unpinAllMessages', peer: alice.main.inputPeer(id) })).toMatchObject({ ptsCount: 0 });
});

test('only those with the right pin messages, and only messages that are there', async () => {
  const { id, alice, bob } = await channelStage(scenario, 'broadcast');
  const msgId = await postIn(alice, id, 'news');
  await bob.sees('news');
  const refused = async (actor: Actor, what: number): Promise<string> =>
    (await actor.main.fails({ _: 'messages.updatePinnedMessage', peer: actor.main.inputPeer(id), id: what })).text;
  expect(await refused(bob, msgId)).toBe('CHAT_ADMIN_REQUIRED');
  expect(await bob.main.fails({ _: 'messages.unpinAllMessages', peer: bob.main.inputPeer(id) })).toMatchObject({ text: 'CHAT_ADMIN_REQUIRED' });
  // The first message says that the channel was created.
  for (const other of [1, 0, 99]) expect(await refused(alice, other)).toBe('MESSAGE_ID_INVALID');
  await promoteIn(alice, id, bob, { editMessages: true });
  await verifyUpdates([alice, bob], async () => {
    await pin(bob, id, msgId);
    const { raw } = await alice.sees(PIN);
    expect(raw).toMatchObject({ post: true, reply_to: { reply_to_msg_id: msgId } });
  });
});
