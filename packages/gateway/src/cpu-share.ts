/** Of a core, what one connection may have at any time. More than clients need, and little enough that a few do not have all. */
const SHARE = 0.1;
/** What may be spent at a stretch, in milliseconds of work … */
const MOST_MS = 10;
/** … and how far beyond it that may go: the process may have collected garbage meanwhile, which is mostly that of others. */
const MOST_BEYOND_MS = 2;
/** What may be saved up in all. Whoever has spent that, too, takes more than the share for longer than by accident … */
const MOST_SAVED_MS = 40;
/** … and is dear until so much is saved again: else many would each go on with what a moment brings, and be too much together. */
const ENOUGH_SAVED_MS = 20;
/** What may be owed in all. Answers are charged afterwards, and a client that asked for many had some begun at once. */
const MOST_OWED_MS = 250;
/** Reading an answer from the database, encoding and packing it takes a millisecond for so many bytes, and so does decrypting. */
const BYTES_OF_MS = 100 * 1024;
/** What a call costs that no client makes which reads the answers: an unreadable one, or one more in spite of FLOOD_WAIT. */
const FINE_MS = 1;
/** So long one connection may work at a stretch. */
const SLICE_MS = 4;

/** Stretches shorter than this are believed; of longer ones the processor is asked how much of it was work … */
const ASK_FROM_MS = 0.5;
/** … since it was last asked at the beginning of one, which is at most so long before. Asking more often took 2 % of a server at 900 sends a second. */
const ASK_EVERY_MS = 2;

/** What the process has worked since it began, in milliseconds. */
function systemWorkedMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * The clock that time is charged by; it remembers what had been worked a moment ago. Asking costs some microseconds, so all
 * stretches of a few milliseconds share one answer.
 */
export class WorkClock {
  readonly nowMs: () => number;
  readonly #workedMs: () => number;
  #askedAtMs = -Infinity;
  #workedThenMs = 0;

  constructor(nowMs = (): number => performance.now(), workedMs = systemWorkedMs) {
    this.nowMs = nowMs;
    this.#workedMs = workedMs;
  }

  /** A stretch of work begins. @returns when */
  begin(): number {
    const nowMs = this.nowMs();
    if (nowMs - this.#askedAtMs >= ASK_EVERY_MS) {
      this.#askedAtMs = nowMs;
      this.#workedThenMs = this.#workedMs();
    }
    return nowMs;
  }

  /** Of a stretch that began then, what can have been work: on a busy machine the most of it is waiting. */
  workSince(beganMs: number): number {
    const elapsedMs = this.nowMs() - beganMs;
    return elapsedMs < ASK_FROM_MS ? elapsedMs : Math.min(elapsedMs, this.#workedMs() - this.#workedThenMs);
  }
}

/** One for all: there is a share for each connection. */
const systemClock = new WorkClock();

/**
 * The time that one connection may cost before its work is put off to turns shared by all that are so dear.
 * What a packet costs no limit of bytes can tell: a kilobyte may unpack to a megabyte, or ask a thousand things.
 */
export class CpuShare {
  readonly #clock: WorkClock;
  #leftMs = MOST_MS;
  #savedMs = MOST_SAVED_MS;
  #leftAtMs = 0;
  #isHeavy = false;
  #beganMs = 0;

  constructor(clock = systemClock) {
    this.#clock = clock;
  }

  /** Whether the share has been used up. */
  get isSpent(): boolean {
    this.#earn();
    return this.#leftMs <= 0 || this.#isHeavy;
  }

  /** In how many milliseconds it is not used up any more, when that was an accident; Infinity when more is taken all the time. */
  get againInMs(): number {
    this.#earn();
    if (this.#isHeavy) return Infinity;
    return this.#leftMs > 0 ? 0 : -this.#leftMs / SHARE + 1;
  }

  /** What was taken of all that may be saved up, and beyond it, in milliseconds of work. */
  get takenMs(): number {
    this.#earn();
    return MOST_SAVED_MS - this.#savedMs;
  }

  /** In how many milliseconds what was taken beyond the share is made up for. */
  get paidInMs(): number {
    return Math.max(0, this.takenMs - MOST_SAVED_MS) / SHARE;
  }

  #earn(): void {
    const nowMs = this.#clock.nowMs();
    const earnedMs = (nowMs - this.#leftAtMs) * SHARE;
    this.#leftMs = Math.min(MOST_MS, this.#leftMs + earnedMs);
    this.#savedMs = Math.min(MOST_SAVED_MS, this.#savedMs + earnedMs);
    this.#leftAtMs = nowMs;
    if (this.#savedMs >= ENOUGH_SAVED_MS) this.#isHeavy = false;
  }

  /** Whether work that has begun may go on at once. */
  get hasTime(): boolean {
    return this.#clock.nowMs() - this.#beganMs < SLICE_MS;
  }

  /** Work begins; `end` must follow. */
  begin(): void {
    this.#beganMs = this.#clock.begin();
  }

  end(): void {
    this.#charge(this.#clock.workSince(this.#beganMs));
  }

  /** Takes more than it has cost to refuse a call that nobody has to make. */
  fine(): void {
    this.#charge(FINE_MS);
  }

  /** Takes what an answer or a long packet of so many bytes has cost. @returns how much that is, in milliseconds of work */
  chargeBytes(bytes: number): number {
    const costMs = bytes / BYTES_OF_MS;
    this.#charge(costMs);
    return costMs;
  }

  #charge(ms: number): void {
    this.#earn();
    this.#leftMs = Math.max(-MOST_BEYOND_MS, this.#leftMs - ms);
    this.#savedMs = Math.max(-MOST_OWED_MS, this.#savedMs - ms);
    if (this.#savedMs <= 0) this.#isHeavy = true;
  }
}
