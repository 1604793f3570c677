import { type AuthKey, type AuthKeyRecord, createAuthKey, type KeySalts } from '@aerogram/mtproto';

/** An authorization key in use, or used lately. @typeParam S its sessions */
export class KeyEntryOf<S> {
  readonly record: AuthKeyRecord;
  readonly key: AuthKey;
  readonly salts: KeySalts;
  /** Live sessions by session_id. */
  readonly sessions = new Map<bigint, S>();
  /** Open connections that use the key. */
  sockets = 0;
  /** The key may be no more: the store is asked again before its next packet. */
  stale = false;
  /** The permanent key, as far as is known, when this is a temporary one. */
  permAuthKeyId: bigint | undefined;
  subscription: Disposable | undefined;

  constructor(record: AuthKeyRecord, salts: KeySalts) {
    this.record = record;
    this.permAuthKeyId = record.permAuthKeyId;
    this.key = createAuthKey(record.key);
    this.salts = salts;
  }

  /** Whether packets under the key may be taken without asking the store. */
  isUsable(nowMs: number): boolean {
    return !this.stale && !this.isExpired(nowMs);
  }

  isExpired(nowMs: number): boolean {
    const { expires_date } = this.record;
    return expires_date !== undefined && nowMs >= expires_date * 1000;
  }

  get isIdle(): boolean {
    return this.sessions.size === 0 && this.sockets === 0;
  }
}
