import { createHmac, timingSafeEqual } from 'node:crypto';

/** Authentication codes by which the server recognises what it has made itself: HMAC-SHA-256, cut to a length. */
export interface KeyedMac {
  /** Version of the key of new codes. */
  readonly newest: number;
  /** The code over these bytes, one part after the other, by the newest key. */
  of(...parts: readonly Uint8Array[]): Buffer;
  /** Whether a code was made over these bytes by the key of a version. Its length must be right. */
  matches(version: number, mac: Uint8Array, ...parts: readonly Uint8Array[]): boolean;
}

/**
 * Creates the codes.
 * @param keys 32-byte keys by version (0–255); new codes use the highest version
 * @param length of the codes in bytes
 */
export function createKeyedMac(keys: ReadonlyMap<number, Uint8Array>, length: number): KeyedMac {
  const newest = Math.max(...keys.keys());
  const compute = (key: Uint8Array, parts: readonly Uint8Array[]): Buffer => {
    const mac = createHmac('sha256', key);
    for (const part of parts) mac.update(part);
    return mac.digest().subarray(0, length);
  };
  return {
    newest,
    of: (...parts) => compute(keys.get(newest)!, parts),
    matches(version, mac, ...parts) {
      const key = keys.get(version);
      return key !== undefined && timingSafeEqual(mac, compute(key, parts));
    },
  };
}
