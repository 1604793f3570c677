import { describe, expect, test, vi } from 'vitest';
import { ownRoute, withOwnOrigin } from '../src/page/parts/own-links.ts';

vi.mock('../src/page/parts/copy-text.ts', () => ({ copyText: () => Promise.resolve() }));

const ORIGIN = 'http://chat.example:8080';

describe('links of the server', () => {
  test.each([
    [`${ORIGIN}/+abc_-1`, '#/link/+abc_-1'],
    [`${ORIGIN}/joinchat/abc`, '#/link/+abc'],
    [`${ORIGIN}/%2Babc`, '#/link/+abc'],
    ['https://t.me/some_name', '#/link/some_name'],
    ['https://t.me/some_name/42', '#/link/some_name/42'],
    ['https://t.me/some_name/42/50', '#/link/some_name/42/50'],
    [`${ORIGIN}/c/123/42/50`, '#/link/c/123/42/50'],
    ['https://t.me/c/123/42', '#/link/c/123/42'],
    ['tg://privatepost?channel=123&thread=42&post=50', '#/link/c/123/50?thread=42'],
    ['tg://resolve?domain=some_name&topic=42&post=50', '#/link/some_name/42/50'],
    ['https://t.me/addlist/xyz', '#/link/addlist/xyz'],
    ['https://t.me/some_bot?start=a-b_1', '#/link/some_bot?start=a-b_1'],
    ['https://t.me/some_bot?start=a%20b', '#/link/some_bot'],
    ['tg://resolve?domain=some_bot&start=x', '#/link/some_bot?start=x'],
    ['https://t.me/some_bot?startgroup=a&admin=pin_messages+post_messages+fly', '#/link/some_bot?startgroup=a&admin=pin_messages'],
    ['https://t.me/some_bot?startgroup&x=1', '#/link/some_bot?startgroup'],
    ['tg://resolve?domain=some_bot&startchannel&admin=post_messages+pin_messages', '#/link/some_bot?startchannel&admin=post_messages'],
    ['https://t.me/some_name/42?comment=7', '#/link/some_name/42?comment=7'],
    ['https://t.me/some_name/42?thread=40&x=1', '#/link/some_name/42?thread=40'],
    ['https://t.me/some_name/42?thread=x', '#/link/some_name/42'],
    ['tg://join?invite=abc', '#/link/+abc'],
    ['tg://resolve?domain=some_name&post=7', '#/link/some_name/7'],
  ])('%s opens here', (link, route) => {
    expect(ownRoute(link, ORIGIN)).toBe(route);
  });

  test.each(['https://other.example/some_name', `${ORIGIN}/about`, `${ORIGIN}/assets/x.js`, 'https://t.me/a/b/c', 'https://t.me/c/123', 'https://t.me/some_name/1/2/3', 'https://t.me.evil.example/+abc', 'tg://settings', 'javascript:alert(1)', 'no address'])(
    '%s does not',
    (link) => {
      expect(ownRoute(link, ORIGIN)).toBeUndefined();
    },
  );

  test('invite links are passed on with the address of this server', () => {
    expect(withOwnOrigin('https://t.me/+abc', ORIGIN)).toBe(`${ORIGIN}/+abc`);
    expect(withOwnOrigin('https://other.example/+abc', ORIGIN)).toBe('https://other.example/+abc');
  });
});
