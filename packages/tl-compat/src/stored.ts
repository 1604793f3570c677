import { LAYER, MAX_DEPTH, TlError, TlReader, type tl } from '@aerogram/tl';
import { codecFor } from './codec-for.ts';
import { REQUEST_READERS } from './request-table.ts';

const PREFIX = 2;
/** Older programs stored parts of requests, with the maximum depth of requests, inside other objects. */
const STORED_DEPTH = 2 * MAX_DEPTH;

/**
 * The layer in whose form objects are stored, and sent to other nodes and homes: that of the last release, which may serve beside this program and reads no newer
 * one. What this layer lacks cannot be stored. The release after a new layer raises it.
 */
export const STORED_LAYER = 228;

/** Encodes an object for a database column: the layer of its form (u16, little endian), then TL. */
export function storedEncode(value: tl.AnyObject): Uint8Array {
  const body = codecFor(STORED_LAYER).encode(value);
  const out = new Uint8Array(PREFIX + body.length);
  out[0] = STORED_LAYER & 0xff;
  out[1] = STORED_LAYER >> 8;
  out.set(body, PREFIX);
  return out;
}

/**
 * Decodes what {@link storedEncode} wrote, perhaps in an older program, into its newest form. Throws {@link TlError} for bytes of a newer
 * layer and for malformed ones.
 */
export function storedDecode(bytes: Uint8Array): tl.AnyObject {
  if (bytes.length < PREFIX) throw new TlError('truncated');
  const layer = bytes[0]! | (bytes[1]! << 8);
  if (layer > LAYER) throw new TlError('bad_value', `stored at layer ${layer}, this program knows ${LAYER}`);
  const reader = new TlReader(bytes.subarray(PREFIX), { table: REQUEST_READERS, maxDepth: STORED_DEPTH });
  const value = reader.boxed<tl.AnyObject>();
  reader.checkEnd();
  return value;
}
