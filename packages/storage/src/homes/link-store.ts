import type { Database } from '../database/open-database.ts';
import { defineStatement } from '../database/statement.ts';
import { DATABASE_MS } from '../nodes/serving-state.ts';
import { type FramePlace, lockAppliedSeq } from './frames-store.ts';
import { JUMP_SEQUENCES, NOTE_STREAM_EPOCH_DATE, RENEW_STREAM_EPOCH } from '../database/stream-epoch.ts';

const selectStreams = defineStatement<HomeStream>(
  'read_home_streams',
  `SELECT epoch, sent_seq, acked_seq, epoch = (SELECT value::bigint FROM meta WHERE key = 'stream_epoch') AS is_present FROM home_streams WHERE dc = $1 ORDER BY epoch`,
);

/** The frames that this database has written for another data centre in one epoch. */
export interface HomeStream {
  epoch: bigint;
  /** The number of the last one, and of the last one that is known to be applied there. */
  sent_seq: bigint;
  acked_seq: bigint;
  /** Whether frames are written in it now. */
  is_present: boolean;
}

/** Reads the streams to another data centre, by epoch. */
export async function readHomeStreams(db: Database, dc: number): Promise<HomeStream[]> {
  return (await db.run(selectStreams, [dc])).rows;
}

const selectStreamEpoch = defineStatement<{ epoch: bigint }>('read_stream_epoch', `SELECT value::bigint AS epoch FROM meta WHERE key = 'stream_epoch'`);

/** Reads the epoch in which frames are written now. */
export async function readStreamEpoch(db: Pick<Database, 'run'>): Promise<bigint> {
  return (await db.run(selectStreamEpoch, [])).rows[0]!.epoch;
}

const renewStreamEpoch = defineStatement<{ value: string }>('renew_stream_epoch', `${RENEW_STREAM_EPOCH} AND value::bigint = $1 RETURNING value`);

const noteStreamEpochDate = defineStatement('note_stream_epoch_date', NOTE_STREAM_EPOCH_DATE);

const jumpSequences = defineStatement('jump_sequences', JUMP_SEQUENCES);

/** From now on frames are numbered anew, and sequences jump, because other data centres know numbers that this database has lost. @param epoch the one that was found out; nothing happens if it is over already */
export async function doBeginStreamEpoch(db: Database, epoch: bigint): Promise<void> {
  await db.transact('begin-stream-epoch', async (tx) => {
    const { rows } = await tx.run(renewStreamEpoch, [epoch]);
    if (rows.length === 0) return;
    await tx.run(noteStreamEpochDate, []);
    await tx.run(jumpSequences, []);
  });
}

const selectLostTime = defineStatement<{ from_date: number; until_date: number | null; is_restored: boolean }>(
  'read_lost_time',
  `SELECT coalesce((SELECT max(written_date) FROM home_outbox WHERE dc = $1 AND epoch = $2), 0) AS from_date,
          (SELECT value::bigint::float8 FROM meta WHERE key = 'stream_epoch_date') AS until_date,
          (SELECT value::bigint > 1 FROM meta WHERE key = 'epoch') AS is_restored`,
);

/**
 * Reads when this database can have written frames that it has lost: from the last one of the epoch that it still has to its last restore, in unix seconds.
 * @returns undefined if it was never restored
 */
export async function readLostTime(db: Pick<Database, 'run'>, { dc, epoch }: Omit<FramePlace, 'seq'>): Promise<{ from: number; until: number } | undefined> {
  const { from_date: from, until_date: until, is_restored: isRestored } = (await db.run(selectLostTime, [dc, epoch])).rows[0]!;
  // A program that did not note the date may have restored it.
  return until === null && !isRestored ? undefined : { from, until: until ?? Infinity };
}

/** A frame that is kept, with its number. */
export interface KeptFrame {
  seq: bigint;
  frame: Uint8Array;
}

/** Which frames to read: those of a stream after a number, at most so many frames and about so many bytes, but at least one. */
export interface FrameBatch extends Omit<FramePlace, 'seq'> {
  after: bigint;
  most: number;
  mostBytes: number;
}

function selectFrames(name: string, table: string) {
  return defineStatement<KeptFrame>(
    name,
    `SELECT seq, frame FROM (
       SELECT seq, frame, sum(octet_length(frame)) OVER (ORDER BY seq ROWS UNBOUNDED PRECEDING) - octet_length(frame) AS bytes
         FROM ${table} WHERE dc = $1 AND epoch = $2 AND seq > $3 ORDER BY seq LIMIT $4::integer) AS f
      WHERE bytes < $5::integer ORDER BY seq`,
  );
}

const selectOutbox = selectFrames('read_home_outbox', 'home_outbox');
const selectInbox = selectFrames('read_home_inbox', 'home_inbox');

/** Reads frames that this database has written for another data centre (`outbox`), or has applied for it (`inbox`), in their order. */
export async function readKeptFrames(db: Database, box: 'outbox' | 'inbox', { dc, epoch, after, most, mostBytes }: FrameBatch): Promise<KeptFrame[]> {
  const { rows } = await db.run(box === 'outbox' ? selectOutbox : selectInbox, [dc, epoch, after, most, mostBytes]);
  return rows;
}

const selectApplied = defineStatement<{ epoch: bigint; applied_seq: bigint }>(
  'read_home_applied',
  'SELECT epoch, applied_seq FROM home_applied WHERE dc = $1 AND ($2::bigint IS NULL OR epoch = $2) ORDER BY epoch',
);

/** Reads how far the streams of another data centre were applied here, by epoch: of all, or of one. */
export async function readAppliedSeqs(db: Database, dc: number, epoch: bigint | null = null): Promise<Map<bigint, bigint>> {
  const { rows } = await db.run(selectApplied, [dc, epoch]);
  return new Map(rows.map((row) => [row.epoch, row.applied_seq]));
}

// It also goes back, when the other home was restored from a backup. The row is locked before its place is read, because two processes may note the same.
const moveAcknowledged = defineStatement<{ lost: bigint; kept_bytes: bigint }>(
  'move_home_acknowledged',
  `UPDATE home_streams AS s
      SET acked_seq = was.seq, acked_bytes = s.acked_bytes + sign(was.seq - was.acked_seq)::bigint * passed.bytes
     FROM (SELECT acked_seq, least($3::bigint, sent_seq) AS seq FROM home_streams WHERE dc = $1 AND epoch = $2 AND acked_seq <> $3::bigint FOR NO KEY UPDATE) AS was
    CROSS JOIN LATERAL (
       SELECT count(*) AS frames, coalesce(sum(octet_length(frame)), 0)::bigint AS bytes
         FROM home_outbox WHERE dc = $1 AND epoch = $2 AND seq > least(was.acked_seq, was.seq) AND seq <= greatest(was.acked_seq, was.seq)) AS passed
    WHERE s.dc = $1 AND s.epoch = $2
   RETURNING greatest(was.seq - was.acked_seq - passed.frames, 0) AS lost,
             (s.acked_bytes + (SELECT coalesce(sum(acked_bytes), 0) FROM home_streams WHERE dc = $1 AND epoch <> $2))::bigint AS kept_bytes`,
);

// Another data centre says how many are lost; a number beyond this one would fit nowhere.
const addLost = defineStatement('add_lost_frames', 'UPDATE homes SET lost_frames = least(lost_frames::numeric + $2::bigint, 9007199254740991)::bigint WHERE dc = $1');

/** What an acknowledgement has changed. */
export interface Acknowledged {
  /** Frames that the other data centre has passed and that are not kept here: it was told to go on without them. */
  lost: bigint;
  /** Bytes of frames that it has applied and that are kept for it; 0 if nothing is new. */
  keptBytes: number;
}

/** Notes up to where another data centre has applied the stream to it. Lost frames are counted here, and not when it is told of them, because that may be repeated. */
export function doNoteAcknowledged(db: Database, { dc, epoch, seq }: FramePlace): Promise<Acknowledged> {
  return db.transact('note-home-acknowledged', async (tx) => {
    const row = (await tx.run(moveAcknowledged, [dc, epoch, seq])).rows[0];
    if (row === undefined) return { lost: 0n, keptBytes: 0 };
    if (row.lost > 0n) await tx.run(addLost, [dc, row.lost]);
    return { lost: row.lost, keptBytes: Number(row.kept_bytes) };
  });
}

const raiseSent = defineStatement(
  'raise_home_sent',
  `INSERT INTO home_streams AS s (dc, epoch, sent_seq, acked_seq) VALUES ($1, $2, $3, $3)
   ON CONFLICT (dc, epoch) DO UPDATE SET sent_seq = greatest(s.sent_seq, EXCLUDED.sent_seq)`,
);

/**
 * Notes that another data centre has returned the frames of a former epoch up to this one, which this database had sent and lost.
 * @param last `dc` is the one that returned them
 */
export async function doNoteReturned(db: Database, last: FramePlace): Promise<void> {
  await db.transact('note-home-returned', async (tx) => {
    await tx.run(raiseSent, [last.dc, last.epoch, last.seq]);
    // These are not kept here either, and are not lost.
    await tx.run(moveAcknowledged, [last.dc, last.epoch, last.seq]);
  });
}

const skipApplied = defineStatement('skip_home_applied', 'UPDATE home_applied SET applied_seq = $3 WHERE dc = $1 AND epoch = $2');

/** Notes that the frames of another data centre up to this one never come, because it has them no more. @returns how many are lost */
export function doNoteSkipped(db: Database, { dc, epoch, seq }: FramePlace): Promise<bigint> {
  return db.transact('note-home-skipped', async (tx) => {
    const applied = await lockAppliedSeq(tx, { dc, epoch });
    if (applied >= seq) return 0n;
    await tx.run(skipApplied, [dc, epoch, seq]);
    await tx.run(addLost, [dc, seq - applied]);
    return seq - applied;
  });
}

const saveStoppedBy = defineStatement('save_home_stopped_by', 'UPDATE homes SET stopped_by = $2 WHERE dc = $1 AND stopped_by <> $2');

/** Notes that the stream of another data centre stands still before a frame of a kind that is not known here. @param kind '': it goes on */
export async function doNoteStopped(db: Database, dc: number, kind: string): Promise<void> {
  await db.transact('note-home-stopped', (tx) => tx.run(saveStoppedBy, [dc, kind]));
}

const saveLinkStates = defineStatement(
  'save_home_link_states',
  `UPDATE homes AS h SET is_up = seen.is_up, seen_ms = ${DATABASE_MS} FROM unnest($1::smallint[], $2::boolean[]) AS seen (dc, is_up) WHERE h.dc = seen.dc`,
);

/** Notes which links stand now, for whoever lists them. */
export async function noteLinkStates(db: Database, isUp: ReadonlyMap<number, boolean>): Promise<void> {
  await db.transact('note-home-links', (tx) => tx.run(saveLinkStates, [[...isUp.keys()], [...isUp.values()]]));
}

/** How much waits for a data centre. */
export interface WaitingFrames {
  frames: number;
  bytes: number;
}

const selectWaiting = defineStatement<{ dc: number; frames: number; bytes: number }>(
  'read_waiting_home_frames',
  `SELECT dc, sum(sent_seq - acked_seq)::float8 AS frames, greatest(sum(sent_bytes - acked_bytes), 0)::float8 AS bytes FROM home_streams GROUP BY dc`,
);

/** Reads how much waits for each data centre that anything was ever written for. */
export async function readWaiting(db: Database): Promise<Map<number, WaitingFrames>> {
  const { rows } = await db.run(selectWaiting, []);
  return new Map(rows.map(({ dc, frames, bytes }) => [dc, { frames, bytes }]));
}
