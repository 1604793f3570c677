import { type AuthKey, type AuthKeyRecord, createAuthKey, type KeySalts, RefusedMessages } from '@aerogram/mtproto';
import { SmallMap } from '../small-map.ts';

/** An authorization key that is in use or was used lately. @typeParam S its sessions */
export class KeyEntryOf<S> {
  readonly key: AuthKey;
  readonly salts: KeySalts;
  readonly refused = new RefusedMessages();
  /** Live sessions by session_id. */
  readonly sessions = new SmallMap<bigint, S>();
  /** Number of open connections over which something new arrived under the key. */
  sockets = 0;
  /** The key may no longer exist: the store is asked again before its next packet. */
  stale = false;
  /** For a temporary key: the permanent key it is bound to, if known. */
  permAuthKeyId: bigint | undefined;
  subscription: Disposable | undefined;
  /** Used since the last sweep of idle keys. */
  used = true;
  /** Expiry date of a temporary key, in Unix seconds. */
  expires_date: number | undefined;

  constructor(record: AuthKeyRecord, salts: KeySalts) {
    this.permAuthKeyId = record.permAuthKeyId;
    // A copy, because the database driver may return a view of a large buffer, which would be kept in memory as a whole.
    this.key = createAuthKey(Uint8Array.from(record.key));
    this.salts = salts;
    this.expires_date = record.expires_date;
  }

  /** Whether packets under the key may be accepted without asking the store. */
  isUsable(nowMs: number): boolean {
    return !this.stale && !this.isExpired(nowMs);
  }

  isExpired(nowMs: number): boolean {
    return this.expires_date !== undefined && nowMs >= this.expires_date * 1000;
  }

  get isIdle(): boolean {
    return this.sessions.size === 0 && this.sockets === 0;
  }
}
