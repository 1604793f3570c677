import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Bundles a TypeScript program for a test that runs it as a process of its own.
 * @param source URL of the source file
 * @returns path of the bundle, which the test deletes
 */
export async function bundleProgram(source: URL): Promise<string> {
  const sourceFile = fileURLToPath(source);
  const name = `${path.basename(sourceFile, '.ts')}-${process.pid}.js`;
  const file = fileURLToPath(new URL(`../../../dist/${name}`, import.meta.url));
  // The tool has no types.
  const { bundle } = (await import(new URL('../../../tools/build.mjs', import.meta.url).href)) as {
    bundle: (source: string, outfile: string) => Promise<{ path: string; contents: Uint8Array }[]>;
  };
  const files = await bundle(sourceFile, file);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, files.find((one) => one.path === file)!.contents);
  return file;
}
