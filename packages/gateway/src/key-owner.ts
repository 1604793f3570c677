/** Where a gateway that is one of several processes reports its keys: each key is served by one process at a time (rule S8, key owners). */
export interface KeyOwner {
  /** The gateway serves this key now. If another process already does, `Gateway.disown` follows. */
  claim(authKeyId: bigint): void;
  /** The gateway no longer serves this key. */
  release(authKeyId: bigint): void;
}
