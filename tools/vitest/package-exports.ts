import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vitest/config';

/**
 * A plugin that does nothing. Vitest keeps transformed modules between runs, with the files to which their imports led, under a key that has the names of all plugins in it. Where the import of
 * a package leads depends on its package.json, too, so this name changes with these.
 */
export function packageExports(): Plugin {
  const hash = createHash('sha1');
  for (const area of ['packages', 'apps']) {
    for (const name of readdirSync(area).toSorted()) {
      const file = join(area, name, 'package.json');
      if (existsSync(file)) hash.update(file).update(readFileSync(file));
    }
  }
  return { name: `package-exports-${hash.digest('hex')}` };
}
