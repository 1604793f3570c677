import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';

import { PATTERN_BYTES_MAX, readPattern } from '../src/pattern.ts';
import { readSvgShape } from '../src/svg-shape.ts';

const wrap = (body: string, attributes = 'width="1440" height="2960"'): string => `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${attributes}>${body}</svg>`;
const read = (svg: string | Uint8Array) => readPattern(gzipSync(svg));
const SHAPE = { width: 1440, height: 2960 };

describe('a pattern is accepted', () => {
  test.each([
    ['paths in groups', wrap('<g fill="none" fill-rule="evenodd"><path d="M1 1l2 2z"/><path d=\'M3 3\'/></g>')],
    ['all shapes', wrap('<rect width="1" height="2"/><circle r="3"/><ellipse rx="1" ry="2"/><line x1="1"/><polyline points="1,2 3,4"/><polygon points="1,2 3,4"/>')],
    ['a gradient that names another one of the file', wrap('<defs><linearGradient id="a"><stop offset="0" stop-color="#fff"/></linearGradient><radialGradient id="b" xlink:href="#a"/></defs><path fill="url(#b)" d="M1 1"/>')],
    ['a style sheet, a title, comments and white space', `<?xml version="1.0" encoding="utf-8"?>\n<!-- drawn - by hand -->\n${wrap('<title>Cats &amp; dogs</title><style type="text/css">.a{fill:none;stroke:#000}</style> <path class="a" d="M1 1"/>')}\n`],
    ['what drawing programs write', wrap('<!-- Generator: a program, version 6.0 (build 1)  --><g id="Layer_1" data-name="Layer 1" transform="translate(1 2) rotate(-45)" style="enable-background:new 0 0 1 1;fill-rule:evenodd;fill:rgb(0, 10%, 3);stroke-dasharray:none"><path fill="rgba(0,0,0,.5)" stroke="url(#a) none" opacity=".2" d="M1-1e-2z"/></g>', 'version="1.1" xml:space="preserve" x="0px" y="0px" width="1440" height="2960"')],
    ['a standalone declaration', `<?xml version='1.0' encoding='UTF-8' standalone='no'?>${wrap('<path d="M1 1"/>')}`],
    ['pixels as units', wrap('<path d="M1 1"/>', 'width="1440px" height="2960.0px"')],
    ['sides of the view box', wrap('<path d="M1 1"/>', 'width="100%" viewBox="0 0 1440 2960"')],
  ])('with %s', async (_name, svg) => {
    expect(await read(svg)).toEqual(SHAPE);
  });
});

describe('a pattern is refused', () => {
  const path = '<path d="M1 1"/>';
  const hostile: [string, string][] = [
    ['a script', wrap('<script>alert(1)</script>')],
    ['a script in another language', wrap('<svg:script xmlns:svg="http://www.w3.org/2000/svg">alert(1)</svg:script>')],
    ['an event', wrap('<path d="M1 1" onload="alert(1)"/>')],
    ['an event in capitals', wrap('<path d="M1 1" ONCLICK="alert(1)"/>')],
    ['a picture from elsewhere', wrap('<image xlink:href="https://example.org/a.png"/>')],
    ['a picture inside', wrap('<image href="data:image/png;base64,AAAA"/>')],
    ['a link', wrap('<a href="javascript:alert(1)"><path d="M1 1"/></a>')],
    ['other languages inside', wrap('<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"/></foreignObject>')],
    ['an animation', wrap('<path d="M1 1"><animate attributeName="href" to="javascript:alert(1)"/></path>')],
    ['a gradient of another file', wrap('<linearGradient id="a" href="https://example.org/b.svg#a"/>')],
    ['a fill of another file', wrap('<path fill="url(https://example.org/b.svg#a)" d="M1 1"/>')],
    ['a fill of another file in quotes', wrap('<path fill="url( \'https://example.org/b.svg#a\')" d="M1 1"/>')],
    ['an address hidden by entities', wrap('<path style="fill:&#117;rl(https://example.org)" d="M1 1"/>')],
    ['an address hidden by escapes', wrap('<path style="fill:\\75rl(https://example.org)" d="M1 1"/>')],
    ['a style sheet of another file', wrap('<style>@import "https://example.org/a.css";</style>')],
    ['a style sheet that loads a picture', wrap('<style>.a{background:url(//example.org/a)}</style>')],
    ['a style sheet before the picture', `<?xml-stylesheet href="https://example.org/a.css"?>${wrap(path)}`],
    ['another base', wrap(path, 'width="1440" height="2960" xml:base="https://example.org/"')],
    ['a document type', `<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">${wrap(path)}`],
    ['entities that grow', `<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${wrap('<title>&b;</title>')}`],
    ['raw text', wrap('<style><![CDATA[@import "a"]]></style>')],
    ['copies of copies', wrap('<g id="a"><path d="M1 1"/></g><use href="#a"/>')],
    ['a filter', wrap('<filter id="a"><feImage href="#b"/></filter>')],
    ['an address that a comment splits', wrap('<style>path{fill:ur<!-- -->l(https://example.org/a.svg#p)}</style>')],
    ['a comment in a style sheet', wrap('<style>.a{fill:none}<!-- --></style>')],
    ['an element in a style sheet', wrap('<style>.a{fill:none}<g/></style>')],
    ['a comment with markup', wrap('<!--><path d="M1 1"/>-->')],
    ['an address without a function', wrap(`<path style="mask-image:image-set('https://example.org/a.png' 1x)" d="M1 1"/>`)],
    ['an address without a function in a style sheet', wrap(`<style>.a{fill:image-set('https://example.org/a.png' 1x)}</style>`)],
    ['an address in an allowed property', wrap(`<path style="fill:src('https://example.org/a.png')" d="M1 1"/>`)],
    ['a variable', wrap('<path style="--a:1;fill:var(--a)" d="M1 1"/>')],
    ['an event that another encoding shows', `<?xml version="1.0" encoding="ISO-2022-JP"?>${wrap(`<path d='M1 1' id='\u001b$B' class="\u001b(B' onclick='alert(1)' x='\u001b$B" y='\u001b(B'/>`)}`],
    ['another encoding', `<?xml version="1.0" encoding="ISO-2022-JP"?>${wrap(path)}`],
    ['an encoding that hides markup', `<?xml version="1.0" encoding="UTF-7"?>${wrap('<title>+ADw-script+AD4-alert(1)+ADw-/script+AD4-</title>')}`],
    ['control characters', wrap('<title>\u001b$B</title>')],
    ['zeros between the characters', wrap(path).replaceAll('', '\0')],
    ['a filter in a style', wrap('<g style="filter:blur(300px)"><rect width="500" height="500"/></g>')],
    ['a filter in a style sheet', wrap('<style>.a{filter:blur(300px)}</style>')],
    ['a filter as an attribute', wrap('<g filter="blur(300px)"/>')],
    ['a mask', wrap('<g mask="url(#a)"/>')],
    ['dashes', wrap('<path stroke="#000" stroke-dasharray="0.0001" d="M1 1"/>')],
    ['an unknown attribute', wrap('<path cursor="wait" d="M1 1"/>')],
    ['another language as that of all elements', '<svg xmlns="http://www.w3.org/1999/xhtml" width="10" height="10"><style>.a{fill:none}</style></svg>'],
    ['two pictures', wrap(path) + wrap(path)],
    ['a picture in a picture', wrap(wrap(path))],
    ['something behind the picture', `${wrap(path)}<path/>`],
    ['an open element', '<svg width="1440" height="2960"><g>'],
    ['elements that cross', wrap('<g><defs></g></defs>')],
    ['an attribute twice', wrap('<path d="M1 1" d="M2 2"/>')],
    ['no sides', wrap(path, '')],
    ['sides that are too long', wrap(path, 'width="20000" height="10"')],
    ['no picture', 'hello'],
    ['nothing', ''],
  ];
  test.each(hostile)('with %s', async (_name, svg) => {
    expect(await read(svg)).toBeUndefined();
  });

  test('if it is not compressed, is damaged, or no UTF-8', async () => {
    expect(await readPattern(Buffer.from(wrap(path)))).toBeUndefined();
    expect(await readPattern(gzipSync(wrap(path)).subarray(0, 40))).toBeUndefined();
    expect(await read(Buffer.concat([Buffer.from(wrap(path)), Uint8Array.of(0xff)]))).toBeUndefined();
    expect(await readPattern(new Uint8Array())).toBeUndefined();
  });

  test('if it is too long, or becomes too long', async () => {
    const noise = Buffer.alloc(PATTERN_BYTES_MAX + 1, 0x1f);
    noise[1] = 0x8b;
    expect(await readPattern(noise)).toBeUndefined();
    const bomb = gzipSync(wrap(`<path d="${'M1 1'.repeat(50_000_000 / 4)}"/>`));
    expect(bomb.length).toBeLessThan(PATTERN_BYTES_MAX);
    expect(await readPattern(bomb)).toBeUndefined();
    expect(await read(wrap('<g/>'.repeat(20_000)))).toBeUndefined();
    expect(await read(wrap('<g/>'.repeat(4999)))).toEqual(SHAPE);
    expect(await read(wrap('<g/>'.repeat(5000)))).toBeUndefined();
    expect(await read(wrap(`<path d="${'M1 1'.repeat(300_000)}"/>`))).toBeUndefined();
    expect(await read(wrap('<g>'.repeat(40) + '</g>'.repeat(40)))).toBeUndefined();
  });

  test('in a time that grows with its length only', async () => {
    const spaces = ' '.repeat(1_000_000);
    const values = (text: string): string => `<svg width="5" height="5" viewBox="${text}"><path d="${text}"/></svg>`;
    const hostile = [
      `<svg${spaces}`, wrap(`<path${spaces}d`), wrap(`<!--${'-a'.repeat(500_000)}`), `${spaces}x`, `<?xml ${spaces}`, wrap(`<style>${'url'.repeat(300_000)}</style>`), wrap(`<style>url${spaces}</style>`),
      values('0 '.repeat(260_000)), values('url(#a)'.repeat(70_000)), wrap(`<g ${Array.from({ length: 100_000 }, (_, n) => `a${n}=""`).join(' ')}/>`), wrap(`<g transform="${'scale(1)'.repeat(120_000)}"/>`),
      wrap('<g fill="a"/>'.repeat(4998)), wrap(' <!---->'.repeat(100_000)), wrap(`<path d="${'1 '.repeat(500_000)}"/>`), wrap(`<style>${'.a{fill:red}'.repeat(80_000)}</style>`),
    ];
    const times: number[] = [];
    for (const svg of hostile) {
      expect(svg.length).toBeLessThan(1024 * 1024);
      const read = (): number => {
        const started = performance.now();
        readSvgShape(svg);
        return Math.round(performance.now() - started);
      };
      // On a busy machine one reading may be interrupted for long; not all of them are.
      times.push(Math.min(...Array.from({ length: 4 }, read)));
    }
    // The slowest takes 50 ms on a machine with nothing else to do.
    expect(Math.max(...times), times.join(' ')).toBeLessThan(500);
  });
});
