import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The built file of a worker thread, by the name of its entry in tools/build.mjs. It is next to the running bundle in `dist/`; when running
 * from source (tests), in the `dist/` of the repository.
 * @throws Error when the file was not built
 */
export function workerFile(name: string): string {
  const candidates = [`./${name}.js`, `../../../dist/${name}.js`].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  const found = candidates.find((path) => existsSync(path));
  if (found === undefined) throw new Error(`worker "${name}" is not built; run: npm run build`);
  return found;
}
