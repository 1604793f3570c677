import type { KeyEntry } from '../sessions/gateway-session.ts';
import { SmallMap } from '../small-map.ts';

/** More than clients have over one connection: a permanent key, a temporary one, and those that follow it. */
const MAX_KEYS = 16;

/**
 * The keys that one connection uses. A key counts the connection once something new came over it: a packet that somebody
 * has recorded and sends over many connections must not use up the number that the key's owner may have.
 */
export class ConnectionKeys {
  /** Oldest first. */
  readonly #entries = new SmallMap<bigint, KeyEntry>();
  readonly #counted = new SmallMap<KeyEntry, true>();

  /** How far the client is: it has named no key; it has named one, which anybody may do; it has one. */
  get progress(): 'none' | 'named' | 'used' {
    if (this.#counted.size > 0) return 'used';
    return this.#entries.size > 0 ? 'named' : 'none';
  }

  find(authKeyId: bigint): KeyEntry | undefined {
    return this.#entries.get(authKeyId);
  }

  /** Notes that the connection names a key; the oldest of too many is let go. */
  add(entry: KeyEntry): void {
    const before = this.#entries.get(entry.key.id);
    if (before === entry) return;
    if (before) this.drop(before);
    const [oldest] = this.#entries.values();
    if (oldest && this.#entries.size >= MAX_KEYS) this.drop(oldest);
    this.#entries.set(entry.key.id, entry);
  }

  /** Whether a key that has not counted the connection has `most` others already. */
  isRefused(entry: KeyEntry, most: number): boolean {
    return entry.sockets >= most && !this.#counted.has(entry);
  }

  /** Something new came under the key. */
  count(entry: KeyEntry): void {
    if (this.#counted.has(entry) || this.#entries.get(entry.key.id) !== entry) return;
    this.#counted.set(entry, true);
    entry.sockets += 1;
  }

  drop(entry: KeyEntry): void {
    if (this.#entries.get(entry.key.id) === entry) this.#entries.delete(entry.key.id);
    if (this.#counted.delete(entry)) entry.sockets -= 1;
  }

  clear(): void {
    for (const entry of this.#counted.keys()) entry.sockets -= 1;
    this.#counted.clear();
    this.#entries.clear();
  }
}
