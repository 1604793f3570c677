import { type Clock, type ClockDoubt, type Logger, type Metrics, createMetrics, defineCounter, defineHistogram } from '@aerogram/runtime';
import type { Database } from '../database/open-database.ts';
import type { SqlValue } from '../database/sql-value.ts';
import type { Statement } from '../database/statement.ts';
import type { LeaseHolder } from '../leases/lease-holder.ts';
import { ALL_BUCKETS, Leases } from '../leases/leases.ts';
import { Wakeup } from '../wakeup.ts';
import { type JobContext, type JobKind, MAX_RETRY_MS, NOBODY } from './job-kind.ts';
import { bucketOf } from '../bucket.ts';
import {
  JOB_QUEUE,
  type TakenJob,
  buryJob,
  deleteJob,
  findDueJob,
  findNextJob,
  findTakeable,
  findWaitingKinds,
  keyOf,
  lockOrdering,
  postponeJob,
  pullJobsBack,
  repeatJob,
  takeJobs,
} from './job-store.ts';

export interface JobRunnerOptions {
  db: Database;
  clock: Clock;
  log: Logger;
  metrics?: Metrics;
  /** This node among those that share the database. */
  holder: LeaseHolder;
  kinds: readonly JobKind[];
  /** Number of quick jobs that run at the same time, and of slow ones. */
  concurrency?: number;
  /** Whether the clock is reliable; jobs that depend on it wait until it is. */
  doubt?: ClockDoubt;
}

/** What a clock that is moved by hand does about jobs. */
export interface DueJobs {
  /** When the next job is due that has a time of its own, in milliseconds since 1970: recurring ones are left out, and so are those that are due already. */
  findNextMs(): Promise<number | undefined>;
  /** Looks for jobs at once, and runs those that are due, with those that they add. Returns when no more are due, or when `signal` fires. */
  runDue(signal: AbortSignal): Promise<void>;
}

/** Runs the jobs in the database after `start` was called. */
export interface JobRunner extends AsyncDisposable, DueJobs {
  start(): void;
  /** Whether this node may begin jobs of a bucket now. */
  holds(bucket: number): boolean;
  /** Looks for jobs at once. */
  look(): void;
  /** Takes no more jobs and waits for the running ones; when `signal` fires they are told to stop. */
  drain(signal?: AbortSignal): Promise<void>;
}

const CONCURRENCY = 4;
/** How often the queue is polled, for delayed jobs and those created by other nodes. */
const POLL_MS = 1000;
/** Setting the clock back by less than this, in milliseconds, delays no job significantly. */
const STEP_BACK_MS = 5_000;

/** So many buckets are looked through at once for jobs to pull back. */
const PULLED_BUCKETS = 16;

const MAX_ERROR_LENGTH = 500;

const jobsTotal = defineCounter({
  name: 'aerogram_jobs_total',
  help: 'Jobs that were tried, by kind and outcome (done, retry, dead).',
  labels: ['kind', 'outcome'],
});
const jobSeconds = defineHistogram({
  name: 'aerogram_job_seconds',
  help: 'How long jobs ran, by kind.',
  labels: ['kind'],
});

/** Creates a runner for these kinds of jobs; other kinds are left to nodes that know them. */
export function createJobRunner(options: JobRunnerOptions): JobRunner {
  return new Runner(options);
}

class Runner implements JobRunner {
  readonly #db: Database;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #kinds: ReadonlyMap<string, JobKind>;
  readonly #concurrency: number;
  readonly #doubt: ClockDoubt;
  readonly #holder: LeaseHolder;
  readonly #leases: Leases;
  readonly #wakeup: Wakeup;
  readonly #listener: Disposable;
  readonly #jobsTotal;
  readonly #jobSeconds;
  readonly #abort = new AbortController();
  readonly #running = new Map<bigint, { bucket: number; isSlow: boolean; finished: Promise<void> }>();
  #loop: Promise<void> | undefined;
  #isStopping = false;
  /** Called when jobs have been looked for once more. */
  readonly #onLook = new Set<() => void>();
  /**
   * The largest difference between the clock and `monotonicMs` since jobs were last pulled back. If the current difference is smaller, the
   * clock was set back.
   */
  #furthestMs = Number.POSITIVE_INFINITY;
  #closing: Promise<void> | undefined;

  constructor(options: JobRunnerOptions) {
    const metrics = options.metrics ?? createMetrics();
    this.#db = options.db;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#kinds = new Map(options.kinds.map((kind) => [kind.kind, kind]));
    if (this.#kinds.size !== options.kinds.length) throw new Error('two kinds of jobs have the same name');
    this.#concurrency = options.concurrency ?? CONCURRENCY;
    this.#doubt = options.doubt ?? (() => undefined);
    this.#holder = options.holder;
    this.#wakeup = new Wakeup(options.clock);
    this.#leases = new Leases({
      ...options,
      queue: JOB_QUEUE,
      buckets: ALL_BUCKETS,
      keyOf: (bucket) => `bucket:${JOB_QUEUE}:${bucket}`,
      isBusy: (bucket) => [...this.#running.values()].some((job) => job.bucket === bucket),
      onTaken: () => this.look(),
    });
    this.#listener = options.db.jobsAppended.listen(() => this.look());
    this.#jobsTotal = metrics.counter(jobsTotal);
    this.#jobSeconds = metrics.histogram(jobSeconds);
  }

  start(): void {
    this.#loop ??= this.#work();
  }

  holds(bucket: number): boolean {
    return this.#leases.holds(bucket);
  }

  look(): void {
    this.#wakeup.wake();
  }

  async findNextMs(): Promise<number | undefined> {
    const kinds = [...this.#kinds.values()].filter(({ everyMs }) => everyMs === undefined).map(({ kind }) => kind);
    const { rows } = await this.#db.run(findNextJob, [ALL_BUCKETS, this.#clock.nowMs(), kinds]);
    const next = rows[0]?.run_ms;
    return next === undefined || next === null ? undefined : Number(next);
  }

  async runDue(signal: AbortSignal): Promise<void> {
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => signal.addEventListener('abort', (end = () => resolve())));
    try {
      await Promise.race([ended, this.#runDue(signal)]);
    } finally {
      signal.removeEventListener('abort', end);
    }
  }

  async #runDue(signal: AbortSignal): Promise<void> {
    await this.#leases.renew();
    while (!this.#isStopping && !signal.aborted) {
      await this.#lookAgain();
      await Promise.all([...this.#running.values()].map(({ finished }) => finished));
      const { rows } = await this.#db.run(findDueJob, [ALL_BUCKETS, this.#clock.nowMs(), [...this.#kinds.keys()]]);
      if (rows.length === 0) return;
    }
  }

  async drain(signal?: AbortSignal): Promise<void> {
    this.#isStopping = true;
    this.#wakeup.wake();
    const stopJobs = (): void => this.#abort.abort();
    if (signal?.aborted) stopJobs();
    signal?.addEventListener('abort', stopJobs, { once: true });
    await this.#loop;
    await Promise.all([...this.#running.values()].map(({ finished }) => finished));
    signal?.removeEventListener('abort', stopJobs);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= (async () => {
      this.#abort.abort();
      await this.drain();
      this.#listener[Symbol.dispose]();
      await this.#leases[Symbol.asyncDispose]();
    })();
    return this.#closing;
  }

  async #work(): Promise<void> {
    await this.#leases.renew();
    let isOrdered = false;
    while (!this.#isStopping) {
      if (!isOrdered) isOrdered = await this.#orderRecurring();
      await this.#pullBack();
      const taken = [...(await this.#take(false)), ...(await this.#take(true))];
      for (const job of taken) {
        const finished = this.#perform(job).finally(() => {
          this.#running.delete(job.job_id);
          this.#wakeup.wake();
        });
        this.#running.set(job.job_id, { bucket: job.bucket, isSlow: this.#isSlow(job.kind), finished });
      }
      for (const tell of this.#onLook) tell();
      // If all free places were filled, there may be more jobs; a job that ends then wakes this loop.
      if (!this.#isStopping) await this.#wakeup.sleep(POLL_MS);
    }
  }

  /** Resolves at the end of the first search for due jobs that has begun after this call. */
  async #lookAgain(): Promise<void> {
    for (let looks = 0; looks < 2; looks++) {
      // The first look may have begun before.
      this.#wakeup.wake();
      let tell = (): void => undefined;
      const looked = new Promise<void>((resolve) => this.#onLook.add((tell = resolve)));
      await Promise.race([looked, this.#loop]);
      this.#onLook.delete(tell);
    }
  }

  /** Makes sure that each recurring job exists exactly once. @returns false if that has to be tried again */
  async #orderRecurring(): Promise<boolean> {
    const recurring = [...this.#kinds.values()].filter((kind) => kind.everyMs !== undefined).map((kind) => kind.kind);
    if (recurring.length === 0) return true;
    if (this.#db.isReadOnly) return false;
    try {
      await this.#db.transact('order-recurring-jobs', async (tx) => {
        await tx.run(lockOrdering, []);
        const { rows } = await tx.run(findWaitingKinds, [bucketOf(NOBODY), recurring]);
        const waiting = new Set(rows.map((row) => row.kind));
        for (const kind of recurring.filter((candidate) => !waiting.has(candidate))) {
          await tx.job({ kind, owner_id: NOBODY, payload: new Uint8Array() });
        }
      });
      return true;
    } catch (error) {
      this.#log.warn({ err: error }, 'could not order recurring jobs');
      return false;
    }
  }

  /** Runs at startup and whenever the clock was set back: pulls back jobs that were postponed while the clock was ahead. */
  async #pullBack(): Promise<void> {
    const nowMs = this.#clock.nowMs();
    const awayMs = nowMs - this.#clock.monotonicMs();
    const buckets = this.#leases.held;
    if (awayMs > this.#furthestMs) this.#furthestMs = awayMs;
    if (awayMs > this.#furthestMs - STEP_BACK_MS || buckets.length === 0 || this.#db.isReadOnly) return;
    const recurring = [...this.#kinds.values()].filter((kind) => kind.everyMs !== undefined);
    const values = [nowMs, recurring.map((kind) => kind.kind), recurring.map((kind) => kind.everyMs!), MAX_RETRY_MS];
    try {
      let pulled = 0;
      // A few buckets at a time, because each statement reads all their waiting jobs.
      for (let at = 0; at < buckets.length; at += PULLED_BUCKETS) pulled += await this.#write('pull-jobs-back', pullJobsBack, [buckets.slice(at, at + PULLED_BUCKETS), ...values]);
      this.#furthestMs = awayMs;
      if (pulled > 0) this.#log.warn({ jobs: pulled }, 'pulled back jobs that a clock that was ahead had put off');
    } catch (error) {
      this.#log.warn({ err: error }, 'could not look for jobs that were put off too far');
    }
  }

  /** Writes in a transaction of its own. @returns how many rows */
  #write(name: string, statement: Statement<unknown>, values: readonly SqlValue[]): Promise<number> {
    return this.#db.transact(name, async (tx) => (await tx.run(statement, values)).count);
  }

  #isSlow(kind: string): boolean {
    return this.#kinds.get(kind)?.isSlow === true;
  }

  /** Takes as many slow or quick jobs as there are free places. */
  async #take(isSlow: boolean): Promise<TakenJob[]> {
    const kinds = [...this.#kinds.values()]
      .filter((kind) => this.#isSlow(kind.kind) === isSlow && (kind.clockNeed === undefined || this.#doubt(kind.clockNeed) === undefined))
      .map((kind) => kind.kind);
    const room = this.#concurrency - [...this.#running.values()].filter((job) => job.isSlow === isSlow).length;
    const buckets = this.#leases.held;
    if (room === 0 || kinds.length === 0 || buckets.length === 0 || this.#db.isReadOnly) return [];
    try {
      const values = [buckets, this.#clock.nowMs(), kinds, [...this.#running.keys()], room];
      // Most looks find nothing, and cost no write.
      if ((await this.#db.run(findTakeable, values)).rows.length === 0) return [];
      return await this.#db.transact('take-jobs', async (tx) => (await tx.run(takeJobs, [...values, this.#holder.self.token])).rows);
    } catch (error) {
      this.#log.warn({ err: error }, 'could not take jobs');
      return [];
    }
  }

  /** Runs one job and stores the outcome; never rejects. */
  async #perform(job: TakenJob): Promise<void> {
    const kind = this.#kinds.get(job.kind)!;
    const startedMs = this.#clock.monotonicMs();
    try {
      if (job.attempts > kind.maxAttempts) throw new Error('the process ended while the job ran, every time');
      let isDone = false;
      const context: JobContext = {
        db: this.#db,
        jobId: job.job_id,
        ownerId: job.owner_id,
        attempt: job.attempts,
        signal: this.#abort.signal,
        async done(tx) {
          const { count } = await tx.run(deleteJob, keyOf(job));
          if (count !== 1) throw new Error('another node has taken the job over');
          tx.afterCommit(() => {
            isDone = true;
          });
        },
      };
      await kind.perform(job.payload, context);
      if (kind.everyMs !== undefined) await this.#write('repeat-job', repeatJob, [...keyOf(job), this.#clock.nowMs() + kind.everyMs]);
      else if (!isDone) await this.#write('end-job', deleteJob, keyOf(job));
      this.#jobsTotal.inc({ kind: job.kind, outcome: 'done' });
    } catch (error) {
      await this.#fail(job, kind, error);
    } finally {
      this.#jobSeconds.observe({ kind: job.kind }, (this.#clock.monotonicMs() - startedMs) / 1000);
    }
  }

  async #fail(job: TakenJob, kind: JobKind, error: unknown): Promise<void> {
    const isDead = job.attempts >= kind.maxAttempts;
    const text = (error instanceof Error ? `${error.name}: ${error.message}` : typeof error).slice(0, MAX_ERROR_LENGTH);
    this.#jobsTotal.inc({ kind: job.kind, outcome: isDead ? 'dead' : 'retry' });
    this.#log.warn({ job_kind: job.kind, attempt: job.attempts, dead: isDead, err: error }, 'a job failed');
    try {
      if (isDead) await this.#write('bury-job', buryJob, [...keyOf(job), this.#clock.now(), text]);
      else await this.#write('postpone-job', postponeJob, [...keyOf(job), this.#clock.nowMs() + kind.retryAfterMs(job.attempts), text]);
    } catch (storeError) {
      // It stays due, and the holder of the bucket takes it again.
      this.#log.warn({ job_kind: job.kind, err: storeError }, 'could not note that a job failed');
    }
  }
}
