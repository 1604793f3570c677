import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { systemClock } from '@aerogram/runtime';
import { expect, test } from 'vitest';
import { verifyBlob } from '../src/index.ts';
import { KIB, createFixture } from './upload-fixture.ts';

/** For files as large as the largest: UPLOAD_MIB=2000 npx vitest run --project unit packages/blob/test/uploads-memory.test.ts */
const FILE_MIB = Number(process.env['UPLOAD_MIB'] ?? 40);
const MOST_MIB = 24;
const MIB = 1024 * KIB;
const PART_BYTES = 512 * KIB;
const PARTS_AT_ONCE = 8;
/** A quick machine needs less than a second for all, so time alone would give few samples. */
const PARTS_A_SAMPLE = 4;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** The bytes that are still in use after a garbage collection. */
function usedBytes(): number {
  collectGarbage();
  // V8 frees buffers in the background. The second collection waits until that is done.
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Parts differ only in their number, because making random bytes would take longer than all the rest. */
function createParts(base: Uint8Array): (part: number) => Uint8Array {
  return (part) => {
    const bytes = Buffer.from(base);
    bytes.writeUInt32LE(part);
    return bytes;
  };
}

test(`a file of ${FILE_MIB} MiB goes through upload, store and check in ${MOST_MIB} MiB of memory`, { timeout: 1_200_000 }, async () => {
  await using fixture = await createFixture({ clock: systemClock });
  const { uploads, store, keys } = fixture;
  const totalParts = (FILE_MIB * MIB) / PART_BYTES;
  const createPart = createParts(fixture.random.bytes(PART_BYTES));

  const before = usedBytes();
  let most = 0;
  let samples = 0;
  const sample = (): void => {
    most = Math.max(most, usedBytes() - before);
    samples++;
  };
  const sampler = setInterval(sample, 50);
  try {
    let next = 0;
    const sendParts = async (): Promise<void> => {
      while (next < totalParts) {
        const part = next++;
        expect(await uploads.savePart({ userId: 1n, fileId: 1n, part, totalParts }, createPart(part))).toEqual({ outcome: 'saved' });
        if (part % PARTS_A_SAMPLE === 0) sample();
      }
    };
    await Promise.all(Array.from({ length: PARTS_AT_ONCE }, sendParts));
    const result = await uploads.finish(1n, 1n, totalParts);
    if (result.outcome !== 'finished') throw new Error(JSON.stringify(result));
    const { file } = result;
    await store.adopt(file.path, file.name, file.size);
    await uploads.discard(1n, 1n);
    const check = await verifyBlob(store, { ...file, key: await keys.unwrap(file.wrappedKey) });
    expect(check.state).toBe('sound');
  } finally {
    clearInterval(sampler);
  }
  expect(samples).toBeGreaterThan(10);
  expect(most).toBeLessThanOrEqual(MOST_MIB * MIB);
});
