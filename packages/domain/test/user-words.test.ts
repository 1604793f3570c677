import { expect, test } from 'vitest';

import { searchWords, wordsOf } from '../src/users/user-words.ts';

test('names are split into words without case and accents, and names without spaces are found from any character', () => {
  expect(wordsOf('Zoë  O’Neill_1')).toEqual(['zoe', 'o', 'neill_1']);
  expect(searchWords('李小龙 Bruce')).toEqual(['李小龙', '小龙', '龙', 'bruce']);
});

test('no word is too long for the index, whatever its characters fold to', () => {
  for (const character of ['㌖', '㍿', 'x', 'é']) {
    for (const word of searchWords(character.repeat(64))) expect(Buffer.byteLength(word)).toBeLessThanOrEqual(3 * 64);
  }
});

test('a text of many marks costs little', () => {
  const marks = '\u0301\u0316'.repeat(2048);
  const cost = (text: string): number => {
    let best = Number.POSITIVE_INFINITY;
    for (let run = 0; run < 5; run++) {
      const startedMs = performance.now();
      wordsOf(text);
      best = Math.min(best, performance.now() - startedMs);
    }
    return best;
  };
  expect(cost(marks)).toBeLessThan(10 * cost('Привет как дела сегодня '.repeat(170)));
});
