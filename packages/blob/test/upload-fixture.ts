import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createFakeClock, seededRandom } from '@aerogram/runtime';
import { DirectoryStore, MasterKeyText, MasterKeys, Uploads, cryptBlob, fileIdentity, hashBlocks } from '../src/index.ts';
import type { FinishedUpload, UploadsOptions } from '../src/index.ts';

export const KIB = 1024;
export const MASTER_KEY = 'ab'.repeat(32);

/** A directory of uploads with its keys and a store, for one test. */
export async function createFixture(options: Partial<UploadsOptions> = {}) {
  const dir = mkdtempSync(path.join(tmpdir(), 'aerogram-uploads-'));
  const random = seededRandom(dir);
  const clock = createFakeClock();
  const keys = await MasterKeys.open(new MasterKeyText(MASTER_KEY, 'the test'), random);
  const root = path.join(dir, 'uploads');
  const settings = { root, keys, random, clock, maxParts: 4000, maxBytesPerUser: 2 ** 32, maxUploadsPerUser: 64, ...options };
  const uploads = await Uploads.open(settings);
  const store = await DirectoryStore.open(path.join(dir, 'blobs'));
  return {
    dir,
    root,
    random,
    clock,
    keys,
    uploads,
    store,
    settings,
    /** Stores a finished upload and returns its plain bytes. */
    async readBack(file: FinishedUpload): Promise<Buffer> {
      await store.adopt(file.path, file.name, file.size);
      const bytes = cryptBlob(await keys.unwrap(file.wrappedKey), 0, await store.read(file.name, 0, file.size));
      return Buffer.from(bytes);
    },
    async [Symbol.asyncDispose]() {
      await uploads[Symbol.asyncDispose]();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** The parts of a file, by number. */
export function splitFile(bytes: Uint8Array, partSize: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / partSize) }, (_, part) => bytes.subarray(part * partSize, (part + 1) * partSize));
}

/** Computes the identity (see `fileIdentity`) that a finished upload of these bytes must have. */
export function identityOf(bytes: Uint8Array): Uint8Array {
  return fileIdentity(bytes.length, hashBlocks(bytes));
}
