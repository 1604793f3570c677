import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

let folder: string | undefined;

/**
 * Finds the folder of bundled data files: beside the program in the package for tests, otherwise in the repository, for the build in `dist/` and for the sources.
 * @throws Error when the folder is missing
 */
export function findAssets(): string {
  const candidates = ['./assets', '../packages/domain/assets', '../../assets'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  folder ??= candidates.find((path) => existsSync(path));
  if (folder === undefined) throw new Error('the folder packages/domain/assets is missing');
  return folder;
}
