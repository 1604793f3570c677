import type { Random } from '@aerogram/runtime';

/** The last bits of a document id name its home DC, as those of a peer's id do. */
const DC_BITS = 3n;

/** The bit in which the id of a thumbnail differs from that of its document. The view `document_uses` knows it, too. */
export const THUMB_BIT = 1n << 62n;

/**
 * The id of the row that has the thumbnail of a document. The thumbnail is stored as a photo, to which every message with the document refers as well. It
 * needs no id of its own in the document, because clients name a thumbnail by its document. Pure.
 */
export function thumbIdOf(documentId: bigint): bigint {
  return documentId ^ THUMB_BIT;
}

/** An id that cannot be guessed and hardly ever repeats, which ends in the bits of its DC. */
export function newDocumentId(random: Random, dc: number): bigint {
  return ((random.int63() >> DC_BITS) << DC_BITS) | BigInt(dc);
}
