import { sha256Of } from '@aerogram/crypto';

/** SHA-256 of a secret, under which it is kept. Pure. */
export const hashOfSecret = (secret: string): Uint8Array => sha256Of(Buffer.from(secret));
