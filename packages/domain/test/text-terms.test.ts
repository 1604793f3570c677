import { expect, test } from 'vitest';

import { conditionsOfText, termsOfText } from '../src/search/text-terms.ts';

const terms = (text: string): string[] => [...termsOfText(text).keys()];

test('words fold case, width and accents; what the accent makes another letter of stays', () => {
  expect(terms('Café ＡＢＣ Ёлка й straße naïve')).toEqual(['cafe', 'abc', 'елка', 'й', 'straße', 'naive']);
});

test('hashtags, names and emoji are found as they are written, tags also without their sign', () => {
  expect(terms('#Tag @user_1 $USD ok👍')).toEqual(['#tag', 'tag', '@user_1', 'user_1', '$usd', 'usd', 'ok', '👍']);
  expect(conditionsOfText('#Tag')).toEqual([{ begins: '#tag' }]);
  expect(conditionsOfText('#')).toBeUndefined();
  expect(conditionsOfText(' …!? ')).toBeUndefined();
});

test('scripts without spaces become neighbours with positions', () => {
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

test('nothing that could end a quoted word gets into one', () => {
  const nasty = String.raw`it's \ 'quoted' & | ! :* <-> "x" %_ ` + '\u0000';
  for (const term of terms(nasty)) expect(term).toMatch(/^[\p{L}\p{N}\p{M}_#@$]+$/u);
  expect(terms('x'.repeat(500))).toEqual(['x'.repeat(60)]);
});

test('a query of any length makes a bounded number of conditions', () => {
  expect(conditionsOfText('w '.repeat(100_000))!.length).toBeLessThanOrEqual(128);
  expect(conditionsOfText('你'.repeat(100_000))).toHaveLength(1);
});

test('what is all ASCII gives the same terms by its shorter way', () => {
  for (const text of ['Hello there, this is a message', 'see #Tag, $CASH, @name and a_b-c #1 ## @', '1732.5.12 (x)', 'A'.repeat(70)]) {
    // One letter of another script sends it the long way.
    const long = termsOfText(`${text} ж`);
    expect(long.delete('ж')).toBe(true);
    expect([...termsOfText(text)]).toEqual([...long]);
  }
});
