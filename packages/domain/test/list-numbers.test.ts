import { expect, test } from 'vitest';
import { KEPT_LISTS } from '../src/collections/index.ts';
import { CHAT_PHOTOS, CHAT_WALLPAPERS, CONTACT_PHOTOS, FALLBACK_PHOTOS, PROFILE_PHOTOS, WALLPAPERS } from '../src/collections/kept-store.ts';

test('each list that users keep has a number of its own, which says who may load its files', () => {
  const numbers = [...Object.values(KEPT_LISTS).map(({ number }) => number), PROFILE_PHOTOS, CHAT_PHOTOS, FALLBACK_PHOTOS, CONTACT_PHOTOS, WALLPAPERS, CHAT_WALLPAPERS];
  expect(new Set(numbers).size).toBe(numbers.length);
});
