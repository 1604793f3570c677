import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Returns the path of something that the build made, by its path in `dist/`. It is next to the running bundle there; when running from source
 * (tests), it is in the `dist/` of the repository.
 * @returns undefined if it was not built
 */
export function findBuilt(path: string): string | undefined {
  const candidates = [`./${path}`, `../../../dist/${path}`].map((candidate) => fileURLToPath(new URL(candidate, import.meta.url)));
  return candidates.find((candidate) => existsSync(candidate));
}
