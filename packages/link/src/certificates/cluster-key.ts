import { createPrivateKey, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { linkExclusively, OperatorError, syncDirectory } from '@aerogram/runtime';

/**
 * The file in `keys` whose key signs the certificates of all nodes. It does not end in `.pem`, because all files that do are read as keys
 * of the server to its clients.
 */
export const CLUSTER_KEY_FILE = 'cluster.key';

/**
 * Reads the key of the cluster from a directory that all nodes have a copy of. If it is absent, the first node makes it, readable by its owner alone. Of several processes
 * that make it at once, all get the same.
 * @param directory created if it does not exist
 * @param options.hasOthers other nodes have a key already
 * @throws OperatorError naming a file that is not such a key, or is absent although others have it
 */
export async function openClusterKey(directory: string, { hasOthers = false }: { hasOthers?: boolean } = {}): Promise<KeyObject> {
  const file = join(directory, CLUSTER_KEY_FILE);
  const key = await readKey(file);
  if (key) return key;
  if (hasOthers) throw new OperatorError(`there is no ${file}, but other nodes serve from this database: copy their directory of keys`);
  return makeKey(directory, file);
}

async function readKey(file: string): Promise<KeyObject | undefined> {
  let pem: string;
  try {
    pem = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key;
  } catch {
    // The error of the parser says nothing that helps, and might quote the file.
  }
  throw new OperatorError(`${file} is not a private key on the curve P-256: copy it from another node, or remove it on all nodes and have the first one that starts make a new one`);
}

async function makeKey(directory: string, file: string): Promise<KeyObject> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const draft = `${file}.${randomUUID()}`;
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(privateKey.export({ type: 'pkcs8', format: 'pem' }));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await linkExclusively(draft, file);
    await syncDirectory(directory);
  } finally {
    await rm(draft, { force: true });
  }
  const key = await readKey(file);
  if (!key) throw new OperatorError(`${file} disappeared while it was being made`);
  return key;
}
