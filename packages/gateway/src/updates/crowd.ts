import type { BoxEvent, Origin } from '@aerogram/domain';
import type { tl } from '@aerogram/tl';

import type { LiveSession } from '../live-session.ts';

/** A session that receives the events of channels. One object for all channels of the session. */
export interface Follower {
  readonly session: LiveSession;
  /** The user of the session. */
  readonly viewerId: bigint;
}

/** What is pushed to followers. */
export interface Push {
  events: readonly BoxEvent[];
  /** The channel's pts before the events; undefined for updates without pts, which may be lost. */
  fromPts: number | undefined;
  /** Whether followers who see it alike may share the encoding. */
  isShared: boolean;
  /** A user who gets nothing of a shared push. */
  exceptUserId?: bigint | undefined;
  /** Makes the push for one user; undefined if the user gets nothing. */
  project(viewerId: bigint): tl.Updates | undefined | Promise<tl.Updates | undefined>;
}

/** One push on its way to the followers who were in the crowd when it was planned. */
export interface Run {
  readonly push: Push;
  /** The first follower who has not got it. */
  next: number;
  /** Followers from here on joined later, and have what is pushed. */
  end: number;
  /** The follower before `next`, while the push is being projected for this one alone. */
  pending: Follower | undefined;
}

/**
 * The followers of a channel who are all at the same position of its event sequence. Each takes one place in a list, in the order of joining, so the list and
 * the followers' own lists of channels take 16 bytes for each session and channel. Pushes on their way are ranges of the list.
 */
export class Crowd {
  readonly #followers: Follower[] = [];
  readonly #runs: Run[] = [];

  get size(): number {
    return this.#followers.length;
  }

  /** Whether a follower is in the crowd. Like all methods with a follower as parameter, it searches the whole list. That is fast: it only compares references. */
  has(follower: Follower): boolean {
    return this.#followers.includes(follower);
  }

  /** The session that caused an event. */
  findOrigin({ authKeyId, sessionId }: Origin): Follower | undefined {
    return this.#followers.find(({ session }) => session.sessionId === sessionId && session.authKeyId === authKeyId);
  }

  /** Adds a follower who has everything that is being pushed. */
  add(follower: Follower): void {
    this.#followers.push(follower);
  }

  /** Lists what a follower was not handed yet, oldest first; undefined if it is not in the crowd. */
  missing(follower: Follower): Push[] | undefined {
    const at = this.#followers.indexOf(follower);
    if (at < 0) return undefined;
    return this.#runs.filter((run) => run.pending === follower || (run.next <= at && at < run.end)).map(({ push }) => push);
  }

  /** @returns whether the follower was in the crowd */
  remove(follower: Follower): boolean {
    const at = this.#followers.indexOf(follower);
    if (at < 0) return false;
    for (const run of this.#runs) {
      if (at < run.next) run.next--;
      if (at < run.end) run.end--;
    }
    this.#followers.splice(at, 1);
    return true;
  }

  /** Begins a push to all who are in the crowd now. {@link Crowd.end} must follow. */
  begin(push: Push): Run {
    const run: Run = { push, next: 0, end: this.#followers.length, pending: undefined };
    this.#runs.push(run);
    return run;
  }

  /** Lists the users who have not got a push yet, each once. */
  viewersOf({ push, next, end }: Run): bigint[] {
    const viewers = new Set<bigint>();
    for (let at = next; at < end; at++) viewers.add(this.#followers[at]!.viewerId);
    if (push.exceptUserId !== undefined) viewers.delete(push.exceptUserId);
    return [...viewers];
  }

  /** The next follower who has not got a push. It counts as handed over from now on, unless it is set as pending. */
  take(run: Run): Follower | undefined {
    return run.next < run.end ? this.#followers[run.next++] : undefined;
  }

  /** Whether the follower that was taken last is still in the crowd. */
  isTaken(run: Run, follower: Follower): boolean {
    return run.next > 0 && this.#followers[run.next - 1] === follower;
  }

  /** Ends a push. @returns the followers who have not got it */
  end(run: Run): Follower[] {
    this.#runs.splice(this.#runs.indexOf(run), 1);
    const from = run.pending !== undefined && this.isTaken(run, run.pending) ? run.next - 1 : run.next;
    return this.#followers.slice(from, run.end);
  }
}
