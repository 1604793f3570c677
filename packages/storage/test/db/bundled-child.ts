import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';

/** Bundles a program of this folder before the tests of the file, and deletes the bundle after them. @returns its path */
export function useBundledChild(source: string): string {
  const sourceFile = fileURLToPath(new URL(source, import.meta.url));
  const file = fileURLToPath(new URL(`../../../../dist/${path.basename(source, '.ts')}-${process.pid}.js`, import.meta.url));
  beforeAll(async () => {
    // The tool has no types.
    const { bundle } = (await import(new URL('../../../../tools/build.mjs', import.meta.url).href)) as {
      bundle: (source: string, outfile: string) => Promise<{ path: string; contents: Uint8Array }[]>;
    };
    const files = await bundle(sourceFile, file);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, files.find((one) => one.path === file)!.contents);
  });
  afterAll(() => rmSync(file, { force: true }));
  return file;
}
