import { authTopic, type Bus } from '@aerogram/bus';
import { type AuthKeyRecord, type AuthKeyStore, KeySalts, type SaltSource } from '@aerogram/mtproto';
import type { GatewaySession, KeyEntry } from './gateway-session.ts';
import type { KeyOwner } from '../key-owner.ts';
import { EndingKeys } from './ending-keys.ts';
import { KeyEntryOf } from './key-entry.ts';

/** How long a client may use the salt from its handshake. By then it has been told later salts. */
const FIRST_SALT_MS = 3600_000;
/** An idle key that was not used for this long, or up to twice as long, is removed from memory and loaded again when its client returns. */
const IDLE_MS = 5 * 60_000;
/** Keys in use that one sweep looks up again after hints may have been lost. */
const RECHECKED_AT_ONCE = 256;

export interface KeyDirectoryDeps {
  store: AuthKeyStore;
  bus: Bus;
  salts: SaltSource;
  /** Idle keys kept in memory, in addition to the keys in use. */
  maxIdle: number;
  /** Called when the store no longer has a key that was in memory, after the connections that asked for the key have been answered. */
  onGone: (entry: KeyEntry) => void;
  /** Set when several processes share the keys. */
  owner?: KeyOwner | undefined;
}

/** The keys that this process knows. Each is loaded once, however many packets wait for it. */
export class KeyDirectory {
  readonly #deps: KeyDirectoryDeps;
  /** In the order in which they were loaded, oldest first. */
  readonly #entries = new Map<bigint, KeyEntry>();
  readonly #ending = new EndingKeys();
  /** Keys in use that may no longer exist. */
  readonly #doubtful = new Set<KeyEntry>();
  #sweptMs = 0;
  readonly #reconnects: Disposable;
  readonly #loading = new Map<bigint, Promise<KeyEntry | undefined>>();

  constructor(deps: KeyDirectoryDeps) {
    this.#deps = deps;
    // Hints that ended some of these keys may have been lost.
    this.#reconnects = deps.bus.onReconnect(() => {
      for (const entry of this.#entries.values()) this.#doubt(entry);
    });
  }

  /** Returns a key that is in memory and usable, without asking the store. */
  peek(authKeyId: bigint, nowMs: number): KeyEntry | undefined {
    const entry = this.#entries.get(authKeyId);
    if (entry?.isUsable(nowMs) !== true) return undefined;
    entry.used = true;
    return entry;
  }

  /**
   * Finds a key in memory or in the store.
   * @returns undefined when the store says that the key does not exist or when it has expired.
   * @throws when the store cannot be reached.
   */
  async load(authKeyId: bigint, nowMs: number): Promise<KeyEntry | undefined> {
    const known = this.peek(authKeyId, nowMs);
    if (known) return known;
    let loading = this.#loading.get(authKeyId);
    if (!loading) {
      loading = this.#load(authKeyId, nowMs).finally(() => this.#loading.delete(authKeyId));
      this.#loading.set(authKeyId, loading);
    }
    return loading;
  }

  /** Adds a key that a handshake has just committed. @param serverSalt the first salt that its client uses */
  adopt(record: AuthKeyRecord, serverSalt: bigint, nowMs: number): void {
    const first = { salt: serverSalt, untilMs: nowMs + FIRST_SALT_MS };
    this.#add(new KeyEntryOf<GatewaySession>(record, new KeySalts(this.#deps.salts, record.authKeyId, first)));
  }

  /** Removes a key that no longer exists. */
  remove(entry: KeyEntry): void {
    entry.stale = true;
    if (this.#entries.get(entry.key.id) !== entry) return;
    this.#entries.delete(entry.key.id);
    this.#ending.delete(entry);
    this.#doubtful.delete(entry);
    entry.subscription?.[Symbol.dispose]();
    this.#deps.owner?.release(entry.key.id);
  }

  /** Sets an earlier expiry date, in Unix seconds, of a temporary key. Later dates are ignored. */
  endBy(entry: KeyEntry, date: number): void {
    if (entry.expires_date === undefined || date >= entry.expires_date || this.#entries.get(entry.key.id) !== entry) return;
    this.#ending.delete(entry);
    entry.expires_date = date;
    this.#ending.add(entry);
  }

  /** Removes the temporary keys that have expired since the last call. @returns their entries */
  takeEnded(nowMs: number): KeyEntry[] {
    const ended = this.#ending.take(nowMs);
    for (const entry of ended) this.remove(entry);
    return ended;
  }

  /**
   * Looks up keys in use that may no longer exist, and removes idle keys that were not used lately. Clients create keys all the time and
   * use most of them once.
   */
  sweep(nowMs: number): void {
    this.#recheck(nowMs);
    if (Math.abs(nowMs - this.#sweptMs) < IDLE_MS) return;
    this.#sweptMs = nowMs;
    for (const entry of this.#entries.values()) {
      if (entry.isIdle && !entry.used) this.remove(entry);
      entry.used = false;
    }
  }

  /** The keys in memory. */
  list(): Iterable<KeyEntry> {
    return this.#entries.values();
  }

  /** Removes a key that another process serves. @returns its entry */
  disown(authKeyId: bigint): KeyEntry | undefined {
    const entry = this.#entries.get(authKeyId);
    if (entry) this.remove(entry);
    return entry;
  }

  [Symbol.dispose](): void {
    this.#reconnects[Symbol.dispose]();
    for (const entry of this.#entries.values()) entry.subscription?.[Symbol.dispose]();
    this.#entries.clear();
  }

  async #load(authKeyId: bigint, nowMs: number): Promise<KeyEntry | undefined> {
    const before = this.#entries.get(authKeyId);
    // A hint that comes during the lookup sets it to stale again.
    if (before) before.stale = false;
    let record: AuthKeyRecord | undefined;
    try {
      record = await this.#deps.store.find(authKeyId);
    } catch (error) {
      if (before) before.stale = true;
      throw error;
    }
    if (!record) {
      if (before) {
        this.remove(before);
        // By then the connections that asked for the key have sent −404, which they cannot do once they are closed.
        setImmediate(() => this.#deps.onGone(before));
      }
      return undefined;
    }
    if (before && this.#entries.get(authKeyId) === before) {
      if (record.expires_date !== undefined) this.endBy(before, record.expires_date);
      return before.isExpired(nowMs) ? undefined : before;
    }
    const entry = new KeyEntryOf<GatewaySession>(record, new KeySalts(this.#deps.salts, authKeyId));
    this.#add(entry);
    return entry.isExpired(nowMs) ? undefined : entry;
  }

  #add(entry: KeyEntry): void {
    const before = this.#entries.get(entry.key.id);
    if (before) this.remove(before);
    entry.subscription = this.#deps.bus.subscribe(authTopic(entry.key.id), (hint) => {
      if (isEnded(hint)) this.#doubt(entry);
    });
    this.#entries.set(entry.key.id, entry);
    this.#ending.add(entry);
    this.#deps.owner?.claim(entry.key.id);
    this.#evict();
  }

  /**
   * Marks a key that may no longer exist. Its next packet asks the store. So does the next sweep, because updates may be sent under the key
   * without any packet from the client.
   */
  #doubt(entry: KeyEntry): void {
    entry.stale = true;
    if (!entry.isIdle) this.#doubtful.add(entry);
  }

  #recheck(nowMs: number): void {
    let asked = 0;
    for (const entry of this.#doubtful) {
      if (asked === RECHECKED_AT_ONCE) return;
      this.#doubtful.delete(entry);
      if (!entry.stale || entry.isIdle) continue;
      asked += 1;
      // If the store cannot be reached, the entry stays stale and the next sweep asks again.
      this.load(entry.key.id, nowMs).catch(() => this.#doubtful.add(entry));
    }
  }

  /** Looks at a few of the oldest keys only: most of those are idle, and the number of keys in use is bounded by the connections. */
  #evict(): void {
    if (this.#entries.size <= this.#deps.maxIdle) return;
    let looked = 0;
    for (const [id, entry] of this.#entries) {
      if (entry.isIdle) {
        this.remove(entry);
        return;
      }
      this.#entries.delete(id);
      this.#entries.set(id, entry);
      looked += 1;
      if (looked >= 8) return;
    }
  }
}

/** Whether a hint on a key's topic says that the key, or its authorisation, has ended. */
export function isEnded(hint: unknown): boolean {
  return typeof hint === 'object' && hint !== null && 'reason' in hint && hint.reason === 'ended';
}
