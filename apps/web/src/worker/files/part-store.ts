/** Parts of files that are in memory, at most, in bytes; those of files that are being loaded as a whole do not count. */
const KEPT_BYTES = 96 * 1024 * 1024;

/** Parts of files that have come, so that a transfer goes on where it stopped, and a video can be wound back. Parts that were not used for the longest time are dropped. */
export class PartStore {
  readonly #keptBytes: number;
  /** In the order of their last use. */
  #parts = new Map<string, { file: string; part: Blob }>();
  #pinned = new Map<string, number>();
  #bytes = 0;

  constructor(keptBytes = KEPT_BYTES) {
    this.#keptBytes = keptBytes;
  }

  get(file: string, index: number): Blob | undefined {
    const key = `${file}#${index}`;
    const found = this.#parts.get(key);
    if (!found) return undefined;
    this.#parts.delete(key);
    this.#parts.set(key, found);
    return found.part;
  }

  put(file: string, index: number, part: Blob): void {
    const key = `${file}#${index}`;
    this.#remove(key);
    this.#parts.set(key, { file, part });
    this.#bytes += part.size;
    this.#trim();
  }

  /** Keeps all parts of a file until `unpin`. */
  pin(file: string): void {
    this.#pinned.set(file, (this.#pinned.get(file) ?? 0) + 1);
  }

  unpin(file: string): void {
    const count = (this.#pinned.get(file) ?? 0) - 1;
    if (count > 0) this.#pinned.set(file, count);
    else this.#pinned.delete(file);
    this.#trim();
  }

  /** Forgets the parts of a file. */
  drop(file: string): void {
    for (const [key, entry] of this.#parts) if (entry.file === file) this.#remove(key);
  }

  #remove(key: string): void {
    this.#bytes -= this.#parts.get(key)?.part.size ?? 0;
    this.#parts.delete(key);
  }

  #trim(): void {
    if (this.#bytes <= this.#keptBytes) return;
    for (const [key, { file }] of this.#parts) {
      if (this.#bytes <= this.#keptBytes) return;
      if (!this.#pinned.has(file)) this.#remove(key);
    }
  }
}
