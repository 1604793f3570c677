import type { Clock, Logger } from '@aerogram/runtime';
import type { Database } from '../database/open-database.ts';
import { Leases } from '../leases/leases.ts';
import { Wakeup } from '../wakeup.ts';
import type { FrameAnswer, OutboxFrame } from './outbox-frame.ts';
import { type OutboxRow, blockSource, deleteDelivered, readOutbox, unblockSource } from './outbox-store.ts';

export interface OutboxSenderOptions {
  db: Database;
  clock: Clock;
  log: Logger;
  /** Names this node among those that share the database; the same after a restart. */
  holder: string;
  dest: string;
  /**
   * Brings a frame to the destination (`OutboxReceiver.receive`, here or over the network).
   * A rejection means that the destination cannot be reached now; it is tried again.
   */
  deliver: (frame: OutboxFrame) => Promise<FrameAnswer>;
}

/** Empties the outbox of one destination, from `start` on. */
export interface OutboxSender extends AsyncDisposable {
  start(): void;
  /** Resolves when everything that was in the outbox and not blocked is delivered; for tests and draining. */
  flush(): Promise<void>;
}

const POLL_MS = 1000;
/** Entries read at a time from a bucket. */
const READ_LIMIT = 256;
/** Sources served side by side. */
const PARALLEL = 8;
const RETRY_S = 1;
const MAX_RETRY_S = 300;
const MAX_ERROR_LENGTH = 500;
/** Channels have negative numbers among owners. */
const BELOW_ALL_OWNERS = -(1n << 63n);

/**
 * Makes the sender of a destination. Each bucket of sources has one sender at a time (by lease), each source one frame
 * under way: so its entries arrive in order. What is acknowledged is deleted; a source whose next entry fails is set
 * aside and keeps nobody else waiting.
 */
export function createOutboxSender(options: OutboxSenderOptions): OutboxSender {
  return new Sender(options);
}

class Sender implements OutboxSender {
  readonly #options: OutboxSenderOptions;
  readonly #leases: Leases;
  readonly #wakeup: Wakeup;
  readonly #listener: Disposable;
  #flushWaiters: { resolve: () => void; seesFrom: number }[] = [];
  #rounds = 0;
  #loop: Promise<void> | undefined;
  #isStopping = false;
  #closing: Promise<void> | undefined;

  constructor(options: OutboxSenderOptions) {
    this.#options = options;
    this.#leases = new Leases({ ...options, queue: `outbox:${options.dest}` });
    this.#wakeup = new Wakeup(options.clock);
    this.#listener = options.db.outboxAppended.listen(() => this.#wakeup.wake());
  }

  start(): void {
    this.#loop ??= this.#work();
  }

  async flush(): Promise<void> {
    // The round that runs now may have passed the place already; the next one sees everything.
    const flushed = new Promise<void>((resolve) => {
      this.#flushWaiters.push({ resolve, seesFrom: this.#rounds + 1 });
    });
    this.#wakeup.wake();
    await flushed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= (async () => {
      this.#isStopping = true;
      this.#wakeup.wake();
      await this.#loop;
      for (const waiter of this.#flushWaiters.splice(0)) waiter.resolve();
      this.#listener[Symbol.dispose]();
      await this.#leases[Symbol.asyncDispose]();
    })();
    return this.#closing;
  }

  async #work(): Promise<void> {
    await this.#leases.renew();
    while (!this.#isStopping) {
      this.#rounds += 1;
      const round = this.#rounds;
      try {
        for (const bucket of this.#leases.held) await this.#emptyBucket(bucket);
        const done = this.#flushWaiters.filter((waiter) => waiter.seesFrom <= round);
        this.#flushWaiters = this.#flushWaiters.filter((waiter) => waiter.seesFrom > round);
        for (const waiter of done) waiter.resolve();
      } catch (error) {
        this.#options.log.warn({ dest: this.#options.dest, err: error }, 'could not empty the outbox');
      }
      if (!this.#isStopping) await this.#wakeup.sleep(POLL_MS);
    }
  }

  /** Goes once through the sources of a bucket that have something to send. */
  async #emptyBucket(bucket: number): Promise<void> {
    const { db, dest, clock } = this.#options;
    let after = BELOW_ALL_OWNERS;
    /** How far the source got whose entries did not all come in one read. */
    let continued: { source: bigint; appliedSeq: bigint } | undefined;
    while (!this.#isStopping && this.#leases.held.includes(bucket)) {
      const { rows } = await db.run(readOutbox, [dest, bucket, after, clock.now(), READ_LIMIT]);
      const runs = splitBySource(rows);
      let last: FrameAnswer | undefined;
      for (let at = 0; at < runs.length; at += PARALLEL) {
        const answers = await Promise.all(
          runs.slice(at, at + PARALLEL).map((run) => {
            const isContinued = continued !== undefined && continued.source === run[0]!.source_owner;
            return this.#send(run, isContinued ? continued!.appliedSeq : 0n);
          }),
        );
        last = answers.at(-1);
      }
      if (rows.length < READ_LIMIT) return;
      const source = rows.at(-1)!.source_owner;
      const mayHaveMore = last !== undefined && last.error === undefined;
      after = mayHaveMore ? source - 1n : source;
      continued = mayHaveMore ? { source, appliedSeq: last!.applied_seq } : undefined;
    }
  }

  /** Sends entries of one source and notes what became of them. */
  async #send(rows: OutboxRow[], afterSeq: bigint): Promise<FrameAnswer> {
    const { db, dest, deliver } = this.#options;
    const source = rows[0]!.source_owner;
    const entries = rows.map(({ out_seq, kind, payload, date }) => ({ out_seq, kind, payload, date }));
    let answer: FrameAnswer;
    try {
      answer = await deliver({ source_owner: source, dest, after_seq: afterSeq, entries });
    } catch (error) {
      answer = { applied_seq: 0n, error: error instanceof Error ? error.message : 'unreachable' };
    }
    // First, so that no source stays blocked that has nothing left.
    if (answer.error === undefined && rows[0]!.is_blocked) await db.run(unblockSource, [source, dest]);
    if (answer.applied_seq > 0n) await db.run(deleteDelivered, [source, dest, answer.applied_seq]);
    if (answer.error !== undefined) await this.#block(source, answer.error);
    return answer;
  }

  async #block(source: bigint, error: string): Promise<void> {
    const { db, dest, clock, log } = this.#options;
    const { rows } = await db.run(blockSource, [source, dest, error.slice(0, MAX_ERROR_LENGTH), clock.now(), RETRY_S, MAX_RETRY_S]);
    log.warn({ dest, attempts: rows[0]?.attempts, error }, 'an outbox entry cannot be delivered; its source waits');
  }
}

/** Cuts rows that are ordered by source into one run a source. */
function splitBySource(rows: readonly OutboxRow[]): OutboxRow[][] {
  const runs: OutboxRow[][] = [];
  for (const row of rows) {
    const run = runs.at(-1);
    if (run?.[0]?.source_owner === row.source_owner) run.push(row);
    else runs.push([row]);
  }
  return runs;
}
