import { defineStatement } from '../database/statement.ts';

/** A job that was taken up. */
export interface TakenJob {
  bucket: number;
  run_ms: bigint;
  job_id: bigint;
  owner_id: bigint;
  kind: string;
  payload: Uint8Array;
  attempts: number;
}

// Each bucket gives its longest due jobs, so that a long queue is not sorted whole. Counting the attempt before it
// runs lets a job that kills its process die at last. Only the holder of the bucket's lease comes here.
export const takeJobs = defineStatement<TakenJob>(
  'take_jobs',
  `UPDATE jobs AS j SET attempts = j.attempts + 1
     FROM (SELECT d.bucket, d.run_ms, d.job_id
             FROM unnest($1::smallint[]) AS b (bucket)
            CROSS JOIN LATERAL (
              SELECT bucket, run_ms, job_id FROM jobs
               WHERE bucket = b.bucket AND run_ms <= $2::bigint AND kind = ANY ($3::text[]) AND job_id <> ALL ($4::bigint[])
               ORDER BY run_ms, job_id LIMIT $5::integer) AS d
            ORDER BY d.run_ms, d.job_id LIMIT $5::integer) AS due
    WHERE j.bucket = due.bucket AND j.run_ms = due.run_ms AND j.job_id = due.job_id
   RETURNING j.bucket, j.run_ms, j.job_id, j.owner_id, j.kind, j.payload, j.attempts`,
);

const KEY = 'bucket = $1 AND run_ms = $2 AND job_id = $3 AND attempts = $4';

/** Ends a job; touches nothing when another node has taken it up meanwhile, since that counted another attempt. */
export const deleteJob = defineStatement('delete_job', `DELETE FROM jobs WHERE ${KEY}`);

export const postponeJob = defineStatement(
  'postpone_job',
  `UPDATE jobs SET run_ms = $5::bigint, error = $6 WHERE ${KEY}`,
);

/** Puts a recurring job off until its next turn; what it may have failed with is forgotten. */
export const repeatJob = defineStatement(
  'repeat_job',
  `UPDATE jobs SET run_ms = $5::bigint, attempts = 0, error = NULL WHERE ${KEY}`,
);

/**
 * Pulls back what a clock that was ahead has put off in a bucket: recurring jobs beyond their turn, tries that failed beyond the
 * longest pause, and jobs that were ordered at once by a clock that was still ahead of this one. Jobs for a certain moment stay.
 */
export const pullJobsBack = defineStatement(
  'pull_jobs_back',
  `UPDATE jobs AS j SET run_ms = $2::bigint
    WHERE j.bucket = $1::smallint AND j.run_ms > $2::bigint
      AND (j.run_ms > $2::bigint + (SELECT r.every_ms FROM unnest($3::text[], $4::bigint[]) AS r (kind, every_ms) WHERE r.kind = j.kind)
           OR (j.attempts > 0 AND j.run_ms > $2::bigint + $5::bigint)
           OR (j.created_date::bigint * 1000 > $2::bigint + 1000 AND j.run_ms < j.created_date::bigint * 1000 + 1000))`,
);

/** Keeps others from ordering the same recurring job at the same time. */
export const lockOrdering = defineStatement('lock_ordering', `SELECT 1 FROM meta WHERE key = 'schema_version' FOR UPDATE`);

/** Which of these kinds wait or run in a bucket. */
export const findWaitingKinds = defineStatement<{ kind: string }>(
  'find_waiting_kinds',
  'SELECT DISTINCT kind FROM jobs WHERE bucket = $1 AND kind = ANY ($2::text[])',
);

export const buryJob = defineStatement(
  'bury_job',
  `WITH dead AS (DELETE FROM jobs WHERE ${KEY} RETURNING *)
   INSERT INTO dead_jobs (job_id, owner_id, kind, payload, attempts, created_date, dead_date, error)
   SELECT job_id, owner_id, kind, payload, attempts, created_date, $5::integer, $6 FROM dead`,
);

/** The values of the key of a taken job. */
export const keyOf = (job: TakenJob) => [job.bucket, job.run_ms, job.job_id, job.attempts];
