import { expect, test } from 'vitest';
import { isHarmlessAnimation, unpackAnimation } from '../src/worker/files/animation.ts';

const circle = { ty: 'gr', it: [{ ty: 'el', p: { k: [0, 0] }, s: { k: [9, 9] } }, { ty: 'fl', c: { k: [1, 0, 0, 1] } }, { ty: 'tr' }] };
const animation = (values: object = {}): object => ({ tgs: 1, v: '5.5.2', fr: 60, ip: 0, op: 60, w: 512, h: 512, layers: [{ ty: 4, shapes: [circle] }], ...values });
const pack = async (content: Blob | string): Promise<Blob> => await new Response(new Blob([content]).stream().pipeThrough(new CompressionStream('gzip'))).blob();
const packAnimation = (value: unknown): Promise<Blob> => pack(JSON.stringify(value));

test('unpacks an animation of shapes', async () => {
  expect(JSON.parse(await unpackAnimation(await packAnimation(animation())))).toEqual(animation());
  expect(isHarmlessAnimation(animation({ assets: [{ id: 'a', layers: [{ ty: 4, shapes: [] }] }], layers: [{ ty: 0, refId: 'a' }] }))).toBe(true);
});

test('refuses what is too long when it is unpacked, without unpacking all of it', async () => {
  const bomb = await pack(new Blob([new Uint8Array(64 * 1024 * 1024)]));
  await expect(unpackAnimation(bomb)).rejects.toThrow('STICKER_INVALID');
});

test.each([
  ['no gzip', () => Promise.resolve(new Blob(['<svg onload=alert(1)>']))],
  ['truncated', async () => (await packAnimation(animation())).slice(0, 60)],
  ['no JSON', () => pack('alert(1)')],
  ['a list', () => packAnimation([animation()])],
])('refuses %s', async (_, content) => {
  await expect(unpackAnimation(await content())).rejects.toThrow('STICKER_INVALID');
});

const nested = (depth: number): unknown => (depth === 0 ? circle : { ty: 'gr', it: [nested(depth - 1)] });
const composition = (id: number, next: number, copies: number): object => ({ id: String(id), layers: Array.from({ length: copies }, () => ({ ty: 0, refId: String(next) })) });

const drawing = (...shapes: unknown[]): object => ({ ty: 4, shapes });
const uses = (count: number): object[] => Array.from({ length: count }, () => ({ ty: 0, refId: '1' }));
const form = (points: number): object => {
  const zeros = Array.from({ length: points }, () => [0, 0]);
  return { i: zeros, o: zeros, v: zeros, c: true };
};
const path = (points: number): object => ({ ty: 'sh', ks: { a: 0, k: form(points) } });
const moving = (count: number, at: (time: number) => object): object => ({ a: 1, k: Array.from({ length: count }, (_, time) => at(time)) });

test('takes a path that changes its form often, of which one is drawn at a time', () => {
  const changing = { ty: 'sh', ks: moving(60, (t) => ({ t, s: [form(200)] })) };
  expect(isHarmlessAnimation(animation({ layers: [drawing(changing)] }))).toBe(true);
});

test('takes a composition that is used a few times', () => {
  expect(isHarmlessAnimation(animation({ assets: [{ id: '1', layers: [drawing(path(500), circle)] }], layers: uses(10) }))).toBe(true);
});

test.each([
  ['an expression', { layers: [{ ty: 4, ks: { p: { k: [0, 0], x: 'fetch("/")' } }, shapes: [] }] }],
  ['a picture', { assets: [{ id: 'a', p: 'https://example.org/a.png', u: '', e: 0 }] }],
  ['a picture within', { assets: [{ id: 'a', p: 'data:image/svg+xml,<svg onload=alert(1)>', e: 1, layers: [] }] }],
  ['a layer with a picture', { layers: [{ ty: 2, refId: 'a' }] }],
  ['text', { layers: [{ ty: 5 }] }],
  ['fonts', { fonts: { list: [{ fPath: 'https://example.org/a.css' }] } }],
  ['a star with countless points', { layers: [{ ty: 4, shapes: [{ ty: 'sr', pt: { k: 1e9 } }] }] }],
  ['a repeater', { layers: [{ ty: 4, shapes: [circle, { ty: 'rp', c: { k: 1e9 } }] }] }],
  ['countless colours', { layers: [{ ty: 4, shapes: [{ ty: 'gf', g: { p: 1e9, k: {} } }] }] }],
  ['tiny dashes', { layers: [{ ty: 4, shapes: [{ ty: 'st', d: [{ n: 'd', v: { k: 1e-6 } }] }] }] }],
  ['a composition in itself', { assets: [composition(1, 1, 1)], layers: [{ ty: 0, refId: '1' }] }],
  ['compositions that multiply', { assets: [1, 2, 3, 4, 5, 6].map((id) => composition(id, id + 1, 10)), layers: [{ ty: 0, refId: '1' }] }],
  ['a long path that is drawn countless times', { assets: [{ id: '1', layers: [drawing(path(5000))] }], layers: uses(900) }],
  ['a path of countless points', { layers: [drawing(path(41_000))] }],
  ['a fill that is repeated countless times', { assets: [{ id: '1', layers: [drawing(...Array.from({ length: 100 }, () => circle))] }], layers: uses(900) }],
  ['a long name that is copied countless times', { assets: [{ id: '1', layers: [{ ty: 3, nm: 'a'.repeat(10_000) }] }], layers: uses(900) }],
  ['countless times of a movement, copied', { assets: [{ id: '1', layers: [{ ty: 3, ks: { r: moving(2000, (t) => ({ t, s: [t] })) } }] }], layers: uses(900) }],
  ['deep nesting', { layers: [{ ty: 4, shapes: [nested(100)] }] }],
  ['a huge picture', { w: 100_000 }],
  ['no time', { fr: 0 }],
  ['no end', { op: 1e9 }],
  ['layers that are none', { layers: 'all' }],
])('refuses %s', (_, values) => {
  expect(isHarmlessAnimation(animation(values))).toBe(false);
});
