import type { Clock, Logger } from '@aerogram/runtime';
import { type Database, doNoteStopped } from '@aerogram/storage';
import { Seldom } from '../seldom.ts';

/** Notes which streams of other homes stand still, because this program does not know what comes next in them. However often a stream begins anew, the log says it once a minute. */
export class StoppedStreams {
  readonly #options: { db: Database; log: Logger };
  /** What the table says of each home; absent: what another process, or the program before, has noted is not known here. */
  readonly #noted = new Map<number, string>();
  readonly #seldom: Seldom;

  constructor(options: { db: Database; clock: Clock; log: Logger }) {
    this.#options = options;
    this.#seldom = new Seldom(options.clock);
  }

  /** The stream of a home stands still. Never rejects. @param kind that of the frame that is not known */
  async stopped(dc: number, kind: string): Promise<void> {
    this.#seldom.say(String(dc), () => {
      this.#options.log.error({ event: 'home_stream_stopped', dc, kind }, 'another data centre has sent what this program does not know: what it sends waits there until a newer program runs here');
    });
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
