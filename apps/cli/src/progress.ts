const EVERY_MS = 200;
const GIB = 2 ** 30;
const MIB = 2 ** 20;
/** Signs in the bar. */
const BAR = 24;

/** Shows on the terminal how far a long command is. Where the output is no terminal, it shows nothing. */
export class Progress implements Disposable {
  readonly #what: string;
  #total: number | undefined;
  #done = 0;
  #bytes = 0;
  #shownMs = 0;

  /** @param what is going on, such as "copying files" @param total how many steps there are, if that is known */
  constructor(what: string, total?: number) {
    this.#what = what;
    this.#total = total;
  }

  /** Sets how many steps there are in all, or that this is not known any more. */
  expect(total: number | undefined): this {
    this.#total = total;
    return this;
  }

  /** Notes one more step. @param bytes that it went through */
  step(bytes: number): void {
    this.#done++;
    this.#bytes += bytes;
    const nowMs = performance.now();
    if (!process.stderr.isTTY || nowMs - this.#shownMs < EVERY_MS) return;
    this.#shownMs = nowMs;
    process.stderr.write(`\r${progressLine({ what: this.#what, done: this.#done, total: this.#total, bytes: this.#bytes })}\u001B[K`);
  }

  /** Takes the line away, before other lines are printed. */
  end(): void {
    if (this.#shownMs > 0) process.stderr.write('\r\u001B[K');
    this.#shownMs = 0;
  }

  [Symbol.dispose](): void {
    this.end();
  }
}

/** What stands on the terminal: a bar where it is known how much there is. */
export function progressLine({ what, done, total, bytes }: { what: string; done: number; total: number | undefined; bytes: number }): string {
  if (total === undefined || total === 0) return `${what}: ${done}, ${formatBytes(bytes)}`;
  const share = Math.min(1, done / total);
  const full = Math.floor(BAR * share);
  return `${what} [${'#'.repeat(full)}${'-'.repeat(BAR - full)}] ${Math.floor(100 * share)} %, ${done} of ${total}, ${formatBytes(bytes)}`;
}

/** A number of bytes as text, in MiB or GiB. */
export function formatBytes(bytes: number): string {
  return bytes < GIB ? `${(bytes / MIB).toFixed(1)} MiB` : `${(bytes / GIB).toFixed(1)} GiB`;
}

/** Shows on the terminal what a long command is doing. Where the output is no terminal, it shows nothing. */
export function sayProgress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${line}\n`);
}
