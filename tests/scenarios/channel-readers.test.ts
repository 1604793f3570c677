import { type Actor, createShiftedClock, verifyUpdates } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channelStage, createChannel, inviteTo, losesChannel, postIn, promoteIn } from './channel-stage.ts';
import { people } from './group-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

const DAY_MS = 86_400_000;

const clock = createShiftedClock();
let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ clock });
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

async function inDatabase(statement: string, values: unknown[]): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: scenario.server.databaseUrl });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(statement, values);
  await client.end();
  return rows;
}

const plainId = (id: number): number => -id - 1_000_000_000_000;
const ask = (actor: Actor, id: number, msgId: number): tl.messages.RawGetMessageReadParticipantsRequest => ({
  _: 'messages.getMessageReadParticipants', peer: actor.main.inputPeer(id), msgId,
});
const readersOf = async (actor: Actor, id: number, msgId: number): Promise<number[]> => (await actor.main.call(ask(actor, id, msgId))).map(({ userId }) => userId);
const whyNot = async (actor: Actor, id: number, msgId: number): Promise<string> => (await actor.main.fails(ask(actor, id, msgId))).text;
const read = (actor: Actor, id: number, maxId: number): Promise<boolean> => actor.main.call({ _: 'channels.readHistory', channel: actor.main.inputChannel(id), maxId });
const rowsOf = async (id: number): Promise<number> => (await inDatabase('SELECT FROM channel_reads WHERE channel_id = $1', [plainId(id)])).length;

describe('who has read a message in a supergroup', () => {
  test('is told to its author, with the time, the latest reader first', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario);
    await verifyUpdates([alice, bob, carol], async () => {
      const first = await postIn(alice, id, 'first');
      const second = await postIn(alice, id, 'second');
      expect(await readersOf(alice, id, first)).toEqual([]);
      await bob.sees('second');
      await read(bob, id, first);
      clock.shift(60_000);
      await carol.sees('second');
      await read(carol, id, second);
      const later = clock.now();
      clock.shift(60_000);
      await read(bob, id, second);
      // A repeat, and a mark that would go back, change nothing.
      await read(bob, id, first);
      const readers = await alice.main.call(ask(alice, id, first));
      expect(readers.map(({ userId }) => userId)).toEqual([carol.id, bob.id]);
      expect(readers[0]!.date - readers[1]!.date).toBeGreaterThanOrEqual(59);
      expect(Math.abs(readers[0]!.date - later)).toBeLessThan(30);
      expect(await readersOf(alice, id, second)).toEqual([bob.id, carol.id]);
      // The author's own reading is not told.
      const answer = await postIn(bob, id, 'answer');
      await alice.sees('answer');
      await read(alice, id, answer);
      await read(bob, id, answer);
      expect(await readersOf(bob, id, answer)).toEqual([alice.id]);
    });
  });

  test('does not name those who joined after it, nor those who left', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario);
    const [dora] = (await people(scenario, 'Dora')) as [Actor];
    const early = await postIn(alice, id, 'early');
    await read(bob, id, early);
    await read(carol, id, early);
    clock.shift(5000);
    await inviteTo(alice, id, [dora]);
    const late = await postIn(alice, id, 'late');
    await dora.sees('late');
    await read(dora, id, late);
    expect((await readersOf(alice, id, early)).toSorted((a, b) => a - b)).toEqual([bob.id, carol.id].toSorted((a, b) => a - b));
    expect(await readersOf(alice, id, late)).toEqual([dora.id]);
    await carol.main.change({ _: 'channels.leaveChannel', channel: carol.main.inputChannel(id) });
    await losesChannel(carol.main, id);
    expect(await readersOf(alice, id, early)).toEqual([bob.id]);
    expect(await whyNot(carol, id, early)).toBe('CHANNEL_PRIVATE');
  });

  test('does not give away anonymous admins to ordinary members, nor anybody where members are hidden', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario);
    await promoteIn(alice, id, carol, { anonymous: true });
    const post = await postIn(bob, id, 'from Bob');
    await alice.sees('from Bob');
    await read(carol, id, post);
    await read(alice, id, post);
    expect(await readersOf(bob, id, post)).toEqual([alice.id]);
    const other = await postIn(alice, id, 'from Alice');
    await read(carol, id, other);
    expect(await readersOf(alice, id, other)).toEqual([carol.id]);
    // Only larger groups can hide their members, but they may have become smaller since.
    await inDatabase('UPDATE channels SET flags = flags | 64 WHERE channel_id = $1', [plainId(id)]);
    expect(await whyNot(bob, id, post)).toBe('CHAT_ADMIN_REQUIRED');
    expect(await readersOf(alice, id, other)).toEqual([carol.id]);
  });

  test('is refused of messages of others, of old ones, in large groups and in broadcast channels', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario);
    const post = await postIn(alice, id, 'mine');
    await bob.sees('mine');
    expect(await whyNot(bob, id, post)).toBe('MSG_ID_INVALID');
    expect(await whyNot(alice, id, post + 1000)).toBe('MSG_ID_INVALID');
    // The message that says that the group was made is Alice's.
    expect(await whyNot(alice, id, 1)).toBe('MSG_ID_INVALID');
    const resize = (change: number) => inDatabase('UPDATE channel_heads SET members = members + $2 WHERE channel_id = $1', [plainId(id), change]);
    await resize(98);
    await read(bob, id, post);
    expect(await whyNot(alice, id, post)).toBe('CHAT_TOO_BIG');
    await resize(-1);
    await read(carol, id, post);
    // Only what was read while the group was small is known.
    expect(await readersOf(alice, id, post)).toEqual([carol.id]);
    const news = await createChannel(alice, 'broadcast');
    await inviteTo(alice, news, [bob]);
    const newsPost = await postIn(alice, news, 'news');
    await bob.sees('news');
    await read(bob, news, newsPost);
    expect(await whyNot(alice, news, newsPost)).toBe('PEER_ID_INVALID');
    expect(await rowsOf(news)).toBe(0);
    await resize(-97);
    clock.shift(7 * DAY_MS + 60_000);
    expect(await whyNot(alice, id, post)).toBe('MSG_TOO_OLD');
  });

  test('is forgotten with the channel', async () => {
    const { id, alice, bob } = await channelStage(scenario);
    const post = await postIn(alice, id, 'soon gone');
    await bob.sees('soon gone');
    await read(bob, id, post);
    expect(await rowsOf(id)).toBe(1);
    await alice.main.change({ _: 'channels.deleteChannel', channel: alice.main.inputChannel(id) });
    await losesChannel(bob.main, id);
    await expect.poll(() => rowsOf(id), { timeout: 30_000 }).toBe(0);
  });
});

test('whoever leaves and comes back has read everything, also on a device that was away meanwhile', async () => {
  const { id, alice, bob } = await channelStage(scenario);
  await alice.main.change({ _: 'channels.updateUsername', channel: alice.main.inputChannel(id), username: 'come_back_here' });
  for (const text of ['one', 'two']) await postIn(alice, id, text);
  await bob.sees('two');
  // Compares with a difference from before, when both messages were unread.
  await verifyUpdates([alice, bob], async () => {
    const channel = bob.main.inputChannel(id);
    await bob.main.change({ _: 'channels.leaveChannel', channel });
    await bob.main.change({ _: 'channels.joinChannel', channel });
  });
});
