import type { Clock } from './clock.ts';
import type { Logger } from './log.ts';

/** One part of a node, started and stopped with it. */
export interface LifecyclePart {
  name: string;
  /** Called in the order in which parts were added. */
  start?(): Promise<void> | void;
  /** Called first when stopping: accept no new work and let running work finish. `signal` fires at the deadline. */
  drain?(signal: AbortSignal): Promise<void> | void;
  /** Called after all drains, in reverse order: close what was opened. */
  stop?(): Promise<void> | void;
}

/** A part that hangs in `stop` is abandoned after this time, in milliseconds, so that the parts below it are still closed. */
const STOP_TIMEOUT_MS = 10_000;

/** Starts parts in order and stops them in reverse order, after draining them. */
export class Lifecycle implements AsyncDisposable {
  readonly #log: Logger;
  readonly #clock: Clock;
  readonly #drainTimeoutMs: number;
  readonly #parts: LifecyclePart[] = [];
  readonly #started: LifecyclePart[] = [];
  #stopping: Promise<void> | undefined;

  /** @param options.drainTimeoutMs how long all drains together may take */
  constructor(options: { log: Logger; clock: Clock; drainTimeoutMs: number }) {
    this.#log = options.log;
    this.#clock = options.clock;
    this.#drainTimeoutMs = options.drainTimeoutMs;
  }

  /** Adds a part, which `start` starts; a part without `start`, such as an open resource, is only stopped with the rest. */
  add(part: LifecyclePart): void {
    this.#parts.push(part);
  }

  /** Adds an open resource, which is closed in reverse order. */
  own(name: string, resource: AsyncDisposable | Disposable): void {
    this.add({
      name,
      stop: async () => {
        if (Symbol.asyncDispose in resource) await resource[Symbol.asyncDispose]();
        else resource[Symbol.dispose]();
      },
    });
  }

  /**
   * Starts, in order, every part that has not been started yet.
   * @throws the error of the failing part, after the parts before it were stopped again
   */
  async start(): Promise<void> {
    for (const part of this.#parts.slice(this.#started.length)) {
      if (this.#stopping) throw new Error(`stopped while starting ${part.name}`);
      try {
        await part.start?.();
      } catch (error) {
        await this.stop();
        throw error;
      }
      this.#started.push(part);
    }
  }

  /** Drains until the deadline, then stops everything; a second call waits for the first. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #stop(): Promise<void> {
    const parts = this.#started.toReversed();
    const deadline = new AbortController();
    const timer = this.#clock.setTimeout(() => deadline.abort(), this.#drainTimeoutMs);
    try {
      await Promise.all(parts.map((part) => this.#drainPart(part, deadline.signal)));
    } finally {
      timer.cancel();
    }
    for (const part of parts) await this.#stopPart(part);
  }

  async #drainPart(part: LifecyclePart, signal: AbortSignal): Promise<void> {
    if (!part.drain) return;
    const late = new Promise<'late'>((resolve) => signal.addEventListener('abort', () => resolve('late')));
    try {
      if ((await Promise.race([part.drain(signal), late])) === 'late') {
        this.#log.warn({ part: part.name }, 'did not drain before the deadline');
      }
    } catch (error) {
      this.#log.error({ part: part.name, err: error }, 'draining failed');
    }
  }

  async #stopPart(part: LifecyclePart): Promise<void> {
    if (!part.stop) return;
    let timer;
    const late = new Promise<'late'>((resolve) => {
      timer = this.#clock.setTimeout(() => resolve('late'), STOP_TIMEOUT_MS);
    });
    try {
      if ((await Promise.race([part.stop(), late])) === 'late') {
        this.#log.error({ part: part.name }, 'did not stop in time; left behind');
      }
    } catch (error) {
      this.#log.error({ part: part.name, err: error }, 'stopping failed');
    } finally {
      (timer as { cancel(): void } | undefined)?.cancel();
    }
  }
}
