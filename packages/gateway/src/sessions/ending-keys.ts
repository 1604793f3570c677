import type { KeyEntry } from './gateway-session.ts';

/** Temporary keys in use, grouped by the second in which they expire, so that finding the expired ones costs nothing for the others. */
export class EndingKeys {
  readonly #bySecond = new Map<number, Set<KeyEntry>>();
  /** All seconds up to this one have been checked. */
  #doneDate = 0;

  /** Watches a key that expires; ignores other keys. */
  add(entry: KeyEntry): void {
    const { expires_date } = entry;
    if (expires_date === undefined) return;
    const entries = this.#bySecond.get(expires_date);
    if (entries) entries.add(entry);
    else this.#bySecond.set(expires_date, new Set([entry]));
    this.#doneDate = Math.min(this.#doneDate, expires_date - 1);
  }

  delete(entry: KeyEntry): void {
    if (entry.expires_date === undefined) return;
    const entries = this.#bySecond.get(entry.expires_date);
    entries?.delete(entry);
    if (entries?.size === 0) this.#bySecond.delete(entry.expires_date);
  }

  /** Returns and removes the keys that have expired since the last call. */
  take(nowMs: number): KeyEntry[] {
    const nowDate = Math.floor(nowMs / 1000);
    const ended: KeyEntry[] = [];
    for (const date of this.#datesUntil(nowDate)) {
      ended.push(...(this.#bySecond.get(date) ?? []));
      this.#bySecond.delete(date);
    }
    this.#doneDate = nowDate;
    return ended;
  }

  #datesUntil(nowDate: number): number[] {
    const seconds = nowDate - this.#doneDate;
    if (seconds > this.#bySecond.size) return [...this.#bySecond.keys()].filter((date) => date <= nowDate);
    return Array.from({ length: Math.max(seconds, 0) }, (_, i) => this.#doneDate + 1 + i);
  }
}
