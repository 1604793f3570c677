import { traceCaller } from './control/caller-trace.ts';
import type { SetLink } from './actors/set-link.ts';
import { type Span, spanMs } from './span.ts';

/** The clock of a cloud, which all of its sets share: real time plus what tests have moved it. */
export class CloudClock {
  readonly #link: SetLink;

  /** Made by `startCloud`. */
  constructor(link: SetLink) {
    this.#link = link;
  }

  /**
   * The time of the cloud.
   * @example const before = await cloud.clock.now();
   */
  async now(): Promise<Date> {
    const { ms } = await this.#link.call<{ ms: number }>('clock.now', {}, traceCaller());
    return new Date(ms);
  }

  /**
   * Moves the clock ahead. What becomes due by it, such as scheduled messages, happens before this returns.
   * @param span milliseconds, text such as `'2h'` or `'1h 30m'`, or parts such as `{ hours: 2 }`
   * @returns the new time
   * @throws CloudError `invalid` if it is no span of time, or negative
   * @example await cloud.clock.move('2h');
   */
  async move(span: Span): Promise<Date> {
    const trace = traceCaller();
    const { ms } = await this.#link.call<{ ms: number }>('clock.move', { ms: spanMs(span, trace) }, trace);
    return new Date(ms);
  }
}
