import type { DeviceHint } from '@aerogram/domain';
import type { Logger } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import type { LiveSession } from '../live-session.ts';
import { encodePush } from './encode-push.ts';
import { CATCH_UP_READS_MAX, PUSH_EVENTS_MAX } from './push-limits.ts';
import type { QueueSource } from './update-source.ts';

const TOO_LONG: tl.updatesTooLong = { _: 'updatesTooLong' };

/** What a feed needs of its queue. */
export interface DeviceFeedDeps {
  source: Pick<QueueSource, 'listDeviceEvents' | 'projectUpdates'>;
  log: Logger;
  onEncode(): void;
  onPush(outcome: 'queued' | 'dropped', events: readonly never[]): void;
}

/**
 * What one device alone may see, for the session that receives the updates of that device. Hints may be lost, doubled or come out of order; the log in the database is the truth
 * (rule S3, lossy hints).
 *
 * Invariant: everything up to `sent` was handed over for pushing or is in an answer. Numbers may be missing in the log.
 */
export class DeviceFeed {
  readonly #session: LiveSession;
  readonly #deps: DeviceFeedDeps;
  /** Undefined while the position is being read. */
  #sent: number | undefined;
  /** The furthest position that a hint, an answer or a repair has named. */
  #seen = 0;
  #isCatchingUp = false;
  #isClosed = false;
  /** Pushes run one after the other, because a projection may have to read from the database. */
  #tail: Promise<void> = Promise.resolve();
  #queued = 0;

  constructor(session: LiveSession, deps: DeviceFeedDeps) {
    this.#session = session;
    this.#deps = deps;
  }

  /** Everything up to here was pushed or is in an answer; undefined before {@link DeviceFeed.begin}. */
  get sent(): number | undefined {
    return this.#sent;
  }

  /** Begins at a position of the log that was read after the feed had begun to hear hints. */
  begin(seq: number): void {
    this.#sent = seq;
    this.see(seq);
  }

  /** Nothing is pushed any more. */
  close(): void {
    this.#isClosed = true;
  }

  /** Handles a hint that is meant for this device. */
  accept({ seq, events, transient }: DeviceHint): void {
    if (transient !== undefined) {
      // To a device whose position is not known yet, it is of no use.
      if (this.#sent !== undefined) this.#push([transient], undefined);
      return;
    }
    const first = events[0]?.seq;
    if (this.#sent === undefined || first === undefined || first > this.#sent + 1 || this.#isCatchingUp) return this.see(seq);
    if (seq <= this.#sent) return;
    const before = this.#sent;
    this.#sent = seq;
    this.#seen = Math.max(this.#seen, seq);
    this.#push(events.filter((event) => event.seq > before).map(({ update }) => update), before);
  }

  /** Takes note of a position of the log, and reads what the session lacks up to it. */
  see(seq: number): void {
    if (seq > this.#seen) this.#seen = seq;
    if (this.#sent !== undefined && this.#seen > this.#sent) void this.#catchUp();
  }

  /** An answer brings everything up to `seq`. Clients ignore pushes while they wait for a difference, so what was pushed beyond it is pushed again. */
  answered(seq: number): void {
    if (this.#sent === undefined || seq === this.#sent) return;
    this.#seen = Math.max(this.#seen, this.#sent);
    this.#sent = seq;
    this.see(seq);
  }

  /** Resolves when everything planned so far has been pushed. */
  idle(): Promise<void> {
    return this.#tail;
  }

  /** Reads what is missing, one read at a time. Never rejects; a later repair tries again. */
  #catchUp(): Promise<void> {
    if (this.#isCatchingUp) return this.#tail;
    this.#isCatchingUp = true;
    return this.#enqueue(async () => {
      try {
        for (let reads = 0; reads < CATCH_UP_READS_MAX && !this.#isClosed && this.#sent! < this.#seen; reads++) await this.#readOn();
      } finally {
        // Cleared together with the last comparison, so that no hint is missed in between.
        this.#isCatchingUp = false;
      }
    });
  }

  async #readOn(): Promise<void> {
    const from = this.#sent!;
    const { events, seq, more } = await this.#deps.source.listDeviceEvents(this.#session.authKeyId, from, PUSH_EVENTS_MAX);
    const updates = more ? TOO_LONG : events.length > 0 ? await this.#deps.source.projectUpdates(events.map(({ update }) => update)) : undefined;
    // An answer has come in between: what it lacks is read again.
    if (this.#sent !== from) return;
    if (updates !== undefined) this.#hand(updates);
    this.#sent = seq;
    // The database may be behind a hint only if it has lost what the hint was about.
    if (seq < this.#seen) this.#seen = seq;
  }

  /** @param before the position to go back to if it fails; undefined for what is not stored */
  #push(updates: readonly tl.Update[], before: number | undefined): void {
    if (updates.length === 0) return;
    const projected = this.#queued === 0 ? this.#project(updates) : undefined;
    if (projected !== undefined && !(projected instanceof Promise)) return this.#hand(projected);
    void this.#enqueue(async () => {
      try {
        this.#hand(await (projected ?? this.#deps.source.projectUpdates(updates)));
      } catch (error) {
        // What was pushed since comes again, which clients recognise.
        if (before !== undefined) this.#sent = Math.min(this.#sent!, before);
        throw error;
      }
    });
  }

  /** The container of updates; a promise that rejects if it cannot be made. */
  #project(updates: readonly tl.Update[]): tl.Updates | Promise<tl.Updates> {
    try {
      const projected = this.#deps.source.projectUpdates(updates);
      // The queued push awaits it and handles the error.
      if (projected instanceof Promise) projected.catch(() => {});
      return projected;
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #hand(updates: tl.Updates): void {
    if (this.#isClosed) return;
    this.#deps.onPush(this.#session.push(encodePush(this.#deps, this.#session.layer, updates)), []);
  }

  #enqueue(run: () => Promise<void>): Promise<void> {
    this.#queued++;
    this.#tail = this.#tail
      .then(run)
      .catch((error: unknown) => this.#deps.log.warn({ err: error }, 'a device could not be told of its log; the next repair tries again'))
      .finally(() => {
        this.#queued--;
      });
    return this.#tail;
  }
}
