import { equalBytes } from '@aerogram/crypto';
import { macOf } from './node-keys.ts';

/** Length of the name under which one node knows a file in one epoch, in bytes. */
export const FILE_ID_BYTES = 16;
/** For how long the origin makes file tokens valid, in seconds. It is less than nodes allow, so that the clock of a node may differ. */
export const TOKEN_S = 1800;
/** No token is valid for longer, in seconds: a node remembers for this long which files it has to forget. */
export const MAX_TOKEN_S = 3600;

/** What a file token says to a node. */
export interface FileToken {
  /** 16 bytes that look random: they say nothing about the file, and each node and epoch has other ones. */
  fileId: Uint8Array;
  /** Size of the file in bytes. */
  size: number;
  /** Unix seconds; the token is not valid any more from then on. */
  expires_date: number;
  /** For the origin alone, encrypted by it. Nodes ignore it. */
  sealed: Uint8Array;
}

const VERSION = 1;
const HEAD_BYTES = 1 + FILE_ID_BYTES + 8 + 4;
const MAC_BYTES = 16;
const MAX_SEALED_BYTES = 256;

/**
 * Writes a file token: version, file id, size, expiry date, what is sealed for the origin, and a MAC over all of it.
 * @param key the token key of the node for which the token is made
 */
export function writeFileToken(key: Uint8Array, { fileId, size, expires_date, sealed }: FileToken): Uint8Array {
  if (fileId.length !== FILE_ID_BYTES || sealed.length > MAX_SEALED_BYTES) throw new RangeError('a file token does not hold this');
  const bytes = Buffer.alloc(HEAD_BYTES + sealed.length + MAC_BYTES);
  bytes[0] = VERSION;
  bytes.set(fileId, 1);
  bytes.writeBigUInt64BE(BigInt(size), 1 + FILE_ID_BYTES);
  bytes.writeUInt32BE(expires_date, 9 + FILE_ID_BYTES);
  bytes.set(sealed, HEAD_BYTES);
  const end = HEAD_BYTES + sealed.length;
  bytes.set(macOf(key, 'file token', bytes.subarray(0, end)).subarray(0, MAC_BYTES), end);
  return bytes;
}

/**
 * Reads a file token.
 * @param now Unix seconds
 * @returns undefined when it was not made for the node with this key, was changed, has expired, or is valid for longer than any token may be
 */
export function readFileToken(key: Uint8Array, token: Uint8Array, now: number): FileToken | undefined {
  const end = token.length - MAC_BYTES;
  if (end < HEAD_BYTES || end > HEAD_BYTES + MAX_SEALED_BYTES || token[0] !== VERSION) return undefined;
  const mac = macOf(key, 'file token', token.subarray(0, end)).subarray(0, MAC_BYTES);
  if (!equalBytes(mac, token.subarray(end))) return undefined;
  const view = new DataView(token.buffer, token.byteOffset, token.length);
  const expires_date = view.getUint32(9 + FILE_ID_BYTES);
  if (expires_date <= now || expires_date > now + MAX_TOKEN_S) return undefined;
  const size = Number(view.getBigUint64(1 + FILE_ID_BYTES));
  return { fileId: Uint8Array.from(token.subarray(1, 1 + FILE_ID_BYTES)), size, expires_date, sealed: Uint8Array.from(token.subarray(HEAD_BYTES, end)) };
}

const REQUEST_BYTES = 1 + 4 + 4;
/** How long a request token is valid, in seconds: clients pass it on at once. */
const REQUEST_TOKEN_S = 300;

/**
 * Writes the request token of upload.cdnFileReuploadNeeded, with which a node says which window it lacks.
 * @param now Unix seconds
 */
export function writeRequestToken(key: Uint8Array, fileId: Uint8Array, window: number, now: number): Uint8Array {
  const bytes = Buffer.alloc(REQUEST_BYTES + MAC_BYTES);
  bytes[0] = VERSION;
  bytes.writeUInt32BE(window, 1);
  bytes.writeUInt32BE(now, 5);
  bytes.set(macOf(key, 'request token', fileId, bytes.subarray(0, REQUEST_BYTES)).subarray(0, MAC_BYTES), REQUEST_BYTES);
  return bytes;
}

/** What a request token says. */
export interface RequestToken {
  /** Index of the window that the node lacked. */
  window: number;
  /** When the node wrote it, by its own clock, in Unix seconds. */
  date: number;
}

/**
 * Reads a request token.
 * @param fileId of the file token that came with it
 * @param now Unix seconds
 * @returns undefined when the node did not write the token for this file, or it is too old
 */
export function readRequestToken(key: Uint8Array, fileId: Uint8Array, token: Uint8Array, now: number): RequestToken | undefined {
  if (token.length !== REQUEST_BYTES + MAC_BYTES || token[0] !== VERSION) return undefined;
  const mac = macOf(key, 'request token', fileId, token.subarray(0, REQUEST_BYTES)).subarray(0, MAC_BYTES);
  if (!equalBytes(mac, token.subarray(REQUEST_BYTES))) return undefined;
  const view = new DataView(token.buffer, token.byteOffset, token.length);
  // The clocks of the node and the origin may differ.
  const date = view.getUint32(5);
  if (Math.abs(now - date) > REQUEST_TOKEN_S) return undefined;
  return { window: view.getUint32(1), date };
}
