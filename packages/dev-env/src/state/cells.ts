import { plain } from './canonical.ts';

/**
 * What an account has besides messages, each thing by a name such as `draft 18` or `privacy About`. What is at its default is not there.
 *
 * Of some things the server tells only that they changed, and of those that a device set by itself it tells that device nothing. Such cells
 * are stale: a client reads them again. {@link refresh} does that from a state that was loaded. What was never told is not stale, so a missing
 * update shows as a difference. A loaded state may be older than the mark, so cells stay stale until {@link trust} is called.
 */
export class Cells {
  readonly #values = new Map<string, unknown>();
  readonly #stale = new Set<string>();
  /** Cells of a loaded state that no update tells of. */
  readonly #untold = new Set<string>();

  /** The value of a cell; undefined is the default. */
  get<T>(name: string): T | undefined {
    // Each name is written and read by the effects of one subject only.
    return this.#values.get(name) as T | undefined;
  }

  /** Sets a cell; undefined brings its default back. */
  set(name: string, value: unknown): void {
    this.#stale.delete(name);
    if (value === undefined) this.#values.delete(name);
    else this.#values.set(name, value);
  }

  /**
   * Sets a cell, and leaves it stale if it is. For updates without pts that contain what depends on messages: such an update may come after a
   * later message, in a difference and when hints are lost.
   */
  setIfCurrent(name: string, value: unknown): void {
    const isStale = this.#stale.has(name);
    this.set(name, value);
    if (isStale) this.expire(name);
  }

  /** Names of the cells that begin so. */
  list(prefix: string): string[] {
    return [...this.#values.keys()].filter((name) => name.startsWith(prefix));
  }

  /**
   * Notes that a client has to read something again.
   * @param name of a cell, or with `*` at the end of all that begin so
   */
  expire(name: string): void {
    this.#stale.add(name);
  }

  /** Notes of a loaded state that no update tells of a cell: everybody reads it again. */
  leaveUntold(name: string): void {
    this.#untold.add(name);
  }

  /** Whether anything has to be read again. */
  get hasStale(): boolean {
    return this.#stale.size > 0;
  }

  /** Trusts what is there: it was compared with what the server has. @param isCompared which of the cells were compared */
  trust(isCompared: (name: string) => boolean): void {
    for (const name of this.#stale) if (name.endsWith('*') || isCompared(name)) this.#stale.delete(name);
  }

  /** Reads what is stale again, out of a state that was just loaded. */
  refresh(fresh: Cells): void {
    for (const name of [...this.#stale, ...fresh.#untold]) {
      if (!name.endsWith('*')) {
        this.#copy(name, fresh);
        continue;
      }
      const prefix = name.slice(0, -1);
      for (const one of new Set([...this.list(prefix), ...fresh.list(prefix)])) this.#copy(one, fresh);
    }
  }

  /** An independent copy. */
  clone(): Cells {
    const copy = new Cells();
    for (const [name, value] of this.#values) copy.#values.set(name, structuredClone(value));
    for (const name of this.#stale) copy.#stale.add(name);
    return copy;
  }

  /** All cells by name, as plain JSON. */
  describe(): Record<string, unknown> {
    const names = [...this.#values.keys()].sort();
    return Object.fromEntries(names.map((name) => [name, plain(this.#values.get(name))]));
  }

  #copy(name: string, fresh: Cells): void {
    const value = fresh.#values.get(name);
    if (value === undefined) this.#values.delete(name);
    else this.#values.set(name, structuredClone(value));
  }
}

/** Whether two names of cells, each of one or with `*` at the end of many, name one cell in common. */
export function isSameCell(a: string, b: string): boolean {
  const [prefixOfA, prefixOfB] = [a, b].map((name) => (name.endsWith('*') ? name.slice(0, -1) : undefined));
  if (prefixOfA !== undefined && (prefixOfB ?? b).startsWith(prefixOfA)) return true;
  return prefixOfB === undefined ? a === b : (prefixOfA ?? a).startsWith(prefixOfB);
}
