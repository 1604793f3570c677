import { describe, expect, it } from 'vitest';

import { openEmojiPack } from '../src/documents/index.ts';
import { bundledEmojiAlt, isBundledEmoji } from '../src/index.ts';

describe('custom emoji that ship with the server', () => {
  it('are known by their ids, with their emoji', () => {
    for (const set of openEmojiPack().sets) {
      for (const { id, emoji } of set.documents) expect([isBundledEmoji(id), bundledEmojiAlt(id)]).toEqual(set.kind === 'emoji' ? [true, emoji] : [false, undefined]);
    }
  });

  it('include those that clients have built in', () => {
    expect(bundledEmojiAlt(5_269_590_556_232_664_327n)).toBe('⭐');
    expect(isBundledEmoji(5_390_854_796_011_906_616n)).toBe(true);
    expect(isBundledEmoji(5_246_772_116_543_512_028n)).toBe(true);
    expect([isBundledEmoji(1n), bundledEmojiAlt(0n)]).toEqual([false, undefined]);
  });
});
