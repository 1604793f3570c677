import { expect, test } from 'vitest';
import { writeDocument } from '../src/page/composer/document.ts';
import { markdownParts } from '../src/page/composer/show-markdown.ts';

/** Each part that looks different, as it stands in the field, with how it looks. */
function shown(text: string): string[] {
  const doc = writeDocument({ text, entities: [] });
  return markdownParts(doc).map(({ from, to, look }) => `${look.nodeName ?? look.class}: ${doc.textBetween(from, to, '|')}`);
}

const mark = (text: string): string => `markdown-mark: ${text}`;

test('formats are shown while one types, and their marks are soft', () => {
  expect(shown('a **b** c')).toEqual(['strong: b', mark('**'), mark('**')]);
  expect(shown('  __it__\n~~no~~')).toEqual(['em: it', 's: no', ...['__', '__', '~~', '~~'].map(mark)]);
  expect(shown('||hid|| `x`')).toEqual(['code: x', 'spoiler is-shown: hid', mark('`'), mark('`'), mark('||'), mark('||')]);
  expect(shown('one\n```js\ntwo\nthree\n```\nfour')).toEqual(['code: two|three', mark('```js|'), mark('|```')]);
  expect(shown('see [site](https://a.org/x)')).toEqual(['markdown-link: site', mark('['), mark('](https://a.org/x)')]);
});

test.each(['plain', 'unclosed **x', '2 ** 3 ** 4'])('%s looks as it is', (text) => {
  expect(shown(text)).toEqual([]);
});

test('a very long text is shown as it is', () => expect(shown(`**a** ${'x'.repeat(20_000)}`)).toEqual([]));
