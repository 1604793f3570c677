import { defineStatement } from '@aerogram/storage';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { storedEncode } from '@aerogram/tl-compat';

/** Values of `update_log.kind`. They are stored, so they must never change meaning. */
export const LogKind = { update: 1, edit: 2 } as const;

interface LogEntryBase {
  owner: bigint;
  pts: number;
  ptsCount: number;
  date: number;
  /** See `LoggedUpdateEvent`. */
  looseSeq: number;
  /** The qts of the update; 0 if it has none. */
  qts?: number;
}

/** An event of a box that is not a new message. For an edit only the message id is kept; the row holds the rest. */
export type UpdateLogEntry =
  | (LogEntryBase & { kind: 'update'; update: tl.Update })
  | (LogEntryBase & { kind: 'edit'; msgId: number });

// Updates without pts follow the event that has their pts; `sub` orders them.
const insertLogRows = defineStatement(
  'insert_update_log',
  `INSERT INTO update_log (owner_id, pts, sub, pts_count, kind, payload, date, loose_seq, qts)
   SELECT n.owner_id, n.pts,
          CASE WHEN n.pts_count > 0 THEN 0
               ELSE n.sub + COALESCE((SELECT max(l.sub) FROM update_log l WHERE l.owner_id = n.owner_id AND l.pts = n.pts), 0) END,
          n.pts_count, n.kind, n.payload, n.date, n.loose_seq, n.qts
     FROM unnest($1::bigint[], $2::integer[], $3::integer[], $4::integer[], $5::smallint[], $6::bytea[], $7::integer[], $8::integer[], $9::integer[])
          AS n (owner_id, pts, sub, pts_count, kind, payload, date, loose_seq, qts)`,
);

/** Appends events to the logs of their owners, together with the COMMIT. The owners' counters are locked. */
export function insertUpdateLog(tx: Tx, entries: readonly UpdateLogEntry[]): void {
  const subs = new Map<string, number>();
  const sub = ({ owner, pts, ptsCount }: UpdateLogEntry): number => {
    if (ptsCount > 0) return 0;
    const next = (subs.get(`${owner}:${pts}`) ?? 0) + 1;
    subs.set(`${owner}:${pts}`, next);
    return next;
  };
  tx.runLast(insertLogRows, [
    entries.map((entry) => entry.owner),
    entries.map((entry) => entry.pts),
    entries.map(sub),
    entries.map((entry) => entry.ptsCount),
    entries.map((entry) => LogKind[entry.kind]),
    entries.map((entry) => (entry.kind === 'update' ? storedEncode(entry.update) : packMsgId(entry.msgId))),
    entries.map((entry) => entry.date),
    entries.map((entry) => entry.looseSeq),
    entries.map((entry) => entry.qts ?? 0),
  ]);
}

const dropLogRow = defineStatement(
  'drop_superseded_log',
  'DELETE FROM update_log WHERE owner_id = $1 AND pts = $2 AND sub = 0',
);

/**
 * Deletes an event from a log because a later event includes it. Otherwise read marks would pile up (rule P15: compacted, not cut). Sent
 * together with the COMMIT.
 * @param pts pts of the event; 0 for none
 */
export function dropSuperseded(tx: Tx, owner: bigint, pts: number): void {
  if (pts > 0) tx.runLast(dropLogRow, [owner, pts]);
}

function packMsgId(msgId: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(msgId);
  return bytes;
}

/** The message id in a log entry of kind {@link LogKind.edit}. */
export function unpackMsgId(payload: Uint8Array): number {
  return new DataView(payload.buffer, payload.byteOffset, payload.byteLength).getInt32(0, true);
}
