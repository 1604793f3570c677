import { describe, expect, test } from 'vitest';
import { findEmoji } from '../src/page/emoji/find-emoji.ts';
import { allowedOn } from '../src/page/open-chat/allowed.ts';
import { offeredReactions, offersCustomReactions } from '../src/page/reactions/offered-reactions.ts';
import { hasTag } from '../src/worker/models/text.ts';
import { cutQuote } from '../src/page/text/quote.ts';
import { isFewEmoji } from '../src/page/parts/few-emoji.ts';
import type { AllowedReactions, Message, Peer } from '../src/protocol/index.ts';

const NOW = 1_800_000_000;
const person: Peer = {
  id: 7,
  kind: 'user',
  name: 'Bob',
  usernames: [],
  rights: { write: true, sendMedia: true, sends: [], pin: true, invite: true, changeInfo: true, deleteOthers: true, createTopics: true, manageTopics: true, editOthers: false, promote: true },
};
const message = (values: Partial<Message> = {}): Message => ({ key: '1', id: 1, peer: 7, from: 7, date: NOW - 60, isOut: false, text: 'hi', ...values });
const channel = (rights: Partial<Peer['rights']>): Peer => ({ ...person, id: -1_000_000_000_001, kind: 'channel', rights: { ...person.rights, write: false, deleteOthers: false, ...rights } });

describe('what may be done with a message', () => {
  test('nobody edits the messages of others, nor own ones after two days, but in Saved Messages', () => {
    expect(allowedOn(message(), person, NOW).edit).toBe(false);
    expect(allowedOn(message({ isOut: true }), person, NOW).edit).toBe(true);
    expect(allowedOn(message({ isOut: true, date: NOW - 200_000 }), person, NOW).edit).toBe(false);
    expect(allowedOn(message({ date: NOW - 200_000 }), { ...person, isSelf: true }, NOW).edit).toBe(true);
  });

  test.each<[string, Partial<Message>]>([
    ['forwarded', { forwarded: { date: 1 } }],
    ['by a bot', { via: 9 }],
    ['a place', { media: { kind: 'place', latitude: 0, longitude: 0 } }],
    ['a service message', { service: { kind: 'pinned' } }],
  ])('what has no text of its own is not edited: %s', (_, values) => expect(allowedOn(message({ isOut: true, ...values }), person, NOW).edit).toBe(false));

  test('protected and disappearing messages are neither forwarded nor copied', () => {
    expect(allowedOn(message({ isProtected: true }), person, NOW)).toMatchObject({ forward: false, copy: false, reply: true });
    expect(allowedOn(message(), { ...person, isProtected: true }, NOW).forward).toBe(false);
    expect(allowedOn(message({ media: { kind: 'photo', photo: { id: '1', sizes: [] }, ttl: 5 } }), person, NOW).forward).toBe(false);
  });

  test('a deletion can spare others in private chats and for own messages of groups; in channels it never does', () => {
    const group: Peer = { ...person, id: -5, kind: 'group' };
    expect(allowedOn(message(), person, NOW).deleteForOthers).toBe(true);
    expect(allowedOn(message(), { ...person, isSelf: true }, NOW).deleteForOthers).toBe(false);
    expect(allowedOn(message(), group, NOW)).toMatchObject({ delete: true, deleteForOthers: false });
    expect(allowedOn(message({ isOut: true }), group, NOW).deleteForOthers).toBe(true);
    expect(allowedOn(message({ isPost: true }), channel({}), NOW)).toMatchObject({ delete: false, reply: false });
    expect(allowedOn(message({ isPost: true }), channel({ deleteOthers: true }), NOW)).toMatchObject({ delete: true, deleteForOthers: undefined });
  });

  test('admins of a channel edit the posts of others', () => expect(allowedOn(message({ isPost: true, date: 1 }), channel({ editOthers: true }), NOW).edit).toBe(true));

  test('messages of others are reported, but not those of contacts', () => {
    const group: Peer = { ...person, id: -5, kind: 'group' };
    expect([person, group, channel({})].map((peer) => allowedOn(message(), peer, NOW).report)).toEqual([true, true, true]);
    expect([{ ...person, isContact: true }, { ...person, isSelf: true }].map((peer) => allowedOn(message(), peer, NOW).report)).toEqual([false, false]);
    expect(allowedOn(message({ isOut: true }), group, NOW).report).toBe(false);
    expect(allowedOn(message({ service: { kind: 'pinned' } }), group, NOW).report).toBe(false);
  });

  test('reactions are for private chats, and for members of groups and channels that allow them', () => {
    expect(allowedOn(message(), person, NOW).react).toBe(true);
    expect(allowedOn(message(), { ...person, kind: 'supergroup', isMember: true }, NOW).react).toBe(true);
    expect(allowedOn(message(), { ...person, kind: 'channel' }, NOW).react).toBe(false);
    const group: Peer = { ...person, kind: 'group', isMember: true };
    const allowed: (AllowedReactions | undefined)[] = [undefined, { kind: 'some', emoji: ['👍'] }, { kind: 'none' }];
    expect(allowed.map((reactions) => allowedOn(message(), { ...group, reactions }, NOW).react)).toEqual([true, true, false]);
  });

  test('a message gets reactions that its chat allows, and no new ones when it has as many as it may', () => {
    const choice = { emoji: ['👍', '🔥', '🎉'], top: [], standard: '👍', uniqueMax: 2 };
    const some: Peer = { ...person, kind: 'group', reactions: { kind: 'some', emoji: ['🔥', '🎉'], limit: 1 } };
    expect(offeredReactions(choice, person, message())).toEqual(choice.emoji);
    expect(offeredReactions(choice, some, message())).toEqual(['🔥', '🎉']);
    expect(offeredReactions(choice, { ...some, reactions: { kind: 'none' } }, message())).toEqual([]);
    const reactions = [{ emoji: '🎉', count: 1, isChosen: false }];
    expect(offeredReactions(choice, person, message({ reactions }))).toEqual(choice.emoji);
    expect(offeredReactions(choice, some, message({ reactions }))).toEqual(['🎉']);
  });

  test('custom emoji are offered to people, and in groups as far as their admins allow them', () => {
    const choice = { emoji: ['👍'], top: ['#5', '👍'], standard: '#6', uniqueMax: 2 };
    const group = (reactions?: AllowedReactions): Peer => ({ ...person, kind: 'group', reactions });
    const peers = [person, group(), group({ kind: 'all' }), group({ kind: 'all', custom: true }), group({ kind: 'some', emoji: ['#7', '#5'] }), group({ kind: 'none' })];
    expect(peers.map((peer) => offeredReactions(choice, peer, message()))).toEqual([['👍', '#6', '#5'], ['👍'], ['👍'], ['👍', '#6', '#5'], ['#5', '#7'], []]);
    expect(peers.map((peer) => offersCustomReactions(choice, peer, message()))).toEqual([true, false, false, true, false, false]);
    const reactions = [{ emoji: '#9', count: 1, isChosen: false }, { emoji: '👍', count: 1, isChosen: false }];
    expect(offeredReactions(choice, person, message({ reactions }))).toEqual(['👍', '#9']);
    expect(offersCustomReactions(choice, person, message({ reactions }))).toBe(false);
  });

  test('a message that was not sent yet can be copied only', () => expect(allowedOn(message({ id: 0 }), person, NOW)).toMatchObject({ reply: false, delete: false, copy: true }));
});

describe('a quote', () => {
  const text = { text: 'one two three', entities: [{ kind: 'bold', offset: 2, length: 4 }, { kind: 'link', offset: 8, length: 5, url: 'https://example.com' }] } satisfies Pick<Message, 'text' | 'entities'>;

  test('keeps its place and what formats it has', () => expect(cutQuote(text, 3, 8)).toEqual({ text: 'two', entities: [{ kind: 'bold', offset: 0, length: 2 }], at: 4 }));
  test('of space is none', () => expect(cutQuote(text, 3, 4)).toBeUndefined());
  test('is no longer than the server takes', () => expect(cutQuote({ text: 'x'.repeat(3000) }, 0, 3000)?.text).toHaveLength(1024));
});

test('a few emoji are drawn large, and nothing else', () => {
  for (const text of ['😀', '😀😀😀', '👍🏽', '👨‍👩‍👧', '🇩🇪', '❤️', '1️⃣']) expect(isFewEmoji(text), text).toBe(true);
  for (const text of ['', '12', 'a😀', '😀😀😀😀', '😀 ok', '#']) expect(isFewEmoji(text), text).toBe(false);
});

test('emoji are found by the words of their names', () => {
  expect(findEmoji('grinning cat')[0]).toEqual(['😺', 'grinning cat']);
  expect(findEmoji('THUMBS up').map(([emoji]) => emoji)).toContain('👍');
  expect(findEmoji('  ')).toEqual([]);
});

test('a message has a hashtag if it stands there as a whole, in small or capital letters', () => {
  const tagged = { text: '#Boats and #boatswain', entities: [{ kind: 'hashtag' as const, offset: 0, length: 6 }, { kind: 'hashtag' as const, offset: 11, length: 10 }] };
  expect(['#boats', '#BOATSWAIN', '#boat', '#and'].map((tag) => hasTag(tagged, tag))).toEqual([true, true, false, false]);
  expect(hasTag({ text: '#boats' }, '#boats')).toBe(false);
});
