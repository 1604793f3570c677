const EVERY_MS = 200;
const GIB = 2 ** 30;
const MIB = 2 ** 20;

/** Shows on the terminal how far a long command is. Where the output is no terminal, it shows nothing. */
export class Progress implements Disposable {
  readonly #what: string;
  readonly #total: number | undefined;
  #done = 0;
  #bytes = 0;
  #shownMs = 0;

  /** @param what is going on, such as "copying files" @param total how many steps there are, if that is known */
  constructor(what: string, total?: number) {
    this.#what = what;
    this.#total = total;
  }

  /** Notes one more step. @param bytes that it went through */
  step(bytes: number): void {
    this.#done++;
    this.#bytes += bytes;
    const nowMs = performance.now();
    if (!process.stderr.isTTY || nowMs - this.#shownMs < EVERY_MS) return;
    this.#shownMs = nowMs;
    const share = this.#total === undefined || this.#total === 0 ? '' : ` of ${this.#total} (${Math.floor((100 * this.#done) / this.#total)} %)`;
    process.stderr.write(`\r${this.#what}: ${this.#done}${share}, ${formatBytes(this.#bytes)}\u001B[K`);
  }

  /** Takes the line away. */
  [Symbol.dispose](): void {
    if (this.#shownMs > 0) process.stderr.write('\r\u001B[K');
  }
}

/** A number of bytes as text, in MiB or GiB. */
export function formatBytes(bytes: number): string {
  return bytes < GIB ? `${(bytes / MIB).toFixed(1)} MiB` : `${(bytes / GIB).toFixed(1)} GiB`;
}

/** Shows on the terminal what a long command is doing. Where the output is no terminal, it shows nothing. */
export function sayProgress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${line}\n`);
}
