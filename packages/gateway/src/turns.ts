import type { CpuShare } from './cpu-share.ts';

/** Work that was put off may take so long at a stretch … */
const TURN_MS = 2;
/** … and then rests for so many times as long, in which what others do, who have to come back several times for one message, is not held up … */
const REST = 2;
/** … but no longer than this, however much the others have to do. */
const MOST_REST_MS = 40;
/** Where nobody else has come for so long, nobody is held up. */
const QUIET_MS = 50;

interface Waiting {
  work: () => void;
  share: CpuShare | undefined;
  /** Waits until its share has made up for what was taken beyond it. */
  paysFirst: boolean;
}

/**
 * Work that was put off. Whoever has more to do than a moment's work goes on here, in turns with the others of its kind and for
 * some milliseconds at a stretch in all, so that it delays nobody who has little to do. Whoever has taken least is the first: one who
 * was put off for a trifle does not stand in line behind those who ask for all there is. Where nobody else is there, nothing rests.
 */
export class Turns {
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;
  #timerAtMs = 0;
  /** From the beginning of a turn until it is known how long it took. */
  #isUnderWay = false;
  #ending: NodeJS.Immediate | undefined;
  #restedAtMs = 0;
  /** Who came last without being put off, when, and when somebody else did. */
  #lastShare: CpuShare | undefined;
  #lastMs = -Infinity;
  #lastOtherMs = -Infinity;

  /** Somebody has something to do who has not used up the share; one without a share is anybody. */
  came(share?: CpuShare): void {
    if (share === undefined || share !== this.#lastShare) this.#lastOtherMs = this.#lastMs;
    this.#lastShare = share;
    this.#lastMs = performance.now();
  }

  /** Whether somebody has had the share, and more would be at the cost of others. */
  isDear(share: CpuShare | undefined): boolean {
    return share?.isSpent === true && !this.#isAlone(share, performance.now());
  }

  /** Does a piece of work later; one that is not done then puts off the rest again. It must not throw. */
  later(work: () => void, share?: CpuShare): void {
    this.#add({ work, share, paysFirst: false });
  }

  /** The same when, besides, the share is not used up any more, or nobody else is there. */
  whenPaid(work: () => void, share: CpuShare | undefined): void {
    this.#add({ work, share, paysFirst: true });
  }

  /** An answer of so many bytes was made, or a long packet decrypted elsewhere: what it has cost is taken from the share, and rested for when that is used up. */
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

  /** When it may be its turn, as far as that can be told now. */
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
    // Those who have their share again are as others who come; they take nobody's turn.
    const free: Waiting[] = [];
    const dear: Waiting[] = [];
    for (const one of this.#waiting) {
      if (this.#readyAtMs(one, startedMs) > startedMs) notYet.push(one);
      else (one.share?.isSpent === false ? free : dear).push(one);
    }
    this.#isUnderWay = true;
    // What is put off meanwhile stands at the end: of those who took alike, everyone has had a turn before anyone has two.
    this.#waiting = notYet;
    for (const { work } of free) work();
    const inOrder = dear.map((one) => ({ one, takenMs: one.share?.takenMs ?? 0 })).toSorted((a, b) => a.takenMs - b.takenMs);
    const turnMs = performance.now();
    let done = 0;
    while (done < inOrder.length && (done === 0 || performance.now() - turnMs < TURN_MS)) inOrder[done++]!.one.work();
    this.#waiting = [...inOrder.slice(done).map(({ one }) => one), ...this.#waiting];
    // Much of what a piece of work costs is done in promises that it leaves behind, so the clock stops after them.
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
