import { lstatSync, mkdirSync, statSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { CloudError } from '../control/cloud-error.ts';

/**
 * The folder of templates and of the data of running clouds. Its path is short, because the database has a socket below it.
 * @param given by the caller; a folder of this user among the temporary files by default
 * @throws CloudError `start` if it belongs to somebody else, who could change what the server reads
 */
export function openCacheFolder(given: string | undefined): string {
  const uid = process.geteuid?.();
  const folder = resolve(given ?? join(tmpdir(), `aerogram-testing-${uid ?? userInfo().username}`));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Anybody can put a link among the temporary files; one in a path that the caller gave is meant.
  const stat = given === undefined ? lstatSync(folder) : statSync(folder);
  if (!stat.isDirectory()) throw new CloudError('start', `${folder} is no folder`);
  if (given === undefined && uid !== undefined && stat.uid !== uid) {
    throw new CloudError('start', `${folder} belongs to user ${stat.uid}: choose another folder with cacheDir`);
  }
  return folder;
}
