import type { CpuBudget } from './cpu-budget.ts';

/** How long one run may work through deferred tasks, in milliseconds. */
const RUN_MS = 2;
/**
 * After a run, deferred work rests this many times as long as the run took. Meanwhile the other connections, which often need several round
 * trips for one message, are served without delay.
 */
const REST_FACTOR = 2;
/** Upper limit of that rest, in milliseconds, however busy the other connections are. */
const MAX_REST_MS = 40;
/** If no other connection has had work for this long, in milliseconds, there is nobody to protect and nothing is deferred. */
const QUIET_MS = 50;

interface Waiting {
  work: () => void;
  budget: CpuBudget | undefined;
  /** Whether the task waits until its connection has paid back what it spent beyond its budget. */
  paysFirst: boolean;
}

/**
 * Runs the deferred work of accounts that are over their CPU budget. All of them together get a few milliseconds at a stretch, so they do
 * not delay those that have little to do. The account that has lately used the least CPU time goes first: one that is barely over its
 * budget does not queue behind heavy ones, and heavy ones take turns, however many connections each has. If no other account is active,
 * deferred work runs without rests.
 */
export class Scheduler {
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;
  #timerAtMs = 0;
  /** True from the start of a run until its duration is known. */
  #isUnderWay = false;
  #ending: NodeJS.Immediate | undefined;
  #restedAtMs = 0;
  /** The connection that last had undeferred work, when that was, and when a different connection last had some. */
  #lastBudget: CpuBudget | undefined;
  #lastMs = -Infinity;
  #lastOtherMs = -Infinity;

  /** Records that a connection within its budget has work to do. Without an argument, the work counts as that of an unknown connection. */
  recordArrival(budget?: CpuBudget): void {
    if (budget === undefined || budget !== this.#lastBudget) this.#lastOtherMs = this.#lastMs;
    this.#lastBudget = budget;
    this.#lastMs = performance.now();
  }

  /** Whether a connection is over its budget while other connections are active. */
  isOverBudget(budget: CpuBudget | undefined): boolean {
    return budget?.isSpent === true && !this.#isAlone(budget, performance.now());
  }

  /** Runs `work` later. If it does not finish, it must schedule the rest again. It must not throw. */
  defer(work: () => void, budget?: CpuBudget): void {
    this.#add({ work, budget, paysFirst: false });
  }

  /** Like `defer`, but also waits until the connection is within its budget again or no other connection is active. */
  deferUntilPaid(work: () => void, budget: CpuBudget | undefined): void {
    this.#add({ work, budget, paysFirst: true });
  }

  /**
   * Charges an account for an answer of this many bytes. If that puts it over its budget, deferred work rests for the cost too.
   */
  chargeBytes(budget: CpuBudget | undefined, bytes: number): void {
    if (!budget) return;
    const costMs = budget.chargeBytes(bytes);
    if (this.isOverBudget(budget)) this.#restAfter(costMs);
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

  #isAlone(budget: CpuBudget | undefined, nowMs: number): boolean {
    if (!budget) return false;
    return nowMs - (this.#lastBudget === budget ? this.#lastOtherMs : this.#lastMs) >= QUIET_MS;
  }

  /** The earliest time at which a task may run, as far as is known now. */
  #readyAtMs({ budget, paysFirst }: Waiting, nowMs: number): number {
    if (this.#isAlone(budget, nowMs)) return nowMs;
    const paysMs = paysFirst && budget ? Math.min(budget.paidInMs, QUIET_MS) : 0;
    const readyMs = Math.max(this.#restedAtMs, nowMs + paysMs);
    return budget ? Math.min(readyMs, nowMs + budget.againInMs) : readyMs;
  }

  #run(): void {
    this.#timer = undefined;
    const startedMs = performance.now();
    const notYet: Waiting[] = [];
    // Connections that are back within their budget do not count against the time of this run.
    const withinBudget: Waiting[] = [];
    const overBudget: Waiting[] = [];
    for (const one of this.#waiting) {
      if (this.#readyAtMs(one, startedMs) > startedMs) notYet.push(one);
      else (one.budget?.isSpent === false ? withinBudget : overBudget).push(one);
    }
    this.#isUnderWay = true;
    // Work that is scheduled during this run goes to the end of the queue. Among accounts that have used the same CPU time, none runs twice
    // before all have run once.
    this.#waiting = notYet;
    for (const { work } of withinBudget) work();
    const inOrder = overBudget.map((one) => ({ one, recentMs: one.budget?.recentMs ?? 0 })).toSorted((a, b) => a.recentMs - b.recentMs);
    const runStartMs = performance.now();
    let done = 0;
    while (done < inOrder.length && (done === 0 || performance.now() - runStartMs < RUN_MS)) inOrder[done++]!.one.work();
    this.#waiting = [...inOrder.slice(done).map(({ one }) => one), ...this.#waiting];
    // Much of the work happens in promises that a task leaves behind, so the time is taken after those have run.
    this.#ending = setImmediate(() => this.#rest(done === 0 ? 0 : performance.now() - runStartMs));
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
    this.#restedAtMs = Math.min(Math.max(this.#restedAtMs, nowMs) + tookMs * REST_FACTOR, nowMs + MAX_REST_MS);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#ending);
    this.#timer = undefined;
    this.#isUnderWay = false;
    this.#waiting = [];
  }
}
