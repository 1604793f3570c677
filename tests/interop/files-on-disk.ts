import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

/** Files of a test, in a directory of its own. */
export interface Disk {
  pathOf(name: string): string;
  /** Writes a file with random bytes. */
  makeFile(name: string, size: number): Promise<{ path: string; bytes: Buffer }>;
}

/** Creates a directory before the tests of the file, and deletes it after the last one. */
export function useDisk(): Disk {
  let directory = '';
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'aerogram-interop-files-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));
  return {
    pathOf: (name) => join(directory, name),
    async makeFile(name, size) {
      const path = join(directory, name);
      const bytes = randomBytes(size);
      await writeFile(path, bytes);
      return { path, bytes };
    },
  };
}

export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Writes a large file with random bytes. @returns the hash of its content */
export async function makeLargeFile(path: string, megabytes: number): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'w');
  try {
    for (let n = 0; n < megabytes; n++) {
      const bytes = randomBytes(1_000_000);
      hash.update(bytes);
      await file.writeFile(bytes);
    }
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}

export async function hashOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path)) hash.update(bytes as Buffer);
  return hash.digest('hex');
}
