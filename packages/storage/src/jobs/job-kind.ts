import type { ClockNeed } from '@aerogram/runtime';
import type { Database } from '../database/open-database.ts';
import type { Tx } from '../database/transaction.ts';
import type { NewJob } from './append-job.ts';

/** What a running job knows about itself. */
export interface JobContext {
  readonly db: Database;
  readonly jobId: bigint;
  readonly ownerId: bigint;
  /** 1 the first time. */
  readonly attempt: number;
  /** Fires when the job should stop: the server drains beyond its patience, or another node has the job now. */
  readonly signal: AbortSignal;
  /**
   * Ends the job in the transaction that has its effect, so that it happens exactly once.
   * A job that never calls it is ended after `run`, and may then happen twice.
   * @throws when another node has taken the job over
   */
  done(tx: Tx): Promise<void>;
}

/** How payloads become bytes. */
export interface PayloadCodec<P> {
  encode(payload: P): Uint8Array;
  decode(bytes: Uint8Array): P;
}

export interface JobKindOptions<P> {
  /** Unique, and the same for as long as jobs of it may wait. */
  kind: string;
  codec: PayloadCodec<P>;
  /** Does the job; what it throws is tried again later. */
  run: (payload: P, context: JobContext) => Promise<void>;
  /** After so many tries it is put aside as dead. */
  maxAttempts?: number;
  /** The pause after the first failure; it doubles each time, up to an hour. */
  retryMs?: number;
  /** It waits for others than the database: such jobs run apart, so that they never hold up the rest. */
  isSlow?: boolean;
  /** How sure the date must be; absent: the job does not depend on it. */
  clockNeed?: ClockNeed;
}

export interface RecurringJobOptions {
  /** Unique, and the same for ever: the one job of this kind waits under it. */
  kind: string;
  /** How long after its end it runs again; one that failed is tried again sooner. */
  everyMs: number;
  /** How sure the date must be; absent: what it does cannot be too early. */
  clockNeed?: ClockNeed;
  run: (context: Omit<JobContext, 'done'>) => Promise<void>;
}

/** A kind of job: how to order one and how to do it. */
export interface JobKind {
  readonly kind: string;
  readonly maxAttempts: number;
  /** Of a recurring job: how long after its end it runs again. There is one of each in the database, and it never dies. */
  readonly everyMs?: number;
  /** Runs apart from those that are quick. */
  readonly isSlow?: boolean;
  /** It is not run while the clock is not believed that far. */
  readonly clockNeed?: ClockNeed | undefined;
  /** Milliseconds until the next try after this failed one. */
  retryAfterMs(attempt: number): number;
  perform(payload: Uint8Array, context: JobContext): Promise<void>;
}

const MAX_ATTEMPTS = 10;
const RETRY_MS = 1000;
/** The longest pause between two tries. */
export const MAX_RETRY_MS = 3_600_000;

/** Declares a kind of job. `order` makes what `tx.job` takes. */
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
 * Declares work that is done again and again, by whichever node holds its bucket. Runners order it themselves.
 * It must bear being done twice, or given up half-way.
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

/** Payloads as JSON, with bigints written as `{"$n":"…"}`. */
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
