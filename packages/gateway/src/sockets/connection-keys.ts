import type { KeyEntry } from '../sessions/gateway-session.ts';
import { SmallMap } from '../small-map.ts';

/** More keys than a client uses over one connection: a permanent key, a temporary key, and later temporary keys. */
const MAX_KEYS = 16;

/**
 * The keys that one connection uses. The connection counts towards a key's limit only once something new arrived under the key. Otherwise
 * an attacker could send a recorded packet over many connections and use up the limit of the key's owner.
 */
export class ConnectionKeys {
  /** Oldest first. */
  readonly #entries = new SmallMap<bigint, KeyEntry>();
  readonly #counted = new SmallMap<KeyEntry, true>();

  /** How far the client is: it has used no key; it has named one, which anybody can do; or something new arrived under one. */
  get progress(): 'none' | 'named' | 'used' {
    if (this.#counted.size > 0) return 'used';
    return this.#entries.size > 0 ? 'named' : 'none';
  }

  find(authKeyId: bigint): KeyEntry | undefined {
    return this.#entries.get(authKeyId);
  }

  /** Records that the connection uses a key. If there are too many, the oldest is dropped. */
  add(entry: KeyEntry): void {
    const before = this.#entries.get(entry.key.id);
    if (before === entry) return;
    if (before) this.drop(before);
    const [oldest] = this.#entries.values();
    if (oldest && this.#entries.size >= MAX_KEYS) this.drop(oldest);
    this.#entries.set(entry.key.id, entry);
  }

  /** Whether a key already has `most` other connections. False if this connection counts for the key. */
  isRefused(entry: KeyEntry, most: number): boolean {
    return entry.sockets >= most && !this.#counted.has(entry);
  }

  /** Records that something new arrived under the key. */
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
