/**
 * What a gateway that is one of several processes tells of its keys: each key is served by one process at a time
 * (rule S8).
 */
export interface KeyOwner {
  /** The gateway serves this key now. When another process does already, `Gateway.disown` follows. */
  claim(authKeyId: bigint): void;
  /** It knows nothing of the key any more. */
  release(authKeyId: bigint): void;
}
