import { describe, expect, test } from 'vitest';

import { parseMarkdownV2 } from '../../src/texts/parse-markdown-v2.ts';
import { outcomeOf, refused } from './shown-text.ts';

test.each([
  ['', '', ''],
  ['plain text, 😀 & <b "a"; 50%', 'plain text, 😀 & <b "a"; 50%', ''],
  ['*a*_b_~c~||d||', 'abcd', 'bold 0+1, italic 1+1, strikethrough 2+1, spoiler 3+1'],
  ['__a__', 'a', 'underline 0+1'],
  ['😀 *é😀*', '😀 é😀', 'bold 3+3'],
  ['*a _b ~c ||d|| e~ __f___ g*', 'a b c d e f g', 'bold 0+13, italic 2+9, strikethrough 4+5, spoiler 6+1, underline 10+1'],
  ['_a __b__\r_', 'a b\r', 'italic 0+4, underline 2+1'],
  ['**a', 'a', ''],
  ['*a\nb*', 'a\nb', 'bold 0+3'],
  ['`a`', 'a', 'code 0+1'],
  ['`*a_ [b](c) \\` \\\\`', '*a_ [b](c) ` \\', 'code 0+14'],
  ['```\na\n```', 'a\n', 'pre 0+2'],
  ['```python\na\\`b```', 'a`b', 'pre 0+3 python'],
  ['```python a```', ' a', 'pre 0+2 python'],
  ['```python```', 'python', 'pre 0+6'],
  ['```\r\n\na```', '\na', 'pre 0+2'],
  ['```js\n\n```', '\n', 'pre 0+1 js'],
  ['![👍](tg://emoji?id=5368324170671202286)', '👍', 'custom_emoji 0+2 5368324170671202286'],
  ['![then](tg://time?unix=1647531900&format=wDT)', 'then', 'date_time 0+4 1647531900 wDT'],
  ['![then](tg://time?unix=1647531900)', 'then', 'date_time 0+4 1647531900 '],
  ['![](tg://emoji?id=1)', '', ''],
])('%j is the text %j with: %s', (source, text, entities) => {
  expect(outcomeOf(parseMarkdownV2, source)).toEqual([text, entities]);
});

test.each([
  ['[a](https://example.org/)', 'a', 'text_link 0+1 https://example.org/'],
  ['[a](example.org/\\)\\(\\\\x)', 'a', 'text_link 0+1 http://example.org/)(\\x'],
  ['[*a* b](example.org)', 'a b', 'text_link 0+3 http://example.org/, bold 0+1'],
  ['[example\\.org]', 'example.org', 'text_link 0+11 http://example.org/'],
  ['[a](tg://user?id=77)', 'a', 'text_mention 0+1 {"id":77}'],
  ['[a](nowhere) [b]() [](example.org)', 'a b ', ''],
])('links: %j is the text %j with: %s', (source, text, entities) => {
  expect(outcomeOf(parseMarkdownV2, source)).toEqual([text, entities]);
});

test.each([
  ['>a', 'a', 'blockquote 0+1'],
  ['>a\n>b\nc', 'a\nb\nc', 'blockquote 0+4'],
  ['a\n>b\n\n>c', 'a\nb\n\nc', 'blockquote 2+2, blockquote 5+1'],
  ['>a\n**>b', 'a\nb', 'blockquote 0+2, blockquote 2+1'],
  ['**>a\n>b||', 'a\nb', 'expandable_blockquote 0+3'],
  ['>a||\nb', 'a\nb', 'expandable_blockquote 0+2'],
  ['>||a||\n>||b||', 'a\nb', 'blockquote 0+3, spoiler 0+1, spoiler 2+1'],
  ['>||a||||\nb', 'a\nb', 'expandable_blockquote 0+2, spoiler 0+1'],
  ['>*a\n>b*', 'a\nb', 'blockquote 0+3, bold 0+3'],
  ['\\\n>a', '\na', 'blockquote 1+1'],
  ['>a\r\n>b||\r\nc', 'a\r\nb\r\nc', 'expandable_blockquote 0+6'],
  ['>`a\nb`', 'a\nb', 'blockquote 0+3, code 0+3'],
])('quotes: %j is the text %j with: %s', (source, text, entities) => {
  expect(outcomeOf(parseMarkdownV2, source)).toEqual([text, entities]);
});

describe('reserved characters', () => {
  const reserved = (character: string): string => refused(`Character '${character}' is reserved and must be escaped with the preceding '\\'`);

  test.each(']()#+-=|{}.!'.split(''))('%s is refused unless it is escaped', (character) => {
    expect(outcomeOf(parseMarkdownV2, `a${character}`)).toBe(reserved(character));
    expect(outcomeOf(parseMarkdownV2, `a\\${character}`)).toEqual([`a${character}`, '']);
  });

  test('a > is refused within a line', () => {
    expect(outcomeOf(parseMarkdownV2, 'a>')).toBe(reserved('>'));
    expect(outcomeOf(parseMarkdownV2, '>a>')).toBe(reserved('>'));
  });

  test('any character of ASCII may be escaped, and no other', () => {
    for (let code = 1; code < 127; code++) {
      const character = String.fromCharCode(code);
      expect(outcomeOf(parseMarkdownV2, `\\${character}`)).toEqual([character, '']);
    }
    expect(outcomeOf(parseMarkdownV2, '\\é\\😀\\')).toEqual(['\\é\\😀\\', '']);
  });
});

test.each([
  ['é*a', `Can't find end of Bold entity at byte offset 2`],
  ['_a', `Can't find end of Italic entity at byte offset 0`],
  ['😀__a', `Can't find end of Underline entity at byte offset 4`],
  ['~a', `Can't find end of Strikethrough entity at byte offset 0`],
  ['||a|b', `Character '|' is reserved and must be escaped with the preceding '\\'`],
  ['||a', `Can't find end of Spoiler entity at byte offset 0`],
  ['a `b', `Can't find end of Code entity at byte offset 2`],
  ['a ```b', `Can't find end of Pre entity at byte offset 2`],
  ['a ```b c', `Can't find end of PreCode entity at byte offset 2`],
  ['[a', `Can't find end of TextUrl entity at byte offset 0`],
  ['[é](b', `Can't find end of a URL at byte offset 5`],
  ['![a', `Can't find end of CustomEmoji entity at byte offset 0`],
  ['![a](b', `Can't find end of a URL at byte offset 5`],
  ['![a]', 'The entity must contain a tg://emoji or tg://time URL'],
  ['![a](https://example.org)', 'Invalid tg://emoji or tg://time URL specified'],
  ['![a](tg://emoji?id=0)', 'Invalid tg://emoji or tg://time URL specified'],
  ['![a](tg://time?unix=0)', 'Invalid tg://emoji or tg://time URL specified'],
  ['![a](tg://time?unix=1&format=x)', 'Invalid tg://emoji or tg://time URL specified'],
  ['*a _b* c_', `Can't find end of Italic entity at byte offset 8`],
  ['___a___', `Can't find end of Italic entity at byte offset 6`],
  ['>*a\nb*', `Can't find end of Bold entity at byte offset 1`],
  ['>*||\nb*', `Can't find end of Bold entity at byte offset 1`],
  ['>||a\nb||', `Can't find end of Spoiler entity at byte offset 1`],
  ['>*a', `Can't find end of Bold entity at byte offset 1`],
])('%j is refused: %s', (source, reason) => {
  expect(outcomeOf(parseMarkdownV2, source)).toBe(refused(reason));
});
