import { expect, test } from 'vitest';
import type { TextEntity } from '../src/protocol/index.ts';
import { readMarkdown } from '../src/page/composer/read-markdown.ts';

/** Returns the text without marks, then each format with the part of the text that has it. */
function read(text: string, entities: TextEntity[] = []): string[] {
  const made = readMarkdown({ text, entities });
  return [made.text, ...made.entities.map(({ kind, offset, length, url, language }) => [kind, made.text.slice(offset, offset + length), url ?? language].filter((part) => part !== undefined).join(': '))];
}

test.each([
  ['**bold** __it__ ~~no~~ ||sp|| `co*de*`', ['bold it no sp co*de*', 'bold: bold', 'italic: it', 'strike: no', 'spoiler: sp', 'code: co*de*']],
  ['**a __b__ c**', ['a b c', 'bold: a b c', 'italic: b']],
  ['a ||**b**|| c', ['a b c', 'bold: b', 'spoiler: b']],
  ['```js\nlet a=**1**\n```', ['let a=**1**', 'pre: let a=**1**: js']],
  ['```\none\ntwo\n```', ['one\ntwo', 'pre: one\ntwo']],
  ['[site](https://a.org/x) and **b**', ['site and b', 'link: site: https://a.org/x', 'bold: b']],
  ['**[site](https://a.org/__x__)**', ['site', 'link: site: https://a.org/__x__', 'bold: site']],
  ['👍🏽 **é👍** x', ['👍🏽 é👍 x', 'bold: é👍']],
])('%s has formats', (text, expected) => {
  expect(read(text)).toEqual(expected);
});

test.each(['see https://x.org/a__b__c ok', '2 ** 3 ** 4', '** x **', '****', '**a\nb**', 'unclosed **x', '[a](b)', '[x](javascript:alert.1)', '``` ```', '`a\nb`'])('%s stays as it is', (text) => {
  expect(read(text)).toEqual([text]);
});

test('formats that the text has stay where they are, and marks within code are text', () => {
  expect(read('**a** b', [{ kind: 'italic', offset: 6, length: 1 }])).toEqual(['a b', 'bold: a', 'italic: b']);
  expect(read('x **a**', [{ kind: 'code', offset: 2, length: 5 }])).toEqual(['x **a**', 'code: **a**']);
  expect(read('**a**', [{ kind: 'underline', offset: 0, length: 5 }])).toEqual(['a', 'underline: a', 'bold: a']);
});

test('twice the longest text, full of marks, is read in a moment', () => {
  const texts = ['[', '`', '**', '||a', '```', '[a](', '**a** '].map((piece) => piece.repeat(Math.floor(8000 / piece.length)));
  // The shortest of some readings: on a busy machine the others wait for something else.
  const times = Array.from({ length: 3 }, () => {
    const began = performance.now();
    for (const text of texts) readMarkdown({ text, entities: [] });
    return performance.now() - began;
  });
  expect(Math.min(...times)).toBeLessThan(2000);
});
