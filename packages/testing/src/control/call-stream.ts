import type { LineReader } from './control-client.ts';

/** One call of a bot, as the server got and answered it. */
export interface RecordedCall {
  /** Counts up in the order in which the calls ended. */
  n: number;
  /** Id of the bot. */
  botId: string;
  /** Such as `sendMessage`. */
  method: string;
  /** Parameters as the server understood them. */
  params: Record<string, unknown>;
  ok: boolean;
  /** What the bot got, if `ok`. */
  result?: unknown;
  /** What the bot got, if not `ok`. */
  error?: { error_code: number; description: string; parameters?: Record<string, unknown> };
  /** Milliseconds since 1970 by the clock of the cloud. */
  startedMs: number;
  /** Milliseconds since 1970 by the clock of the cloud. */
  endedMs: number;
}

interface Waiter {
  n: number;
  resolve(): void;
}

/** How long the stream may be behind an answer of the control API, in milliseconds. */
const BEHIND_MS = 10_000;

/** Reads the stream of the calls of a set's bots: a JSON object for each call, each in a line of its own. */
export class CallStream implements LineReader {
  readonly #onCall: (call: RecordedCall) => void;
  #waiters: Waiter[] = [];
  #newest: number;
  #hasEnded = false;

  /** @param after number of the last call that is not in the stream */
  constructor(after: number, onCall: (call: RecordedCall) => void) {
    this.#newest = after;
    this.#onCall = onCall;
  }

  /** Number of the newest call that was read. */
  get newest(): number {
    return this.#newest;
  }

  /** Waits until all calls up to this number were read, or the stream has ended. @throws Error if the server does not send them */
  async reaches(n: number): Promise<void> {
    if (this.#newest >= n || this.#hasEnded) return;
    // The timer also keeps the process alive, which the stream does not.
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`the stream of calls has come to ${this.#newest} only, not to ${n}`)), BEHIND_MS);
      this.#waiters.push({ n, resolve });
    }).finally(() => clearTimeout(timer));
  }

  onLine(line: string): void {
    // An empty line only shows that the connection is alive.
    if (line === '') return;
    const call = JSON.parse(line) as RecordedCall;
    this.#onCall(call);
    this.#newest = Math.max(this.#newest, call.n);
    const reached = this.#waiters.filter(({ n }) => n <= this.#newest);
    this.#waiters = this.#waiters.filter(({ n }) => n > this.#newest);
    for (const { resolve } of reached) resolve();
  }

  onEnd(): void {
    this.#hasEnded = true;
    for (const { resolve } of this.#waiters.splice(0)) resolve();
  }
}
