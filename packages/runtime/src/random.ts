import { createHash, randomFillSync } from 'node:crypto';

/** Source of randomness. */
export interface Random {
  /** `n` new bytes, owned by the caller. */
  bytes(n: number): Uint8Array;
  /** An integer in 0 … 2^31 − 1. */
  uint31(): number;
  /** Any signed 64-bit integer, as a TL long. */
  int64(): bigint;
  /** An integer in 1 … 2^63 − 1. */
  int63(): bigint;
}

const POOL_BYTES = 16 * 1024;

/** Takes bytes from a pool that `refill` fills; bytes that were handed out are wiped, so that they cannot be read later. */
function createPooledRandom(refill: (pool: Uint8Array) => void): Random {
  const pool = new Uint8Array(POOL_BYTES);
  const view = new DataView(pool.buffer);
  let used = POOL_BYTES;

  const reserve = (n: number): number => {
    if (used + n > POOL_BYTES) {
      refill(pool);
      used = 0;
    }
    const at = used;
    used += n;
    return at;
  };
  const int64 = (): bigint => {
    const at = reserve(8);
    const value = view.getBigInt64(at, true);
    pool.fill(0, at, at + 8);
    return value;
  };

  return {
    bytes(n) {
      const out = new Uint8Array(n);
      for (let done = 0; done < n; ) {
        const part = Math.min(POOL_BYTES, n - done);
        const at = reserve(part);
        out.set(pool.subarray(at, at + part), done);
        pool.fill(0, at, at + part);
        done += part;
      }
      return out;
    },
    uint31() {
      const at = reserve(4);
      const value = view.getUint32(at, true) >>> 1;
      pool.fill(0, at, at + 4);
      return value;
    },
    int64,
    int63() {
      for (;;) {
        const value = int64() & 0x7fff_ffff_ffff_ffffn;
        if (value !== 0n) return value;
      }
    },
  };
}

/** The system's secure randomness, taken from a pool: one system call per 16 KiB instead of one per id. */
export const systemRandom: Random = createPooledRandom((pool) => void randomFillSync(pool));

/**
 * Reproducible randomness, for tests and fuzzers only.
 * @param seed any string or number; print it, so that a failure can be reproduced
 */
export function seededRandom(seed: number | string): Random {
  let block = 0;
  return createPooledRandom((pool) => {
    for (let at = 0; at < pool.length; at += 32) {
      pool.set(createHash('sha256').update(`${seed}:${block++}`).digest(), at);
    }
  });
}
