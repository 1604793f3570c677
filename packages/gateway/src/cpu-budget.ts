import { openThreadTime } from './thread-time.ts';

/** The fraction of one core that an account may use all the time. Clients need less; a few accounts together cannot use the whole core. */
const SHARE = 0.1;
/** How much work an account may cause in one burst, in milliseconds. */
const MOST_MS = 10;
/**
 * How far a burst may overdraw that limit. It is small because the measured time may include garbage collection caused by others.
 */
const MOST_BEYOND_MS = 2;
/**
 * How much unused CPU time an account may save up in all. An account that has used this up as well is over its budget for longer than a
 * moment …
 */
const MOST_SAVED_MS = 40;
/**
 * … and stays over budget until it has saved this much again. Otherwise many such accounts would each continue with what they earn from
 * moment to moment, which is too much in total.
 */
const ENOUGH_SAVED_MS = 20;
/**
 * How much CPU time an account may owe in all. Answers are charged afterwards, and several may already be running for a client that sent
 * many calls at once.
 */
const MOST_OWED_MS = 250;
/** Bytes of an answer that cost one millisecond of work: to read it from the database, encode and compress it. */
const BYTES_OF_MS = 100 * 1024;
/** What a call costs that no correct client sends: one that cannot be parsed, or one repeated in spite of FLOOD_WAIT. In milliseconds. */
const PENALTY_MS = 1;
/** What an account used counts half as much after this time, in milliseconds, when it is compared with what others used. */
const HALF_FORGOTTEN_MS = 1_000;
/** How exact that is, in milliseconds. */
const FORGET_EVERY_MS = 20;
/** How long one connection may work before it lets others run, in milliseconds. */
const SLICE_MS = 4;

/** The wall-clock time of shorter stretches is taken as CPU time. For longer ones the CPU time of the thread is asked for. */
const ASK_FROM_MS = 0.5;
/**
 * The CPU time at the start of a stretch may have been read this long before. Reading it more often took 2 % of a server at 900 sends a
 * second.
 */
const ASK_EVERY_MS = 2;

let threadTime: (() => number) | undefined;

/** CPU time that this thread has used, in milliseconds. */
function threadWorkedMs(): number {
  threadTime ??= openThreadTime();
  return threadTime();
}

/**
 * Measures the CPU time of the thread that serves messages. Asking the operating system takes some microseconds, so all stretches within a
 * few milliseconds share one reading of the CPU time at their start.
 */
export class WorkClock {
  readonly nowMs: () => number;
  readonly #workedMs: () => number;
  #askedAtMs = -Infinity;
  #workedThenMs = 0;

  constructor(nowMs = (): number => performance.now(), workedMs = threadWorkedMs) {
    this.nowMs = nowMs;
    this.#workedMs = workedMs;
  }

  /** Starts a stretch of work. @returns the time at which it started */
  begin(): number {
    const nowMs = this.nowMs();
    if (nowMs - this.#askedAtMs >= ASK_EVERY_MS) {
      this.#askedAtMs = nowMs;
      this.#workedThenMs = this.#workedMs();
    }
    return nowMs;
  }

  /**
   * The CPU time that a stretch which started at `beganMs` can have used. On a busy machine most of the elapsed time is waiting for a core.
   */
  workSince(beganMs: number): number {
    const elapsedMs = this.nowMs() - beganMs;
    return elapsedMs < ASK_FROM_MS ? elapsedMs : Math.min(elapsedMs, this.#workedMs() - this.#workedThenMs);
  }
}

/** Shared by all accounts. */
const systemClock = new WorkClock();

/**
 * The CPU budget of one account, or of one connection that nobody is logged in on. Only the time of the thread that serves messages counts:
 * other threads open and seal long packets. Work of an account that is over its budget is deferred (see `Scheduler`). A limit on bytes
 * cannot replace it: one kilobyte may unpack to a megabyte, or contain a thousand calls.
 */
export class CpuBudget {
  readonly #clock: WorkClock;
  #leftMs = MOST_MS;
  #savedMs = MOST_SAVED_MS;
  #leftAtMs = 0;
  #isHeavy = false;
  #beganMs = 0;
  #recentMs = 0;
  #recentAtMs = 0;

  constructor(clock = systemClock) {
    this.#clock = clock;
  }

  /** Whether the budget is used up. */
  get isSpent(): boolean {
    this.#earn();
    return this.#leftMs <= 0 || this.#isHeavy;
  }

  /**
   * Milliseconds until an account that is over its budget for a moment is within it again; Infinity if it has used up its savings too.
   */
  get againInMs(): number {
    this.#earn();
    if (this.#isHeavy) return Infinity;
    return this.#leftMs > 0 ? 0 : -this.#leftMs / SHARE + 1;
  }

  /** Whether everything that was used has been earned back. */
  get isFresh(): boolean {
    this.#earn();
    return this.#savedMs >= MOST_SAVED_MS;
  }

  /** CPU time used lately, in milliseconds; the longer ago, the less it counts. */
  get recentMs(): number {
    this.#earn();
    this.#forget();
    return this.#recentMs;
  }

  /** Milliseconds until the debt is paid back. */
  get paidInMs(): number {
    this.#earn();
    return Math.max(0, -this.#savedMs) / SHARE;
  }

  #earn(): void {
    const nowMs = this.#clock.nowMs();
    const earnedMs = (nowMs - this.#leftAtMs) * SHARE;
    this.#leftMs = Math.min(MOST_MS, this.#leftMs + earnedMs);
    this.#savedMs = Math.min(MOST_SAVED_MS, this.#savedMs + earnedMs);
    this.#leftAtMs = nowMs;
    if (this.#savedMs >= ENOUGH_SAVED_MS) this.#isHeavy = false;
  }

  /** Whether the stretch of work that has begun may continue. */
  get hasTime(): boolean {
    return this.#clock.nowMs() - this.#beganMs < SLICE_MS;
  }

  /** Starts a stretch of work; `end` must follow. */
  begin(): void {
    this.#beganMs = this.#clock.begin();
  }

  end(): void {
    this.#charge(this.#clock.workSince(this.#beganMs));
  }

  /** Charges a penalty, more than the refusal cost, for a call that no correct client sends. */
  chargePenalty(): void {
    this.#charge(PENALTY_MS);
  }

  /** Charges for an answer of this many bytes. @returns the cost in milliseconds of work */
  chargeBytes(bytes: number): number {
    const costMs = bytes / BYTES_OF_MS;
    this.#charge(costMs);
    return costMs;
  }

  #forget(): void {
    const sinceMs = this.#leftAtMs - this.#recentAtMs;
    if (sinceMs < FORGET_EVERY_MS) return;
    this.#recentMs *= 2 ** (-sinceMs / HALF_FORGOTTEN_MS);
    this.#recentAtMs = this.#leftAtMs;
  }

  /** Charges what was used before it was known whose work it is. */
  takeOver(other: CpuBudget): void {
    other.#earn();
    this.#charge(Math.min(MOST_SAVED_MS, MOST_SAVED_MS - other.#savedMs));
  }

  #charge(ms: number): void {
    this.#earn();
    this.#forget();
    this.#recentMs += ms;
    this.#leftMs = Math.max(-MOST_BEYOND_MS, this.#leftMs - ms);
    this.#savedMs = Math.max(-MOST_OWED_MS, this.#savedMs - ms);
    if (this.#savedMs <= 0) this.#isHeavy = true;
  }
}
