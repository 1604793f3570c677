import { expect, test, vi } from 'vitest';

vi.stubGlobal('location', { hash: '' });
vi.stubGlobal('addEventListener', () => undefined);
const { parseLogInLink } = await import('../src/page/log-in/log-in-link.ts');

test('a secret comes from the window, and from no link', () => {
  expect(parseLogInLink('#tgWebAuthToken=a.b&tgWebAuthUserId=7')).toEqual({ token: 'a', user: 7 });
  expect(parseLogInLink('#tgWebAuthToken=a.b&tgWebAuthUserId=7', 'own')).toEqual({ token: 'a.own', user: 7 });
});

test.each([
  ['#tgWebAuthToken=a-b_c&tgWebAuthUserId=7&tgWebAuthDcId=2', { token: 'a-b_c', user: 7 }],
  ['#/tgWebAuthToken=a&tgWebAuthUserId=7', { token: 'a', user: 7 }],
  ['#tgWebAuthToken=', { token: '', user: 0 }],
  ['#/chat/7', undefined],
  ['#/link/t.me/tgWebAuthToken', undefined],
  ['', undefined],
])('the address %s', (hash, link) => {
  expect(parseLogInLink(hash)).toEqual(link);
});
