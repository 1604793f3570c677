import type { Clock, TimerHandle } from '@aerogram/runtime';
import { interestKey, keysIn } from './interest-list.ts';
import { OwnInterest } from './own-interest.ts';
import type { Senders } from './senders.ts';

/** Shortest time between two messages about what has changed, in milliseconds. */
const PAUSE_MS = 10;

/** Shortest time between two questions, and between two answers, which may be a megabyte, in milliseconds. Less than that between beats. */
const ANSWER_PAUSE_MS = 500;

/** Time after which every other node was heard, as beats come each second, in milliseconds. */
const ALL_HEARD_MS = 2_000;

/** Longest body of a message, in bytes, so that what follows it does not wait for long. */
const MAX_BODY_BYTES = 64 * 1024;

/** Nodes that are asked by name; if more are missing, all are asked. */
const MAX_ASKED = 100;

/** What the interest of the nodes needs. */
export interface InterestOptions {
  clock: Clock;
  /** The nodes that are heard. */
  senders: Senders;
  /** Names of those that ought to be heard. */
  others: () => Iterable<string>;
  /** Whether messages can be sent. */
  isConnected: () => boolean;
  /** Longest body that can be sent, in bytes. */
  maxBody: () => number;
  /** Sends a message to all, with a number. */
  tell(body: Buffer): void;
  /** Asks nodes, or all if none are named. */
  ask(senders: readonly bigint[]): void;
}

/**
 * Who listens to what: tells the others which topics this node listens to, and keeps what they tell. It only decides whether a hint is sent,
 * and in doubt it is. What may be missing is asked for at once and with each beat until it is told; each node tells everything to all.
 */
export class Interest implements Disposable {
  readonly #options: InterestOptions;
  readonly #own = new OwnInterest();
  #connectedMs = 0;
  /** Whether there may be nodes that were not heard. */
  #isUnsure = true;
  #isAsked = false;
  #isMissing = false;
  #toldMs = Number.NEGATIVE_INFINITY;
  #askedMs = Number.NEGATIVE_INFINITY;
  #answeredMs = Number.NEGATIVE_INFINITY;
  #timer: TimerHandle | undefined;

  constructor(options: InterestOptions) {
    this.#options = options;
  }

  /** Takes note that this node began to listen to a topic. */
  begin(topic: string): void {
    const key = interestKey(topic);
    if (key === undefined) return;
    this.#own.begin(key);
    if (this.#own.isUrgent) this.#soon();
  }

  /** Takes note that this node does not listen to a topic any more; the others are told with a later message. */
  cease(topic: string): void {
    const key = interestKey(topic);
    if (key !== undefined) this.#own.cease(key);
  }

  /** Whether another node listens to a topic, or may do so. */
  mayBeHeard(topic: string): boolean {
    if (this.#isUnsure) return true;
    const key = interestKey(topic);
    return key === undefined || this.#options.senders.mayHave(key);
  }

  /** Takes note that others want to know everything. */
  asked(): void {
    this.#isAsked = true;
    if (this.#isOver(this.#answeredMs)) this.#soon();
  }

  /** Takes note that a node was heard; asks for what it has told before, if that is missing. */
  heard(): void {
    if (this.#isMissing || !this.#isOver(this.#askedMs) || this.#options.senders.wanted().length === 0) return;
    this.#isMissing = true;
    this.#soon();
  }

  /** To be called when nothing is known of the others, because messages may be lost. */
  restart(): void {
    this.#connectedMs = this.#options.clock.monotonicMs();
    this.#isUnsure = true;
    this.#tellAll();
    this.#ask([]);
  }

  /** To be called with each beat, while messages can be sent. */
  beat(): void {
    const { clock, senders, others } = this.#options;
    this.#isUnsure = clock.monotonicMs() - this.#connectedMs < ALL_HEARD_MS || senders.isFull || !senders.hasAll(others());
    this.#isMissing = true;
    this.#send();
  }

  [Symbol.dispose](): void {
    this.#timer?.cancel();
  }

  #soon(): void {
    const { clock } = this.#options;
    this.#timer ??= clock.setTimeout(() => this.#send(), Math.max(0, this.#toldMs + PAUSE_MS - clock.monotonicMs()));
  }

  #send(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const { clock, senders, tell, isConnected } = this.#options;
    // Everything is told when the line stands.
    if (!isConnected()) return;
    if (this.#isAsked && this.#isOver(this.#answeredMs)) this.#tellAll();
    for (const body of this.#own.takeChanges(this.#keysPerBody())) {
      this.#toldMs = clock.monotonicMs();
      tell(body);
    }
    if (!this.#isMissing || !this.#isOver(this.#askedMs)) return;
    const wanted = senders.wanted();
    if (wanted.length > 0) this.#ask(wanted.length > MAX_ASKED ? [] : wanted);
    this.#isMissing = false;
  }

  #ask(senders: readonly bigint[]): void {
    this.#askedMs = this.#options.clock.monotonicMs();
    this.#options.ask(senders);
  }

  /** Whether the pause after an answer or a question is over. */
  #isOver(sinceMs: number): boolean {
    return this.#options.clock.monotonicMs() - sinceMs >= ANSWER_PAUSE_MS;
  }

  #tellAll(): void {
    const { clock, tell } = this.#options;
    this.#answeredMs = clock.monotonicMs();
    this.#isAsked = false;
    for (const body of this.#own.takeAll(this.#keysPerBody())) tell(body);
  }

  #keysPerBody(): number {
    return keysIn(Math.min(this.#options.maxBody(), MAX_BODY_BYTES));
  }
}
