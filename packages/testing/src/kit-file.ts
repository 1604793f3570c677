import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CloudError } from './control/cloud-error.ts';

/** Where the program of the server is: beside this file in the published package, in `dist` in the repository. */
const PLACES = ['./kit.js', '../../../dist/kit.js'];

/** Finds the program of the server. @throws CloudError `start` if it is missing */
export function findKitFile(): string {
  const files = PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const found = files.find((file) => existsSync(file));
  if (found === undefined) throw new CloudError('start', `the program of the server is missing: ${files.join(' or ')} (in the repository, npm run build makes it)`);
  return found;
}
