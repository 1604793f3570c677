import { expect, test } from 'vitest';
import { findJsonExcess } from '../src/index.ts';

test.each([
  ['a quote that ends a string', '{"a":"b","c":[1,2]}', undefined],
  ['brackets within a string', '{"a":"[[[[,,,,"}', undefined],
  ['brackets after an escaped quote', String.raw`{"a":"\"[[[[,,,,"}`, undefined],
  ['brackets after an escaped backslash and the end of the string', String.raw`{"a":"\\",b:[1,2,3,4,5]}`, 'large'],
  ['a string that ends with a backslash before the end of the text', String.raw`{"a":"\\\"`, undefined],
  ['a string that never ends', '{"a":"b,,,,,,', undefined],
  ['too many values', '[1,2,3,4,5,6]', 'large'],
  ['too many strings without commas', '["""""""""""""""""""""""""""""""]', 'large'],
  ['too many levels', '['.repeat(65), 'deep'],
])('counts the values of %s', (_, text, excess) => {
  expect(findJsonExcess(text, text.startsWith('[[') ? 100 : 5)).toBe(excess);
});
