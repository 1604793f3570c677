import { type Actor, createShiftedClock } from '@aerogram/dev-env';
import { rebuildSearch } from '@aerogram/domain';
import { sql } from '@aerogram/storage';
import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createChannel, inviteTo, postIn } from './channel-stage.ts';
import { people } from './group-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

const clock = createShiftedClock();
let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ clock, env: { AEROGRAM_PUBLIC_SEARCHES_PER_DAY: '6' } });
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

type Search = Partial<tl.channels.RawSearchPostsRequest>;

/** One page of a search in public posts; every peer that it names must travel along. */
async function page(actor: Actor, search: Search): Promise<tl.messages.RawMessagesSlice> {
  const request = { _: 'channels.searchPosts', offsetRate: 0, offsetPeer: { _: 'inputPeerEmpty' }, offsetId: 0, limit: 20, ...search } as const;
  const answer = (await actor.main.call(request)) as tl.messages.RawMessagesSlice;
  expect(answer._).toBe('messages.messagesSlice');
  const known = answer.chats.map((chat) => chat.id);
  for (const message of answer.messages) expect(known).toContain(((message as tl.RawMessage).peerId as tl.RawPeerChannel).channelId);
  expect(answer.chats.every((chat) => chat._ === 'channel')).toBe(true);
  return answer;
}

const textsOf = ({ messages }: tl.messages.RawMessagesSlice): string[] => messages.map((message) => (message as tl.RawMessage).message);
const tagged = async (actor: Actor, hashtag: string): Promise<string[]> => textsOf(await page(actor, { hashtag }));

/** Waits until a search for a hashtag finds these posts. */
async function findsTagged(actor: Actor, hashtag: string, texts: readonly string[]): Promise<void> {
  await expect.poll(() => tagged(actor, hashtag), { timeout: 30_000, interval: 300 }).toEqual(texts);
}

const setName = (actor: Actor, id: number, username: string): Promise<unknown> =>
  actor.main.change({ _: 'channels.updateUsername', channel: actor.main.inputChannel(id), username });

/** A public broadcast channel. @returns its marked id */
async function newsChannel(owner: Actor, username: string): Promise<number> {
  const id = await createChannel(owner, 'broadcast', 'News');
  await setName(owner, id, username);
  return id;
}

describe('a search for a hashtag', () => {
  test.each([
    ['#осень', 'Пришла #осень, и #осень_в_городе'],
    ['#新闻', '今天的 #新闻，请看'],
    ['#خبر', 'عاجل #خبر جديد'],
    ['#🎉', 'We won #🎉 today'],
    ['#Straße', 'neue #STRASSE? nein, #straße'],
    ['$TON', 'buy $ton now'],
  ])('%s finds the post of a channel that one is not in', async (tag, text) => {
    const [alice, erin] = (await people(scenario, 'Alice', 'Erin')) as [Actor, Actor];
    const id = await newsChannel(alice, `tags_${alice.id}`);
    await postIn(alice, id, `no tag: ${text.replaceAll(/[#$]/g, '')}`);
    const longer = /\p{Extended_Pictographic}/u.test(tag) ? `${tag}🥳` : `${tag}s`;
    await postIn(alice, id, `longer ${longer}`);
    await postIn(alice, id, text);
    await findsTagged(erin, tag, [text]);
    if (tag.startsWith('#')) expect(await tagged(erin, tag.slice(1))).toEqual([text]);
  });

  test('is refused if it is none', async () => {
    const [alice] = (await people(scenario, 'Alice')) as [Actor];
    for (const hashtag of ['', '#', 'two words', '##']) {
      const request = { _: 'channels.searchPosts', hashtag, offsetRate: 0, offsetPeer: { _: 'inputPeerEmpty' }, offsetId: 0, limit: 1 } as const;
      expect(await alice.main.fails(request)).toMatchObject({ text: 'HASHTAG_INVALID' });
    }
    expect(await tagged(alice, '--')).toEqual([]);
  });
});

test('a search by text finds words of any language in all public channels, newest first, in pages', async () => {
  const [alice, bob, erin] = (await people(scenario, 'Alice', 'Bob', 'Erin')) as [Actor, Actor, Actor];
  const first = await newsChannel(alice, 'pages_first');
  const second = await newsChannel(bob, 'pages_second');
  const texts: string[] = [];
  for (let n = 0; n < 5; n++) {
    texts.unshift(`Новость ${n} 東京タワー #pages`);
    await (n % 2 === 0 ? postIn(alice, first, texts[0]!) : postIn(bob, second, texts[0]!));
    clock.shift(1000);
  }
  await findsTagged(erin, 'pages', texts);
  expect(textsOf(await page(erin, { query: 'новост' }))).toEqual(texts);
  expect(textsOf(await page(erin, { query: 'タワ новость 3' }))).toEqual([texts[1]]);
  const seen: string[] = [];
  for (let more: Search = {}; ; ) {
    const one = await page(erin, { query: 'タワー', limit: 2, ...more });
    if (one.messages.length === 0) break;
    expect(one.count).toBe(5);
    seen.push(...textsOf(one));
    const last = one.messages.at(-1) as tl.RawMessage;
    const channelId = (last.peerId as tl.RawPeerChannel).channelId;
    more = { offsetRate: one.nextRate!, offsetId: last.id, offsetPeer: { _: 'inputPeerChannel', channelId, accessHash: Long.ZERO } };
  }
  expect(seen).toEqual(texts);
});

describe('a search finds only what a stranger could read now', () => {
  test('no posts of private channels and of supergroups', async () => {
    const [alice, erin] = (await people(scenario, 'Alice', 'Erin')) as [Actor, Actor];
    const hidden = await createChannel(alice, 'broadcast', 'Secret');
    const group = await createChannel(alice, 'megagroup', 'Group');
    await setName(alice, group, 'public_supergroup');
    const open = await newsChannel(alice, 'open_channel_1');
    await inviteTo(alice, hidden, [erin]);
    for (const id of [hidden, group, open]) await postIn(alice, id, `#seen in ${id}`);
    await findsTagged(erin, 'seen', [`#seen in ${open}`]);
  });

  test('a channel goes when it becomes private, and comes back with its old posts', async () => {
    const [alice, erin] = (await people(scenario, 'Alice', 'Erin')) as [Actor, Actor];
    const id = await createChannel(alice, 'broadcast', 'Later');
    await postIn(alice, id, 'before it was public #later');
    await setName(alice, id, 'public_later');
    await postIn(alice, id, 'after #later');
    await findsTagged(erin, 'later', ['after #later', 'before it was public #later']);
    await setName(alice, id, '');
    expect(await tagged(erin, 'later')).toEqual([]);
    expect(await tagged(alice, 'later')).toEqual([]);
    await postIn(alice, id, 'while private #later');
    await setName(alice, id, 'public_again');
    await findsTagged(erin, 'later', ['while private #later', 'after #later', 'before it was public #later']);
    // Long after it became private, its rows are removed; when it is public again, it is indexed anew.
    await setName(alice, id, '');
    clock.shift(2 * 3600_000);
    const channelId = BigInt(-id) - 10n ** 12n;
    const { q } = scenario.server.db;
    await sql`UPDATE jobs SET run_ms = 0 WHERE kind = 'unpublish-channel'`.execute(q);
    const rows = async (): Promise<number> => (await q.selectFrom('public_posts').select('msg_id').where('channel_id', '=', channelId).execute()).length;
    await expect.poll(rows, { timeout: 30_000 }).toBe(0);
    await setName(alice, id, 'public_again');
    await postIn(alice, id, 'at last #later');
    await findsTagged(erin, 'later', ['at last #later', 'while private #later', 'after #later', 'before it was public #later']);
    await alice.main.change({ _: 'channels.deleteChannel', channel: alice.main.inputChannel(id) });
    expect(await tagged(erin, 'later')).toEqual([]);
    await expect.poll(rows, { timeout: 30_000 }).toBe(0);
  });

  test('no deleted posts, and edited ones as they are now', async () => {
    const [alice, erin] = (await people(scenario, 'Alice', 'Erin')) as [Actor, Actor];
    const id = await newsChannel(alice, 'edited_channel');
    const gone = await postIn(alice, id, 'one #edited');
    const changed = await postIn(alice, id, 'two #edited');
    await postIn(alice, id, 'three #edited');
    await findsTagged(erin, 'edited', ['three #edited', 'two #edited', 'one #edited']);
    await alice.main.call({ _: 'channels.deleteMessages', channel: alice.main.inputChannel(id), id: [gone] });
    await alice.main.change({ _: 'messages.editMessage', peer: alice.main.inputPeer(id), id: changed, message: 'two #rewritten' });
    expect(await tagged(erin, 'edited')).toEqual(['three #edited']);
    await findsTagged(erin, 'rewritten', ['two #rewritten']);
    // The index can be made anew.
    await rebuildSearch(scenario.server.db);
    expect(await tagged(erin, 'rewritten')).toEqual(['two #rewritten']);
    expect(await tagged(erin, 'edited')).toEqual(['three #edited']);
  });

  test('nothing of a channel from which one was banned', async () => {
    const [alice, bob, erin] = (await people(scenario, 'Alice', 'Bob', 'Erin')) as [Actor, Actor, Actor];
    const id = await newsChannel(alice, 'banning_channel');
    await inviteTo(alice, id, [bob]);
    await postIn(alice, id, 'for all but Bob #banned');
    await findsTagged(bob, 'banned', ['for all but Bob #banned']);
    const bannedRights: tl.TypeChatBannedRights = { _: 'chatBannedRights', viewMessages: true, untilDate: 0 };
    await alice.main.change({ _: 'channels.editBanned', channel: alice.main.inputChannel(id), participant: alice.main.inputPeer(bob.id), bannedRights });
    expect(await tagged(bob, 'banned')).toEqual([]);
    expect(await tagged(erin, 'banned')).toEqual(['for all but Bob #banned']);
  });
});

test('each user has a number of searches by text a day; repeats, pages and hashtags are not counted', async () => {
  const [alice] = (await people(scenario, 'Alice')) as [Actor];
  const flood = (query?: string): Promise<tl.RawSearchPostsFlood> => alice.main.call({ _: 'channels.checkSearchPostsFlood', query });
  expect(await flood('first')).toMatchObject({ queryIsFree: true, totalDaily: 6, remains: 6, waitTill: undefined });
  const first = await page(alice, { query: 'first' });
  expect(first).toMatchObject({ count: 0, searchFlood: { queryIsFree: true, totalDaily: 6, remains: 5, starsAmount: Long.ZERO } });
  await page(alice, { query: ' first ', offsetId: 5, offsetRate: 5 });
  await page(alice, { query: '' });
  await tagged(alice, 'anything');
  expect(await flood()).toMatchObject({ remains: 5 });
  for (const query of ['a', 'b', 'c', 'd', 'e']) await page(alice, { query });
  const full = await flood('f');
  expect(full).toMatchObject({ queryIsFree: false, remains: 0 });
  expect(full.waitTill! - clock.now()).toBeGreaterThan(80_000);
  expect(await flood('a')).toMatchObject({ queryIsFree: true, remains: 0 });
  await page(alice, { query: 'a' });
  const request = { _: 'channels.searchPosts', query: 'f', offsetRate: 0, offsetPeer: { _: 'inputPeerEmpty' }, offsetId: 0, limit: 1 } as const;
  expect(await alice.main.fails(request)).toMatchObject({ code: 420, text: 'FLOOD_WAIT_%d' });
  expect(await alice.main.fails({ ...request, allowPaidStars: Long.fromNumber(10) })).toMatchObject({ code: 420, text: 'FLOOD_WAIT_%d' });
  clock.shift(86_400_000);
  expect(await flood('f')).toMatchObject({ queryIsFree: true, remains: 6, waitTill: undefined });
});
