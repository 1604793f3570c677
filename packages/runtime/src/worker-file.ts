import { findBuilt } from './find-built.ts';

/**
 * The built file of a worker thread, by the name of its entry in tools/build.mjs.
 * @throws Error when the file was not built
 */
export function workerFile(name: string): string {
  const found = findBuilt(`${name}.js`);
  if (found === undefined) throw new Error(`worker "${name}" is not built; run: npm run build`);
  return found;
}
