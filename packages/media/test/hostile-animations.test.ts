import { gzipSync } from 'node:zlib';

import { expect, test } from 'vitest';

import { readSetAnimation } from '../src/set-animation.ts';
import { LOTTIE_BYTES_MAX } from '../src/sticker-shape.ts';

const GOOD = { tgs: 1, v: '5.5.2', fr: 60, ip: 0, op: 180, w: 512, h: 512, layers: [] as unknown[] };
const pack = (animation: unknown): Buffer => gzipSync(typeof animation === 'string' ? animation : JSON.stringify(animation));
const withText = (text: string): Buffer => pack(JSON.stringify(GOOD).replace('"layers":[]', `"layers":[${text}]`));

/** Files that are no animations for sets, each made in so many sizes. What they try is in their names. */
const HOSTILE: Readonly<Record<string, (size: number) => Buffer>> = {
  'a bomb of blanks': (size) => gzipSync(Buffer.alloc(size * 2 ** 20, ' ')),
  'a bomb of zeros in a text': (size) => withText(`"${'0'.repeat(LOTTIE_BYTES_MAX + size)}"`),
  'a bomb in a bomb': (size) => gzipSync(gzipSync(Buffer.alloc(size * 2 ** 20))),
  'lists in lists': (size) => withText('['.repeat(70 * size) + ']'.repeat(70 * size)),
  'objects in objects': (size) => withText('{"a":'.repeat(70 * size) + '1' + '}'.repeat(70 * size)),
  'an expression': (size) => withText(`{"ks":{"o":{"a":0,"k":1,"x":"${'while(1);'.repeat(size)}"}}}`),
  'an expression whose key is written in another way': (size) => withText(`{"ks":{"o":{"k":${size},"\\u0078":"fetch()"}}}`),
  'an expression behind a second key': (size) => withText(`{"ks":{"o":{"x":"fetch()","k":${size},"x":1}}}`),
  'a second key that is written in another way': (size) => withText(`{"k":${size},"\\u006b":2}`),
  'a picture': (size) => pack({ ...GOOD, assets: [{ id: `${size}`, p: 'https://example.org/a.png', u: '' }] }),
  'a picture within': (size) => pack({ ...GOOD, assets: Array.from({ length: size }, () => ({ p: 'data:image/png;base64,AAAA', e: 1 })) }),
  'too many frames': (size) => pack({ ...GOOD, op: 180 + size }),
  'frames without end': () => pack(JSON.stringify(GOOD).replace('180', '1e999')),
  'another pace': (size) => pack({ ...GOOD, fr: 60 + size }),
  'another size': (size) => pack({ ...GOOD, w: 512 + size, h: 512 * size }),
  'half a file': (size) => pack(GOOD).subarray(0, 20 + size),
  'no JSON': (size) => pack('{"w":512,'.repeat(size)),
  'no gzip': (size) => Buffer.alloc(size * 100, 'x'),
  'a list': (size) => pack(Array.from({ length: size }, () => GOOD)),
};
const SIZES = [1, 2, 3, 5, 8, 12, 17, 23, 30, 40, 60];

/** The most CPU that all of them may take, in milliseconds: some take one, a bomb that were unpacked would take seconds. */
const CPU_MAX_MS = 10_000;

test('two hundred hostile animations are refused, and take no more CPU than a few good ones', async () => {
  const files = Object.entries(HOSTILE).flatMap(([name, make]) => SIZES.map((size) => [`${name} ${size}`, make(size)] as const));
  expect(files.length).toBeGreaterThanOrEqual(200);
  const before = process.cpuUsage();
  const taken: string[] = [];
  for (const [name, bytes] of files) if ((await readSetAnimation(bytes)) !== undefined) taken.push(name);
  const { user, system } = process.cpuUsage(before);
  expect(taken).toEqual([]);
  expect((user + system) / 1000).toBeLessThan(CPU_MAX_MS);
});

test('good animations are taken, whatever their texts and numbers look like', async () => {
  const layers = [{ nm: '{"x":"no key"} \\"x\\":', ks: { o: { a: 0, k: [1, 2] }, i: { x: [0.6], y: [1] } } }, { nm: '[[[', ks: {} }];
  expect(await readSetAnimation(pack({ ...GOOD, layers }))).toEqual({ width: 512, height: 512 });
});
