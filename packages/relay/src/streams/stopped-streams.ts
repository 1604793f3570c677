import type { Clock, Logger } from '@aerogram/runtime';
import { type Database, doNoteStopped } from '@aerogram/storage';

/** How often the log says that a stream stands still, in milliseconds. */
const SAY_EVERY_MS = 60_000;

/** Notes which streams of other homes stand still, because this program does not know what comes next in them. However often a stream begins anew, the log says it once a minute. */
export class StoppedStreams {
  readonly #options: { db: Database; clock: Clock; log: Logger };
  /** What the table says of each home; absent: what another process, or the program before, has noted is not known here. */
  readonly #noted = new Map<number, string>();
  readonly #saidMs = new Map<number, number>();

  constructor(options: { db: Database; clock: Clock; log: Logger }) {
    this.#options = options;
  }

  /** The stream of a home stands still. Never rejects. @param kind that of the frame that is not known */
  async stopped(dc: number, kind: string): Promise<void> {
    const { clock, log } = this.#options;
    const nowMs = clock.monotonicMs();
    if (nowMs - (this.#saidMs.get(dc) ?? -Infinity) >= SAY_EVERY_MS) {
      this.#saidMs.set(dc, nowMs);
      log.error({ event: 'home_stream_stopped', dc, kind }, 'another data centre has sent what this program does not know: what it sends waits there until a newer program runs here');
    }
    await this.#note(dc, kind);
  }

  /** Something of a home was applied. Never rejects. */
  async goesOn(dc: number): Promise<void> {
    await this.#note(dc, '');
  }

  async #note(dc: number, kind: string): Promise<void> {
    if (this.#noted.get(dc) === kind) return;
    try {
      await doNoteStopped(this.#options.db, dc, kind);
      this.#noted.set(dc, kind);
    } catch (error) {
      this.#options.log.debug({ dc, err: error }, 'could not note whether the stream of another data centre stands still');
    }
  }
}
