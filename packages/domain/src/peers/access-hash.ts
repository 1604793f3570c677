import { createCipheriv } from 'node:crypto';
import type { Cipher } from 'node:crypto';

import type { Random } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

/** What an access hash opens. Each kind is a domain of its own: a hash of one is worth nothing in another. */
export type AccessKind = 'user' | 'user_min' | 'channel' | 'channel_min' | 'document' | 'photo' | 'sticker_set';

const KIND_BYTE: Record<AccessKind, number> = { user: 1, user_min: 2, channel: 3, channel_min: 4, document: 5, photo: 6, sticker_set: 7 };
/** The key's version, in the low bits. */
const VERSION_BITS = 4;
const VERSION_MASK = (1 << VERSION_BITS) - 1;
/** Bytes that AES takes at a time. */
const BLOCK = 16;

/**
 * Access hashes of rule P21: a keyed hash over (kind, viewer, target), so that checking one costs no read.
 * The low 4 bits name the key's version; rotation adds a version and old hashes stay valid.
 */
export interface AccessHashes {
  /** Hash that lets `viewerId` name `targetId`; with the newest key. */
  of(kind: AccessKind, viewerId: bigint, targetId: bigint): bigint;
  /** The same for many targets, in their order, at a fraction of what one by one costs. */
  ofAll(kind: AccessKind, viewerId: bigint, targetIds: readonly bigint[]): bigint[];
  /** Whether `hash` was made by {@link AccessHashes.of} with any key that is still kept. */
  matches(kind: AccessKind, viewerId: bigint, targetId: bigint, hash: bigint): boolean;
}

/**
 * Builds the hash functions over 16-byte AES keys.
 * One AES block holds kind (1 byte), viewer (7 bytes) and target (8 bytes): AES is the PRF, 60 bits of its output are used.
 * @param keys version (0…15) → key; the highest version signs.
 */
export function createAccessHashes(keys: ReadonlyMap<number, Uint8Array>): AccessHashes {
  const ciphers = new Map<number, Cipher>();
  for (const [version, key] of keys) {
    if (version < 0 || version > 15 || key.length !== 16) throw new Error(`access hash key ${version} is not usable`);
    ciphers.set(version, createCipheriv('aes-128-ecb', key, null).setAutoPadding(false));
  }
  const newest = Math.max(...keys.keys());
  const compute = (version: number, kind: AccessKind, viewerId: bigint, targetIds: readonly bigint[]): bigint[] => {
    const cipher = ciphers.get(version);
    if (!cipher) return [];
    const blocks = Buffer.allocUnsafe(targetIds.length * BLOCK);
    const asked = new DataView(blocks.buffer, blocks.byteOffset, blocks.length);
    for (let n = 0; n < targetIds.length; n++) {
      asked.setBigInt64(n * BLOCK, viewerId);
      asked.setUint8(n * BLOCK, KIND_BYTE[kind]);
      asked.setBigInt64(n * BLOCK + 8, targetIds[n]!);
    }
    const out = cipher.update(blocks);
    const answered = new DataView(out.buffer, out.byteOffset, out.length);
    return targetIds.map((_, n) => {
      // In its bytes: each step with a bigint would make another one.
      const low = n * BLOCK + 7;
      answered.setUint8(low, (answered.getUint8(low) & ~VERSION_MASK) | version);
      return answered.getBigInt64(n * BLOCK);
    });
  };

  return {
    of(kind, viewerId, targetId) {
      const [hash] = compute(newest, kind, viewerId, [targetId]);
      if (hash === undefined) throw new Error('no access hash key');
      return hash;
    },
    ofAll: (kind, viewerId, targetIds) => compute(newest, kind, viewerId, targetIds),
    matches(kind, viewerId, targetId, hash) {
      // Both are one machine word, which compares at once: nothing can be guessed a digit at a time.
      return compute(Number(BigInt.asUintN(VERSION_BITS, hash)), kind, viewerId, [targetId])[0] === hash;
    },
  };
}

/** Reads the DC's access hash keys, making the first one at first start. Safe against two servers starting at once. */
export async function loadAccessHashes(db: Database, random: Random, nowDate: number): Promise<AccessHashes> {
  const rows = await db.transact('load-access-hash-keys', async (tx) => {
    await tx.q
      .insertInto('secret_keys')
      .values({ name: 'access_hash', version: 0, bytes: random.bytes(16), created_date: nowDate })
      .onConflict((oc) => oc.columns(['name', 'version']).doNothing())
      .execute();
    return tx.q.selectFrom('secret_keys').select(['version', 'bytes']).where('name', '=', 'access_hash').execute();
  });
  return createAccessHashes(new Map(rows.map((row) => [row.version, row.bytes])));
}
