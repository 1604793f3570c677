import { generateKeyPair } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readRsaPrivateKey, type RsaPrivateKey } from '@aerogram/crypto';

/** The RSA keys by which clients recognize a server. */
export interface ServerKeys {
  /** In the order of their file names; `resPQ` names the first one first. */
  keys: readonly RsaPrivateKey[];
  fingerprints: readonly bigint[];
  /** The public keys that clients are configured with: PKCS#1 PEM and fingerprint (signed). */
  publicKeys: readonly { pem: string; fingerprint: bigint }[];
}

const FIRST_KEY = 'server.pem';

/** Callbacks for creating a key when a directory has none. */
export interface KeyCreation {
  /** Rejects if no key may be created. */
  beforeCreating?(): Promise<void>;
  /** Called with the key that was created. */
  created?(key: { file: string; fingerprint: bigint }): void;
}

/**
 * Reads all `*.pem` files of a directory; creates the first key if there is none. Only the owner can read the directory and the key. The
 * file is written completely or not at all, even if the machine crashes meanwhile.
 * @param dir created if it does not exist.
 * @throws Error naming the file that is not an RSA-2048 private key; the error of `beforeCreating`
 */
export async function loadOrCreateServerKeys(dir: string, { beforeCreating, created }: KeyCreation = {}): Promise<ServerKeys> {
  let names = await listKeyFiles(dir);
  if (names.length === 0) {
    await beforeCreating?.();
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const fingerprint = await createKeyFile(dir);
    created?.({ file: join(dir, FIRST_KEY), fingerprint });
    names = [FIRST_KEY];
  }
  const keys = await Promise.all(names.map((name) => readKeyFile(join(dir, name))));
  const byFingerprint = new Map(keys.map((key) => [key.fingerprint, key]));
  const distinct = [...byFingerprint.values()];
  return {
    keys: distinct,
    fingerprints: distinct.map(({ fingerprint }) => fingerprint),
    publicKeys: distinct.map(({ pem, fingerprint }) => ({ pem, fingerprint })),
  };
}

async function listKeyFiles(dir: string): Promise<string[]> {
  let entries: string[] = [];
  try {
    entries = await readdir(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return entries.filter((name) => name.endsWith('.pem')).sort();
}

async function readKeyFile(path: string): Promise<RsaPrivateKey> {
  const pem = await readFile(path, 'utf8');
  try {
    return readRsaPrivateKey(pem);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `${path} is not a PEM file with an RSA private key of 2048 bits (${reason}). ` +
        'Restore it from a backup; if it is removed, a new key is made and clients must be given its public half.',
      { cause },
    );
  }
}

/**
 * Generates an RSA key of 2048 bits whose fingerprint does not start with the hex digit 0: a widely used client looks up keys by a
 * fingerprint printed without leading zeros and would never find such a key.
 */
export async function generateServerKey(): Promise<RsaPrivateKey> {
  for (;;) {
    const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
    const key = readRsaPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs1' }).toString());
    if (BigInt.asUintN(64, key.fingerprint) >> 60n !== 0n) return key;
  }
}

/** @returns the fingerprint of the key */
async function createKeyFile(dir: string): Promise<bigint> {
  const { privatePem, fingerprint } = await generateServerKey();
  const temporary = join(dir, `.${FIRST_KEY}.${process.pid}.tmp`);
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(privatePem);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, join(dir, FIRST_KEY));
  const directory = await open(dir, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
  return fingerprint;
}
