import { TurnQueue } from '@aerogram/runtime';

/** How many updates this process sends to webhooks at a time. */
const SENDING_MAX = 1000;

/** Room for sending, shared by all webhooks of this process. Those that send least are served first, so that a slow one does not hold up others. */
export class SendSlots {
  readonly #max: number;
  readonly #used = new Map<bigint, number>();
  readonly #waiting = new TurnQueue<bigint, () => void>({ max: Infinity, maxPerAccount: 1, usedBy: (botId) => this.usedBy(botId) });
  #total = 0;

  constructor(max = SENDING_MAX) {
    this.#max = max;
  }

  /** How many slots a bot has. */
  usedBy(botId: bigint): number {
    return this.#used.get(botId) ?? 0;
  }

  /** Gives a bot a slot, at once or as soon as one is free. A bot waits for one slot at a time. @param start must call {@link SendSlots.leave} in the end */
  ask(botId: bigint, start: () => void): void {
    if (this.#total < this.#max && this.#waiting.size === 0) this.#take(botId, start);
    else this.#waiting.add(botId, () => this.#take(botId, start));
  }

  /** Frees a slot. */
  leave(botId: bigint): void {
    const used = this.usedBy(botId) - 1;
    if (used > 0) this.#used.set(botId, used);
    else this.#used.delete(botId);
    this.#total--;
    while (this.#total < this.#max) {
      const next = this.#waiting.take();
      if (next === undefined) return;
      next();
    }
  }

  #take(botId: bigint, start: () => void): void {
    this.#total++;
    this.#used.set(botId, this.usedBy(botId) + 1);
    start();
  }
}
