import { defineStatement } from '../database/statement.ts';
import type { SeenLease } from './plan-leases.ts';

/** Reads the leases of a queue. Who holds no row of `nodes` holds no lease; tokens of nodes are never given twice. */
export const readLeases = defineStatement<SeenLease>(
  'read_leases',
  `SELECT l.bucket, l.token, l.holder_token = $2 AS is_mine, n.name IS NULL AS is_free
     FROM leases l LEFT JOIN nodes n ON n.name = l.holder AND n.token = l.holder_token AND n.token <> 0
    WHERE l.queue = $1 ORDER BY l.bucket`,
);

/** Takes leases that were free when their tokens were read. Each taking adds 1 to the token, so only one node takes each. */
export const takeLeases = defineStatement<{ bucket: number }>(
  'take_leases',
  `INSERT INTO leases (queue, bucket, holder, holder_token, token)
   SELECT $1, free.bucket, $2, $3, free.token + 1 FROM unnest($4::smallint[], $5::bigint[]) AS free (bucket, token) ORDER BY free.bucket
   ON CONFLICT (queue, bucket) DO UPDATE SET holder = excluded.holder, holder_token = excluded.holder_token, token = excluded.token
    WHERE leases.token = excluded.token - 1
   RETURNING bucket`,
);

/** Gives leases up; the rows stay, because their tokens must only grow. */
export const giveUpLeases = defineStatement('give_up_leases', 'UPDATE leases SET holder_token = 0 WHERE queue = $1 AND holder_token = $2 AND bucket = ANY ($3::smallint[])');
