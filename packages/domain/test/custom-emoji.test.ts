import { expect, test } from 'vitest';
import type { tl } from '@aerogram/tl';

import { emojiIdsIn, isBundledEmoji, openEmojiPack, withEmoji as rebuild } from '../src/documents/index.ts';
import { normalizeText } from '../src/messages/check-text.ts';
import type { MentionAccess } from '../src/messages/mention-access.ts';
import { isOneEmoji } from '../src/shared/index.ts';

const NO_MENTIONS: MentionAccess = { accessMention: () => Promise.reject(new Error('no mentions')), listNameable: () => Promise.resolve(new Set()), listEmoji: (ids) => Promise.resolve(new Set(ids.filter(isBundledEmoji))) };

const withEmoji = (given: tl.textWithEntities, clean: string): tl.textWithEntities => rebuild(given, clean, new Set(emojiIdsIn([given]).filter(isBundledEmoji)));

const { sets } = openEmojiPack();
const [known] = sets.find(({ kind }) => kind === 'emoji')!.documents as unknown as [{ id: bigint }];
const [sticker] = sets.find(({ kind }) => kind === 'stickers')!.documents as unknown as [{ id: bigint }];
const custom = (offset: number, length: number, document_id = known.id): tl.messageEntityCustomEmoji => ({ _: 'messageEntityCustomEmoji', offset, length, document_id });

test.each(['😀', '❤️', '❤', '1️⃣', '1⃣', '🇩🇪', '👩🏽‍⚕️', '👩🏽‍⚕', '🏳️‍🌈', '🏳‍🌈', '☝🏽', '👨‍👩‍👧'])('%s is one emoji, with and without the selector', (emoji) => {
  expect(isOneEmoji(emoji)).toBe(true);
});

test.each(['', 'a', '😀😀', '😀 ', '1', '\u200d', '😀a', '🇩', '\uFE0F', '👨‍👩‍👧'.repeat(20)])('%j is not one emoji', (text) => {
  expect(isOneEmoji(text)).toBe(false);
});

test('a custom emoji stays where it stands for one emoji, and if the server has it', async () => {
  const { text, entities } = await normalizeText('  a 😀 and ❤ or ab', [custom(4, 2), custom(11, 1), custom(16, 2), custom(4, 2, 12_345n), custom(4, 2, sticker.id)], NO_MENTIONS);
  expect(text).toBe('a 😀 and ❤ or ab');
  expect(entities).toEqual([custom(2, 2), custom(9, 1)]);
});

test('nothing else of what was sent gets into the text', async () => {
  const smuggled = { ...custom(0, 2), url: 'https://example.org', extra: 'x' };
  expect((await normalizeText('😀', [smuggled], NO_MENTIONS)).entities).toEqual([custom(0, 2)]);
});

test('a text of one line keeps custom emoji and nothing else, and they move with it', () => {
  const given: tl.textWithEntities = { _: 'textWithEntities', text: '  tea 😀  or 😀 ?', entities: [custom(13, 2), { _: 'messageEntityBold', offset: 2, length: 3 }, custom(6, 2), custom(2, 2), custom(6, 2, 9n)] };
  expect(withEmoji(given, 'tea 😀 or 😀 ?')).toEqual({ _: 'textWithEntities', text: 'tea 😀 or 😀 ?', entities: [custom(4, 2), custom(10, 2)] });
  expect(withEmoji({ ...given, text: given.text.padEnd(5000) }, 'tea 😀 or 😀 ?').entities).toEqual([]);
  expect(withEmoji({ ...given, entities: [custom(-5, 2)] }, 'tea 😀 or 😀 ?').entities).toEqual([]);
  expect(withEmoji({ ...given, entities: Array.from({ length: 500 }, () => custom(6, 2)) }, 'tea').entities).toEqual([]);
});
