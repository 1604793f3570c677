import { createHmac, hkdfSync } from 'node:crypto';

/** Length of the secret that the origin shares with one node, in bytes. */
export const NODE_SECRET_BYTES = 32;

/** The keys that the origin and one node derive from their shared secret. No other node has them. */
export interface NodeKeys {
  /** Authenticates messages of the origin and the answers of the node. */
  readonly push: Uint8Array;
  /** Authenticates file tokens and request tokens. */
  readonly token: Uint8Array;
}

/** Derives the keys of one node. @param secret 32 bytes @throws RangeError for another length */
export function deriveNodeKeys(secret: Uint8Array): NodeKeys {
  if (secret.length !== NODE_SECRET_BYTES) throw new RangeError(`the secret of a node has ${NODE_SECRET_BYTES} bytes, not ${secret.length}`);
  const derive = (use: string): Uint8Array => new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(0), `aerogram cdn ${use}`, 32));
  return { push: derive('push'), token: derive('token') };
}

/**
 * HMAC-SHA256 over several byte strings.
 * @param use separates the uses of one key: a MAC made for one is never valid for another
 */
export function macOf(key: Uint8Array, use: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const mac = createHmac('sha256', key).update(`${use}\0`);
  for (const part of parts) mac.update(part);
  return mac.digest();
}
