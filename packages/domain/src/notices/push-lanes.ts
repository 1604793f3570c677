import { RecentMap } from '@aerogram/runtime';

/** Notices on their way to one push service, and of one account. */
const [LANE_MAX, OWNER_MAX] = [8, 4];
/** Notices on their way to all those push services together that have taken none yet, or none lately. Whoever names many that never answer holds up no others. */
const UNPROVEN_MAX = 16;
/** After so many failures in a row a push service counts as one that has taken none lately, and is asked for one notice at a time. */
const FAILURES_MAX = 3;
/** When a notice for which there is no place is looked at again, in milliseconds: later, the more of them wait for the same. */
const [BUSY_MS, BUSY_MAX_MS, WAITING_EACH] = [500, 20_000, 8];
/** Push services of which it is known how they have answered, and places for which notices wait. */
const KNOWN_MAX = 1000;

/** What a notice needs a place for. */
export interface LaneUse {
  /** The push service. */
  name: string;
  owner: bigint;
}

/** Called once when a notice is not on its way any more. Whether its push service has taken it, or said why not; `undefined`: it was not asked. */
export type LeaveLane = (isAnswered: boolean | undefined) => void;

/** How a push service has answered: whether it ever has, and its failures since. */
interface Health {
  isProven: boolean;
  failures: number;
}

const UNKNOWN: Health = { isProven: false, failures: 0 };

/** Counts by name. What is 0 is not kept. */
class Counts {
  readonly #counts = new Map<string, number>();

  get(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  add(name: string, by: 1 | -1): void {
    const count = this.get(name) + by;
    if (count === 0) this.#counts.delete(name);
    else this.#counts.set(name, count);
  }
}

/**
 * Shares what this process sends at a time between push services and accounts, so that a service that hangs, and somebody who names many of those, hold up nobody else. Each process
 * counts what it sends.
 */
export class PushLanes {
  /** Notices on their way, by what they take a place of. */
  readonly #inside = new Counts();
  /** Notices that found no place lately, by what they wait for. */
  readonly #turnedAway = new RecentMap<string, number>(KNOWN_MAX);
  readonly #health = new RecentMap<string, Health>(KNOWN_MAX);

  /** Takes a place for a notice. @returns how to leave it, or after how many milliseconds to ask again */
  enter({ name, owner }: LaneUse): LeaveLane | number {
    const health = this.#health.get(name) ?? UNKNOWN;
    const places: readonly (readonly [string, number])[] = [
      [`service ${name}`, health.failures < FAILURES_MAX ? LANE_MAX : 1],
      [`owner ${owner}`, OWNER_MAX],
      ...(health.isProven ? [] : [['unproven', UNPROVEN_MAX] as const]),
    ];
    for (const [place, most] of places) if (this.#inside.get(place) >= most) return this.#turnAway(place);
    for (const [place] of places) this.#inside.add(place, 1);
    return (isAnswered) => {
      for (const [place] of places) {
        this.#inside.add(place, -1);
        this.#turnedAway.set(place, Math.floor((this.#turnedAway.get(place) ?? 0) / 2));
      }
      if (isAnswered !== undefined) this.#note(name, isAnswered);
    };
  }

  #turnAway(place: string): number {
    const waiting = (this.#turnedAway.get(place) ?? 0) + 1;
    this.#turnedAway.set(place, waiting);
    return Math.min(BUSY_MS * (1 + Math.floor(waiting / WAITING_EACH)), BUSY_MAX_MS);
  }

  #note(name: string, isAnswered: boolean): void {
    const { isProven, failures } = this.#health.get(name) ?? UNKNOWN;
    const more = isAnswered ? 0 : failures + 1;
    this.#health.set(name, { isProven: isAnswered || (isProven && more < FAILURES_MAX), failures: more });
  }
}
