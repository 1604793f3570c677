const CDN_FILE = 0xa99fca4f;

/**
 * Encodes upload.cdnFile into one array, without a copy of the part in between.
 * @param length of the part in bytes
 * @param copy writes the whole part: what it leaves out would show other memory of the process
 */
export function encodeCdnFile(length: number, copy: (target: Uint8Array) => void): Uint8Array {
  const head = length < 254 ? 1 : 4;
  // Not filled with zeros first, because the part is written over nearly all of it.
  const bytes = Buffer.allocUnsafeSlow(4 + ((head + length + 3) & ~3));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, CDN_FILE, true);
  if (head === 1) view.setUint8(4, length);
  else view.setUint32(4, ((length << 8) | 0xfe) >>> 0, true);
  copy(bytes.subarray(4 + head, 4 + head + length));
  bytes.fill(0, 4 + head + length);
  return bytes;
}
