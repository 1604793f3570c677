import { rmSync } from 'node:fs';
import { bundleProgram } from '@aerogram/dev-env/bundled-program';
import { afterAll, beforeAll } from 'vitest';

/** Bundles a program of this folder before the tests of the file, and deletes the bundle after them. @returns its path */
export function useBundledChild(source: string): () => string {
  let file = '';
  beforeAll(async () => {
    file = await bundleProgram(new URL(source, import.meta.url));
  });
  afterAll(() => rmSync(file, { force: true }));
  return () => file;
}
