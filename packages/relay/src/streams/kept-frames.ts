import type { Logger, Metrics } from '@aerogram/runtime';
import { type Database, doTrimInbox, doTrimOutbox, KEPT_FRAME_BYTES } from '@aerogram/storage';
import { framesDropped } from '../relay-metrics.ts';

/** The part of the room that may be filled before it is looked at again. */
const LOOK_EVERY = 1 / 64;

interface KeptOptions {
  db: Database;
  log: Logger;
  metrics: Metrics;
  /** How much may be kept of one home, or for one that has applied it, in bytes. */
  mostBytes: number;
}

/** Bounds what is kept of the frames of each home after they were applied: the oldest are dropped before their time. */
export class KeptFrames {
  readonly #options: KeptOptions;
  /** What was added since the room was looked at, in bytes. */
  readonly #added = new Map<number, number>();

  constructor(options: KeptOptions) {
    this.#options = options;
  }

  /** Frames of a home were applied and are kept. @throws if the database does not answer */
  async added(dc: number, frames: readonly Uint8Array[]): Promise<void> {
    const { db, log, metrics, mostBytes } = this.#options;
    const added = frames.reduce((sum, frame) => sum + KEPT_FRAME_BYTES + frame.length, this.#added.get(dc) ?? Infinity);
    this.#added.set(dc, added);
    if (added < mostBytes * LOOK_EVERY) return;
    const dropped = await doTrimInbox(db, dc, mostBytes);
    this.#added.set(dc, 0);
    if (dropped === 0) return;
    metrics.counter(framesDropped).inc({ dc }, dropped);
    log.warn({ event: 'home_frames_dropped', dc, frames: dropped }, 'frames of another data centre that were applied are dropped earlier than after a week: they take too much room');
  }
}

/** Bounds what is kept of the frames for a home after it has applied them. @param bytes how much that is @throws if the database does not answer */
export async function trimSent({ db, log, metrics, mostBytes }: KeptOptions, dc: number, bytes: number): Promise<void> {
  if (bytes <= mostBytes) return;
  const dropped = await doTrimOutbox(db, dc, Math.floor(mostBytes * (1 - LOOK_EVERY)));
  if (dropped === 0) return;
  metrics.counter(framesDropped).inc({ dc }, dropped);
  log.warn({ event: 'home_frames_dropped', dc, frames: dropped }, 'frames that another data centre has applied are dropped earlier than after a week: they take too much room');
}
