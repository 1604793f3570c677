import { readFile } from 'node:fs/promises';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a ready server writes to `<data-dir>/server.json`: all that a client needs in order to connect. */
export interface ServerInfo {
  pid: number;
  dc_id: number;
  mtproto: { host: string; port: number };
  http: { host: string; port: number };
  /** RSA keys, PKCS#1 PEM, fingerprint as a signed decimal string. */
  public_keys: { pem: string; fingerprint: string }[];
  layer: number;
  test_mode: boolean;
}

/**
 * Reads and checks `server.json`.
 *
 * @param dataDir data directory of the server
 * @returns the parsed file, or undefined while it is not there
 * @throws when the file lacks what a client needs: it is written atomically, so a partial file is a defect
 */
export async function readServerInfo(dataDir: string): Promise<ServerInfo | undefined> {
  let text: string;
  try {
    text = await readFile(join(dataDir, 'server.json'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const info = JSON.parse(text) as ServerInfo;
  if (!(info.pid > 0) || !(info.mtproto?.port > 0) || !(info.http?.port > 0) || !info.public_keys?.length) {
    throw new Error(`server.json of ${dataDir} lacks pid, mtproto, http or public_keys`);
  }
  return info;
}

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
