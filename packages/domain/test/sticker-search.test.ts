import { describe, expect, it } from 'vitest';

import { emojiKey, emojiKeysIn } from '../src/sticker-sets/emoji-key.ts';
import { EmojiKeywords } from '../src/sticker-sets/emoji-keywords.ts';
import { createServedSet, packsOf } from '../src/sticker-sets/served-set.ts';

describe('emoji in a search', () => {
  it('are the same with and without a selector and a colour of skin', () => {
    expect(emojiKey('❤️')).toBe('❤');
    expect(emojiKey('👋🏽')).toBe('👋');
    expect([...emojiKeysIn('👋⭐️ hi 👨‍👩‍👧🇩🇪1️⃣ 1')]).toEqual(['👋', '⭐', '👨‍👩‍👧', '🇩🇪', '1⃣']);
  });

  it('are found by words of a language and of English, the very word first', async () => {
    const keywords = new EmojiKeywords();
    expect([...(await keywords.findEmoji('Katze', ['de']))]).toContain('🐱');
    expect((await keywords.findEmoji('katze', ['fr'])).size).toBe(0);
    expect([...(await keywords.findEmoji('cat', ['fr']))]).toContain('🐱');
    // Two letters are a word only as they are.
    expect((await keywords.findEmoji('ca', ['en'])).size).toBeLessThan((await keywords.findEmoji('cat', ['en'])).size);
    expect((await keywords.findEmoji(' ', ['en'])).size).toBe(0);
    expect(keywords.listLanguages(['zh-HK', 'xx'])).toEqual(['zh-hant']);
  });
});

describe('a set', () => {
  const documents = [{ id: 5n, emoji: '❤️' }, { id: 6n, emoji: '❤' }, { id: 7n, emoji: '🐱' }];
  const set = { id: 1n, title: 'Set', shortName: 'set', kind: 'stickers', textColor: false, isListed: true, documents } as const;

  it('has one pack for an emoji', () => {
    expect(packsOf(documents)).toEqual([{ _: 'stickerPack', emoticon: '❤', documents: [5n, 6n] }, { _: 'stickerPack', emoticon: '🐱', documents: [7n] }]);
  });

  it('has a hash that changes with its title, its documents and their order, and is 0 only if it is empty', () => {
    const { hash } = createServedSet(set);
    expect(hash).toBe(createServedSet(set).hash);
    const others = [{ title: 'Sets' }, { shortName: 'other' }, { id: 2n }, { documents: documents.toReversed() }, { documents: documents.slice(1) }];
    for (const other of others) expect([0, hash]).not.toContain(createServedSet({ ...set, ...other }).hash);
    expect(createServedSet({ ...set, documents: [] }).hash).toBe(0);
  });
});
