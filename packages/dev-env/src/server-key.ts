import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateServerKey } from '@aerogram/mtproto';

let made: Promise<string> | undefined;

/** Gives a new data directory an RSA key, so that its server need not generate one, which takes some 100 ms. All servers of a process get the same key. */
export async function placeServerKey(dataDir: string): Promise<void> {
  made ??= generateServerKey().then(({ privatePem }) => privatePem);
  const folder = join(dataDir, 'keys');
  await mkdir(folder, { mode: 0o700 });
  await writeFile(join(folder, 'server.pem'), await made, { mode: 0o600 });
}

/** Gives the data directory of a node the keys of another one, because a node that joins others makes none. */
export async function copyKeys(from: string, to: string): Promise<void> {
  await cp(join(from, 'keys'), join(to, 'keys'), { recursive: true });
}
