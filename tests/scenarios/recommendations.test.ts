import { type Actor, createShiftedClock } from '@aerogram/dev-env';
import { sql } from '@aerogram/storage';
import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createChannel } from './channel-stage.ts';
import { people } from './group-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

const clock = createShiftedClock();
let scenario: Scenario;
let alice: Actor;
let readers: Actor[];
let erin: Actor;
const channels = new Map<string, { id: number; channelId: number }>();

const setName = (id: number, username: string): Promise<unknown> =>
  alice.main.change({ _: 'channels.updateUsername', channel: alice.main.inputChannel(id), username });

/** The channel with a name, as somebody finds it who was never in it. */
async function resolve(actor: Actor, username: string): Promise<tl.RawInputChannel> {
  const { chats } = await actor.main.call({ _: 'contacts.resolveUsername', username });
  const [{ id: channelId, accessHash }] = chats as [tl.RawChannel];
  return { _: 'inputChannel', channelId, accessHash: accessHash! };
}

async function join(actor: Actor, username: string): Promise<void> {
  await actor.main.change({ _: 'channels.joinChannel', channel: await resolve(actor, username) });
}

/** Runs the job a day later. */
async function computeAnew(): Promise<void> {
  clock.shift(86_400_000);
  const runs = async (): Promise<number> => {
    const rows = await scenario.server.db.q.selectFrom('similar_runs').select('channel_id').where('date', '>=', clock.now() - 3600).execute();
    return rows.length;
  };
  await sql`UPDATE jobs SET run_ms = 0 WHERE kind = 'find-similar-channels'`.execute(scenario.server.db.q);
  await expect.poll(runs, { timeout: 30_000 }).toBeGreaterThan(0);
  const { rows } = await sql<{ n: bigint }>`SELECT count(*) AS n FROM channels WHERE username IS NOT NULL AND kind = 'broadcast'`.execute(scenario.server.db.q);
  await expect.poll(runs, { timeout: 30_000 }).toBe(Number(rows[0]!.n));
}

/** The usernames that are recommended to somebody, best first. */
async function recommendedTo(actor: Actor, like?: string): Promise<string[]> {
  const channel = like === undefined ? undefined : await resolve(actor, like);
  const answer = await actor.main.call({ _: 'channels.getChannelRecommendations', channel });
  expect(answer._).toBe('messages.chats');
  for (const chat of answer.chats) expect(chat).toMatchObject({ _: 'channel', left: true, min: false, broadcast: true });
  return answer.chats.map((chat) => (chat as tl.RawChannel).username!);
}

beforeAll(async () => {
  scenario = await startScenario({ clock });
  [alice, erin] = (await people(scenario, 'Alice', 'Erin')) as [Actor, Actor];
  readers = await people(scenario, 'Bob', 'Carol', 'Dora', 'Frank', 'Grace');
  for (const [username, kind] of [['climbing_news', 'broadcast'], ['hiking_news', 'broadcast'], ['sailing_news', 'broadcast'], ['alpine_talk', 'megagroup']] as const) {
    const id = await createChannel(alice, kind, username);
    await setName(id, username);
    channels.set(username, { id, channelId: -id - 1_000_000_000_000 });
  }
  for (const reader of readers) {
    await join(reader, 'climbing_news');
    await join(reader, 'hiking_news');
    await join(reader, 'alpine_talk');
  }
  // With Alice, three members of four: too few to say that the channels are similar.
  for (const reader of readers.slice(0, 3)) await join(reader, 'sailing_news');
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

test('public channels that share enough members are recommended to those who are in neither or one of them', async () => {
  await computeAnew();
  expect(await recommendedTo(erin, 'climbing_news')).toEqual(['hiking_news']);
  expect(await recommendedTo(erin, 'sailing_news')).toEqual([]);
  expect(await recommendedTo(erin, 'alpine_talk')).toEqual([]);
  expect(await recommendedTo(erin)).toEqual([]);
  await join(erin, 'climbing_news');
  expect(await recommendedTo(erin)).toEqual(['hiking_news']);
  expect(await recommendedTo(readers[0]!, 'climbing_news')).toEqual([]);
  const stolen = { _: 'inputChannel', channelId: channels.get('hiking_news')!.channelId, accessHash: Long.ONE } as const;
  expect(await erin.main.fails({ _: 'channels.getChannelRecommendations', channel: stolen })).toMatchObject({ text: 'CHANNEL_INVALID' });
  await erin.main.change({ _: 'channels.leaveChannel', channel: await resolve(erin, 'climbing_news') });
});

test('a channel is not recommended to those who were banned from it, nor while it is private, nor after members have left', async () => {
  const hiking = channels.get('hiking_news')!;
  const [bob, carol] = readers as [Actor, Actor];
  await alice.meet(erin);
  const ban = (viewMessages: boolean): Promise<unknown> => {
    const bannedRights: tl.TypeChatBannedRights = { _: 'chatBannedRights', viewMessages, untilDate: 0 };
    return alice.main.change({ _: 'channels.editBanned', channel: alice.main.inputChannel(hiking.id), participant: alice.main.inputPeer(erin.id), bannedRights });
  };
  await ban(true);
  expect(await recommendedTo(erin, 'climbing_news')).toEqual([]);
  await ban(false);
  expect(await recommendedTo(erin, 'climbing_news')).toEqual(['hiking_news']);
  await setName(hiking.id, '');
  expect(await recommendedTo(erin, 'climbing_news')).toEqual([]);
  await setName(hiking.id, 'hiking_news');
  expect(await recommendedTo(erin, 'climbing_news')).toEqual(['hiking_news']);
  for (const reader of [bob, carol]) await reader.main.change({ _: 'channels.leaveChannel', channel: reader.main.inputChannel(hiking.id) });
  await computeAnew();
  expect(await recommendedTo(erin, 'climbing_news')).toEqual([]);
});
