/** A permanent auth key and its user. The user is logged in with it, or has yet to enter the password. */
export interface UserKey {
  userId: bigint;
  authKeyId: bigint;
}
