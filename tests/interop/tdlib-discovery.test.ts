import { sql } from '@aerogram/storage';
import { describe, expect, test } from 'vitest';
import type { Plain } from './driver-client.ts';
import { MISSING, useLibraries } from './libraries.ts';
import { enter, type Person } from './people-of-libraries.ts';
import { eventually } from './supergroup-story.ts';

const libraries = useLibraries({ AEROGRAM_PUBLIC_SEARCHES_PER_DAY: '2' }, ['tdlib']);
const missing = MISSING.tdlib;
const TIMEOUT_MS = 180_000;

interface FoundPosts extends Plain {
  messages: Plain[];
  next_offset: string;
  search_limits?: Plain;
  are_limits_exceeded: boolean;
}

const chatIdsOf = (answer: Plain): number[] => answer['chat_ids'] as number[];
const textOf = (message: Plain): string => (message as Plain & { content: { text: { text: string } } }).content.text.text;

const byTag = ({ client }: Person, tag: string, offset = '', limit = 10): Promise<FoundPosts> =>
  client.request<FoundPosts>({ _: 'searchPublicMessagesByTag', tag, offset, limit });
const byText = ({ client }: Person, query: string): Promise<FoundPosts> =>
  client.request<FoundPosts>({ _: 'searchPublicPosts', query, offset: '', limit: 10, star_count: 0 });

describe.runIf(missing === undefined)(`TDLib finds public channels${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  test('by name, by their posts, by what they share, and on the profile page of their owner', { timeout: TIMEOUT_MS }, async () => {
    const alice = await enter(libraries, 'tdlib', 'Alice');
    const bob = await enter(libraries, 'tdlib', 'Bob');
    await bob.client.addContact({ phone: alice.phone, firstName: 'Alice' });
    const { peer } = await alice.client.createChannel({ title: 'Vulcano watchers' });
    const { peer: other } = await alice.client.createChannel({ title: 'Geyser watchers' });
    await alice.client.publicName({ peer, username: 'vulcano_watchers' });
    await alice.client.publicName({ peer: other, username: 'geyser_watchers' });

    expect(chatIdsOf(await bob.client.request({ _: 'searchPublicChats', query: 'vulcano', type_filter: null }))).toEqual([peer]);
    expect(await bob.client.request({ _: 'searchPublicChat', username: 'geyser_watchers' })).toMatchObject({ id: other, title: 'Geyser watchers' });
    expect(chatIdsOf(await alice.client.request({ _: 'searchChatsOnServer', query: 'watchers', type_filter: null, limit: 10 })).toSorted((a, b) => a - b)).toEqual([peer, other].toSorted((a, b) => a - b));

    for (let n = 1; n <= 3; n++) await alice.client.send({ peer: n === 2 ? other : peer, text: `eruption ${n} #лава` });
    await eventually('the posts', () => byTag(bob, '#лава', '', 10), ({ messages }) => messages.length === 3);
    const first = await byTag(bob, '#лава', '', 2);
    expect(first.messages).toHaveLength(2);
    const second = await byTag(bob, '#лава', first.next_offset, 2);
    expect([...first.messages, ...second.messages].map(textOf).toSorted()).toEqual([1, 2, 3].map((n) => `eruption ${n} #лава`));

    const found = await byText(bob, 'eruption');
    expect(found).toMatchObject({ are_limits_exceeded: false, search_limits: { daily_free_query_count: 2, remaining_free_query_count: 1 } });
    expect(found.messages).toHaveLength(3);
    await byText(bob, 'geyser');
    const limits = await bob.client.request({ _: 'getPublicPostSearchLimits', query: 'anything' });
    expect(limits).toMatchObject({ remaining_free_query_count: 0, is_current_query_free: false, star_count: 0 });
    expect(limits['next_free_query_in'] as number).toBeGreaterThan(80_000);
    // Repeats stay free.
    expect((await byText(bob, 'eruption')).messages).toHaveLength(3);

    await sql`INSERT INTO similar_channels (channel_id, similar_id, score) VALUES (${-peer - 1e12}, ${-other - 1e12}, 1000)`.execute(libraries.db.q);
    expect(chatIdsOf(await bob.client.request({ _: 'getChatSimilarChats', chat_id: peer }))).toEqual([other]);
    expect(chatIdsOf(await bob.client.request({ _: 'getRecommendedChats' }))).toEqual([]);
    await bob.client.request({ _: 'joinChat', chat_id: peer });

    expect(chatIdsOf(await alice.client.request({ _: 'getSuitablePersonalChats' })).toSorted((a, b) => a - b)).toEqual([peer, other].toSorted((a, b) => a - b));
    await alice.client.request({ _: 'setPersonalChat', chat_id: other });
    await eventually('the personal chat', () => bob.client.request({ _: 'getUserFullInfo', user_id: alice.id }), (full) => full['personal_chat_id'] === other);
    await alice.client.request({ _: 'setPersonalChat', chat_id: 0 });
    await eventually('no personal chat', () => bob.client.request({ _: 'getUserFullInfo', user_id: alice.id }), (full) => full['personal_chat_id'] === 0);
    for (const { client } of [alice, bob]) expect(await client.complaints()).toEqual([]);
    for (const { client } of [alice, bob]) await client.close();
  });
});
