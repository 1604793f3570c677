import { createHash } from 'node:crypto';
import type { RandomBytes } from '../src/index.ts';

/** The same bytes in every run. */
export function seeded(seed: string): RandomBytes {
  let counter = 0;
  return {
    bytes(length) {
      const result = new Uint8Array(length);
      for (let at = 0; at < length; at += 32) {
        result.set(createHash('sha256').update(`${seed}:${counter++}`).digest().subarray(0, length - at), at);
      }
      return result;
    },
  };
}
