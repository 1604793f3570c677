import { sha256Of } from '@aerogram/crypto';

/** SHA-256 of a secret. The database stores only the hash, and finds the secret by it. Pure. */
export const hashOfSecret = (secret: string | Uint8Array): Uint8Array => sha256Of(typeof secret === 'string' ? Buffer.from(secret) : secret);
