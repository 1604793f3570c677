import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { NODE_SECRET_BYTES } from '@aerogram/cdn-protocol';
import { loadOrCreateServerKeys, type ServerKeys } from '@aerogram/mtproto';
import { type Endpoint, OperatorError, type ServerPublicKey, writeJsonFile } from '@aerogram/runtime';

/** What a ready node writes about itself to `<data-dir>/cdn.json`. Nothing in it is secret. */
export interface CdnFile {
  pid: number;
  /** The fingerprint of its RSA key in hex, so it stays the same over restarts. */
  id: string;
  client: Endpoint;
  push: Endpoint;
  public_key: ServerPublicKey;
}

const INFO_FILE = 'cdn.json';
/** Holds the secret that the node shares with its origin, in hex. */
const SECRET_FILE = 'push.secret';

/** What a node keeps on its disk. */
export interface NodeIdentity {
  id: string;
  keys: ServerKeys;
  secret: Uint8Array;
}

/** Reads the RSA key and the secret of a node, or creates them in its directory, which exists. @throws OperatorError for a secret that is none */
export async function openIdentity(dataDir: string): Promise<NodeIdentity> {
  const keys = await loadOrCreateServerKeys(join(dataDir, 'keys'));
  const id = BigInt.asUintN(64, keys.fingerprints[0]!).toString(16).padStart(16, '0');
  return { id, keys, secret: await openSecret(join(dataDir, SECRET_FILE)) };
}

async function openSecret(path: string): Promise<Uint8Array> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    text = await createSecret(path);
  }
  return parseSecret(path, text);
}

function parseSecret(path: string, text: string): Uint8Array {
  const hex = text.trim();
  const secret = Buffer.from(hex, 'hex');
  // Bytes after something else than hex would be left out without a word.
  if (secret.length !== NODE_SECRET_BYTES || hex.length !== 2 * NODE_SECRET_BYTES) {
    throw new OperatorError(`${path} is not a secret of ${NODE_SECRET_BYTES} bytes in hex: delete it, start the node, and add the node to its server again`);
  }
  return secret;
}

async function createSecret(path: string): Promise<string> {
  const text = `${randomBytes(NODE_SECRET_BYTES).toString('hex')}\n`;
  const draft = `${path}.${process.pid}.tmp`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  return text;
}

/** Says that the node is ready. */
export function writeCdnFile(dataDir: string, file: CdnFile): void {
  writeJsonFile(dataDir, INFO_FILE, file);
}

/** Says that the node serves no more. */
export function removeCdnFile(dataDir: string): Promise<void> {
  return rm(join(dataDir, INFO_FILE), { force: true });
}

/** What the directory of a node says about it. */
export interface NodeDirectory {
  file: CdnFile;
  /** 32 bytes, which the node shares with its server. */
  secret: Uint8Array;
}

function parseCdnFile(path: string, text: string): CdnFile {
  let file: Partial<CdnFile> | null;
  try {
    file = JSON.parse(text) as Partial<CdnFile> | null;
  } catch {
    file = null;
  }
  const { id, client, push, public_key: key } = file ?? {};
  const isWhole = [id, client?.host, push?.host, key?.pem, key?.fingerprint].every((part) => typeof part === 'string');
  if (!isWhole) throw new OperatorError(`${path} is not the file that a node writes when it is ready: copy it again`);
  return file as CdnFile;
}

/** Reads the directory of a node that is ready, for its server. @throws OperatorError when there is no such node, or its files are broken */
export async function readNodeDirectory(dataDir: string): Promise<NodeDirectory> {
  const path = join(dataDir, SECRET_FILE);
  try {
    const [file, secret] = await Promise.all([readFile(join(dataDir, INFO_FILE), 'utf8'), readFile(path, 'utf8')]);
    return { file: parseCdnFile(join(dataDir, INFO_FILE), file), secret: parseSecret(path, secret) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new OperatorError(`${dataDir} has no ${INFO_FILE} and ${SECRET_FILE}: start the node with "aerogram cdn serve", or copy both files from its machine`);
  }
}
