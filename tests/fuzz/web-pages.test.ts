// Whatever a page or a URL looks like, reading it results in plain text of limited length or a refusal, and never connects to a private
// address.
import { normalizeUrl } from '@aerogram/domain';
import { createAddressGuard, createPageFetcher, decodeHtml, FetchRefused, isPublicAddress, readPage } from '@aerogram/web-fetch';
import { expect, test } from 'vitest';
import { below, fuzzIterations, fuzzRandom, mutate, pick } from './mutation.ts';

const PAGES = [
  '<!doctype html><html><head><meta charset="utf-8"><title>A &amp; B &#x1F600; &notanentity;</title><meta property="og:title" content="Title"><meta name=description content=\'one\ntwo\'><meta property="og:site_name" content="Site"></head><body>x</body></html>',
  '<svg><title>inner</title></svg><head><title><!-- x --></title><script>if (a<b) "</title>"</script><meta name="twitter:title" content="&#0;&#xD800;&#x110000;">',
  '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><title>\xcf\xf0\xe8\xe2\xe5\xf2</title>',
  `<head>${'<div '.repeat(50)}<![CDATA[ x ]]><?xml?><meta content="\u202eabc" property=og:description><meta content=${'y'.repeat(3000)} name=description>`,
];
const CHARSETS = ['', '; charset=utf-8', '; charset=utf-16le', '; charset=gb18030', '; charset=shift_jis', '; charset=x', ';charset="', '; charset=iso-2022-jp'];
const LONGEST = { title: 256, description: 1024, siteName: 64, author: 128, type: 32 } as const;

test('pages', () => {
  const random = fuzzRandom('pages');
  for (let round = fuzzIterations(3000); round > 0; round--) {
    let bytes: Uint8Array = Buffer.from(pick(random, PAGES), pick(random, ['utf8', 'latin1', 'utf16le'] as const));
    for (let changes = below(random, 6); changes > 0; changes--) bytes = mutate(random, bytes);
    const facts = readPage(decodeHtml(bytes, `text/html${pick(random, CHARSETS)}`), 'example.org');
    for (const [name, longest] of Object.entries(LONGEST)) {
      const text = facts?.[name as keyof typeof LONGEST];
      if (text === undefined) continue;
      expect(text.length).toBeLessThanOrEqual(longest);
      expect(text).toBe(text.trim());
      // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/u);
    }
  }
});

test('the time for long pages grows linearly with their length', () => {
  for (const piece of ['<', '<a', '<meta ', '<title>', '</title>', '&', '&amp', '<!--', '<meta content=', 'a="', '<meta property=og:title content="', '<svg>', ' ', '\n ', '<script>']) {
    const startMs = performance.now();
    readPage(decodeHtml(Buffer.from(piece.repeat(Math.floor(524_288 / piece.length))), ''), 'example.org');
    expect(performance.now() - startMs, piece).toBeLessThan(5000);
  }
});

/** An IPv4 address in one of the notations that clients and browsers accept. */
function writeV4(random: ReturnType<typeof fuzzRandom>, number: number): string {
  const bytes = [number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255];
  const hex = `${((bytes[0]! << 8) | bytes[1]!).toString(16)}:${((bytes[2]! << 8) | bytes[3]!).toString(16)}`;
  return pick(random, [
    bytes.join('.'),
    String(number),
    `0x${number.toString(16)}`,
    bytes.map((byte) => `0${byte.toString(8)}`).join('.'),
    bytes.map((byte) => `0x${byte.toString(16)}`).join('.'),
    `${bytes[0]}.${number & 0xffffff}`,
    `[::ffff:${bytes.join('.')}]`,
    `[::ffff:${hex}]`,
    `[64:ff9b::${hex}]`,
    `[0:0:0:0:0:FFFF:${hex}]`,
    `${bytes.join('.')}.`,
    bytes.join('%2e'),
  ]);
}

test('addresses in any notation', async () => {
  const random = fuzzRandom('addresses');
  const connected: string[] = [];
  // Nothing may connect: for public addresses the port is not allowed.
  const fetcher = createPageFetcher({ ports: [80], allowed: [], resolve: (name) => (connected.push(name), Promise.resolve(['10.0.0.1'])) });
  const guard = createAddressGuard({ allowed: [], own: () => [] });
  const closed = [0x7f000001, 0x0a000001, 0xa9fea9fe, 0xc0a80001, 0xac100001, 0x64400001, 0, 0xe0000001, 0xffffffff, 0xc0000201];
  for (let round = fuzzIterations(2000); round > 0; round--) {
    const number = below(random, 3) === 0 ? random.uint31() * 2 : (pick(random, closed) | below(random, 200)) >>> 0;
    const plain = [number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255].join('.');
    const written = writeV4(random, number);
    const url = normalizeUrl(`http://${written}:1/`);
    if (url === undefined) continue;
    const host = new URL(url).hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
    expect(guard(host), `${written} is ${plain}`).toBe(isPublicAddress(plain));
    await expect(fetcher.fetchPage(url, new AbortController().signal)).rejects.toThrow(FetchRefused);
  }
  expect(connected).toEqual([]);
});

test('links', () => {
  const random = fuzzRandom('links');
  const links = ['https://user:pass@example.org:8443/a/b?c=d#e', 'http://[2001:db8::1]:80/', 'example.org', 'HTTPS://ПРИМЕР.рф/стр', 'http://example.org\\@evil.example/', 'http:example.org', '//example.org', 'http://xn--a/', 'http://a..b/'];
  for (let round = fuzzIterations(5000); round > 0; round--) {
    const raw = Buffer.from(mutate(random, Buffer.from(pick(random, links)))).toString();
    const url = normalizeUrl(raw);
    if (url === undefined) continue;
    const parsed = new URL(url);
    expect(parsed.protocol).toMatch(/^https?:$/);
    expect([parsed.username, parsed.password, parsed.hostname === '']).toEqual(['', '', false]);
    expect(normalizeUrl(url)).toBe(url);
  }
});
