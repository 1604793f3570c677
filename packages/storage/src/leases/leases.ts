import type { Clock, Logger, TimerHandle } from '@aerogram/runtime';
import { BUCKETS } from '../bucket.ts';
import type { Database } from '../database/open-database.ts';
import type { LeaseHolder } from './lease-holder.ts';
import { giveUpLeases, readLeases, takeLeases } from './lease-store.ts';
import { type Leaving, planLeases } from './plan-leases.ts';

const RENEW_MS = 2_000;

/** Every bucket. */
export const ALL_BUCKETS: readonly number[] = Array.from({ length: BUCKETS }, (_, bucket) => bucket);

/** What {@link Leases} need. */
export interface LeasesOptions {
  db: Database;
  clock: Clock;
  log: Logger;
  queue: string;
  holder: LeaseHolder;
  buckets: readonly number[];
  /** The key whose owner holds a bucket. */
  keyOf(bucket: number): string;
  /** Whether work is under way in a bucket; by default never. */
  isBusy?(bucket: number): boolean;
  /** Called when buckets were taken. */
  onTaken?(): void;
}

/**
 * The buckets of a queue that this node may work on. A lease lasts as long as the node holds its row of `nodes`, which the database's clock decides, so it is not
 * renewed by itself: a renewal reads who holds what, gives up what belongs to others, and takes what is free.
 */
export class Leases implements AsyncDisposable {
  readonly #options: LeasesOptions;
  readonly #timer: TimerHandle;
  readonly #listener: Disposable;
  #held: ReadonlySet<number> = new Set();
  #leaving: Leaving = { since: new Map(), step: undefined };
  #renewing: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: LeasesOptions) {
    this.#options = options;
    this.#timer = options.clock.setInterval(() => void this.renew(), RENEW_MS);
    this.#listener = options.holder.onChange(() => {
      this.#leaving = { ...this.#leaving, step: undefined };
      void this.renew();
    });
  }

  /** Buckets in which this node may begin work now. */
  get held(): readonly number[] {
    return this.#options.holder.mayWrite() ? [...this.#held] : [];
  }

  /** Whether this node may begin work in a bucket now. */
  holds(bucket: number): boolean {
    return this.#held.has(bucket) && this.#options.holder.mayWrite();
  }

  /** Gives up and takes what has moved. Never rejects: what cannot be done now is done with the next renewal. */
  renew(): Promise<void> {
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async #renew(): Promise<void> {
    const { db, log, queue, holder, buckets, keyOf, isBusy = () => false, onTaken } = this.#options;
    const { name, token } = holder.self;
    if (this.#isClosed) return;
    try {
      const { rows: leases } = await db.run(readLeases, [queue, token]);
      const { keep, giveUp, take, leaving } = planLeases({ buckets, leases, owns: (bucket) => holder.owns(keyOf(bucket)), isBusy, leaving: this.#leaving });
      this.#leaving = leaving;
      // Before they are given up.
      this.#held = new Set(keep);
      if (giveUp.length === 0 && take.length === 0) return;
      const taken = await db.transact('take-leases', async (tx) => {
        if (giveUp.length > 0) await tx.run(giveUpLeases, [queue, token, giveUp]);
        if (take.length === 0) return [];
        const values = [queue, name, token, take.map(({ bucket }) => bucket), take.map((lease) => lease.token)];
        return (await tx.run(takeLeases, values)).rows.map(({ bucket }) => bucket);
      });
      this.#held = new Set([...keep, ...taken]);
      if (taken.length > 0) onTaken?.();
    } catch (error) {
      log.warn({ queue, err: error }, 'could not renew leases');
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { db, log, queue, holder, buckets } = this.#options;
    this.#isClosed = true;
    this.#timer.cancel();
    this.#listener[Symbol.dispose]();
    await this.#renewing;
    this.#held = new Set();
    try {
      await db.transact('give-up-leases', (tx) => tx.run(giveUpLeases, [queue, holder.self.token, buckets]));
    } catch (error) {
      log.debug({ queue, err: error }, 'could not give up leases; they end with the node');
    }
  }
}
