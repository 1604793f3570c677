/** Mixes the bits of a 32-bit number, so that each changes about half of the others. */
function mix(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** A 32-bit hash of a text (FNV-1a), mixed. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return mix(hash);
}

/** Hashes of the names in a list of members; the lists change seldom. */
const hashes = new WeakMap<readonly string[], readonly number[]>();

/**
 * Returns the member that serves a key: the one with the highest hash of key and name (rendezvous hashing). All who know the same members agree, whatever their order. A member
 * that joins or leaves moves only its own share of the keys.
 * @param key with the prefix of its kind, such as `bot7`; a bigint is the id of an auth key
 * @param members names; at least one
 */
export function ownerOf(key: string | bigint, members: readonly string[]): string {
  let known = hashes.get(members);
  if (!known) hashes.set(members, (known = members.map(hashOf)));
  const keyHash = hashOf(typeof key === 'bigint' ? `auth:${BigInt.asUintN(64, key)}` : key);
  let best: { name: string; weight: number } | undefined;
  for (const [at, name] of members.entries()) {
    const weight = mix(keyHash ^ known[at]!);
    if (!best || weight > best.weight || (weight === best.weight && name > best.name)) best = { name, weight };
  }
  if (!best) throw new Error('nobody serves');
  return best.name;
}
