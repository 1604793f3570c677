import { promisify } from 'node:util';
import { gunzip as gunzipCallback } from 'node:zlib';

const GZIP_HEAD = [0x1f, 0x8b];
/** How many bytes of a file, from its start, {@link isGzip} needs. */
export const GZIP_HEAD_BYTES = GZIP_HEAD.length;

const gunzip = promisify<Uint8Array, { maxOutputLength: number }, Buffer>(gunzipCallback);

/** Whether a file begins as one that was compressed with gzip. Pure. */
export function isGzip(head: Uint8Array): boolean {
  return GZIP_HEAD.every((byte, at) => head[at] === byte);
}

/** Unpacks a file that was compressed with gzip. @throws Error if it is damaged, or longer than `bytesMax` when it is unpacked */
export function unpackGzip(bytes: Uint8Array, bytesMax: number): Promise<Buffer> {
  return gunzip(bytes, { maxOutputLength: bytesMax });
}
