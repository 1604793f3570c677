import { describe, expect, test } from 'vitest';

import { decodeHtml } from '../src/decode-html.ts';
import { readPage } from '../src/read-page.ts';

const page = (head: string): string => `<!doctype html><html><head>${head}</head><body><title>no</title></body></html>`;

describe('what a page says about itself', () => {
  test('Open Graph comes before Twitter cards, and both before standard tags', () => {
    const plain = '<title> A &amp;\n title </title><meta name=description content="Described">';
    expect(readPage(page(plain), 'www.example.org')).toEqual({ title: 'A & title', description: 'Described', siteName: 'example.org' });
    const card = '<meta name="twitter:title" content="Card">';
    expect(readPage(page(plain + card), 'example.org')?.title).toBe('Card');
    const graph = '<META PROPERTY="OG:TITLE" CONTENT="Graph"><meta property="og:site_name" content="Site"/><meta property=og:type content=video.other>';
    expect(readPage(page(plain + graph + card), 'example.org')).toEqual({ title: 'Graph', description: 'Described', siteName: 'Site', type: 'video.other' });
  });

  test('a page without title and description has no preview', () => {
    for (const html of ['', 'plain words', page(''), page('<title>  </title>'), page('<meta property="og:title" content="">'), '<body><title>late</title>']) {
      expect(readPage(html, 'example.org')).toBeUndefined();
    }
  });

  test('the picture is that of Open Graph, of a Twitter card or of a link, the first of each, at an address of the web', () => {
    const read = (head: string): string | undefined => readPage(page(`<title>A</title>${head}`), 'example.org', 'https://example.org/a/b')?.pictureUrl;
    const [graph, secure, card, link] = ['<meta property="og:image" content="/g.png">', '<meta property="og:image:secure_url" content="https://cdn.example.org/s.png">', '<meta name="twitter:image" content="c.png">', '<link rel="image_src" href="//example.net/l.png">'];
    expect(read(link + card + graph + secure)).toBe('https://cdn.example.org/s.png');
    expect(read(link + card + graph)).toBe('https://example.org/g.png');
    expect(read(link + card)).toBe('https://example.org/a/c.png');
    expect(read(link)).toBe('https://example.net/l.png');
    expect(read('<meta property="og:image" content="1.png"><meta property="og:image" content="2.png">')).toBe('https://example.org/a/1.png');
    expect(read('<link rel="stylesheet" href="a.css"><link rel="image_src">')).toBeUndefined();
    for (const written of ['data:image/png;base64,AA==', 'file:///etc/passwd', 'javascript:alert(1)', 'http://[', `https://example.org/${'a'.repeat(2048)}`]) {
      expect(read(`<meta property="og:image" content="${written}">`), written).toBeUndefined();
      expect(read(`<meta property="og:image" content="${written}">${card}`)).toBe('https://example.org/a/c.png');
    }
    // Without an address of the page, that of its picture must be whole.
    expect(readPage(page(`<title>A</title>${card}`), 'example.org')?.pictureUrl).toBeUndefined();
    expect(readPage(page(secure), 'example.org')).toEqual({ pictureUrl: 'https://cdn.example.org/s.png', siteName: 'example.org' });
  });

  test('texts are plain, in one line, of limited length, and do not change the text direction', () => {
    const hostile = `a\u202eb\u0000c\u2028d<b>e</b>${'x'.repeat(1000)}`;
    const title = readPage(page(`<title>${hostile}</title>`), 'h')!.title!;
    expect(title.startsWith('ab c d<b>e</b>x')).toBe(true);
    expect(title).toHaveLength(256);
    expect(readPage(page(`<meta name=description content="${'😀'.repeat(2000)}">`), 'h')!.description!).toMatch(/^(?:😀)+…$/u);
    expect(readPage(page('<meta name=description content="one  \n\n  two">'), 'h')!.description).toBe('one\ntwo');
    expect(readPage(page('<title>t</title><meta name=author content="https://example.org/me">'), 'h')!.author).toBeUndefined();
  });

  test('broken pages are read as far as possible', () => {
    expect(readPage('<title>open', 'h')).toMatchObject({ title: 'open' });
    expect(readPage('<meta property="og:title" content="a"b c=><meta name=description content=d', 'h')).toMatchObject({ title: 'a' });
    expect(readPage('<title><script>x</title>', 'h')).toMatchObject({ title: '<script>x' });
  });
});

describe('the encoding of a page', () => {
  const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');
  test.each([
    ['header', bytes('\xcf\xf0\xe8\xe2\xe5\xf2'), 'text/html; charset=windows-1251', 'Привет'],
    ['quoted header', bytes('\xe9'), 'text/html;charset="ISO-8859-1"', 'é'],
    ['meta', bytes('<meta charset=koi8-r>\xf0'), 'text/html', '<meta charset=koi8-r>П'],
    ['http-equiv', bytes('<meta http-equiv="Content-Type" content="text/html; charset=gbk">\xc4\xe3'), 'text/html', '<meta http-equiv="Content-Type" content="text/html; charset=gbk">你'],
    ['mark before header', Buffer.from('\ufeffé'), 'text/html; charset=latin1', 'é'],
    ['UTF-16', Buffer.from('\ufeffhi', 'utf16le'), 'text/html', 'hi'],
    ['a lie', Buffer.from('<meta charset=utf-16>é'), 'text/html', '<meta charset=utf-16>é'],
    ['none', Buffer.from('é'), '', 'é'],
    ['unknown', Buffer.from('é'), 'text/html; charset=klingon', 'é'],
    ['broken', bytes('a\xff\xfeb'), 'text/html; charset=utf-8', 'a\ufffd\ufffdb'],
  ])('is found by %s', (_how, content, type, text) => expect(decodeHtml(content, type)).toBe(text));
});
