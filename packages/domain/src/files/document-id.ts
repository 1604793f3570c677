import type { Random } from '@aerogram/runtime';

/** The last bits of a document id name its home DC, as those of a peer's id do. */
const DC_BITS = 3n;

/** An id that cannot be guessed and hardly ever repeats, which ends in the bits of its DC. */
export function newDocumentId(random: Random, dc: number): bigint {
  return ((random.int63() >> DC_BITS) << DC_BITS) | BigInt(dc);
}
