/**
 * Computes the hash by which a client says which list it has.
 * @see https://core.telegram.org/api/offsets#hash-generation
 */
export function hashOf(ids: Iterable<bigint>): bigint {
  let hash = 0n;
  for (const id of ids) {
    hash ^= hash >> 21n;
    hash = BigInt.asUintN(64, hash ^ (hash << 35n));
    hash ^= hash >> 4n;
    hash = BigInt.asUintN(64, hash + id);
  }
  return BigInt.asIntN(64, hash);
}
