/** Of a core, what one connection may have at any time. More than clients need, and little enough that a few do not have all. */
const SHARE = 0.1;
/** What may be saved up, and owed, in milliseconds of work. */
const MOST_MS = 10;
/** What answers may make it owe. They are charged afterwards, and a client that asked for many had them begun at once. */
const MOST_OWED_MS = 250;
/** Reading an answer from the database, encoding and packing it takes a millisecond for so many bytes. */
const ANSWER_BYTES_OF_MS = 100 * 1024;
/** What a call costs that no client makes which reads the answers: an unreadable one, or one more in spite of FLOOD_WAIT. */
const FINE_MS = 1;
/** So long one connection may work at a stretch. */
const SLICE_MS = 4;

/** Stretches shorter than this are believed; of longer ones the processor is asked how much of it was work. */
const ASK_FROM_MS = 0.5;

/** What the process has worked since it began, in milliseconds. */
function systemWorkedMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * The clock that time is charged by; it remembers what had been worked a moment ago. Asking costs a microsecond, so all
 * stretches of half a millisecond share one answer.
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
    if (nowMs - this.#askedAtMs >= ASK_FROM_MS) {
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
  #leftAtMs = 0;
  #beganMs = 0;

  constructor(clock = systemClock) {
    this.#clock = clock;
  }

  /** Whether the share has been used up. */
  get isSpent(): boolean {
    return this.#earn() <= 0;
  }

  /** What was taken beyond the share and is not made up for yet, in milliseconds of work. */
  get owedMs(): number {
    return Math.max(0, -this.#earn());
  }

  /** In how many milliseconds it will be made up for. */
  get paidInMs(): number {
    return this.owedMs / SHARE;
  }

  #earn(): number {
    const nowMs = this.#clock.nowMs();
    this.#leftMs = Math.min(MOST_MS, this.#leftMs + (nowMs - this.#leftAtMs) * SHARE);
    this.#leftAtMs = nowMs;
    return this.#leftMs;
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
    // What answers made it owe is not forgiven for work.
    this.#leftMs = Math.max(Math.min(-MOST_MS, this.#leftMs), this.#leftMs - this.#clock.workSince(this.#beganMs));
  }

  /** Takes more than it has cost to refuse a call that nobody has to make. */
  fine(): void {
    this.#charge(FINE_MS);
  }

  /** Takes what an answer of so many bytes has cost. @returns how much that is, in milliseconds of work */
  chargeAnswer(bytes: number): number {
    const costMs = bytes / ANSWER_BYTES_OF_MS;
    this.#charge(costMs);
    return costMs;
  }

  #charge(ms: number): void {
    this.#leftMs = Math.max(-MOST_OWED_MS, this.#earn() - ms);
  }
}
