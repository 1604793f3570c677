import { rsaPadOpen, sha1PadOpen } from '@aerogram/crypto';

/** Constructors of `P_Q_inner_data`, each with the number of bytes after pq, p and q. */
const TAILS = new Map<number, number>([
  [0x83c95aec, 64], // p_q_inner_data: nonce, server_nonce, new_nonce
  [0xa9f55f95, 68], // p_q_inner_data_dc: … dc
  [0x3c6a84d4, 68], // p_q_inner_data_temp: … expires_in
  [0x56fddf88, 72], // p_q_inner_data_temp_dc: … dc, expires_in
]);

/**
 * Finds the length of the `P_Q_inner_data` at the start of the bytes. Padding follows it, and the worker that decrypts it has no TL reader.
 * @returns undefined when there is none.
 */
export function innerDataLength(bytes: Uint8Array): number | undefined {
  if (bytes.length < 4) return undefined;
  const tail = TAILS.get(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true));
  if (tail === undefined) return undefined;
  let at = 4;
  for (let number = 0; number < 3; number++) {
    const length = bytes[at];
    // pq, p and q have 8 and 4 bytes, so the long form of a TL string cannot occur.
    if (length === undefined || length > 16) return undefined;
    at += (length + 4) & ~3;
  }
  return at + tail <= bytes.length ? at + tail : undefined;
}

/**
 * Extracts the inner data from a block decrypted by raw RSA, with RSA_PAD or the older padding.
 * @param block 256 bytes.
 * @returns the TL bytes of `P_Q_inner_data`, or undefined when neither hash matches.
 */
export function openInnerData(block: Uint8Array): Uint8Array | undefined {
  const padded = rsaPadOpen(block);
  if (padded === undefined) return sha1PadOpen(block, innerDataLength);
  const length = innerDataLength(padded);
  return length === undefined ? undefined : padded.slice(0, length);
}
