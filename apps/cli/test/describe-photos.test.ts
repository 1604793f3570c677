import { findFfmpeg, loadMediabunny, loadSharp } from '@aerogram/media';
import { expect, test } from 'vitest';

import { describePhotos, type MediaLibraries } from '../src/commands/describe-photos.ts';

const missing = (): Promise<{ isThere: false; reason: string }> => Promise.resolve({ isThere: false, reason: 'Cannot find package' });

async function describe(libraries: Partial<MediaLibraries>): Promise<string[]> {
  return [...(await describePhotos({ sharp: loadSharp, mediabunny: loadMediabunny, ffmpeg: findFfmpeg, ...libraries })).lines];
}

test('the status says why photos are refused where sharp cannot be loaded', async () => {
  expect(await describe({ sharp: missing })).toContain('photos     REFUSED, because sharp cannot be loaded: Cannot find package');
});

test('the status says why clients are believed where mediabunny cannot be loaded', async () => {
  expect(await describe({ mediabunny: missing })).toContain('media      audio and video are what clients say, because mediabunny cannot be loaded: Cannot find package');
  expect(await describe({})).toContain('media      audio and video read by mediabunny');
});

test('the status says what is missing without ffmpeg', async () => {
  const lost = 'so videos and voice messages have no thumbnails and waveforms but those of their clients, and GIF files stay files';
  expect(await describe({ ffmpeg: missing })).toContain(`ffmpeg     not found, ${lost}: Cannot find package`);
  expect(await describe({ ffmpeg: () => Promise.resolve({ isThere: true, version: '7.1' }) })).toContain('ffmpeg     7.1');
});
