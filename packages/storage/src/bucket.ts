/** Number of buckets per queue. A node leases buckets, so this limits how many nodes can share a queue, and how evenly. */
export const BUCKETS = 256;

/** Returns the bucket of an owner's jobs: `0 … BUCKETS − 1`. It never changes for an owner. */
export function bucketOf(ownerId: bigint): number {
  // Fibonacci hashing: the low bits of ids depend on the DC, which must not decide the bucket.
  return Number(BigInt.asUintN(64, ownerId * 0x9e37_79b9_7f4a_7c15n) >> 56n);
}
