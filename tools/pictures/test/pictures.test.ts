import { spawnSync } from 'node:child_process';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { comparePicture, DIFFERENCE_MAX, findDifference, isGood } from '../compare-sizes.ts';
import { type Lanes, openLanes } from '../lanes.ts';
import { compareFrame, compareWaveform } from '../media-samples.ts';
import { renderPage } from '../pages.ts';
import { drawScene, makeTestPictures } from '../test-pictures.ts';

const HAS_FFMPEG = spawnSync('ffmpeg', ['-version']).status === 0;
const PICTURES = await makeTestPictures();

let lanes: Lanes;
beforeAll(() => {
  lanes = openLanes(new URL('../../../dist/', import.meta.url));
});
afterAll(() => lanes?.[Symbol.asyncDispose]());

describe('what the server makes of pictures looks like what sharp alone makes of them', () => {
  test.each(PICTURES)('$name', async (picture) => {
    const sizes = await comparePicture(lanes.photos, picture);
    expect(sizes.length).toBeGreaterThanOrEqual(2);
    expect(sizes.filter((size) => !isGood(size)).map(({ type, difference, leftMetadata }) => ({ type, difference, leftMetadata }))).toEqual([]);
    const page = renderPage([{ name: picture.name, sizes }], []);
    expect(page.match(/<img/g)).toHaveLength(sizes.length * 2);
    expect(page).not.toContain('class="bad"');
  });

  test.skipIf(!HAS_FFMPEG).each(['film.mp4', 'film.webm', 'round.mp4', 'covered.mp3'])('the first frame or cover of %s', async (name) => {
    const sizes = await compareFrame(lanes.media, name);
    expect(sizes.filter((size) => !isGood(size)).map(({ type, difference }) => ({ type, difference }))).toEqual([]);
  });

  test.skipIf(!HAS_FFMPEG)('the waveform of a voice message follows its loudness', async () => {
    const { values, reference } = await compareWaveform(lanes.media, 'voice.ogg');
    const differences = values.map((value, at) => Math.abs(value - reference[at]!));
    expect(Math.max(...differences)).toBeLessThan(0.1);
  });
});

describe('the comparison finds', () => {
  const mistakes: [string, (scene: Buffer) => Promise<Buffer>][] = [
    ['a picture that is mirrored', (scene) => sharp(scene).flop().png().toBuffer()],
    ['a picture on its head', (scene) => sharp(scene).rotate(180).png().toBuffer()],
    ['one corner that is black', (scene) => sharp(scene).composite([{ input: { create: { width: 80, height: 60, channels: 3, background: '#000000' } }, left: 0, top: 0 }]).png().toBuffer()],
    ['colours that are swapped', (scene) => sharp(scene).recomb([[0, 0, 1], [0, 1, 0], [1, 0, 0]]).png().toBuffer()],
    ['colours that are paler', (scene) => sharp(scene).modulate({ saturation: 0.8 }).png().toBuffer()],
  ];
  test.each(mistakes)('%s', async (_name, spoil) => {
    const scene = await drawScene(450, 300);
    const { mean, square } = await findDifference(await spoil(scene), scene);
    expect(mean > DIFFERENCE_MAX.mean || square > DIFFERENCE_MAX.square).toBe(true);
  });
});
