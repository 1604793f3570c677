import type { Outcome } from './outcome.ts';

/** Pace of sending: this many unanswered sends per sender, or this many sends per second by all senders together. */
export type SendPace = { window: number } | { perSecond: number };

/** How long deliveries may take after the last message was acknowledged. */
const PATIENCE_MS = 5000;

/** The messages of a run from sending to delivery, independent of the protocol. */
export class Deliveries {
  /** By name of the copy. */
  readonly #startedAt = new Map<string, number>();
  readonly #copiesOf: (text: string) => readonly string[];
  readonly #patienceMs: number;
  #deliveredMs: number[] = [];

  /** @param copiesOf names the copies of a text that are awaited; by default one, named like the text */
  constructor(copiesOf: (text: string) => readonly string[] = (text) => [text], patienceMs = PATIENCE_MS) {
    this.#copiesOf = copiesOf;
    this.#patienceMs = patienceMs;
  }

  /** Records that a receiver got a copy. */
  arrived(copy: string): void {
    const sent = this.#startedAt.get(copy);
    if (sent === undefined) return;
    this.#startedAt.delete(copy);
    this.#deliveredMs.push(performance.now() - sent);
  }

  /**
   * Sends texts of 100 bytes, all different; the run ends when everything was delivered.
   * @param send sends as the sender with this number and resolves when that is acknowledged
   */
  async run(ms: number, senders: number, pace: SendPace, send: (sender: number, text: string) => Promise<unknown>): Promise<Outcome> {
    this.#startedAt.clear();
    this.#deliveredMs = [];
    const ackMs: number[] = [];
    const started = performance.now();
    const until = started + ms;
    const run = started.toFixed(0);
    const sendOne = async (lane: number, n: number): Promise<void> => {
      const text = `${run} ${lane} ${n} and some words of an ordinary message`.padEnd(100, '.');
      const at = performance.now();
      for (const copy of this.#copiesOf(text)) this.#startedAt.set(copy, at);
      await send(lane % senders, text);
      ackMs.push(performance.now() - at);
    };
    if ('window' in pace) {
      await Promise.all(Array.from({ length: senders * pace.window }, async (_, lane) => {
        for (let n = 0; performance.now() < until; n++) await sendOne(lane, n);
      }));
    } else {
      await runPaced(until, pace.perSecond, (n) => sendOne(n % senders, n));
    }
    const patience = performance.now() + this.#patienceMs;
    while (this.#startedAt.size > 0 && performance.now() < patience) await new Promise((resolve) => setTimeout(resolve, 5));
    const elapsedMs = performance.now() - started;
    const missing = this.#startedAt.size;
    if (missing > 0) throw new Error(`${missing} copies of ${ackMs.length} acknowledged messages were not delivered within ${this.#patienceMs} ms`);
    return { operations: ackMs.length, elapsedMs, ackMs, deliveredMs: this.#deliveredMs };
  }
}

/**
 * Starts operations at fixed times, whether or not earlier ones have ended; resolves when all have.
 * @param until a time of `performance.now()`, or what is aborted then
 */
export async function runPaced(until: number | AbortSignal, perSecond: number, run: (n: number) => Promise<void>): Promise<void> {
  const started = performance.now();
  const open: Promise<void>[] = [];
  let n = 0;
  while (typeof until === 'number' ? performance.now() < until : !until.aborted) {
    const due = Math.floor(((performance.now() - started) * perSecond) / 1000);
    for (; n < due; n++) open.push(run(n));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(open);
}
