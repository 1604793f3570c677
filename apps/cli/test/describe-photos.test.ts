import { loadMediabunny, loadSharp } from '@aerogram/media';
import { expect, test } from 'vitest';

import { describePhotos, type MediaLibraries } from '../src/commands/describe-photos.ts';

const missing = (): Promise<{ isThere: false; reason: string }> => Promise.resolve({ isThere: false, reason: 'Cannot find package' });

async function describe(libraries: Partial<MediaLibraries>): Promise<string[]> {
  const lines: string[] = [];
  await describePhotos((line) => lines.push(line), { sharp: loadSharp, mediabunny: loadMediabunny, ...libraries });
  return lines;
}

test('the status says why photos are refused where sharp cannot be loaded', async () => {
  expect(await describe({ sharp: missing })).toContain('photos     REFUSED, because sharp cannot be loaded: Cannot find package');
});

test('the status says why clients are believed where mediabunny cannot be loaded', async () => {
  expect(await describe({ mediabunny: missing })).toContain('media      audio and video are what clients say, because mediabunny cannot be loaded: Cannot find package');
  expect(await describe({})).toContain('media      audio and video read by mediabunny');
});
