import { bucketOf } from '../bucket.ts';
import { defineStatement } from './statement.ts';

/** Deferred work, appended in the transaction that needs it. */
export interface NewJob {
  /** The job kind whose `run` function does it. */
  kind: string;
  /** The user or chat to which the job belongs; 0 for none. */
  owner_id: bigint;
  payload: Uint8Array;
  /** Earliest time to run it, in milliseconds since 1970; at once if absent. */
  runAtMs?: number;
  /** How long after the transaction it may run at the earliest, in milliseconds. Only without `runAtMs`. */
  delayMs?: number;
}

/** Prepared statement that inserts one job. */
export const insertJob = defineStatement(
  'insert_job',
  `INSERT INTO jobs (bucket, run_ms, job_id, owner_id, kind, payload, created_date)
   VALUES ($1, $2, $3, $4, $5, $6, $7)`,
);

/** The parameters of `insertJob`. */
export function jobValues(job: NewJob, jobId: bigint, nowMs: number) {
  const date = Math.floor(nowMs / 1000);
  return [bucketOf(job.owner_id), job.runAtMs ?? nowMs + (job.delayMs ?? 0), jobId, job.owner_id, job.kind, job.payload, date];
}
