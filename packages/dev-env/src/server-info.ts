import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServerFile } from '@aerogram/runtime';

/** What a ready server writes to `<data-dir>/server.json`: all that a client needs in order to connect. */
export type ServerInfo = ServerFile;

/**
 * Directory of the repository: the nearest one above this file whose package.json is the workspace root.
 * Found by looking, because the code runs from `src` in tests and from a bundle elsewhere.
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
