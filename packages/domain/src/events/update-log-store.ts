import { defineStatement } from '@aerogram/storage';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { storedEncode } from '@aerogram/tl-compat';

/** Numbers of `update_log.kind`; stored, so a number once given keeps its meaning for ever. */
export const LogKind = { update: 1, edit: 2 } as const;

interface LogEntryBase {
  owner: bigint;
  pts: number;
  ptsCount: number;
  date: number;
  /** See `LoggedUpdateEvent`. */
  looseSeq: number;
}

/** An event of a box that is not a new message. Of an edit only the id is kept: the row tells the rest. */
export type LogEntry =
  | (LogEntryBase & { kind: 'update'; update: tl.Update })
  | (LogEntryBase & { kind: 'edit'; msgId: number });

// Entries without pts of their own stand behind what is already at their position; `sub` orders them.
const insertLogRows = defineStatement(
  'insert_update_log',
  `INSERT INTO update_log (owner_id, pts, sub, pts_count, kind, payload, date, loose_seq)
   SELECT n.owner_id, n.pts,
          CASE WHEN n.pts_count > 0 THEN 0
               ELSE n.sub + COALESCE((SELECT max(l.sub) FROM update_log l WHERE l.owner_id = n.owner_id AND l.pts = n.pts), 0) END,
          n.pts_count, n.kind, n.payload, n.date, n.loose_seq
     FROM unnest($1::bigint[], $2::integer[], $3::integer[], $4::integer[], $5::smallint[], $6::bytea[], $7::integer[], $8::integer[])
          AS n (owner_id, pts, sub, pts_count, kind, payload, date, loose_seq)`,
);

/** Appends events to the logs of their owners, whose counters are locked; with the commit. */
export function insertLog(tx: Tx, entries: readonly LogEntry[]): void {
  const subs = new Map<string, number>();
  const sub = ({ owner, pts, ptsCount }: LogEntry): number => {
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
  ]);
}

const dropLogRow = defineStatement(
  'drop_superseded_log',
  'DELETE FROM update_log WHERE owner_id = $1 AND pts = $2 AND sub = 0',
);

/**
 * Takes an event out of a log because a later one says the same and more: read marks pile up otherwise
 * (rule P15: compacted, not cut). With the commit.
 * @param pts of the event; 0 is none
 */
export function dropSuperseded(tx: Tx, owner: bigint, pts: number): void {
  if (pts > 0) tx.runLast(dropLogRow, [owner, pts]);
}

function packMsgId(msgId: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(msgId);
  return bytes;
}

/** The message that an entry of kind {@link LogKind.edit} names. */
export function unpackMsgId(payload: Uint8Array): number {
  return new DataView(payload.buffer, payload.byteOffset, payload.byteLength).getInt32(0, true);
}
