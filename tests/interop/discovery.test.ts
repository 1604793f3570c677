import { sql } from '@aerogram/storage';
import { describe, expect, test } from 'vitest';
import type { DriverClient, Plain } from './driver-client.ts';
import { LIBRARIES, useLibraries } from './libraries.ts';
import { enter, NO_HASH, type Person } from './people-of-libraries.ts';
import { eventually } from './supergroup-story.ts';

const libraries = useLibraries();
const TIMEOUT_MS = 180_000;

const channelIdOf = (peer: number): number => -peer - 1_000_000_000_000;
const listOf = (answer: Plain, field: string): Plain[] => answer[field] as Plain[];

/** What a library needs to name a channel that an answer has told it of. */
function inputChannelIn(answer: Plain, peer: number): object {
  const chat = listOf(answer, 'chats').find((one) => one['id'] === channelIdOf(peer))!;
  return { _: 'inputChannel', channel_id: chat['id'], access_hash: { $long: String(chat['access_hash']) } };
}

/** A search for a hashtag; the oldest layer has no other form. */
function searchTag(client: DriverClient, hashtag: string, more: object = {}): Promise<Plain> {
  return client.invoke('channels.searchPosts', { hashtag, offset_rate: 0, offset_peer: { _: 'inputPeerEmpty' }, offset_id: 0, limit: 10, ...more });
}

const textsOf = (answer: Plain): unknown[] => listOf(answer, 'messages').map((message) => message['message']);

/** Makes two channels similar, as the job does with channels that share many members. */
async function makeSimilar(peer: number, other: number): Promise<void> {
  await sql`INSERT INTO similar_channels (channel_id, similar_id, score) VALUES (${channelIdOf(peer)}, ${channelIdOf(other)}, 1000)`.execute(libraries.db.q);
}

/** Expects that three posts with a hashtag are found in pages, and by their words. */
async function findPosts(client: DriverClient, tag: string): Promise<void> {
  const first = await eventually('the posts', () => searchTag(client, tag, { limit: 2 }), (answer) => textsOf(answer).length === 2 && answer['count'] === 3);
  const last = listOf(first, 'messages').at(-1)! as Plain & { peer_id: { channel_id: number } };
  const chat = listOf(first, 'chats').find((one) => one['id'] === last.peer_id.channel_id)!;
  const offset_peer = { _: 'inputPeerChannel', channel_id: chat['id'], access_hash: { $long: String(chat['access_hash']) } };
  const second = await searchTag(client, tag, { limit: 2, offset_rate: first['next_rate'], offset_id: last['id'], offset_peer });
  expect(new Set([...textsOf(first), ...textsOf(second)])).toEqual(new Set([1, 2, 3].map((n) => `пост ${n} ${tag}`)));
  if (!(await client.knows('channels.checkSearchPostsFlood'))) return;
  const byText = await client.invoke('channels.searchPosts', { query: `пост ${tag.slice(1)}`, offset_rate: 0, offset_peer: { _: 'inputPeerEmpty' }, offset_id: 0, limit: 10 });
  expect(textsOf(byText)).toHaveLength(3);
  expect(byText['search_flood']).toMatchObject({ total_daily: 100, remains: 99 });
  expect(await client.invoke('channels.checkSearchPostsFlood', { query: 'more' })).toMatchObject({ query_is_free: true, remains: 99 });
}

describe('public channels of one library are found with another', () => {
  for (const [at, library] of LIBRARIES.entries()) {
    const next = LIBRARIES[(at + 1) % LIBRARIES.length]!;
    test(`${library} owns them, ${next} looks`, { timeout: TIMEOUT_MS }, async () => {
      const [alice, bob]: [Person, Person] = [await enter(libraries, library, 'Alice'), await enter(libraries, next, 'Bob')];
      await bob.client.addContact({ phone: alice.phone, firstName: 'Alice' });
      const names = [`news_${alice.phone}`, `other_${alice.phone}`] as const;
      const title = `Новости ${alice.phone}`;
      const { peer } = await alice.client.createChannel({ title });
      const { peer: other } = await alice.client.createChannel({ title: 'Other news' });
      await alice.client.publicName({ peer, username: names[0] });
      await alice.client.publicName({ peer: other, username: names[1] });

      const found = await bob.client.invoke('contacts.search', { q: title.toLowerCase(), limit: 10 });
      expect(found['results']).toEqual([{ _: 'peerChannel', channel_id: channelIdOf(peer) }]);
      const resolved = await bob.client.invoke('contacts.resolveUsername', { username: names[1] });
      expect(resolved).toMatchObject({ peer: { channel_id: channelIdOf(other) }, chats: [{ username: names[1], broadcast: true }] });

      const tag = `#тег_${alice.phone}`;
      for (let n = 1; n <= 3; n++) await alice.client.send({ peer: n === 2 ? other : peer, text: `пост ${n} ${tag}` });
      // The oldest layer does not know the search in public posts, nor what follows.
      const isModern = await bob.client.knows('channels.searchPosts');
      if (isModern) await findPosts(bob.client, tag);

      await makeSimilar(peer, other);
      if (isModern) {
        const similar = await bob.client.invoke('channels.getChannelRecommendations', { channel: inputChannelIn(found, peer) });
        expect(similar).toMatchObject({ _: 'chats', chats: [{ id: channelIdOf(other), left: true }] });
      }

      const own = await alice.client.invoke('channels.getAdminedPublicChannels', {});
      const channel = inputChannelIn(own, peer);
      if (await alice.client.knows('account.updatePersonalChannel')) {
        await alice.client.invoke('account.updatePersonalChannel', { channel });
        const full = await bob.client.invoke('users.getFullUser', { id: { $user: alice.id } });
        if (isModern) expect(full['full_user']).toMatchObject({ personal_channel_id: channelIdOf(peer) });
      }
      if (await bob.client.knows('messages.getPersonalChannelHistory')) {
        const history = await bob.client.invoke('messages.getPersonalChannelHistory', { user_id: { $user: alice.id }, limit: 1, max_id: 0, min_id: 0, hash: NO_HASH });
        expect(textsOf(history)).toEqual((await alice.client.knows('account.updatePersonalChannel')) ? [`пост 3 ${tag}`] : []);
      }

      // A channel that is private again is gone everywhere at once.
      await alice.client.invoke('channels.updateUsername', { channel, username: '' });
      expect((await bob.client.invoke('contacts.search', { q: title, limit: 10 }))['results']).toEqual([]);
      if (isModern) expect(textsOf(await searchTag(bob.client, tag))).toEqual([`пост 2 ${tag}`]);
      expect((await bob.client.invoke('users.getFullUser', { id: { $user: alice.id } }))['full_user']).not.toHaveProperty('personal_channel_id', channelIdOf(peer));
      for (const { client } of [alice, bob]) await client.close();
      expect(libraries.server.output).not.toMatch(/unhandled|uncaught/i);
    });
  }
});
