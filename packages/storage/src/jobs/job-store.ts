import { bucketOf } from '../bucket.ts';
import { defineStatement } from '../database/statement.ts';
import type { Tx } from '../database/transaction.ts';
import type { NewJob } from '../database/append-job.ts';

/** A job that this node has taken. */
export interface TakenJob {
  bucket: number;
  run_ms: bigint;
  job_id: bigint;
  owner_id: bigint;
  kind: string;
  payload: Uint8Array;
  attempts: number;
  /** Of the bucket's lease. */
  token: bigint;
}

/** The queue of the leases for jobs. */
export const JOB_QUEUE = 'jobs';

// Reads only the jobs of each bucket that have been due longest, so that a long queue is not sorted as a whole.
const DUE = `
  SELECT d.bucket, d.run_ms, d.job_id
    FROM unnest($1::smallint[]) AS b (bucket)
   CROSS JOIN LATERAL (
     SELECT bucket, run_ms, job_id FROM jobs
      WHERE bucket = b.bucket AND run_ms <= $2::bigint AND kind = ANY ($3::text[]) AND job_id <> ALL ($4::bigint[])
      ORDER BY run_ms, job_id LIMIT $5::integer) AS d
   ORDER BY d.run_ms, d.job_id LIMIT $5::integer`;

/** Finds the jobs that `takeJobs` would take. */
export const findTakeable = defineStatement<{ job_id: bigint }>('find_takeable_jobs', DUE);

// The attempt is counted before the job runs, so a job that kills its process is eventually marked as dead. Only the holder of the bucket's
// lease takes it; $6 is the token of the node.
export const takeJobs = defineStatement<TakenJob>(
  'take_jobs',
  `UPDATE jobs AS j SET attempts = j.attempts + 1
     FROM (${DUE}) AS due JOIN leases l ON l.queue = '${JOB_QUEUE}' AND l.bucket = due.bucket AND l.holder_token = $6
    WHERE j.bucket = due.bucket AND j.run_ms = due.run_ms AND j.job_id = due.job_id
   RETURNING j.bucket, j.run_ms, j.job_id, j.owner_id, j.kind, j.payload, j.attempts, l.token`,
);

/** When the next job of some kinds is due, after a time. */
export const findNextJob = defineStatement<{ run_ms: bigint | null }>(
  'find_next_job',
  `SELECT min(next.run_ms) AS run_ms FROM unnest($1::smallint[]) AS b (bucket)
    CROSS JOIN LATERAL (
      SELECT run_ms FROM jobs WHERE bucket = b.bucket AND run_ms > $2::bigint AND kind = ANY ($3::text[]) ORDER BY run_ms LIMIT 1) AS next`,
);

/** Finds a job of some kinds that is due, also if it is running. */
export const findDueJob = defineStatement<{ bucket: number }>(
  'find_due_job',
  `SELECT b.bucket FROM unnest($1::smallint[]) AS b (bucket)
    WHERE EXISTS (SELECT FROM jobs WHERE bucket = b.bucket AND run_ms <= $2::bigint AND kind = ANY ($3::text[])) LIMIT 1`,
);

// The lock keeps the bucket where it is until the transaction ends. A node that gives a lease up does so by holder_token = 0.
const LEASE = `lease AS (SELECT FROM leases WHERE queue = '${JOB_QUEUE}' AND bucket = $1 AND token = $5 AND holder_token <> 0 FOR SHARE)`;
const KEY = 'bucket = $1 AND run_ms = $2 AND job_id = $3 AND attempts = $4 AND EXISTS (SELECT FROM lease)';

/** Completes a job. Does nothing if another node has taken it or its bucket meanwhile, because that changed the number of attempts or the token. */
export const deleteJob = defineStatement('delete_job', `WITH ${LEASE} DELETE FROM jobs WHERE ${KEY}`);

const deleteWaiting = defineStatement('delete_waiting_job', 'DELETE FROM jobs WHERE bucket = $1 AND run_ms = $2 AND kind = $3 AND payload = $4 AND attempts = 0');

/** Drops a job that was appended for a certain time and has not begun. Does nothing if there is none. */
export async function dropWaitingJob(tx: Pick<Tx, 'run'>, { kind, owner_id, payload, runAtMs }: NewJob & { runAtMs: number }): Promise<void> {
  await tx.run(deleteWaiting, [bucketOf(owner_id), runAtMs, kind, payload]);
}

export const postponeJob = defineStatement(
  'postpone_job',
  `WITH ${LEASE} UPDATE jobs SET run_ms = $6::bigint, error = $7 WHERE ${KEY}`,
);

/** Postpones a recurring job to its next run and clears its error. */
export const repeatJob = defineStatement(
  'repeat_job',
  `WITH ${LEASE} UPDATE jobs SET run_ms = $6::bigint, attempts = 0, error = NULL WHERE ${KEY}`,
);

/**
 * Pulls back jobs of buckets that a clock that was ahead has postponed: recurring jobs later than their next run, failed attempts later
 * than the longest pause, and jobs to run at once that were created by a clock that was ahead. Jobs for a specific time are not changed.
 */
export const pullJobsBack = defineStatement(
  'pull_jobs_back',
  `UPDATE jobs AS j SET run_ms = $2::bigint
    WHERE j.bucket = ANY ($1::smallint[]) AND j.run_ms > $2::bigint
      AND (j.run_ms > $2::bigint + (SELECT r.every_ms FROM unnest($3::text[], $4::bigint[]) AS r (kind, every_ms) WHERE r.kind = j.kind)
           OR (j.attempts > 0 AND j.run_ms > $2::bigint + $5::bigint)
           OR (j.created_date::bigint * 1000 > $2::bigint + 1000 AND j.run_ms < j.created_date::bigint * 1000 + 1000))`,
);

/** Prevents other nodes from creating the same recurring job at the same time. */
export const lockOrdering = defineStatement('lock_ordering', `SELECT 1 FROM meta WHERE key = 'schema_version' FOR UPDATE`);

/** Which of these kinds have a job in the bucket. */
export const findWaitingKinds = defineStatement<{ kind: string }>(
  'find_waiting_kinds',
  'SELECT DISTINCT kind FROM jobs WHERE bucket = $1 AND kind = ANY ($2::text[])',
);

export const buryJob = defineStatement(
  'bury_job',
  `WITH ${LEASE}, dead AS (DELETE FROM jobs WHERE ${KEY} RETURNING *)
   INSERT INTO dead_jobs (job_id, owner_id, kind, payload, attempts, created_date, dead_date, error)
   SELECT job_id, owner_id, kind, payload, attempts, created_date, $6::integer, $7 FROM dead`,
);

/** The parameters of the statements that identify a taken job. */
export const keyOf = (job: TakenJob) => [job.bucket, job.run_ms, job.job_id, job.attempts, job.token];
