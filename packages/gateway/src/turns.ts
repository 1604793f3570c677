import type { CpuShare } from './cpu-share.ts';

/** How long one run may work through deferred tasks, in milliseconds. */
const TURN_MS = 2;
/**
 * After a run, deferred work rests this many times as long as the run took. Meanwhile the other connections, which often need several round
 * trips for one message, are served without delay.
 */
const REST = 2;
/** Upper limit of that rest, in milliseconds, however busy the other connections are. */
const MOST_REST_MS = 40;
/** If no other connection has had work for this long, in milliseconds, there is nobody to protect and nothing is deferred. */
const QUIET_MS = 50;

interface Waiting {
  work: () => void;
  share: CpuShare | undefined;
  /** Whether the task waits until its connection has paid back what it spent beyond its budget. */
  paysFirst: boolean;
}

/**
 * Runs the deferred work of connections that are over their CPU budget. All of them together get a few milliseconds at a stretch, so they
 * do not delay connections that have little to do. The connection that has used the least CPU time goes first: a connection that is barely
 * over its budget does not queue behind heavy ones. If no other connection is active, deferred work runs without rests.
 */
export class Turns {
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;
  #timerAtMs = 0;
  /** True from the start of a run until its duration is known. */
  #isUnderWay = false;
  #ending: NodeJS.Immediate | undefined;
  #restedAtMs = 0;
  /** The connection that last had undeferred work, when that was, and when a different connection last had some. */
  #lastShare: CpuShare | undefined;
  #lastMs = -Infinity;
  #lastOtherMs = -Infinity;

  /** Records that a connection within its budget has work to do. Without an argument, the work counts as that of an unknown connection. */
  came(share?: CpuShare): void {
    if (share === undefined || share !== this.#lastShare) this.#lastOtherMs = this.#lastMs;
    this.#lastShare = share;
    this.#lastMs = performance.now();
  }

  /** Whether a connection is over its budget while other connections are active. */
  isDear(share: CpuShare | undefined): boolean {
    return share?.isSpent === true && !this.#isAlone(share, performance.now());
  }

  /** Runs `work` later. If it does not finish, it must schedule the rest again. It must not throw. */
  later(work: () => void, share?: CpuShare): void {
    this.#add({ work, share, paysFirst: false });
  }

  /** Like `later`, but also waits until the connection is within its budget again or no other connection is active. */
  whenPaid(work: () => void, share: CpuShare | undefined): void {
    this.#add({ work, share, paysFirst: true });
  }

  /**
   * Charges a connection for an answer of this many bytes, or for a long packet decrypted in another thread. If that puts it over its
   * budget, deferred work rests for the cost too.
   */
  chargeBytes(share: CpuShare | undefined, bytes: number): void {
    if (!share) return;
    const costMs = share.chargeBytes(bytes);
    if (this.isDear(share)) this.#restAfter(costMs);
  }

  #add(one: Waiting): void {
    this.#waiting.push(one);
    if (this.#isUnderWay) return;
    const nowMs = performance.now();
    this.#runAt(this.#readyAtMs(one, nowMs), nowMs);
  }

  #runAt(atMs: number, nowMs: number): void {
    if (this.#timer && this.#timerAtMs <= atMs) return;
    clearTimeout(this.#timer);
    this.#timerAtMs = atMs;
    this.#timer = setTimeout(() => this.#run(), Math.max(0, atMs - nowMs));
  }

  #isAlone(share: CpuShare | undefined, nowMs: number): boolean {
    if (!share) return false;
    return nowMs - (this.#lastShare === share ? this.#lastOtherMs : this.#lastMs) >= QUIET_MS;
  }

  /** The earliest time at which a task may run, as far as is known now. */
  #readyAtMs({ share, paysFirst }: Waiting, nowMs: number): number {
    if (this.#isAlone(share, nowMs)) return nowMs;
    const paysMs = paysFirst && share ? Math.min(share.paidInMs, QUIET_MS) : 0;
    const turnMs = Math.max(this.#restedAtMs, nowMs + paysMs);
    return share ? Math.min(turnMs, nowMs + share.againInMs) : turnMs;
  }

  #run(): void {
    this.#timer = undefined;
    const startedMs = performance.now();
    const notYet: Waiting[] = [];
    // Connections that are back within their budget do not count against the time of this run.
    const free: Waiting[] = [];
    const dear: Waiting[] = [];
    for (const one of this.#waiting) {
      if (this.#readyAtMs(one, startedMs) > startedMs) notYet.push(one);
      else (one.share?.isSpent === false ? free : dear).push(one);
    }
    this.#isUnderWay = true;
    // Work that is scheduled during this run goes to the end of the queue. Among connections that have used the same CPU time, none runs
    // twice before all have run once.
    this.#waiting = notYet;
    for (const { work } of free) work();
    const inOrder = dear.map((one) => ({ one, takenMs: one.share?.takenMs ?? 0 })).toSorted((a, b) => a.takenMs - b.takenMs);
    const turnMs = performance.now();
    let done = 0;
    while (done < inOrder.length && (done === 0 || performance.now() - turnMs < TURN_MS)) inOrder[done++]!.one.work();
    this.#waiting = [...inOrder.slice(done).map(({ one }) => one), ...this.#waiting];
    // Much of the work happens in promises that a task leaves behind, so the time is taken after those have run.
    this.#ending = setImmediate(() => this.#rest(done === 0 ? 0 : performance.now() - turnMs));
  }

  #rest(tookMs: number): void {
    this.#isUnderWay = false;
    this.#restAfter(tookMs);
    if (this.#waiting.length === 0) return;
    const nowMs = performance.now();
    this.#runAt(this.#waiting.reduce((soonest, one) => Math.min(soonest, this.#readyAtMs(one, nowMs)), Infinity), nowMs);
  }

  #restAfter(tookMs: number): void {
    const nowMs = performance.now();
    this.#restedAtMs = Math.min(Math.max(this.#restedAtMs, nowMs) + tookMs * REST, nowMs + MOST_REST_MS);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#ending);
    this.#timer = undefined;
    this.#isUnderWay = false;
    this.#waiting = [];
  }
}
