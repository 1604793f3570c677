import { seededRandom } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { beforeEach, describe, expect, test, vi } from 'vitest';

import { normalizeText } from '../src/messages/check-text.ts';
import { detectEntities } from '../src/messages/detect-entities.ts';
import { normalizeUrl } from '../src/shared/normalize-url.ts';
import { findFirstUrl, showsUrl } from '../src/web-pages/first-url.ts';
import { NO_MENTIONS } from './no-mentions.ts';

vi.mock('libphonenumber-js/min', async (importOriginal) => {
  const original = await importOriginal<{ parsePhoneNumberFromString: typeof parsePhoneNumberFromString }>();
  return { ...original, parsePhoneNumberFromString: vi.fn<typeof parsePhoneNumberFromString>(original.parsePhoneNumberFromString) };
});

/** The detected entities, as `kind:text`. */
function found(text: string, given: readonly tl.MessageEntity[] = []): string[] {
  return detectEntities(text, given, 100)
    .toSorted((a, b) => a.offset - b.offset)
    .map(({ _, offset, length }) => `${_.slice('messageEntity'.length)}:${text.slice(offset, offset + length)}`);
}

describe('entities detected in texts', () => {
  test.each<[string, string[]]>([
    ['see https://example.org/a?b=c#d.', ['Url:https://example.org/a?b=c#d']],
    ['(example.com), example.org! www.example.net:8080/x', ['Url:example.com', 'Url:example.org', 'Url:www.example.net:8080/x']],
    ['https://en.wikipedia.org/wiki/A_(b) (see https://example.org/x)', ['Url:https://en.wikipedia.org/wiki/A_(b)', 'Url:https://example.org/x']],
    ['"https://example.org/quoted" «example.org»', ['Url:https://example.org/quoted', 'Url:example.org']],
    ['пример.рф и президент.рф/стр', ['Url:пример.рф', 'Url:президент.рф/стр']],
    ['http://127.0.0.1:80/ 127.0.0.1 http://256.1.1.1', ['Url:http://127.0.0.1:80/']],
    ['tg://resolve?domain=x', ['Url:tg://resolve?domain=x']],
    ['HTTP://EXAMPLE.ORG', ['Url:HTTP://EXAMPLE.ORG']],
    ['e.g. file.txt 1.5 a.b v1.2.3 end.Begin http://x http://nothing', []],
    ['mail me@example.org or a.b+c@sub.example.co.uk.', ['Email:me@example.org', 'Email:a.b+c@sub.example.co.uk']],
    ['hi @alice, @bob_2! @ab a@b @', ['Mention:@alice', 'Mention:@bob_2']],
    ['#tag #тег #1 #1a a#b ##c #日本', ['Hashtag:#tag', 'Hashtag:#тег', 'Hashtag:#1a', 'Hashtag:#日本']],
    ['$USD $usd $TOOLONGNAME', ['Cashtag:$USD']],
    ['/start /help@some_bot a/b /a/b 1/2', ['BotCommand:/start', 'BotCommand:/help@some_bot']],
    ['call +1 213 373 4253, +7 (916) 123-45-67 or +44 (0)20 7946 0958.', ['Phone:+1 213 373 4253', 'Phone:+7 (916) 123-45-67', 'Phone:+44 (0)20 7946 0958']],
    ['+79161234567 2026, and of test mode +9996612345', ['Phone:+79161234567', 'Phone:+9996612345']],
    ['2+79161234567 a+79161234567 +79161234567a +100 500 000 +1234567 89161234567', []],
    ['4111 1111 1111 1111 12/29, 5555555555554444; 3782-822463-10005', ['BankCard:4111 1111 1111 1111', 'BankCard:5555555555554444', 'BankCard:3782-822463-10005']],
    ['2200 0000 0000 0004 30569309025904 3530111333300000', ['BankCard:2200 0000 0000 0004', 'BankCard:30569309025904', 'BankCard:3530111333300000']],
    ['4111111111111112 1111111111111117 411111111111111 0.4111111111111111 x4111111111111111 4111111111111111.5', []],
    ['+1 213 373 4253 4111 1111 1111 1111', ['Phone:+1 213 373 4253', 'BankCard:4111 1111 1111 1111']],
    ['http://example.org/4111111111111111', ['Url:http://example.org/4111111111111111']],
    ['nothing here', []],
    ['', []],
  ])('%s', (text, expected) => expect(found(text)).toEqual(expected));

  test('nothing is detected inside code or links, or twice', () => {
    const code: tl.MessageEntity = { _: 'messageEntityCode', offset: 0, length: 11 };
    expect(found('example.org example.com', [code])).toEqual(['Url:example.com']);
    expect(found('@alice', [{ _: 'messageEntityTextUrl', offset: 0, length: 6, url: 'https://example.org' }])).toEqual([]);
    expect(found('@alice', [{ _: 'messageEntityBold', offset: 0, length: 6 }])).toEqual(['Mention:@alice']);
    expect(found('https://example.org', [{ _: 'messageEntityUrl', offset: 0, length: 19 }])).toEqual([]);
  });

  test('clients need not send them, but may', async () => {
    const url = { _: 'messageEntityUrl', offset: 4, length: 11 } as const;
    expect((await normalizeText('see example.org', undefined, NO_MENTIONS)).entities).toEqual([url]);
    expect((await normalizeText('see example.org', [url], NO_MENTIONS)).entities).toEqual([url]);
    const bold = { _: 'messageEntityBold', offset: 0, length: 15 } as const;
    expect((await normalizeText('see example.org', [bold], NO_MENTIONS)).entities).toEqual([bold, url]);
  });

  test('the cost is linear in the length', () => {
    for (const piece of ['a.', 'a', 'a-', '@a', '#1', '$A', '/a', 'a@', 'a.b@', '(', 'https://', 'https://a.b/', ').', 'a.org', '.', ':', 'http://a.', 'x.com/(', '1.1.', '+1 ', '+12133734253 ', '1 ', '4 ', '4-', '4111 1111 1111 1111 ']) {
      const text = piece.repeat(200_000 / piece.length);
      const before = process.cpuUsage();
      detectEntities(text, [], 100);
      const { user, system } = process.cpuUsage(before);
      expect(user + system, piece).toBeLessThan(3_000_000);
    }
  });

  test('in any text, entities lie within it, do not overlap, and split no surrogate pair', () => {
    const random = seededRandom('entities');
    const parts = ['a', 'é', '😀', ' ', '.', '/', '@', '#', '$', ':', '//', 'https://', 'example', '.org', '.рф', 'com', '(', ')', '?', '&', '-', '_', '1', '+1 213 373 4253', '4111 1111', '\n', '"', '\u0301', '日本', '[::1]', '%00'];
    for (let round = 0; round < 3000; round++) {
      const text = Array.from({ length: random.uint31() % 40 }, () => parts[random.uint31() % parts.length]).join('');
      const entities = detectEntities(text, [], 20).toSorted((a, b) => a.offset - b.offset);
      let end = 0;
      for (const { offset, length } of entities) {
        expect(offset, text).toBeGreaterThanOrEqual(end);
        expect(length, text).toBeGreaterThan(0);
        end = offset + length;
        expect(text.slice(offset, end), text).not.toMatch(/\p{Surrogate}/u);
      }
      expect(end).toBeLessThanOrEqual(text.length);
      const url = findFirstUrl(text, entities);
      if (url !== undefined) expect(normalizeUrl(url)).toBe(url);
    }
  });
});

describe('numbers', () => {
  const parse = vi.mocked(parsePhoneNumberFromString);
  beforeEach(() => void parse.mockClear());

  test('ordinary texts never reach the number plans', () => {
    for (const text of ['See you at 10:30, on 2026-11-20.', '+1', 'C++ 17, 2+2=4, +100500', 'order 12345678, 1 000 000 pieces', '1732.5.12', '#1 @2 $3 /4 https://example.org/+5']) {
      detectEntities(text, [], 100);
    }
    expect(parse).not.toHaveBeenCalled();
    detectEntities('+12133734253', [], 100);
    expect(parse).toHaveBeenCalledOnce();
  });

  test('a text full of possible numbers is checked a limited number of times', () => {
    detectEntities('+1 '.repeat(1365), [], 100);
    detectEntities('+1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 '.repeat(132), [], 100);
    expect(parse.mock.calls.length).toBeLessThanOrEqual(100);
  });
});

describe('the link of the preview', () => {
  const url = (offset: number, length: number): tl.MessageEntity => ({ _: 'messageEntityUrl', offset, length });
  test('is the first one to a web page', () => {
    expect(findFirstUrl('tg://x example.org', [url(0, 6), url(7, 11)])).toBe('http://example.org/');
    expect(findFirstUrl('here', [{ _: 'messageEntityTextUrl', offset: 0, length: 4, url: 'https://EXAMPLE.org/A' }])).toBe('https://example.org/A');
    expect(findFirstUrl('no', undefined)).toBeUndefined();
    expect(showsUrl('example.org', [url(0, 11)], 'http://example.org/')).toBe(true);
    expect(showsUrl('example.org', [url(0, 11)], 'http://example.com/')).toBe(false);
  });

  test.each(['', ' ', 'http://', 'ftp://example.org', 'javascript:alert(1)', 'file:///etc/passwd', 'http://a:b@example.org', 'http://a@example.org', 'https://[::1', `http://example.org/${'a'.repeat(3000)}`, 'data:text/html,x', 'http://exa mple.org'])(
    '"%s" is no page',
    (raw) => expect(normalizeUrl(raw)).toBeUndefined(),
  );
});
