import { expect, test } from 'vitest';
import { emojiName } from '../src/page/emoji/find-emoji.ts';
import { tonesOf } from '../src/page/emoji/skin-tones.ts';

test.each([
  ['👍', ['👍', '👍🏻', '👍🏼', '👍🏽', '👍🏾', '👍🏿']],
  ['👍🏽', ['👍', '👍🏻', '👍🏼', '👍🏽', '👍🏾', '👍🏿']],
  ['☝️', ['☝️', '☝🏻', '☝🏼', '☝🏽', '☝🏾', '☝🏿']],
  ['👩‍🚀', ['👩‍🚀', '👩🏻‍🚀', '👩🏼‍🚀', '👩🏽‍🚀', '👩🏾‍🚀', '👩🏿‍🚀']],
  ['🔥', ['🔥']],
  ['👩‍❤️‍👨', ['👩‍❤️‍👨']],
])('the colours of skin of %s', (emoji, tones) => {
  expect(tonesOf(emoji)).toEqual(tones);
  for (const each of tones) expect(emojiName(each)).toBe(emojiName(emoji));
});
