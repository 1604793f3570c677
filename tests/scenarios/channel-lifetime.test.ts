import { afterAll, beforeAll, expect, test } from 'vitest';
import { createShiftedClock, verifyUpdates, type Actor } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { channelStage, inviteTo, postIn, promoteIn } from './channel-stage.ts';
import { createGroup, people } from './group-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

const DAY_S = 86_400;
const WEEK_S = 7 * DAY_S;
const NOTICE = 'action:messageActionSetMessagesTTL';

const clock = createShiftedClock();
let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ clock });
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const setLifetime = (actor: Actor, id: number, period: number): Promise<tl.TypeUpdates> =>
  actor.main.change({ _: 'messages.setHistoryTTL', peer: actor.main.inputPeer(id), period });

/** The lifetime as the full info and the dialog list show it. */
async function lifetimesFor({ main }: Actor, id: number): Promise<[number | undefined, number | undefined]> {
  const { fullChat } = await main.call({ _: 'channels.getFullChannel', channel: main.inputChannel(id) });
  const { dialogs } = await main.call({ _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeer', peer: main.inputPeer(id) }] });
  return [fullChat.ttlPeriod, (dialogs[0] as tl.RawDialog).ttlPeriod];
}

const deletionsOf = ({ main }: Actor): number[][] => main.events.flatMap((event) => (event._ === 'updateDeleteChannelMessages' ? [event.messages] : []));

test.each(['megagroup', 'broadcast'] as const)('posts of a %s with a lifetime are deleted, with one update, also for a device that was away', async (kind) => {
  const { id, alice, bob, carol } = await channelStage(scenario, kind);
  await postIn(alice, id, 'from before');
  await verifyUpdates([alice, bob, carol], async () => {
    const answer = (await setLifetime(alice, id, DAY_S)) as tl.RawUpdates;
    expect(answer.updates.map((update) => update._)).toEqual(['updatePeerHistoryTTL', 'updateNewChannelMessage']);
    expect(await bob.main.seesUpdate('updatePeerHistoryTTL', (update) => update.ttlPeriod === DAY_S)).toMatchObject({ peer: { _: 'peerChannel' } });
    expect((await bob.sees(NOTICE)).ttl_period).toBeUndefined();
  });
  for (const actor of [alice, bob]) expect(await lifetimesFor(actor, id)).toEqual([DAY_S, DAY_S]);
  await carol.main.goOffline();
  const ids: number[] = [];
  for (let n = 0; n < 10; n++) ids.push(await postIn(alice, id, `for a day ${n}`));
  expect((await bob.sees('for a day 9')).ttl_period).toBe(DAY_S);
  const before = { pts: bob.main.state.channels.find(id)!.line.pts, deletions: deletionsOf(bob).length };
  clock.shift((DAY_S + 60) * 1000);
  await bob.seesGone('for a day 9');
  expect(deletionsOf(bob).slice(before.deletions)).toEqual([ids]);
  expect(bob.main.state.channels.find(id)!.line.pts).toBe(before.pts + ids.length);
  expect((await bob.main.loadHistory(id)).map((message) => message.text)).toEqual(expect.arrayContaining(['from before', NOTICE]));
  await carol.main.goOnline();
  await carol.main.catchUp();
  expect(carol.main.find('for a day 3')).toBeUndefined();
  expect(carol.main.find('from before')).toBeDefined();
  await verifyUpdates([alice, bob, carol], async () => {
    await setLifetime(alice, id, 0);
    await postIn(alice, id, 'for ever');
    expect((await bob.sees('for ever')).ttl_period).toBeUndefined();
  });
  expect(await lifetimesFor(bob, id)).toEqual([undefined, undefined]);
});

test('a supergroup keeps the lifetime of the basic group that it was, and each device is told of it, as those are who come later', async () => {
  const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
  const { id: chatId } = await createGroup(alice, [bob]);
  await verifyUpdates([alice, bob], () => alice.main.change({ _: 'messages.setHistoryTTL', peer: alice.main.inputPeer(-chatId), period: DAY_S }));
  const { chats } = (await verifyUpdates([alice, bob], () => alice.main.change({ _: 'messages.migrateChat', chatId }))) as tl.RawUpdates;
  const channel = chats.find((chat): chat is tl.RawChannel => chat._ === 'channel')!;
  const id = -1_000_000_000_000 - channel.id;
  const told = await bob.main.seesUpdate('updatePeerHistoryTTL', ({ peer }) => peer._ === 'peerChannel');
  expect(told).toMatchObject({ peer: { channelId: channel.id }, ttlPeriod: DAY_S });
  await verifyUpdates([alice, bob, carol], () => inviteTo(alice, id, [carol]));
  for (const actor of [alice, bob, carol]) expect(await lifetimesFor(actor, id)).toEqual([DAY_S, DAY_S]);
  // Those who leave forget it with the chat.
  await verifyUpdates([alice, carol], () => carol.main.change({ _: 'channels.leaveChannel', channel: carol.main.inputChannel(id) }));
});

test('the other devices of whoever creates a supergroup with a lifetime are told of it', async () => {
  const [alice] = (await people(scenario, 'Alice')) as [Actor];
  const tablet = await alice.device();
  await alice.main.change({ _: 'channels.createChannel', megagroup: true, title: 'For a day', about: '', ttlPeriod: DAY_S });
  expect(await tablet.seesUpdate('updatePeerHistoryTTL', ({ ttlPeriod }) => ttlPeriod === DAY_S)).toMatchObject({ peer: { _: 'peerChannel' } });
});

test('only those who may change the info set the lifetime', async () => {
  const { id, alice, bob } = await channelStage(scenario, 'broadcast');
  const fails = (actor: Actor, period: number): Promise<unknown> => actor.main.fails({ _: 'messages.setHistoryTTL', peer: actor.main.inputPeer(id), period });
  expect(await fails(bob, DAY_S)).toMatchObject({ text: 'CHAT_ADMIN_REQUIRED' });
  await promoteIn(alice, id, bob, { postMessages: true });
  expect(await fails(bob, DAY_S)).toMatchObject({ text: 'CHAT_ADMIN_REQUIRED' });
  expect(await fails(alice, 5)).toMatchObject({ text: 'TTL_PERIOD_INVALID' });
  expect(await fails(alice, 0)).toMatchObject({ text: 'CHAT_NOT_MODIFIED' });
  await promoteIn(alice, id, bob, { changeInfo: true });
  await verifyUpdates([alice, bob], async () => {
    await setLifetime(bob, id, WEEK_S);
    await alice.main.seesUpdate('updatePeerHistoryTTL', (update) => update.ttlPeriod === WEEK_S);
  });
});
