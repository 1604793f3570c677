import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '@aerogram/runtime';
import { dcOfHomeName } from './certificates.ts';

/** By what a home proves to the others who it is. */
export interface HomeIdentity {
  dc: number;
  /** The certificate of the authority that all homes believe, as PEM. */
  authority: string;
  /** The certificate of this home, and its private key, as PEM. */
  cert: string;
  key: string;
}

/** The file in `keys` that holds the {@link HomeIdentity} as JSON. It must be readable by its owner alone. A server without it is alone. */
export const HOME_IDENTITY_FILE = 'home.json';

/**
 * Reads who this home is.
 * @param keysDir the directory `keys` of the data directory
 * @returns undefined if the server is alone
 * @throws OperatorError naming a file that does not say it
 */
export async function openHomeIdentity(keysDir: string): Promise<HomeIdentity | undefined> {
  const file = join(keysDir, HOME_IDENTITY_FILE);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const identity = parseIdentity(text);
  if (identity === undefined) throw new OperatorError(`${file} is not the identity of a data centre: bring it back from a backup, or ask the first one for another ticket`);
  return identity;
}

function parseIdentity(text: string): HomeIdentity | undefined {
  try {
    const { dc, authority, cert, key } = JSON.parse(text) as Record<keyof HomeIdentity, unknown>;
    if (typeof dc !== 'number' || typeof authority !== 'string' || typeof cert !== 'string' || typeof key !== 'string') return undefined;
    const own = new X509Certificate(cert);
    const isOwn = dcOfHomeName(own.toLegacyObject().subject.CN) === dc && own.checkPrivateKey(createPrivateKey(key));
    return isOwn && own.verify(new X509Certificate(authority).publicKey) ? { dc, authority, cert, key } : undefined;
  } catch {
    // The error of a parser might quote the file, which holds a key.
    return undefined;
  }
}
