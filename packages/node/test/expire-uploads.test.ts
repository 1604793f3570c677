import { openTestFiles } from '@aerogram/blob/testing';
import { createFakeClock, seededRandom, silentLogger } from '@aerogram/runtime';
import { expect, test } from 'vitest';
import { expireUploads } from '../src/expire-uploads.ts';

const DAY_MS = 86_400_000;

test('every process deletes unfinished uploads a day after their last part, unless the clock is in doubt, and gives their room back', async () => {
  // The parts get the time of the real clock.
  const clock = createFakeClock(Date.now());
  let doubt: string | undefined;
  await using files = await openTestFiles({ clock, random: seededRandom('expiry') });
  await using expiry = expireUploads({ uploads: files.uploads, clock, log: silentLogger, doubt: () => doubt });
  const found = async (): Promise<number> => (await files.uploads.count()).uploads;
  const place = { userId: 1n, fileId: 1n, part: 0, totalParts: 2 };
  expect(await files.uploads.savePart(place, new Uint8Array(1024))).toEqual({ outcome: 'saved' });
  await clock.advance(DAY_MS - 600_000);
  expect(await found()).toBe(1);
  doubt = 'it jumped';
  await clock.advance(1_200_000);
  expect(await found()).toBe(1);
  doubt = undefined;
  // A run that is still reading the disk leaves out the next one, so it may take more than one.
  await expect.poll(async () => clock.advance(600_000).then(found)).toBe(0);
  expect(await files.uploads.heldBytes(1n)).toBe(0);
  expect(expiry).toBeDefined();
});
