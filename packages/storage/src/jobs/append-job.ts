import { bucketOf } from '../bucket.ts';
import { defineStatement } from '../database/statement.ts';

/** Work for later, appended in the transaction that wants it. */
export interface NewJob {
  /** Which runner's function does it. */
  kind: string;
  /** Whom it is about; 0 for nobody. */
  owner_id: bigint;
  payload: Uint8Array;
  /** Not before this moment, in milliseconds since 1970; at once when absent. */
  runAtMs?: number;
}

/** Prepared insert of one job. */
export const insertJob = defineStatement(
  'insert_job',
  `INSERT INTO jobs (bucket, run_ms, job_id, owner_id, kind, payload, created_date)
   VALUES ($1, $2, $3, $4, $5, $6, $7)`,
);

/** The values of `insertJob`. */
export function jobValues(job: NewJob, jobId: bigint, nowMs: number) {
  const date = Math.floor(nowMs / 1000);
  return [bucketOf(job.owner_id), job.runAtMs ?? nowMs, jobId, job.owner_id, job.kind, job.payload, date];
}
