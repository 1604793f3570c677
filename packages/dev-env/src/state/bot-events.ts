import { tl } from '@mtcute/node';
import { QtsLine, qtsOf } from './qts-line.ts';

/** How long pushes may take, in milliseconds. */
const PUSHES_MS = 15_000;

type Ask = <T extends tl.RpcMethod>(request: T) => Promise<tl.RpcCallReturn[T['_']]>;

/** The events with a qts that are pushed to a bot, and whether they are those that a difference tells of. */
export class BotEvents {
  readonly #ask: Ask;
  readonly #violations: string[] = [];
  readonly #line = new QtsLine(this.#violations);
  /** What was pushed, by qts. */
  readonly #pushed = new Map<number, tl.TypeUpdate>();
  /** The qts at log-in. */
  #first = 0;
  /** Everything since log-in must have been pushed, because the connection was never lost. */
  #isWhole = true;
  #wake: () => void = () => {};

  /** @param ask calls the server as the bot */
  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** Takes the state at log-in. */
  begin({ qts }: tl.updates.RawState): void {
    this.#first = qts;
    this.#line.moveTo(qts);
  }

  /** Takes what was pushed. */
  take(updates: tl.TypeUpdates): void {
    const all = updates._ === 'updates' || updates._ === 'updatesCombined' ? updates.updates : updates._ === 'updateShort' ? [updates.update] : [];
    for (const update of all) {
      const qts = qtsOf(update);
      if (qts !== undefined) this.#line.step(qts, 'push', () => this.#pushed.set(qts, update));
    }
    this.#wake();
  }

  /** Notes that the bot asks for its state or a difference, or has the answer. See {@link QtsLine.expectPushesAgain}. */
  expectPushesAgain(isReading: boolean): void {
    this.#line.expectPushesAgain(isReading);
  }

  /** Notes that the connection was lost: what happens until the next one is not pushed. */
  lostConnection(): void {
    this.#isWhole = false;
    this.#line.expectPushesAgain();
  }

  /**
   * Compares what was pushed since log-in with what a difference tells of. A bot that is logged out is not checked.
   * @throws Error with what is missing, doubled or different
   */
  async check(): Promise<void> {
    try {
      await this.#compare();
    } catch (error) {
      if (!tl.RpcError.is(error)) throw error;
    }
    if (this.#violations.length > 0) throw new Error(`the events of a bot: ${this.#violations.join('\n')}`);
  }

  async #compare(): Promise<void> {
    const { pts, qts, date } = await this.#ask({ _: 'updates.getState' });
    if (qts === this.#first && this.#pushed.size === 0) return;
    if (this.#isWhole) await this.#waitFor(qts);
    // While the difference is read, more may be pushed.
    const pushedBefore = [...this.#pushed.keys()];
    const told = await this.#differ({ pts, date });
    let last = this.#first;
    for (const [number, update] of told) {
      if (number !== last + 1) this.#violations.push(`a difference tells of qts ${number} after ${last}`);
      last = number;
      const pushed = this.#pushed.get(number);
      if (pushed === undefined ? this.#isWhole && number <= qts : JSON.stringify(pushed) !== JSON.stringify(update)) {
        this.#violations.push(`qts ${number} is ${JSON.stringify(update)} by a difference and ${JSON.stringify(pushed)} by pushes`);
      }
    }
    if (last < qts) this.#violations.push(`a difference ends at qts ${last} of ${qts}`);
    for (const number of pushedBefore) if (!told.has(number)) this.#violations.push(`a difference does not tell of qts ${number}, which was pushed`);
  }

  /** Waits until everything up to this qts was pushed. */
  async #waitFor(qts: number): Promise<void> {
    if (this.#line.qts >= qts) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, PUSHES_MS);
      this.#wake = () => {
        if (this.#line.qts < qts) return;
        clearTimeout(timer);
        resolve();
      };
    });
    if (this.#line.qts < qts) this.#violations.push(`the qts is ${qts}, pushes led to ${this.#line.qts}`);
  }

  /** All events since log-in by differences, in their order. */
  async #differ({ pts, date }: { pts: number; date: number }): Promise<Map<number, tl.TypeUpdate>> {
    const told = new Map<number, tl.TypeUpdate>();
    for (let qts = this.#first; ; ) {
      const difference = await this.#ask({ _: 'updates.getDifference', pts, date, qts });
      if (difference._ !== 'updates.difference' && difference._ !== 'updates.differenceSlice') return told;
      for (const update of difference.otherUpdates) {
        const number = qtsOf(update);
        if (number === undefined) continue;
        if (told.has(number)) this.#violations.push(`differences tell of qts ${number} twice`);
        told.set(number, update);
      }
      if (difference._ === 'updates.difference') return told;
      if (difference.intermediateState.qts <= qts) throw new Error(`a slice stays at qts ${qts}`);
      qts = difference.intermediateState.qts;
    }
  }
}
