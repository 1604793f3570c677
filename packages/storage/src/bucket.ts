/** Into how many parts each queue is cut; a worker leases parts, so this bounds how many share the work. */
export const BUCKETS = 16;

/** The bucket of an owner's jobs: `0 … BUCKETS − 1`, the same for ever. */
export function bucketOf(ownerId: bigint): number {
  // Fibonacci hashing: ids differ in their low bits by DC, which must not decide the bucket.
  return Number((BigInt.asUintN(64, ownerId * 0x9e37_79b9_7f4a_7c15n) >> 60n) % BigInt(BUCKETS));
}
