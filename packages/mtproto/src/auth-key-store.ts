/** An authorization key as created by a handshake, with what was set for it since. */
export interface AuthKeyRecord {
  /** Lower 64 bits of the key's SHA-1, as a signed TL long. */
  authKeyId: bigint;
  /** 256 bytes. */
  key: Uint8Array;
  kind: 'perm' | 'temp';
  /** Unix seconds. */
  created_date: number;
  /** Expiry date of a temporary key, in Unix seconds. */
  expires_date?: number | undefined;
  /** The permanent key to which `auth.bindTempAuthKey` bound a temporary one. */
  permAuthKeyId?: bigint | undefined;
  /** The DC named in the handshake: |dc| mod 10000, or the default (rules P7, handshake DC, and P9, DC ids). */
  dcId: number;
  /** The client asked for a key for media (negative dc). */
  media: boolean;
  /** The client asked for a key of the test environment (dc + 10000). */
  test: boolean;
}

/** Result of storing a new key. 'taken': another key has the same id, which never happens by chance. */
export type CreatedKey = 'created' | 'taken';

/** Stores authorization keys. Implemented on the database by packages/domain. */
export interface AuthKeyStore {
  /**
   * Looks up a key. Anyone can name any number of keys that do not exist, so this must not use up resources that other lookups need.
   * @returns undefined only when the store knows that the key does not exist, was destroyed or has expired: the client then gets −404.
   * @throws when the store cannot be reached: the connection is then closed without an answer (rule P6, lost keys).
   */
  find(authKeyId: bigint): Promise<AuthKeyRecord | undefined>;
  /** Commits a new key. Must resolve before `dh_gen_ok` is sent. Many calls may come at once. */
  create(record: AuthKeyRecord): Promise<CreatedKey>;
  /**
   * Deletes a key with its authorisation and the temporary keys bound to it (`destroy_auth_key`).
   * @returns false when there was no such key.
   */
  destroy(authKeyId: bigint): Promise<boolean>;
}
