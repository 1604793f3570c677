/** The bit in which the id of a thumbnail differs from that of its document. The view `document_uses` knows it, too. */
export const THUMB_BIT = 1n << 62n;

/**
 * The id of the row that has the thumbnail of a document. The thumbnail is stored as a photo, to which every message with the document refers as well. It
 * needs no id of its own in the document, because clients name a thumbnail by its document. Pure.
 */
export function thumbIdOf(documentId: bigint): bigint {
  return documentId ^ THUMB_BIT;
}
