import { defineStatement } from '../database/statement.ts';
import type { FrameEntry } from './outbox-frame.ts';

export type OutboxRow = FrameEntry & {
  source_owner: bigint;
  /** Whether the source was set aside before and is now tried again. */
  is_blocked: boolean;
};

/**
 * The next entries of a bucket, source by source. There is no cursor on time or a sequence: an entry is visible once
 * those before it of the same source are, since the source's counter was locked while it was numbered.
 */
export const readOutbox = defineStatement<OutboxRow>(
  'read_outbox',
  `SELECT o.source_owner, o.out_seq, o.kind, o.payload, o.date, b.dest IS NOT NULL AS is_blocked
     FROM outbox AS o LEFT JOIN outbox_blocked AS b ON b.source_owner = o.source_owner AND b.dest = o.dest
    WHERE o.dest = $1 AND o.bucket = $2 AND o.source_owner > $3 AND (b.retry_date IS NULL OR b.retry_date <= $4::integer)
    ORDER BY o.source_owner, o.out_seq LIMIT $5::integer`,
);

export const deleteDelivered = defineStatement(
  'delete_delivered',
  `DELETE FROM outbox WHERE source_owner = $1 AND dest = $2 AND out_seq <= $3`,
);

/** Notes that a source cannot go on for now; the pause doubles each time. */
export const blockSource = defineStatement<{ attempts: number }>(
  'block_source',
  `INSERT INTO outbox_blocked AS b (source_owner, dest, attempts, error, retry_date)
   VALUES ($1, $2, 1, $3, $4::integer + $5::integer)
   ON CONFLICT (source_owner, dest) DO UPDATE
      SET attempts = b.attempts + 1, error = excluded.error,
          retry_date = $4::integer + least($5::integer * (1 << least(b.attempts, 20)), $6::integer)
   RETURNING attempts`,
);

export const unblockSource = defineStatement(
  'unblock_source',
  `DELETE FROM outbox_blocked WHERE source_owner = $1 AND dest = $2`,
);
