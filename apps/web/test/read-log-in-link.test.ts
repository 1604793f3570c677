import { expect, test } from 'vitest';
import { readLogInLink } from '../src/page/devices/read-log-in-link.ts';

test.each([
  ['tg://login?token=a_B-9', 'a_B-9'],
  [' tg://login/?token=a+/9== \n', 'a+/9=='],
  ['tg://login?token=', undefined],
  ['tg://login?token=a&b=c', undefined],
  ['tg://resolve?token=abc', undefined],
  ['https://example.org/tg://login?token=abc', undefined],
  ['', undefined],
])('the link of a code: %j', (text, token) => {
  expect(readLogInLink(text)).toBe(token);
});
