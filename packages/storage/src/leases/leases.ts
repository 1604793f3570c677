import type { Clock, Logger, TimerHandle } from '@aerogram/runtime';
import { BUCKETS } from '../bucket.ts';
import type { Database } from '../database/open-database.ts';
import { defineStatement } from '../database/statement.ts';

/** How long a lease is valid without being renewed, in milliseconds; the work of a dead holder waits that long. */
const LEASE_MS = 15_000;

const RENEW_MS = 5000;
/** A holder stops using its lease this long before it ends, in milliseconds, which is more than the clocks of two nodes may differ. */
const MARGIN_MS = 5000;

// Rows instead of advisory locks. The same holder may take its lease again at once, so a restarted node does not wait. A lease that ends
// later than any lease can was taken by a node whose clock was ahead, and may be taken over.
const takeLeases = defineStatement<{ bucket: number }>(
  'take_leases',
  `INSERT INTO leases (queue, bucket, holder, token, until_ms)
   SELECT $1, bucket, $2, 1, $3::bigint FROM unnest($4::smallint[]) AS bucket ORDER BY bucket
   ON CONFLICT (queue, bucket) DO UPDATE
      SET holder = excluded.holder, until_ms = excluded.until_ms,
          token = leases.token + CASE WHEN leases.holder = excluded.holder THEN 0 ELSE 1 END
    WHERE leases.holder = excluded.holder OR leases.until_ms < $5::bigint OR leases.until_ms > $6::bigint
   RETURNING bucket`,
);

const giveUpLeases = defineStatement('give_up_leases', `DELETE FROM leases WHERE queue = $1 AND holder = $2`);

/** Every bucket. */
export const ALL_BUCKETS = Array.from({ length: BUCKETS }, (_, bucket) => bucket);

/** The buckets of a queue that this node may work on, renewed while it runs. */
export class Leases implements AsyncDisposable {
  readonly #db: Database;
  readonly #queue: string;
  readonly #holder: string;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #timer: TimerHandle;
  #held: number[] = [];
  /** By `monotonicMs`, so that setting the clock back does not extend a lease. */
  #untilMs = 0;
  #renewing: Promise<void> | undefined;

  /** @param options.holder name of this node; after a restart the same name gets its leases back at once */
  constructor(options: { db: Database; queue: string; holder: string; clock: Clock; log: Logger }) {
    this.#db = options.db;
    this.#queue = options.queue;
    this.#holder = options.holder;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#timer = options.clock.setInterval(() => void this.renew(), RENEW_MS);
  }

  /** Buckets that are certainly held now. */
  get held(): readonly number[] {
    return this.#clock.monotonicMs() < this.#untilMs - MARGIN_MS ? this.#held : [];
  }

  /** Takes free leases and renews the held ones. If that fails, the held ones expire. */
  renew(): Promise<void> {
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async #renew(): Promise<void> {
    const [nowMs, startedMs] = [this.#clock.nowMs(), this.#clock.monotonicMs()];
    const untilMs = nowMs + LEASE_MS;
    try {
      const values = [this.#queue, this.#holder, untilMs, ALL_BUCKETS, nowMs, untilMs + MARGIN_MS];
      const { rows } = await this.#db.transact('take-leases', (tx) => tx.run(takeLeases, values));
      this.#held = rows.map((row) => row.bucket);
      this.#untilMs = startedMs + LEASE_MS;
    } catch (error) {
      this.#log.warn({ queue: this.#queue, err: error }, 'could not renew leases');
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer.cancel();
    await this.#renewing;
    this.#untilMs = 0;
    try {
      await this.#db.transact('give-up-leases', (tx) => tx.run(giveUpLeases, [this.#queue, this.#holder]));
    } catch (error) {
      this.#log.debug({ queue: this.#queue, err: error }, 'could not give up leases; they run out');
    }
  }
}
