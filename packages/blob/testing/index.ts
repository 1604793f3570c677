import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Clock, Random } from '@aerogram/runtime';
import { DirectoryStore, MasterKeys, Uploads } from '../src/index.ts';

/** Uploads, a store and keys in a directory of their own. */
export interface TestFiles extends AsyncDisposable {
  uploads: Uploads;
  store: DirectoryStore;
  keys: MasterKeys;
  /** The master keys that `keys` reads; a test may change them. */
  masterKeys: Uint8Array[];
}

/** Opens empty places for files. Disposing deletes them. */
export async function openTestFiles({ clock, random }: { clock: Clock; random: Random }): Promise<TestFiles> {
  const directory = await mkdtemp(path.join(tmpdir(), 'aerogram-files-'));
  const masterKeys: Uint8Array[] = [Buffer.alloc(32, 0xab)];
  const keys = await MasterKeys.open({ description: 'the test', read: () => Promise.resolve([...masterKeys]) }, random);
  const uploads = await Uploads.open({ root: path.join(directory, 'uploads'), keys, random, clock, maxParts: 4000, maxBytesPerUser: 2 ** 32, maxUploadsPerUser: 64 });
  return {
    uploads,
    store: await DirectoryStore.open(path.join(directory, 'blobs')),
    keys,
    masterKeys,
    async [Symbol.asyncDispose]() {
      await uploads[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
