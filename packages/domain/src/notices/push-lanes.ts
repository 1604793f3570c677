import { RecentMap } from '@aerogram/runtime';

/** Notices on their way to one push service, and of one account. */
const [LANE_MAX, OWNER_MAX] = [8, 4];
/** Notices on their way to all those push services together that have taken none yet, or none lately. Whoever names many that never answer holds up no others. */
const UNPROVEN_MAX = 16;
/** After so many failures in a row a push service counts as one that has taken none lately, and is asked for one notice at a time. */
const FAILURES_MAX = 3;
/** Notices that wait in memory for the same place; of a push service that fails, only few. */
const [LINE_MAX, FAILING_LINE_MAX, OWNER_LINE_MAX, UNPROVEN_LINE_MAX] = [128, 2, 8, 64];
/** When a notice for which there is no room in the line is looked at again, in milliseconds; doubled with each failure of a push service that fails. */
const [AGAIN_MS, AGAIN_MAX_MS] = [1000, 60_000];
/** Push services of which it is known how they have answered. */
const KNOWN_MAX = 1000;

/** What a notice needs a place for. */
export interface LaneUse {
  /** The push service. */
  name: string;
  owner: bigint;
}

/** Called once when a notice is not on its way any more. Whether its push service has taken it, or said that the token is gone; `undefined`: it was not asked. */
export type LeaveLane = (isAnswered: boolean | undefined) => void;

/** A place that a notice has asked for. */
export interface AskedLane {
  /** How to leave it; undefined if too many wait already, the push service began to fail meanwhile, or it was given up. */
  entered: Promise<LeaveLane | undefined>;
  /** Waits no more. Does nothing if that is over already. */
  giveUp(): void;
}

/** How a push service has answered: whether it ever has, and its failures since. */
interface Health {
  isProven: boolean;
  failures: number;
}

const UNKNOWN: Health = { isProven: false, failures: 0 };

/** A place of which there are few. */
interface Place {
  name: string;
  most: number;
  lineMost: number;
}

/** A notice that waits, and the places by which it was counted when it came. */
interface Waiting {
  use: LaneUse;
  places: readonly Place[];
  resolve(leave: LeaveLane | undefined): void;
}

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
export class PushLanes implements Disposable {
  /** Notices on their way, by what they take a place of. */
  readonly #inside = new Counts();
  /** Those that wait for a place, by push service, the first one first. */
  readonly #lines = new Map<string, Set<Waiting>>();
  /** How many wait, by what they wait for. */
  readonly #waiting = new Counts();
  #isClosed = false;
  readonly #health = new RecentMap<string, Health>(KNOWN_MAX);

  /** Asks for a place for a notice. */
  enter(use: LaneUse): AskedLane {
    const places = this.#placesOf(use);
    const settled = (leave: LeaveLane | undefined): AskedLane => ({ entered: Promise.resolve(leave), giveUp: () => {} });
    if (this.#isClosed) return settled(undefined);
    // Those that wait have gone on already, if there is room for them.
    if (places.every((place) => this.#hasRoom(place))) return settled(this.#take(use, places));
    if (places.some(({ name, lineMost }) => this.#waiting.get(name) >= lineMost)) return settled(undefined);
    for (const { name } of places) this.#waiting.add(name, 1);
    const waiting: Waiting = { use, places, resolve: () => {} };
    const line = this.#lines.get(use.name) ?? new Set();
    this.#lines.set(use.name, line.add(waiting));
    return {
      entered: new Promise((resolve) => (waiting.resolve = resolve)),
      giveUp: () => line.has(waiting) && this.#leaveLine(waiting, undefined),
    };
  }

  /** After how many milliseconds a notice is worth another try that did not get a place. */
  againMs(name: string): number {
    const { failures } = this.#health.get(name) ?? UNKNOWN;
    return failures < FAILURES_MAX ? AGAIN_MS : Math.min(AGAIN_MS * 2 ** (failures - FAILURES_MAX + 1), AGAIN_MAX_MS);
  }

  /** Lets nobody wait any more. */
  [Symbol.dispose](): void {
    this.#isClosed = true;
    for (const name of this.#lines.keys()) this.#clear(name);
  }

  #placesOf({ name, owner }: LaneUse): Place[] {
    const { isProven, failures } = this.#health.get(name) ?? UNKNOWN;
    return [
      { name: `service ${name}`, ...(failures < FAILURES_MAX ? { most: LANE_MAX, lineMost: LINE_MAX } : { most: 1, lineMost: FAILING_LINE_MAX }) },
      { name: `owner ${owner}`, most: OWNER_MAX, lineMost: OWNER_LINE_MAX },
      ...(isProven ? [] : [{ name: 'unproven', most: UNPROVEN_MAX, lineMost: UNPROVEN_LINE_MAX }]),
    ];
  }

  #hasRoom({ name, most }: Place): boolean {
    return this.#inside.get(name) < most;
  }

  #take({ name }: LaneUse, places: readonly Place[]): LeaveLane {
    for (const place of places) this.#inside.add(place.name, 1);
    return (isAnswered) => {
      for (const place of places) this.#inside.add(place.name, -1);
      if (isAnswered !== undefined) this.#note(name, isAnswered);
      this.#goOn();
    };
  }

  /** Lets those go on for whom there is room now: one of each line in turn, so that places that services share go round. */
  #goOn(): void {
    for (const [name, line] of this.#lines) {
      const next = this.#nextOf(line);
      if (next === undefined) continue;
      this.#leaveLine(next, this.#take(next.use, this.#placesOf(next.use)));
      if (line.size === 0) continue;
      // Its turn comes again after the others.
      this.#lines.delete(name);
      this.#lines.set(name, line);
    }
  }

  /** The first of a line for whom there is room. */
  #nextOf(line: ReadonlySet<Waiting>): Waiting | undefined {
    for (const waiting of line) {
      const [service, owner, unproven] = this.#placesOf(waiting.use) as [Place, Place, Place?];
      if (!this.#hasRoom(service) || (unproven && !this.#hasRoom(unproven))) return undefined;
      if (this.#hasRoom(owner)) return waiting;
    }
    return undefined;
  }

  #leaveLine(waiting: Waiting, leave: LeaveLane | undefined): void {
    const line = this.#lines.get(waiting.use.name)!;
    line.delete(waiting);
    if (line.size === 0) this.#lines.delete(waiting.use.name);
    for (const { name } of waiting.places) this.#waiting.add(name, -1);
    waiting.resolve(leave);
  }

  #note(name: string, isAnswered: boolean): void {
    const { isProven, failures } = this.#health.get(name) ?? UNKNOWN;
    const more = isAnswered ? 0 : failures + 1;
    this.#health.set(name, { isProven: isAnswered || (isProven && more < FAILURES_MAX), failures: more });
    if (more >= FAILURES_MAX) this.#clear(name);
  }

  /** Lets nobody wait any more for a push service. */
  #clear(name: string): void {
    for (const waiting of this.#lines.get(name) ?? []) this.#leaveLine(waiting, undefined);
  }
}
