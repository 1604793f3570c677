import { createCipheriv } from 'node:crypto';
import type { Cipher } from 'node:crypto';

import { loadSecretKeys, type SecretKeyDeps } from './secret-key-store.ts';

/** The kinds of object that an access hash gives access to. A hash of one kind is not valid for another. */
export type AccessKind = 'user' | 'user_min' | 'channel' | 'channel_min' | 'document' | 'photo' | 'sticker_set' | 'wallpaper' | 'secret_file';

const KIND_BYTE: Record<AccessKind, number> = { user: 1, user_min: 2, channel: 3, channel_min: 4, document: 5, photo: 6, sticker_set: 7, wallpaper: 8, secret_file: 9 };
/** Number of low bits that hold the key's version. */
const VERSION_BITS = 4;

const VERSION_MASK = (1 << VERSION_BITS) - 1;
/** AES block size in bytes. */
const BLOCK = 16;
/** Length of an AES key. */
const KEY_BYTES = 16;

const HASH_BYTES = 8;

/**
 * Access hashes (rule P21, access hashes): a keyed hash over (kind, viewer, target), so that checking one needs no database read. The low 4 bits hold the
 * version of the key. Rotation adds a new version, and old hashes stay valid.
 */
export interface AccessHashes {
  /** The hash with which `viewerId` can refer to `targetId`, made with the newest key. */
  of(kind: AccessKind, viewerId: bigint, targetId: bigint): bigint;
  /** The hashes for many targets, in the given order. Much faster than calling {@link AccessHashes.of} for each. */
  ofAll(kind: AccessKind, viewerId: bigint, targetIds: readonly bigint[]): bigint[];
  /** The hashes with which each of these viewers can refer to one target: eight bytes each, little-endian as in TL. One call of the cipher. */
  ofViewers(kind: AccessKind, viewerIds: readonly bigint[], targetId: bigint): Buffer;
  /** Whether `hash` was made by {@link AccessHashes.of} with any of the stored keys. */
  matches(kind: AccessKind, viewerId: bigint, targetId: bigint, hash: bigint): boolean;
}

/**
 * Creates the hash functions. One AES block holds kind (1 byte), viewer (7 bytes) and target (8 bytes). AES serves as the PRF, and 60 bits
 * of its output are used.
 * @param keys 16-byte AES keys by version (0–15); new hashes use the highest version
 */
export function createAccessHashes(keys: ReadonlyMap<number, Uint8Array>): AccessHashes {
  const ciphers = new Map<number, Cipher>();
  for (const [version, key] of keys) {
    if (version < 0 || version > 15 || key.length !== KEY_BYTES) throw new Error(`access hash key ${version} is not usable`);
    ciphers.set(version, createCipheriv('aes-128-ecb', key, null).setAutoPadding(false));
  }
  const newest = Math.max(...keys.keys());
  /** Computes a hash for each pair. @returns blocks that begin with a hash, big-endian; undefined if there is no key of the version */
  const computeBlocks = (version: number, kind: AccessKind, count: number, pairAt: (n: number) => readonly [viewerId: bigint, targetId: bigint]): DataView | undefined => {
    const cipher = ciphers.get(version);
    if (!cipher) return undefined;
    const blocks = Buffer.allocUnsafe(count * BLOCK);
    const asked = new DataView(blocks.buffer, blocks.byteOffset, blocks.length);
    for (let n = 0; n < count; n++) {
      const [viewerId, targetId] = pairAt(n);
      asked.setBigInt64(n * BLOCK, viewerId);
      asked.setUint8(n * BLOCK, KIND_BYTE[kind]);
      asked.setBigInt64(n * BLOCK + 8, targetId);
    }
    const out = cipher.update(blocks);
    const answered = new DataView(out.buffer, out.byteOffset, out.length);
    for (let n = 0; n < count; n++) {
      // Sets the version in the bytes, because arithmetic on a bigint would allocate another one at each step.
      const low = n * BLOCK + 7;
      answered.setUint8(low, (answered.getUint8(low) & ~VERSION_MASK) | version);
    }
    return answered;
  };
  const compute = (version: number, kind: AccessKind, viewerId: bigint, targetIds: readonly bigint[]): bigint[] => {
    const answered = computeBlocks(version, kind, targetIds.length, (n) => [viewerId, targetIds[n]!]);
    return answered === undefined ? [] : targetIds.map((_, n) => answered.getBigInt64(n * BLOCK));
  };

  return {
    of(kind, viewerId, targetId) {
      const [hash] = compute(newest, kind, viewerId, [targetId]);
      if (hash === undefined) throw new Error('no access hash key');
      return hash;
    },
    ofAll: (kind, viewerId, targetIds) => compute(newest, kind, viewerId, targetIds),
    ofViewers(kind, viewerIds, targetId) {
      const answered = computeBlocks(newest, kind, viewerIds.length, (n) => [viewerIds[n]!, targetId]);
      if (answered === undefined) throw new Error('no access hash key');
      const hashes = Buffer.allocUnsafe(viewerIds.length * HASH_BYTES);
      for (let at = 0; at < hashes.length; at++) hashes[at] = answered.getUint8((at >> 3) * BLOCK + 7 - (at & 7));
      return hashes;
    },
    matches(kind, viewerId, targetId, hash) {
      // Both values fit into 64 bits and are compared at once, so timing reveals nothing about single digits.
      return compute(Number(BigInt.asUintN(VERSION_BITS, hash)), kind, viewerId, [targetId])[0] === hash;
    },
  };
}

/** Loads this data centre's access hash keys, and creates the first key on the first start. */
export async function loadAccessHashes(deps: SecretKeyDeps): Promise<AccessHashes> {
  return createAccessHashes(await loadSecretKeys(deps, 'access_hash', KEY_BYTES));
}
