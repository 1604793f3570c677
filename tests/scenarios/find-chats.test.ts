import type { Actor } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channelStage, createChannel, inviteTo, knowsChannel, promoteIn } from './channel-stage.ts';
import { createGroup, people } from './group-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const setName = (actor: Actor, id: number, username: string): Promise<unknown> =>
  actor.main.change({ _: 'channels.updateUsername', channel: actor.main.inputChannel(id), username });

/** A channel that everybody finds by its username and title. @returns its marked id */
async function publicChannel(owner: Actor, username: string, title: string, kind: 'megagroup' | 'broadcast' = 'broadcast'): Promise<number> {
  const id = await createChannel(owner, kind, title);
  await setName(owner, id, username);
  return id;
}

const markedIdOf = (peer: tl.TypePeer): number => {
  if (peer._ === 'peerUser') return peer.userId;
  return peer._ === 'peerChat' ? -peer.chatId : -1_000_000_000_000 - peer.channelId;
};

interface Found {
  own: number[];
  others: number[];
  chats: tl.TypeChat[];
}

/** What somebody finds by name; every peer found must travel along. */
async function finds(actor: Actor, q: string, more: Partial<tl.contacts.RawSearchRequest> = {}): Promise<Found> {
  const { myResults, results, chats, users } = await actor.main.call({ _: 'contacts.search', q, limit: 20, ...more });
  const named = [...myResults, ...results];
  expect(named.filter((peer) => peer._ !== 'peerUser')).toHaveLength(chats.length);
  expect(named.filter((peer) => peer._ === 'peerUser')).toHaveLength(users.length);
  return { own: myResults.map(markedIdOf), others: results.map(markedIdOf), chats };
}

describe('a search by name', () => {
  test('finds public channels and supergroups of strangers, those with more members first, and the exact username before all', async () => {
    const [alice, bob, carol, erin] = (await people(scenario, 'Alice', 'Bob', 'Carol', 'Erin')) as [Actor, Actor, Actor, Actor];
    const small = await publicChannel(alice, 'galaxy_small', 'Galaxy news');
    const large = await publicChannel(alice, 'galaxy_large', 'Galaxy club', 'megagroup');
    const exact = await publicChannel(alice, 'galaxy', 'Galaxy alone');
    await inviteTo(alice, large, [bob, carol]);
    await createChannel(alice, 'broadcast', 'Galaxy in private');
    const found = await finds(erin, 'Galaxy');
    expect(found.others).toEqual([exact, large, small]);
    expect(found.own).toEqual([]);
    expect(found.chats.map((chat) => chat._)).toEqual(['channel', 'channel', 'channel']);
    expect((await finds(erin, '@galaxy_l')).others).toEqual([large]);
    expect((await finds(erin, 'gala clu')).others).toEqual([large]);
    expect((await finds(erin, 'galaxy', { broadcasts: true })).others).toEqual([exact, small]);
    expect((await finds(erin, 'galaxy', { bots: true })).others).toEqual([]);
    expect((await finds(erin, 'galaxy', { limit: 2 })).others).toEqual([exact, large]);
    // The access hash in the answer is the viewer's own.
    const [{ id, accessHash }] = found.chats as [tl.RawChannel];
    await erin.main.change({ _: 'channels.joinChannel', channel: { _: 'inputChannel', channelId: id, accessHash: accessHash! } });
    await knowsChannel(erin.main, exact);
    expect(await finds(erin, 'galaxy')).toMatchObject({ own: [exact], others: [large, small] });
    expect(await bob.main.fails({ _: 'channels.joinChannel', channel: { _: 'inputChannel', channelId: id, accessHash: accessHash! } })).toMatchObject({ text: 'CHANNEL_INVALID' });
  });

  test.each([
    ['Новости города', 'kiev_news_ru', ['новос', 'ГОРОДА новости', 'Новости']],
    ['今日新闻', 'jinri_xinwen', ['今日', '新闻', '闻']],
    ['أخبار اليوم', 'akhbar_today', ['أخبار', 'اليوم']],
    ['Über Äpfel', 'obst_kanal', ['uber', 'äpfel']],
  ])('finds %s by any word', async (title, username, queries) => {
    const [alice, erin] = (await people(scenario, 'Alice', 'Erin')) as [Actor, Actor];
    const id = await publicChannel(alice, username, title);
    for (const q of [...queries, username]) expect((await finds(erin, q)).others, q).toEqual([id]);
  });

  test('finds the groups and channels that one is in, private ones too, and not those that one has left', async () => {
    const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
    const { id: chatId } = await createGroup(alice, [bob]);
    await alice.main.change({ _: 'messages.editChatTitle', chatId, title: 'Zebra friends' });
    const secret = await createChannel(alice, 'megagroup', 'Zebra secrets');
    await inviteTo(alice, secret, [bob]);
    expect(new Set((await finds(bob, 'zebra')).own)).toEqual(new Set([secret, -chatId]));
    expect((await finds(bob, 'zebra', { broadcasts: true })).own).toEqual([]);
    await bob.main.change({ _: 'channels.leaveChannel', channel: bob.main.inputChannel(secret) });
    await bob.main.change({ _: 'messages.deleteChatUser', chatId, userId: { _: 'inputUserSelf' } });
    expect(await finds(bob, 'zebra')).toMatchObject({ own: [], others: [] });
  });

  test('follows a new title and username, and ends when the channel becomes private or is deleted', async () => {
    const [alice, erin] = (await people(scenario, 'Alice', 'Erin')) as [Actor, Actor];
    const id = await publicChannel(alice, 'mountain_views', 'Mountains');
    await alice.main.change({ _: 'channels.editTitle', channel: alice.main.inputChannel(id), title: 'Valleys' });
    expect((await finds(erin, 'mountains')).others).toEqual([]);
    expect((await finds(erin, 'valleys')).others).toEqual([id]);
    await setName(alice, id, 'valley_views');
    expect((await finds(erin, 'mountain_views')).others).toEqual([]);
    expect((await finds(erin, 'valley_v')).others).toEqual([id]);
    await setName(alice, id, '');
    expect((await finds(erin, 'valleys')).others).toEqual([]);
    await setName(alice, id, 'valley_views');
    expect((await finds(erin, 'valleys')).others).toEqual([id]);
    await alice.main.change({ _: 'channels.deleteChannel', channel: alice.main.inputChannel(id) });
    expect(await finds(erin, 'valleys')).toMatchObject({ own: [], others: [] });
    expect((await finds(alice, 'valleys')).own).toEqual([]);
  });

  test('tells those who were banned nothing, until the ban is lifted', async () => {
    const { id, alice, bob } = await channelStage(scenario, 'broadcast');
    await setName(alice, id, 'quiet_harbour');
    const ban = (viewMessages: boolean): Promise<unknown> => {
      const bannedRights: tl.TypeChatBannedRights = { _: 'chatBannedRights', viewMessages, untilDate: 0 };
      return alice.main.change({ _: 'channels.editBanned', channel: alice.main.inputChannel(id), participant: alice.main.inputPeer(bob.id), bannedRights });
    };
    await ban(true);
    expect(await finds(bob, 'quiet_harbour')).toEqual({ own: [], others: [], chats: [] });
    // By the exact name only that there is such a channel.
    const { chats } = await bob.main.call({ _: 'contacts.resolveUsername', username: 'quiet_harbour' });
    expect(chats).toMatchObject([{ _: 'channelForbidden' }]);
    await ban(false);
    expect((await finds(bob, 'quiet_harbour')).others).toEqual([id]);
  });

  test('accepts very long queries and limits, and ignores words that are too short', async () => {
    const [alice, erin] = (await people(scenario, 'Alice', 'Erin')) as [Actor, Actor];
    for (let n = 0; n < 9; n++) await publicChannel(alice, `common_word_${n}`, 'Common word');
    const found = await finds(erin, `${'common '.repeat(200)}`, { limit: 2_000_000_000 });
    expect(found.others).toHaveLength(9);
    expect((await finds(erin, 'co')).others).toEqual([]);
    expect(await erin.main.fails({ _: 'contacts.search', q: ' ', limit: 1 })).toMatchObject({ text: 'SEARCH_QUERY_EMPTY' });
  });
});

test('an admin of a channel who is not its owner is no exception: a channel is found by name only while it is public', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario, 'broadcast');
  await promoteIn(alice, id, bob, { postMessages: true });
  await setName(alice, id, 'short_public');
  await setName(alice, id, '');
  await carol.main.change({ _: 'channels.leaveChannel', channel: carol.main.inputChannel(id) });
  expect((await finds(carol, 'short_public')).others).toEqual([]);
  expect(await carol.main.fails({ _: 'contacts.resolveUsername', username: 'short_public' })).toMatchObject({ text: 'USERNAME_NOT_OCCUPIED' });
});
