import type { KeyEntry } from '../sessions/gateway-session.ts';
import { SmallMap } from '../small-map.ts';

/** More than clients have over one connection: a permanent key, a temporary one, and those that follow it. */
const MAX_KEYS = 16;

/** The keys that one connection uses; each knows how many connections do. */
export class ConnectionKeys {
  /** Oldest first. */
  readonly #entries = new SmallMap<bigint, KeyEntry>();

  get isEmpty(): boolean {
    return this.#entries.size === 0;
  }

  find(authKeyId: bigint): KeyEntry | undefined {
    return this.#entries.get(authKeyId);
  }

  /** Notes that the connection uses a key; the oldest of too many is let go. @returns false when the key has `most` connections already */
  add(entry: KeyEntry, most: number): boolean {
    if (entry.sockets >= most) return false;
    const [oldest] = this.#entries.values();
    if (oldest && this.#entries.size >= MAX_KEYS) this.drop(oldest);
    this.#entries.set(entry.key.id, entry);
    entry.sockets += 1;
    return true;
  }

  drop(entry: KeyEntry): void {
    if (this.#entries.get(entry.key.id) !== entry) return;
    this.#entries.delete(entry.key.id);
    entry.sockets -= 1;
  }

  clear(): void {
    for (const entry of this.#entries.values()) entry.sockets -= 1;
    this.#entries.clear();
  }
}
