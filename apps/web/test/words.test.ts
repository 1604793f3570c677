import { beforeAll, describe, expect, test, vi } from 'vitest';
import { readAppearance } from '../src/page/ground/appearance.ts';
import { isNamed } from '../src/page/people/is-named.ts';
import { cutBefore, markMatches } from '../src/page/parts/marked.tsx';
import { readPhone } from '../src/worker/search.ts';
import { toBase64Url } from '../src/worker/log-in.ts';
import { makePeer } from './made.ts';

beforeAll(() => vi.stubGlobal('location', { hash: '', origin: '' }));

describe('what is searched for', () => {
  test('a phone number is told from words', () => {
    expect(readPhone('+1 (555) 000-11')).toBe('155500011');
    expect(readPhone('1234')).toBeUndefined();
    expect(readPhone('call 12345')).toBeUndefined();
  });

  test('a person is found by each word of the name, a username or a number', () => {
    const peer = makePeer(5, { name: 'Carla Montgomery', usernames: ['cmont'], phone: '9996600001' });
    for (const query of ['', 'car', 'MONT', '@cm', '+999 66']) expect(isNamed(peer, query)).toBe(true);
    for (const query of ['arla', 'x', '12']) expect(isNamed(peer, query)).toBe(false);
  });

  test('matches stand out whatever characters they have', () => {
    expect(markMatches('Is 2+2 four?', '2+2')).toEqual([
      { text: 'Is ', isMatch: false },
      { text: '2+2', isMatch: true },
      { text: ' four?', isMatch: false },
    ]);
    expect(markMatches('plain', ' ')).toEqual([{ text: 'plain', isMatch: false }]);
  });

  test('a match far behind is brought to the front, with whole words before it', () => {
    expect(cutBefore('not so far as this ')).toBe('not so far as this ');
    expect(cutBefore('after the rain of this week. ')).toBe('…week. ');
    expect(cutBefore('a line that has one and three ')).toBe('…and three ');
    expect(cutBefore('https://example.org/a/long/way/to/')).toBe('…ng/way/to/');
  });
});

test('whatever a browser has kept, there is something to show', () => {
  expect(readAppearance('{"theme":"dark","textSize":"large","hasAnimations":false}')).toEqual({ theme: 'dark', textSize: 'large', hasAnimations: false });
  for (const kept of [null, '', 'null', '[]', '{"theme":"</style>","textSize":7}']) expect(readAppearance(kept)).toEqual({ theme: 'system', textSize: 'normal', hasAnimations: true });
});

test('a token becomes a part of a link', () => {
  expect(toBase64Url(new Uint8Array([251, 255, 254, 1]))).toBe('-__-AQ');
});
