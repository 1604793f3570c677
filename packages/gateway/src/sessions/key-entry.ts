import { type AuthKey, type AuthKeyRecord, createAuthKey, type KeySalts } from '@aerogram/mtproto';
import { SmallMap } from '../small-map.ts';

/** An authorization key in use, or used lately. @typeParam S its sessions */
export class KeyEntryOf<S> {
  readonly key: AuthKey;
  readonly salts: KeySalts;
  /** Live sessions by session_id. */
  readonly sessions = new SmallMap<bigint, S>();
  /** Open connections over which something new came under the key. */
  sockets = 0;
  /** The key may be no more: the store is asked again before its next packet. */
  stale = false;
  /** The permanent key, as far as is known, when this is a temporary one. */
  permAuthKeyId: bigint | undefined;
  subscription: Disposable | undefined;
  /** Looked at since the last sweep of idle keys. */
  used = true;
  /** End of a temporary key, unix seconds. */
  expires_date: number | undefined;

  constructor(record: AuthKeyRecord, salts: KeySalts) {
    this.permAuthKeyId = record.permAuthKeyId;
    // A copy: what the database's driver gives may be a small part of a buffer that would be kept whole.
    this.key = createAuthKey(Uint8Array.from(record.key));
    this.salts = salts;
    this.expires_date = record.expires_date;
  }

  /** Whether packets under the key may be taken without asking the store. */
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
