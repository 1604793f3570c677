import { Long, type tl } from '@mtcute/node';
import { type Actor, verifyUpdates } from '@aerogram/dev-env';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { channelStage, createChannel, inviteTo, knowsChannel, losesChannel, postIn } from './channel-stage.ts';
import { people } from './group-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const hide = (actor: Actor, id: number, enabled: boolean): Promise<tl.TypeUpdates> =>
  actor.main.change({ _: 'channels.togglePreHistoryHidden', channel: actor.main.inputChannel(id), enabled });

const idsIn = async (actor: Actor, id: number): Promise<number[]> => (await actor.main.loadHistory(id)).map((message) => message.id);

test('a group that hides its history shows newcomers what is posted from their joining on, in every read', async () => {
  const { id, alice, bob } = await channelStage(scenario);
  const old = await postIn(bob, id, 'old');
  await alice.main.change({ _: 'messages.updatePinnedMessage', peer: alice.main.inputPeer(id), id: old, silent: true });
  const [dora] = (await people(scenario, 'Dora')) as [Actor];
  await verifyUpdates([alice, bob], async () => {
    await hide(alice, id, true);
    await bob.main.seesUpdate('updateChannel');
  });
  await verifyUpdates([alice, bob, dora], async () => {
    await inviteTo(alice, id, [dora]);
    await postIn(alice, id, 'new');
    await dora.sees('new');
  });
  expect(dora.main.find('old')).toBeUndefined();
  const device = dora.main;
  const peer = device.inputPeer(id);
  const channel = device.inputChannel(id);
  const [newest, ...joining] = await idsIn(dora, id);
  expect(joining).toEqual([newest! - 1]);
  expect(await device.call({ _: 'messages.getHistory', peer, offsetId: old + 1, offsetDate: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: Long.ZERO })).toMatchObject({ count: 2, messages: [] });
  expect(await device.call({ _: 'channels.getMessages', channel, id: [{ _: 'inputMessageID', id: old }, { _: 'inputMessagePinned' }] })).toMatchObject({
    messages: [{ _: 'messageEmpty', id: old }, { _: 'messageEmpty', id: 0 }],
  });
  const pinned = await device.call({
    _: 'messages.search', peer, q: '', filter: { _: 'inputMessagesFilterPinned' }, minDate: 0, maxDate: 0, offsetId: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: Long.ZERO,
  });
  expect(pinned).toMatchObject({ count: 0, messages: [] });
  const full = (await device.call({ _: 'channels.getFullChannel', channel })).fullChat as tl.RawChannelFull;
  expect([full.hiddenPrehistory, full.pinnedMsgId, full.availableMinId]).toEqual([true, undefined, newest! - 2]);
  const difference = await device.call({ _: 'updates.getChannelDifference', channel, filter: { _: 'channelMessagesFilterEmpty' }, pts: 2, limit: 100 });
  expect((difference as tl.updates.RawChannelDifference).newMessages.map((message) => message.id)).toEqual([newest! - 1, newest]);
  const reply = { _: 'inputReplyToMessage', replyToMsgId: old } as const;
  expect(await device.fails({ _: 'messages.sendMessage', peer, message: 'x', randomId: Long.ONE, replyTo: reply })).toMatchObject({ text: 'REPLY_MESSAGE_ID_INVALID' });

  // What is edited stays hidden, and the pts goes on.
  await verifyUpdates([alice, bob, dora], async () => {
    await bob.main.change({ _: 'messages.editMessage', peer: bob.main.inputPeer(id), id: old, message: 'old, edited' });
    await postIn(alice, id, 'after the edit');
    await dora.sees('after the edit');
  });
  expect(dora.main.find('old, edited')).toBeUndefined();
  expect((await idsIn(bob, id)).length).toBeGreaterThan(5);
  await hide(alice, id, false);
  expect(await idsIn(dora, id)).toEqual(await idsIn(bob, id));
});

test('the newest message of a group is not told to a newcomer from whom it is hidden', async () => {
  // Without the message that says that Bob joined, the newest one is from before.
  const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
  const id = await createChannel(alice);
  const secret = await postIn(alice, id, 'secret');
  await hide(alice, id, true);
  await inviteTo(alice, id, [bob]);
  const joined = secret + 1;
  await alice.main.call({ _: 'channels.deleteMessages', channel: alice.main.inputChannel(id), id: [joined] });
  const { dialogs, messages } = await bob.main.call({ _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeer', peer: bob.main.inputPeer(id) }] });
  expect(dialogs).toMatchObject([{ topMessage: secret }]);
  expect(messages).toMatchObject([{ _: 'messageService', id: secret, action: { _: 'messageActionHistoryClear' } }]);
});

test('those who come back see what is posted from then on', async () => {
  const { id, alice, bob } = await channelStage(scenario);
  await hide(alice, id, true);
  await bob.main.change({ _: 'contacts.addContact', id: bob.main.inputUser(alice.id), firstName: 'Alice', lastName: '', phone: '' });
  await bob.main.change({ _: 'channels.leaveChannel', channel: bob.main.inputChannel(id) });
  await losesChannel(bob.main, id);
  await postIn(alice, id, 'without Bob');
  await verifyUpdates([alice, bob], async () => {
    await inviteTo(alice, id, [bob]);
    await knowsChannel(bob.main, id);
  });
  expect(bob.main.find('without Bob')).toBeUndefined();
  expect(await idsIn(bob, id)).toHaveLength(1);
});

test('only admins with the right hide the history, and only of supergroups', async () => {
  const { id, alice, bob } = await channelStage(scenario);
  const refused = async (actor: Actor, of: number, enabled: boolean): Promise<string> =>
    (await actor.main.fails({ _: 'channels.togglePreHistoryHidden', channel: actor.main.inputChannel(of), enabled })).text;
  expect(await refused(bob, id, true)).toBe('CHAT_ADMIN_REQUIRED');
  expect(await refused(alice, id, false)).toBe('CHAT_NOT_MODIFIED');
  const news = await createChannel(alice, 'broadcast');
  expect(await refused(alice, news, true)).toBe('CHANNEL_INVALID');
});
