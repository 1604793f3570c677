import { expect, test } from 'vitest';

import { parseMarkdown } from '../../src/texts/parse-markdown.ts';
import { outcomeOf, refused } from './shown-text.ts';

test.each([
  ['', '', ''],
  ['plain (text) ] 1. 2) - ! > # 😀', 'plain (text) ] 1. 2) - ! > # 😀', ''],
  ['*a*_b_`c`', 'abc', 'bold 0+1, italic 1+1, code 2+1'],
  ['😀*é😀*', '😀é😀', 'bold 2+3'],
  ['*a_b`c*', 'a_b`c', 'bold 0+5'],
  ['*a**b*', 'ab', 'bold 0+1, bold 1+1'],
  ['**__``', '', ''],
  ['\\_\\*\\`\\[\\]\\a\\', '_*`[\\]\\a\\', ''],
  ['_a\\_b\\_', 'a\\b_', 'italic 0+2'],
  ['```\na*b```', 'a*b', 'pre 0+3'],
  ['```python\na `b` c```', 'a `b` c', 'pre 0+7 python'],
  ['```python```', 'python', 'pre 0+6'],
  ['``````', '', ''],
  ['[a](example.org)', 'a', 'text_link 0+1 http://example.org/'],
  ['[a](example.org', 'a', 'text_link 0+1 http://example.org/'],
  ['[a*b](tg://user?id=77)c', 'a*bc', 'text_mention 0+3 {"id":77}'],
  ['[example.org] b', 'example.org b', 'text_link 0+11 http://example.org/'],
  ['[a] [b](nowhere)', 'a b', ''],
  ['[](example.org)', '(example.org)', ''],
])('%j is the text %j with: %s', (source, text, entities) => {
  expect(outcomeOf(parseMarkdown, source)).toEqual([text, entities]);
});

test.each([
  ['é*a', 2],
  ['snake_case', 5],
  ['😀`a', 4],
  ['a [b', 2],
  ['```a``', 0],
  ['*a* _b', 4],
])('%j is refused: nothing ends what begins at byte %d', (source, at) => {
  expect(outcomeOf(parseMarkdown, source)).toBe(refused(`Can't find end of the entity starting at byte offset ${at}`));
});
