import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '@aerogram/storage';
import { type Actor, createIntervalClock, type HintFate, verifyUpdates } from '@aerogram/dev-env';
import { repeatPost } from './fill-box.ts';
import { people } from './group-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

/** Interval of the gateway's repair, rule S3. */
const REPAIR_MS = 2000;

let scenario: Scenario;
let fate: HintFate = 'deliver';
const clock = createIntervalClock();
beforeAll(async () => {
  scenario = await startScenario({ clock, hintPolicy: () => fate });
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** A supergroup of Alice with Bob and Carol, in which something was written. */
async function group(): Promise<{ id: number; alice: Actor; bob: Actor; carol: Actor }> {
  const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
  const answer = (await alice.main.change({ _: 'channels.createChannel', megagroup: true, title: 'Climbing', about: '' })) as tl.RawUpdates;
  const id = -1_000_000_000_000 - (answer.chats[0] as tl.RawChannel).id;
  for (const other of [bob, carol]) await alice.meet(other);
  await alice.main.invite({ _: 'channels.inviteToChannel', channel: alice.main.inputChannel(id), users: [bob, carol].map((other) => alice.main.inputUser(other.id)) });
  await post(alice, id, 'hello');
  for (const other of [bob, carol]) await other.sees('hello');
  return { id, alice, bob, carol };
}

async function post(actor: Actor, id: number, message: string): Promise<void> {
  await actor.main.change({ _: 'messages.sendMessage', peer: actor.main.inputPeer(id), message, randomId: randomLong() });
}

const channelId = (id: number): bigint => BigInt(-id) - 10n ** 12n;
const differences = ({ main }: Actor): tl.TypeUpdate[] => main.events.filter((event) => event._ === 'updateChannelTooLong');

/** The difference that a client asks for first when it comes back. */
function ask(actor: Actor, id: number, pts: number): Promise<tl.updates.TypeChannelDifference> {
  return actor.main.call({ _: 'updates.getChannelDifference', channel: actor.main.inputChannel(id), filter: { _: 'channelMessagesFilterEmpty' }, pts, limit: 100 });
}

describe('a device that comes back to a supergroup', () => {
  for (const [behind, kind] of [[900, 'updates.channelDifference'], [5000, 'updates.channelDifferenceTooLong']] as const) {
    test(`${behind} posts behind knows what all others know`, async () => {
      const { id, alice, bob, carol } = await group();
      const phone = await bob.device();
      await bob.main.goOffline();
      const { pts } = bob.main.state.channels.find(id)!.line;
      await post(alice, id, 'one of many');
      await repeatPost(scenario.server.db, channelId(id), behind - 2);
      await clock.runIntervals(REPAIR_MS);
      await post(carol, id, 'the last');
      for (const actor of [alice, carol]) await actor.sees('the last');
      await bob.main.goOnline();
      expect((await ask(bob, id, pts))._).toBe(kind);
      await bob.main.catchUp();
      await bob.main.waitUntil('the last post', () => bob.main.find('the last') !== undefined);
      expect([...bob.main.state.channels.find(id)!.box.messages.keys()]).toHaveLength(behind + 3);
      const { dialogs } = await bob.main.call({ _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeer', peer: bob.main.inputPeer(id) }] });
      expect(dialogs).toMatchObject([{ unreadCount: behind + 2, topMessage: behind + 3 }]);
      // The devices that were online had no hint of the copies, and were told by the repair.
      await verifyUpdates([alice, bob, carol], async () => {
        await post(bob, id, 'back');
        for (const actor of [alice, carol]) await actor.sees('back');
        await phone.sees('back');
      });
    });
  }
});

test('members who are online ask for what they lack if the hints of many posts were lost', async () => {
  const { id, alice, bob, carol } = await group();
  fate = 'drop';
  await post(alice, id, 'one of many');
  await repeatPost(scenario.server.db, channelId(id), 1500);
  fate = 'deliver';
  expect(bob.main.find('one of many')).toBeUndefined();
  await clock.runIntervals(REPAIR_MS);
  for (const actor of [bob, carol]) {
    await actor.main.waitUntil('all posts', () => actor.main.state.channels.find(id)!.box.messages.size === 1504);
    expect(differences(actor)).toMatchObject([{ channelId: Number(channelId(id)) }]);
  }
  await verifyUpdates([alice, bob, carol], async () => {
    await post(bob, id, 'back');
    for (const actor of [alice, carol]) await actor.sees('back');
  });
});

test('somebody who is not a member polls a public channel, is pushed nothing of it, and cannot read a private one', async () => {
  const { id, alice, bob, carol } = await group();
  const { main } = bob;
  const { pts } = main.state.channels.find(id)!.line;
  const channel = main.inputChannel(id);
  const poll = (from: number): Promise<tl.updates.TypeChannelDifference> => main.call({ _: 'updates.getChannelDifference', channel, filter: { _: 'channelMessagesFilterEmpty' }, pts: from, limit: 100 });
  await main.change({ _: 'channels.leaveChannel', channel });
  expect(await main.fails({ _: 'updates.getChannelDifference', channel, filter: { _: 'channelMessagesFilterEmpty' }, pts, limit: 100 })).toMatchObject({ text: 'CHANNEL_PRIVATE' });
  await sql`UPDATE channels SET username = 'climbing' WHERE channel_id = ${channelId(id)}`.execute(scenario.server.db.q);
  scenario.server.reconnectBus();
  const left = (await poll(pts)) as tl.updates.RawChannelDifference;
  expect(left).toMatchObject({ final: true, pts: pts + 1, chats: [{ left: true, username: 'climbing' }] });
  expect(left.timeout).toBeGreaterThan(0);
  main.events.length = 0;
  await verifyUpdates([alice, carol], async () => {
    await post(alice, id, 'news');
    await carol.sees('news');
  });
  await clock.runIntervals(REPAIR_MS);
  expect(await poll(pts + 1)).toMatchObject({ _: 'updates.channelDifference', final: true, pts: pts + 2, newMessages: [{ message: 'news', out: false }] });
  expect(await poll(pts + 2)).toMatchObject({ _: 'updates.channelDifferenceEmpty', final: true, pts: pts + 2 });
  await alice.send(bob, 'a private message');
  await bob.sees('a private message');
  // What is pushed comes in order, so an update of the channel would have come before the private message.
  expect(main.events.map((event) => event._)).not.toContain('updateNewChannelMessage');
  expect(main.events.map((event) => event._)).not.toContain('updateChannelTooLong');
  await sql`UPDATE channels SET username = NULL WHERE channel_id = ${channelId(id)}`.execute(scenario.server.db.q);
  scenario.server.reconnectBus();
  expect(await main.fails({ _: 'updates.getChannelDifference', channel, filter: { _: 'channelMessagesFilterEmpty' }, pts, limit: 100 })).toMatchObject({ text: 'CHANNEL_PRIVATE' });
});
