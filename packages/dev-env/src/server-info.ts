import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServerFile } from '@aerogram/runtime';

/** The content of `<data-dir>/server.json`: everything that a client needs to connect. */
export type ServerInfo = ServerFile;

/**
 * The directory of the repository: the nearest one above this file whose package.json is the workspace root. It is searched for, because
 * the code runs from `src` in tests and from a bundle elsewhere.
 */
export function findRepositoryRoot(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const manifest = join(directory, 'package.json');
    if (existsSync(manifest) && (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }).name === 'aerogram') {
      return directory;
    }
    const parent = dirname(directory);
    if (parent === directory) throw new Error('the root of the repository was not found above this file');
    directory = parent;
  }
}
