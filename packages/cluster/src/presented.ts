// Ids and tokens that clients present alone, without the peer that they belong to. They name their home themselves, so that any data centre
// knows where to ask. Those made before they did so are looked up in the data centre that was asked, where they all are.
import type { Random } from '@aerogram/runtime';

import { withDcBits } from './ids.ts';

/**
 * A new id of a thing that clients name by its id alone: a document, photo, wallpaper or web page. It cannot be guessed, hardly ever repeats, and ends in the bits of its home.
 * @param dc 1 … 5
 */
export function newPresentedId(random: Random, dc: number): bigint {
  return withDcBits(random.int63(), dc);
}

/**
 * A new token, which cannot be guessed. Its first byte is the number of its home.
 * @param length in bytes, that first byte included
 * @param dc 1 … 5
 */
export function newPresentedToken(random: Random, length: number, dc: number): Uint8Array {
  const token = random.bytes(length);
  token[0] = dc;
  return token;
}
