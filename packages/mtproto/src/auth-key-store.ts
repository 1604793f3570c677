/** An authorisation key as it was made by a handshake, with what was decided about it since. */
export interface AuthKeyRecord {
  /** Lower 64 bits of the key's SHA-1, as a signed TL long. */
  authKeyId: bigint;
  /** 256 bytes. */
  key: Uint8Array;
  kind: 'perm' | 'temp';
  /** Unix seconds. */
  created_date: number;
  /** End of a temporary key, unix seconds. */
  expires_date?: number | undefined;
  /** The permanent key that a temporary one was bound to by `auth.bindTempAuthKey`. */
  permAuthKeyId?: bigint | undefined;
  /** The data centre of the handshake: |dc| mod 10000, or the default (rules P7 and P9). */
  dcId: number;
  /** The client asked for a key for media (negative dc). */
  media: boolean;
  /** The client asked for a key of the test environment (dc + 10000). */
  test: boolean;
}

/** What became of a new key: another one may have its id, though chance alone makes that happen never. */
export type CreatedKey = 'created' | 'taken';

/** Where authorisation keys last. Implemented on the database by packages/domain. */
export interface AuthKeyStore {
  /**
   * Looks up a key. Anyone can name keys that do not exist, in any number: it must not take what others need for that.
   * @returns undefined only when the store knows that the key is absent, destroyed or expired: the client is then told −404.
   * @throws when the store cannot be reached: the socket is then closed without a word (rule P6).
   */
  find(authKeyId: bigint): Promise<AuthKeyRecord | undefined>;
  /** Commits a new key. Resolves before `dh_gen_ok` may be sent. Many come at once. */
  create(record: AuthKeyRecord): Promise<CreatedKey>;
  /**
   * Removes a key for ever, with its authorisation and the temporary keys bound to it (`destroy_auth_key`).
   * @returns false when there was no such key.
   */
  destroy(authKeyId: bigint): Promise<boolean>;
}
