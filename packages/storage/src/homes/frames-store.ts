import { defineStatement } from '../database/statement.ts';
import type { Tx } from '../database/transaction.ts';
import { KEPT_FRAME_BYTES } from './kept-frames-store.ts';

// The row of the stream is locked as the last thing before the COMMIT, so the numbers have no gaps and follow the order of the commits.
const appendFrameRows = defineStatement(
  'append_home_frames',
  `WITH stream AS (
     INSERT INTO home_streams AS s (dc, epoch, sent_seq, sent_bytes)
     VALUES ($1, (SELECT value::bigint FROM meta WHERE key = 'stream_epoch'), cardinality($2::bytea[]), $3)
     ON CONFLICT (dc, epoch) DO UPDATE SET sent_seq = s.sent_seq + EXCLUDED.sent_seq, sent_bytes = s.sent_bytes + EXCLUDED.sent_bytes
     RETURNING epoch, sent_seq)
   INSERT INTO home_outbox (dc, epoch, seq, frame, written_date)
   SELECT $1, stream.epoch, stream.sent_seq - cardinality($2::bytea[]) + f.at, f.frame, $4
     FROM stream, unnest($2::bytea[]) WITH ORDINALITY AS f (frame, at)`,
);

/**
 * Appends frames to the stream to another data centre, together with the COMMIT. In whatever order a transaction tells several, their streams are locked in ascending
 * order of the DCs, after all else.
 * @param date unix seconds
 */
export function appendHomeFramesLast(tx: Tx, dc: number, frames: readonly Uint8Array[], date: number): void {
  tx.runLast(appendFrameRows, [dc, frames, frames.reduce((sum, frame) => sum + frame.length, 0), date], dc);
}

const lockApplied = defineStatement<{ applied_seq: bigint }>(
  'lock_home_applied',
  `INSERT INTO home_applied AS a (dc, epoch, applied_seq) VALUES ($1, $2, 0)
   ON CONFLICT (dc, epoch) DO UPDATE SET applied_seq = a.applied_seq RETURNING applied_seq`,
);

const noteAppliedRows = defineStatement(
  'note_home_applied',
  `WITH noted AS (UPDATE home_applied SET applied_seq = $3::bigint + cardinality($4::bytea[]) - 1, kept_bytes = kept_bytes + $6::bigint WHERE dc = $1 AND epoch = $2)
   INSERT INTO home_inbox (dc, epoch, seq, frame, applied_date)
   SELECT $1, $2, $3::bigint + f.at - 1, f.frame, $5 FROM unnest($4::bytea[]) WITH ORDINALITY AS f (frame, at)`,
);

/** Where a frame stands: the other DC of its stream, the epoch of the database that wrote it, and its number, from 1. */
export interface FramePlace {
  dc: number;
  epoch: bigint;
  seq: bigint;
}

/** Locks the stream of another data centre. @returns the number of its last frame that was applied here; 0 for none */
export async function lockAppliedSeq(tx: Tx, { dc, epoch }: Omit<FramePlace, 'seq'>): Promise<bigint> {
  const { rows } = await tx.run(lockApplied, [dc, epoch]);
  return rows[0]!.applied_seq;
}

/**
 * Notes, together with the COMMIT, that frames were applied, and keeps them for their sender. The stream must be locked.
 * @param first the place of the first of them
 * @param date unix seconds
 */
export function noteAppliedLast(tx: Tx, first: FramePlace, frames: readonly Uint8Array[], date: number): void {
  tx.runLast(noteAppliedRows, [first.dc, first.epoch, first.seq, frames, date, frames.reduce((sum, frame) => sum + KEPT_FRAME_BYTES + frame.length, 0)]);
}
