import { gzipSync } from 'node:zlib';
import type { tl } from '@mtcute/node';
import { makePngBomb } from '../../packages/media/test/pictures.ts';
import { readSample } from '../../packages/media/test/samples.ts';

/** A file that somebody sends to do harm. */
export interface HostileFile {
  /** What it is, for the report of a test. */
  what: string;
  name: string;
  bytes: Buffer;
  mimeType: string;
  attributes?: tl.TypeDocumentAttribute[];
}

/** What a script of a file would do if anything ran it: tests look for each of these signs. */
const HARM = "window.hacked=true;document.title='hacked';alert('hacked');location='https://example.org/hacked'";

const HTML = `<!doctype html><title>x</title><script>${HARM}</script><img src=x onerror="${HARM}"><meta http-equiv=refresh content="0;url=https://example.org/">`;

const SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512" onload="${HARM}"><script>${HARM}</script><image href="https://example.org/x.png"/><foreignObject><body xmlns="http://www.w3.org/1999/xhtml">${'<iframe src="javascript:alert(1)"/>'}</body></foreignObject></svg>`;

const PDF = `%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert('hacked'))>>>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF`;

const STICKER: tl.TypeDocumentAttribute = { _: 'documentAttributeSticker', alt: '🙂', stickerset: { _: 'inputStickerSetEmpty' } };
const SIDES: tl.TypeDocumentAttribute = { _: 'documentAttributeImageSize', w: 512, h: 512 };
const VIDEO: tl.TypeDocumentAttribute = { _: 'documentAttributeVideo', duration: 2, w: 96, h: 64, supportsStreaming: true };
const VOICE: tl.TypeDocumentAttribute = { _: 'documentAttributeAudio', voice: true, duration: 3, waveform: Buffer.alloc(63, 0xff) };
const GIF: tl.TypeDocumentAttribute = { _: 'documentAttributeAnimated' };

const text = (content: string): Buffer => Buffer.from(content);

const animation = (values: object): Buffer => gzipSync(JSON.stringify({ tgs: 1, v: '5.5.2', fr: 60, ip: 0, op: 60, w: 512, h: 512, layers: [], ...values }));

/** An animation whose layers all show the same path: short as a file, and endless to draw. */
function heavyAnimation(points: number, uses: number): Buffer {
  const v = Array.from({ length: points }, (_, at) => [(at * 37) % 512, (at * 91) % 512]);
  const still = v.map(() => [0, 0]);
  const place = { o: { a: 0, k: 100 }, r: { a: 0, k: 0 }, p: { a: 0, k: [0, 0] }, a: { a: 0, k: [0, 0] }, s: { a: 0, k: [100, 100] } };
  const shape = { ty: 'gr', it: [{ ty: 'sh', ks: { a: 0, k: { i: still, o: still, v, c: true } } }, { ty: 'fl', c: { a: 0, k: [1, 0, 0, 1] }, o: { a: 0, k: 50 } }, { ty: 'tr', ...place }] };
  const layer = { ip: 0, op: 60, st: 0, ks: place };
  const layers = Array.from({ length: uses }, (_, at) => ({ ty: 0, ind: at + 1, refId: 'a', w: 512, h: 512, ...layer }));
  return animation({ assets: [{ id: 'a', layers: [{ ty: 4, ind: 1, ...layer, shapes: [shape] }] }], layers });
}

/** Scripts and documents under the names and types of something else. */
const DISGUISED: HostileFile[] = [
  { what: 'an SVG file', name: 'drawing.svg', bytes: text(SVG), mimeType: 'image/svg+xml' },
  { what: 'SVG as a picture', name: 'picture.png', bytes: text(SVG), mimeType: 'image/png', attributes: [SIDES] },
  { what: 'SVG as a sticker', name: 'sticker.webp', bytes: text(SVG), mimeType: 'image/webp', attributes: [STICKER, SIDES] },
  { what: 'packed SVG as an animated sticker', name: 'sticker.tgs', bytes: gzipSync(SVG), mimeType: 'application/x-tgsticker', attributes: [STICKER, SIDES] },
  { what: 'a page', name: 'page.html', bytes: text(HTML), mimeType: 'text/html' },
  { what: 'a page of XML', name: 'page.xhtml', bytes: text(SVG), mimeType: 'application/xhtml+xml' },
  { what: 'a page as a video', name: 'film.mp4', bytes: text(HTML), mimeType: 'video/mp4', attributes: [VIDEO] },
  { what: 'a page as a GIF', name: 'dance.mp4', bytes: text(HTML), mimeType: 'video/mp4', attributes: [VIDEO, GIF] },
  { what: 'a page as a round video', name: 'round.mp4', bytes: text(HTML), mimeType: 'video/mp4', attributes: [{ ...VIDEO, w: 96, h: 96, roundMessage: true }] },
  { what: 'a page as a voice message', name: 'voice.ogg', bytes: text(HTML), mimeType: 'audio/ogg', attributes: [VOICE] },
  { what: 'a page as music', name: 'song.mp3', bytes: text(HTML), mimeType: 'audio/mpeg', attributes: [{ _: 'documentAttributeAudio', duration: 3, title: HTML.slice(0, 200), performer: '<b>bold</b>' }] },
  { what: 'a PDF file', name: 'report.pdf', bytes: text(PDF), mimeType: 'application/pdf' },
  { what: 'a PDF file as a picture', name: 'scan.jpg', bytes: text(PDF), mimeType: 'image/jpeg', attributes: [SIDES] },
  { what: 'a script', name: 'app.js', bytes: text(HARM), mimeType: 'text/javascript' },
  { what: 'a style', name: 'style.css', bytes: text("body{background:url('https://example.org/x')}"), mimeType: 'text/css' },
  { what: 'an unknown type that is none', name: 'x', bytes: text(HTML), mimeType: 'text/html;charset=utf-8"><script>' },
];

/** Files that are two things at once. */
const POLYGLOTS: HostileFile[] = [
  { what: 'a GIF picture that is a script', name: 'gif.js', bytes: text(`GIF89a/*${'\0'.repeat(20)}*/=1;${HARM}`), mimeType: 'text/javascript' },
  { what: 'a GIF picture that is a page', name: 'gif.html', bytes: text(`GIF89a${HTML}`), mimeType: 'text/html' },
  { what: 'a JPEG picture that is a page', name: 'jpeg.html', bytes: Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xfe, 0x0f, 0xff]), text(HTML)]), mimeType: 'text/html' },
  { what: 'a video that is a page', name: 'film.html', bytes: Buffer.concat([readSample('film.mp4'), text(HTML)]), mimeType: 'text/html' },
  { what: 'an MP4 head before a page', name: 'head.mp4', bytes: Buffer.concat([Buffer.from('\0\0\0\x18ftypisom\0\0\0\0isommp42', 'latin1'), text(HTML)]), mimeType: 'video/mp4', attributes: [VIDEO] },
  { what: 'a WebP head before SVG', name: 'head.webp', bytes: Buffer.concat([Buffer.from('RIFF\x40\0\0\0WEBP', 'latin1'), text(SVG)]), mimeType: 'image/webp', attributes: [STICKER, SIDES] },
];

/** Files that take much more than they are long, or end too early. */
const EXPENSIVE: HostileFile[] = [
  { what: 'a huge picture', name: 'huge.png', bytes: makePngBomb(30_000, 30_000, 8), mimeType: 'image/png', attributes: [{ ...SIDES, w: 30_000, h: 30_000 }] },
  { what: 'a huge picture as a sticker', name: 'huge.webp', bytes: makePngBomb(30_000, 30_000, 8), mimeType: 'image/webp', attributes: [STICKER, SIDES] },
  { what: 'an animation that is long when it is unpacked', name: 'bomb.tgs', bytes: gzipSync(Buffer.alloc(32 * 1024 * 1024, 0x20)), mimeType: 'application/x-tgsticker', attributes: [STICKER, SIDES] },
  { what: 'an animation with a program', name: 'program.tgs', bytes: animation({ layers: [{ ty: 4, ks: { p: { k: [0, 0], x: HARM } }, shapes: [] }] }), mimeType: 'application/x-tgsticker', attributes: [STICKER, SIDES] },
  { what: 'an animation with a picture', name: 'picture.tgs', bytes: animation({ assets: [{ id: 'a', p: 'https://example.org/x.png', u: '', e: 0, w: 9, h: 9 }], layers: [{ ty: 2, refId: 'a', ip: 0, op: 60 }] }), mimeType: 'application/x-tgsticker', attributes: [STICKER, SIDES] },
  { what: 'an animation with a font', name: 'font.tgs', bytes: animation({ fonts: { list: [{ fName: 'x', fFamily: 'x', fStyle: '', fPath: 'https://example.org/x.css', origin: 1 }] }, layers: [{ ty: 5, t: {} }] }), mimeType: 'application/x-tgsticker', attributes: [STICKER, SIDES] },
  { what: 'an animation within itself', name: 'itself.tgs', bytes: animation({ assets: [{ id: 'a', layers: [{ ty: 0, refId: 'a', w: 9, h: 9, ip: 0, op: 60, ks: {} }] }], layers: [{ ty: 0, refId: 'a', w: 9, h: 9, ip: 0, op: 60, ks: {} }] }), mimeType: 'application/x-tgsticker', attributes: [STICKER, SIDES] },
  { what: 'an animation that draws a long path countless times', name: 'heavy.tgs', bytes: heavyAnimation(5000, 900), mimeType: 'application/x-tgsticker', attributes: [STICKER, SIDES] },
  { what: 'an animation that is damaged', name: 'damaged.tgs', bytes: animation({ layers: [{ ty: 4, ks: null, shapes: [{ ty: 'gr', it: [{ ty: 'sh', ks: 7 }] }] }] }), mimeType: 'application/x-tgsticker', attributes: [STICKER, SIDES] },
  { what: 'a truncated video', name: 'half.mp4', bytes: readSample('film.mp4').subarray(0, 3000), mimeType: 'video/mp4', attributes: [VIDEO] },
  { what: 'a video with its index cut off', name: 'late.mp4', bytes: readSample('film-late-index.mp4').subarray(0, 4000), mimeType: 'video/mp4', attributes: [VIDEO] },
  { what: 'a truncated voice message', name: 'half.ogg', bytes: readSample('voice.ogg').subarray(0, 60), mimeType: 'audio/ogg', attributes: [VOICE] },
  { what: 'a truncated WebM sticker', name: 'half.webm', bytes: readSample('sticker.webm').subarray(0, 300), mimeType: 'video/webm', attributes: [STICKER, VIDEO] },
  { what: 'a video with impossible sides', name: 'sides.mp4', bytes: readSample('film.mp4').subarray(0, 2000), mimeType: 'video/mp4', attributes: [{ ...VIDEO, w: 16_000, h: 1, duration: 2_000_000_000 }] },
];

/** Names that are something else than they seem, or longer than any line. */
const NAMES: HostileFile[] = [
  'photo\u202Egpj.exe',
  '../../../../etc/passwd',
  'C:\\Windows\\System32\\x.dll',
  '<img src=x onerror=alert(1)>.txt',
  '"><script>alert(1)</script>.pdf',
  'javascript:alert(1)',
  `${'a'.repeat(250)}.txt`,
  'line\nbreak\r\nand\0null.txt',
  '\u200B\u2066\u2069',
  '.',
  'Z̴̛̪a̵̡͝l̷̨͠g̶̛o'.repeat(8),
  'عربي‏-file.txt',
].map((name) => ({ what: `the name ${JSON.stringify(name).slice(0, 40)}`, name, bytes: text('harmless'), mimeType: 'text/plain' }));

/** Files that must be shown or saved without running anything, holding up the page, or breaking its layout. */
export const HOSTILE_FILES: readonly HostileFile[] = [...DISGUISED, ...POLYGLOTS, ...EXPENSIVE, ...NAMES];
