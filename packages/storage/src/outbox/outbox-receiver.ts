import type { Database } from '../database/open-database.ts';
import { defineStatement } from '../database/statement.ts';
import { type Tx, isRunAgain } from '../database/transaction.ts';
import type { FrameAnswer, FrameEntry, OutboxFrame } from './outbox-frame.ts';

/** Applies one entry in the transaction that also notes it as applied. */
export type ApplyEntry = (tx: Tx, entry: FrameEntry & { source_owner: bigint }) => Promise<void>;

export interface OutboxReceiverOptions {
  db: Database;
  /** The destination that this is. */
  dest: string;
  /** What to do with each kind of entry. */
  kinds: Readonly<Record<string, ApplyEntry>>;
}

/** A destination of the outbox. */
export interface OutboxReceiver {
  /**
   * Applies what is new in the frame, in order, each entry once however often it comes. Entries before a failing one
   * stay applied; the failing one and what follows it do not.
   * @throws DatabaseUnavailable
   */
  receive(frame: OutboxFrame): Promise<FrameAnswer>;
}

// Also locks the row, so that a frame that comes twice at the same time is applied once.
const lockApplied = defineStatement<{ applied_seq: bigint }>(
  'lock_outbox_applied',
  `INSERT INTO outbox_applied AS a (source_owner, dest, applied_seq) VALUES ($1, $2, 0)
   ON CONFLICT (source_owner, dest) DO UPDATE SET applied_seq = a.applied_seq RETURNING applied_seq`,
);

const saveApplied = defineStatement(
  'save_outbox_applied',
  `UPDATE outbox_applied SET applied_seq = $3 WHERE source_owner = $1 AND dest = $2`,
);

/** Carries out of the transaction which entry failed. */
class EntryFailed extends Error {
  readonly outSeq: bigint;

  constructor(outSeq: bigint, cause: unknown) {
    super(cause instanceof Error ? `${cause.name}: ${cause.message}` : 'unknown error', { cause });
    this.outSeq = outSeq;
  }
}

/** Makes the receiving end of a destination. */
export function createOutboxReceiver(options: OutboxReceiverOptions): OutboxReceiver {
  const { db, dest, kinds } = options;

  const apply = (frame: OutboxFrame, isLast: (entry: FrameEntry) => boolean): Promise<FrameAnswer> =>
    db.transact(`outbox-apply`, async (tx) => {
      const { rows } = await tx.run(lockApplied, [frame.source_owner, dest]);
      const before = rows[0]!.applied_seq;
      if (frame.after_seq > before) return { applied_seq: before, error: `entries ${before + 1n} to ${frame.after_seq} are missing` };
      let applied = before;
      for (const entry of frame.entries) {
        if (isLast(entry)) break;
        if (entry.out_seq <= applied) continue;
        const applyEntry = kinds[entry.kind];
        if (!applyEntry) throw new EntryFailed(entry.out_seq, new Error(`unknown kind ${entry.kind}`));
        try {
          await applyEntry(tx, { ...entry, source_owner: frame.source_owner });
        } catch (error) {
          // What the database lost or refused for a moment is its matter; the rest is the entry's.
          if (isRunAgain(error)) throw error;
          throw new EntryFailed(entry.out_seq, error);
        }
        applied = entry.out_seq;
      }
      if (applied > before) await tx.run(saveApplied, [frame.source_owner, dest, applied]);
      return { applied_seq: applied };
    });

  return {
    async receive(frame) {
      try {
        return await apply(frame, () => false);
      } catch (error) {
        if (!(error instanceof EntryFailed)) throw error;
        const answer = await apply(frame, (entry) => entry.out_seq >= error.outSeq);
        return { error: error.message, ...answer };
      }
    },
  };
}
