import type { Watched } from './watched.ts';

/** So many connections are looked at in one turn … */
const IN_ONE_TURN = 2048;
/** … or, where there are more of them, so many that all have been looked at after this many turns. */
const TURNS = 8;

/**
 * The connections that are open or closing, watched in turns of a timer. To look at each of many thousand in every turn costs more
 * than a processor's cache holds, and their limits are of many seconds: those of a full server may be exceeded by some.
 */
export class OpenConnections extends Set<Watched> {
  // Sees what is added behind it and not what was deleted before it, so it may be kept from turn to turn.
  #round = this.values();

  /** Has its turn: those that come next close what has waited too long. */
  watch(nowMs: number): void {
    const due = Math.min(this.size, Math.max(IN_ONE_TURN, Math.ceil(this.size / TURNS)));
    for (let looked = 0; looked < due; looked++) this.#next()?.watch(nowMs);
  }

  #next(): Watched | undefined {
    const next = this.#round.next();
    if (next.done !== true) return next.value;
    this.#round = this.values();
    return this.#round.next().value;
  }
}
