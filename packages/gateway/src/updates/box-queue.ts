import type { BoxEvent, BoxHint, BoxPosition, BoxReach } from '@aerogram/domain';
import type { Clock, Logger } from '@aerogram/runtime';

import type { LiveSession } from '../live-session.ts';
import { ANSWER_PATIENCE_MS, CATCH_UP_READS_MAX } from './push-limits.ts';
import type { PushLog } from './push-log.ts';
import type { PushTraces } from './push-traces.ts';
import { furthestBack, isBefore } from './reach.ts';
import type { SessionSequencer } from './session-sequencer.ts';
import type { EventSlice } from './update-source.ts';

/** What the queues of users and the feeds of channels need besides the source of their events. */
export interface BoxQueueDeps {
  clock: Clock;
  log: Logger;
  /** Tells of each decision; undefined unless the log level is debug now. */
  pushLog(): PushLog | undefined;
  /** Undefined unless calls are traced. */
  pushTraces: PushTraces | undefined;
  /** Called for each update handed to a session. @param events what is in it */
  onPush(outcome: 'queued' | 'dropped', events: readonly BoxEvent[]): void;
  onHole(): void;
  onEncode(): void;
  /** Called when a session may lag behind a position that {@link BoxQueue.repair} reported as settled. */
  onUnsettled(owner: bigint): void;
}

/** A position in the events of an owner: that of one session, or of many sessions that are pushed to together. */
export interface Place {
  readonly sequencer: SessionSequencer;
}

/**
 * The events of one owner, a user or a channel, for the sessions of this process, as far as users and channels are alike: how sessions that lack events are caught
 * up from the database, how they are repaired, and what is reported.
 */
export abstract class BoxQueue<P extends Place> {
  /** The id of a user, or the marked id of a channel. */
  readonly owner: bigint;
  /** The furthest position seen in a hint, an answer or a repair. */
  protected readonly seen: BoxPosition = { pts: 0, looseSeq: 0 };
  readonly #deps: BoxQueueDeps;
  #catchingUp: Promise<void> = Promise.resolve();
  #isCatchingUp = false;

  constructor(owner: bigint, deps: BoxQueueDeps) {
    this.owner = owner;
    this.#deps = deps;
  }

  /**
   * Repairs sessions that lag behind `position`.
   * @returns 'settled' when every session has everything up to `position`, 'awaited' when a pending answer will bring the rest
   */
  repair(position: BoxPosition): Promise<void> | 'settled' | 'awaited' {
    this.see(position.pts, position.looseSeq);
    let isSettled = true;
    for (const { sequencer } of this.places()) {
      if (sequencer.lags(position, ANSWER_PATIENCE_MS)) {
        this.#deps.pushLog()?.repairing(this.owner, sequencer.sent, position);
        return this.catchUp();
      }
      if (sequencer.sent < position.pts) isSettled = false;
    }
    return isSettled ? 'settled' : 'awaited';
  }

  /** Resolves when everything planned so far has been pushed. */
  async idle(): Promise<void> {
    await this.#catchingUp;
    await this.pushed();
  }

  /** The positions of all sessions. */
  protected abstract places(): readonly P[];

  /** Reads the counter first, then the events after `from`, up to a maximum. */
  protected abstract readSince(from: BoxReach): Promise<EventSlice>;

  /** Plans to push what a read has found, or tells the sessions to fetch the difference if there is more than a read may find. */
  protected abstract applySlice(place: P, slice: EventSlice): void;

  /** Resolves when everything planned so far has been pushed. */
  protected abstract pushed(): Promise<unknown>;

  /** Called when a catch-up has ended, also if it failed. */
  protected caughtUp(): void {}

  /** Runs one difference read at a time. If more turns out to be missing meanwhile, it reads again. Never rejects. */
  protected catchUp(): Promise<void> {
    this.#deps.onUnsettled(this.owner);
    if (!this.#isCatchingUp) this.#catchingUp = this.#readDifferences();
    return this.#catchingUp;
  }

  /** Reports that hints were missing, and reads what they were about. */
  protected foundHole(): Promise<void> {
    this.#deps.onHole();
    return this.catchUp();
  }

  protected projectionFailed(error: unknown): void {
    this.#deps.log.warn({ err: error, owner: this.owner.toString() }, 'projecting failed; the next repair tries again');
    this.#deps.onUnsettled(this.owner);
  }

  protected see(pts: number, looseSeq: number): void {
    if (pts > this.seen.pts) this.seen.pts = pts;
    if (looseSeq > this.seen.looseSeq) this.seen.looseSeq = looseSeq;
  }

  async #readDifferences(): Promise<void> {
    this.#isCatchingUp = true;
    try {
      for (let reads = 0; reads < CATCH_UP_READS_MAX; reads++) {
        const behind = this.places();
        if (behind.length === 0) return;
        const from = furthestBack(behind.map(({ sequencer }) => sequencer.reach));
        const slice = await this.readSince(from);
        this.#deps.pushLog()?.read(this.owner, from, slice);
        for (const place of this.places()) {
          // A session that was rewound meanwhile lacks events that this read did not ask for; one that was added meanwhile has its position from a later read.
          if (!isBefore(place.sequencer.reach, from)) this.applySlice(place, slice);
        }
        await this.pushed();
        const isDone = this.places().every(({ sequencer }) => !sequencer.lacksLoose && !isBefore(sequencer.reach, slice));
        if (slice.pts >= this.seen.pts && isDone) return;
      }
    } catch (error) {
      this.#deps.log.warn({ err: error, owner: this.owner.toString() }, 'catching up failed; the next repair tries again');
    } finally {
      // Cleared together with the last check, so that nothing can be missed in between.
      this.#isCatchingUp = false;
      this.caughtUp();
    }
  }
}

/** Whether a session caused the events of a hint. They are in its answer. */
export function isOrigin({ sessionId, authKeyId }: LiveSession, { origin }: BoxHint): boolean {
  return origin?.sessionId === sessionId && origin.authKeyId === authKeyId;
}
