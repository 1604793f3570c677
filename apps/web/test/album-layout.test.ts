import { expect, test } from 'vitest';
import { layoutAlbum } from '../src/page/media/album-layout.ts';

const LANDSCAPE = { width: 1600, height: 900 };
const PORTRAIT = { width: 900, height: 1600 };
const SQUARE = { width: 800, height: 800 };
const STRANGE = [{}, { width: 10_000, height: 1 }, { width: 1, height: 10_000 }, { width: 0, height: 0 }];

const albums = Array.from({ length: 10 }, (_, count) => [LANDSCAPE, PORTRAIT, SQUARE].map((kind) => Array.from({ length: count + 1 }, () => kind))).flat();

test.each([...albums, STRANGE, [LANDSCAPE, PORTRAIT, SQUARE, LANDSCAPE], [PORTRAIT, LANDSCAPE, LANDSCAPE]])('covers the whole, with no picture over another (%#)', (...sides) => {
  const { tiles, ratio } = layoutAlbum(sides);
  expect(tiles).toHaveLength(sides.length);
  expect(tiles.reduce((sum, { width, height }) => sum + width * height, 0)).toBeCloseTo(1, 6);
  for (const { x, y, width, height } of tiles) {
    expect(Math.min(x, y, 1 - x - width, 1 - y - height)).toBeGreaterThan(-1e-9);
    // Large enough to be seen and pressed.
    expect(Math.min(width, height / ratio)).toBeGreaterThan(0.12);
  }
  expect(ratio).toBeGreaterThan(0.35);
});

test('keeps the order of reading', () => {
  const { tiles } = layoutAlbum([SQUARE, SQUARE, SQUARE, SQUARE, SQUARE]);
  const places = tiles.map(({ x, y }) => y * 100 + x);
  expect(places).toEqual(places.toSorted((first, second) => first - second));
});

test('puts two wide pictures below each other, and two high ones beside each other', () => {
  expect(layoutAlbum([LANDSCAPE, LANDSCAPE]).tiles.map(({ x }) => x)).toEqual([0, 0]);
  expect(layoutAlbum([PORTRAIT, PORTRAIT]).tiles.map(({ y }) => y)).toEqual([0, 0]);
});
