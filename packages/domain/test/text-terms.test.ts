import { expect, test } from 'vitest';

import { conditionsOfText, termsOfText } from '../src/search/text-terms.ts';

const terms = (text: string): string[] => [...termsOfText(text).keys()];

test('words are folded by case, width and accents, except accents that make a different letter', () => {
  expect(terms('Café ＡＢＣ Ёлка й straße naïve')).toEqual(['cafe', 'abc', 'елка', 'й', 'straße', 'naive']);
});

test('hashtags, names and emoji are found as they are written, and tags also without their sign', () => {
  expect(terms('#Tag @user_1 $USD ok👍')).toEqual(['#tag', 'tag', '@user_1', 'user_1', '$usd', 'usd', 'ok', '👍']);
  expect(conditionsOfText('#Tag')).toEqual([{ begins: '#tag' }]);
  expect(conditionsOfText('#')).toBeUndefined();
  expect(conditionsOfText(' …!? ')).toBeUndefined();
});

test('scripts without spaces yield pairs of adjacent characters with positions', () => {
  expect([...termsOfText('你好吗 abc 你好')]).toEqual([
    ['你好', [2, 6]],
    ['好吗', [3]],
    ['吗', [4]],
    ['abc', []],
    ['好', [7]],
  ]);
  expect(conditionsOfText('你')).toEqual([{ begins: '你' }]);
  expect(conditionsOfText('你好')).toEqual([{ row: ['你好'] }]);
  expect(conditionsOfText('iPhoneを買う')).toEqual([{ begins: 'iphone' }, { row: ['を買', '買う'] }]);
});

test('words never contain characters that could end a quoted term', () => {
  const nasty = String.raw`it's \ 'quoted' & | ! :* <-> "x" %_ ` + '\u0000';
  for (const term of terms(nasty)) expect(term).toMatch(/^[\p{L}\p{N}\p{M}_#@$]+$/u);
  expect(terms('x'.repeat(500))).toEqual(['x'.repeat(60)]);
});

test('a query of any length has a limited number of conditions', () => {
  expect(conditionsOfText('w '.repeat(100_000))!.length).toBeLessThanOrEqual(128);
  expect(conditionsOfText('你'.repeat(100_000))).toHaveLength(1);
  // One such character folds to four words, and to six Japanese characters.
  expect(conditionsOfText('ﷺ '.repeat(128))).toHaveLength(128);
  const [kana] = conditionsOfText('㌖'.repeat(256))!;
  expect(kana).toMatchObject({ row: { length: 128 } });
});

test('a text of characters that fold to many costs about as much as any other text of its length', () => {
  const ordinary = '我们今天去北京看朋友，天气很好。'.repeat(256);
  const texts = [ordinary, 'ﷺ'.repeat(4096), '㌖'.repeat(4096), '\u0301\u0316'.repeat(2048)];
  // In turns, the shortest of each, and more often while that is not enough, because a busy machine may stop a process at any moment.
  const bestMs = texts.map(() => Number.POSITIVE_INFINITY);
  const isMuch = (ms: number): boolean => ms >= 8 * bestMs[0]!;
  for (let run = 0; run < 60 || (run < 1000 && bestMs.some(isMuch)); run++) {
    for (const [at, text] of texts.entries()) {
      const startedMs = performance.now();
      termsOfText(text);
      bestMs[at] = Math.min(bestMs[at]!, performance.now() - startedMs);
    }
  }
  expect(bestMs.filter(isMuch)).toEqual([]);
});

test('a text has a limited number of terms of a limited length', () => {
  const han = Array.from({ length: 20_000 }, (_, n) => String.fromCodePoint(0x4e00 + n)).join('');
  expect(termsOfText(han).size).toBe(4096);
  const length = (text: string): number => terms(text).join('').length;
  expect(length(Array.from({ length: 8192 }, (_, n) => `ﷺ${n}`).join(' '))).toBeLessThan(20_000);
});

test('the shortcut for ASCII gives the same terms as the general way', () => {
  for (const text of ['Hello there, this is a message', 'see #Tag, $CASH, @name and a_b-c #1 ## @', '1732.5.12 (x)', 'A'.repeat(70)]) {
    // One letter of another script forces the general way.
    const long = termsOfText(`${text} ж`);
    expect(long.delete('ж')).toBe(true);
    expect([...termsOfText(text)]).toEqual([...long]);
  }
});
