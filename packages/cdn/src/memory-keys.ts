import type { AuthKeyRecord, AuthKeyStore, CreatedKey } from '@aerogram/mtproto';
import type { Clock } from '@aerogram/runtime';

/** Memory that one key takes, with what the gateway keeps for it, in bytes. */
export const KEY_BYTES = 2048;

/** Authorization keys in memory. The one that was not looked up for longest makes room; its client gets −404 and makes a new one. */
export class MemoryKeys implements AuthKeyStore {
  readonly #most: number;
  readonly #clock: Pick<Clock, 'now'>;
  /** Least recently used first. */
  readonly #keys = new Map<bigint, AuthKeyRecord>();

  constructor(most: number, clock: Pick<Clock, 'now'>) {
    this.#most = most;
    this.#clock = clock;
  }

  get size(): number {
    return this.#keys.size;
  }

  has(authKeyId: bigint): boolean {
    return this.#keys.has(authKeyId);
  }

  find(authKeyId: bigint): Promise<AuthKeyRecord | undefined> {
    const record = this.#keys.get(authKeyId);
    if (!record) return Promise.resolve(undefined);
    this.#keys.delete(authKeyId);
    if (record.expires_date !== undefined && record.expires_date <= this.#clock.now()) return Promise.resolve(undefined);
    this.#keys.set(authKeyId, record);
    return Promise.resolve(record);
  }

  create(record: AuthKeyRecord): Promise<CreatedKey> {
    if (this.#keys.has(record.authKeyId)) return Promise.resolve('taken');
    this.#keys.set(record.authKeyId, record);
    for (const oldest of this.#keys.keys()) {
      if (this.#keys.size <= this.#most) break;
      this.#keys.delete(oldest);
    }
    return Promise.resolve('created');
  }

  destroy(authKeyId: bigint): Promise<boolean> {
    return Promise.resolve(this.#keys.delete(authKeyId));
  }
}
