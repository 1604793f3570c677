import type { ClockNeed } from '@aerogram/runtime';
import type { Database } from '../database/open-database.ts';
import type { Tx } from '../database/transaction.ts';
import type { NewJob } from '../database/append-job.ts';

/** The owner of jobs that are nobody's, such as recurring ones. */
export const NOBODY = 0n;

/** Context of a running job. */
export interface JobContext {
  readonly db: Database;
  readonly jobId: bigint;
  readonly ownerId: bigint;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Fires when the job should stop: the server is shutting down and has waited long enough, or another node has taken the job over. */
  readonly signal: AbortSignal;
  /**
   * Completes the job in the transaction that has its effect, so that it takes effect exactly once. A job that never calls this is
   * completed after `run` and may then take effect twice.
   * @throws when another node has taken the job over
   */
  done(tx: Tx): Promise<void>;
}

/** Encodes and decodes payloads. */
export interface PayloadCodec<P> {
  encode(payload: P): Uint8Array;
  decode(bytes: Uint8Array): P;
}

export interface JobKindOptions<P> {
  /** Unique; must not change while jobs of this kind may be waiting. */
  kind: string;
  codec: PayloadCodec<P>;
  /** Does the job; if it throws, the job is retried later. */
  run: (payload: P, context: JobContext) => Promise<void>;
  /** After this many attempts the job is marked as dead. */
  maxAttempts?: number;
  /** Pause after the first failure, in milliseconds; it doubles each time, up to an hour. */
  retryMs?: number;
  /** The job waits for something other than the database. Such jobs run separately, so that they never delay the rest. */
  isSlow?: boolean;
  /** How reliable the date must be; absent if the job does not depend on it. */
  clockNeed?: ClockNeed;
}

export interface RecurringJobOptions {
  /** Unique; must never change, because the single waiting job of this kind is found by it. */
  kind: string;
  /** Pause between two runs, in milliseconds; a failed run is retried sooner. */
  everyMs: number;
  /** How reliable the date must be; absent if running too early does no harm. */
  clockNeed?: ClockNeed;
  run: (context: Omit<JobContext, 'done'>) => Promise<void>;
}

/** A kind of job: how to create one and how to run it. */
export interface JobKind {
  readonly kind: string;
  readonly maxAttempts: number;
  /**
   * For a recurring job: the pause between two runs. There is one job of each recurring kind in the database, and it is never marked as
   * dead.
   */
  readonly everyMs?: number;
  /** Runs separately from quick jobs. */
  readonly isSlow?: boolean;
  /** The job does not run while the clock is less reliable than this. */
  readonly clockNeed?: ClockNeed | undefined;
  /** Milliseconds until the next attempt after failed attempt number `attempt`. */
  retryAfterMs(attempt: number): number;
  perform(payload: Uint8Array, context: JobContext): Promise<void>;
}

const MAX_ATTEMPTS = 10;
const RETRY_MS = 1000;
/** The longest pause between two attempts, in milliseconds. */
export const MAX_RETRY_MS = 3_600_000;

/** Declares a kind of job. `order` creates the argument of `tx.job`. */
export function defineJobKind<P>(
  options: JobKindOptions<P>,
): JobKind & { order(ownerId: bigint, payload: P, runAtMs?: number): NewJob } {
  const { kind, codec, run, maxAttempts = MAX_ATTEMPTS, retryMs = RETRY_MS, isSlow = false, clockNeed } = options;
  return {
    kind,
    maxAttempts,
    isSlow,
    clockNeed,
    retryAfterMs: (attempt) => Math.min(retryMs * 2 ** (attempt - 1), MAX_RETRY_MS),
    perform: (payload, context) => run(codec.decode(payload), context),
    order: (ownerId, payload, runAtMs) => ({ kind, owner_id: ownerId, payload: codec.encode(payload), runAtMs }),
  };
}

/**
 * Declares a recurring job, which runs on whichever node holds its bucket. Job runners create it themselves. Running it twice or aborting
 * it halfway must do no harm.
 */
export function defineRecurringJob({ kind, everyMs, clockNeed, run }: RecurringJobOptions): JobKind {
  return {
    kind,
    everyMs,
    clockNeed,
    maxAttempts: Number.POSITIVE_INFINITY,
    retryAfterMs: (attempt) => Math.min(RETRY_MS * 2 ** Math.min(attempt - 1, 20), everyMs, MAX_RETRY_MS),
    perform: (_payload, context) => run(context),
  };
}

/** Encodes payloads as JSON, with bigints written as `{"$n":"…"}`. */
export function jsonCodec<P>(): PayloadCodec<P> {
  return {
    encode: (payload) =>
      Buffer.from(JSON.stringify(payload, (_key, value: unknown) => (typeof value === 'bigint' ? { $n: String(value) } : value))),
    decode: (bytes) =>
      JSON.parse(Buffer.from(bytes).toString(), (_key, value: unknown) =>
        typeof value === 'object' && value !== null && '$n' in value ? BigInt(String(value.$n)) : value,
      ) as P,
  };
}
