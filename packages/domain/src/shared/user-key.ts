/** A permanent key and the user for whom it speaks, or whose password it waits for. */
export interface UserKey {
  userId: bigint;
  authKeyId: bigint;
}
