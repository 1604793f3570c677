import type pg from 'pg';

/**
 * Begins a new stream epoch: from now on frames for other data centres are numbered anew. Each is above those before, so that what was written in them is sent first. The random part tells
 * apart two databases that begin the same epoch after one backup.
 */
export const RENEW_STREAM_EPOCH = `UPDATE meta SET value = (greatest(value::bigint + 1, (SELECT value::bigint FROM meta WHERE key = 'epoch') * 4294967296) + floor(random() * 16777216)::bigint)::text
  WHERE key = 'stream_epoch'`;

/** Notes when the present stream epoch began: what was sealed later cannot have been lost before. */
export const NOTE_STREAM_EPOCH_DATE = `INSERT INTO meta (key, value) VALUES ('stream_epoch_date', extract(epoch FROM clock_timestamp())::bigint::text)
  ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value`;

/** How far sequences jump, so that no id or version is used again that a lost transaction may have got. */
const SEQUENCE_JUMP = 100_000;

/** Makes all sequences jump, in the transaction in which an epoch begins. */
export const JUMP_SEQUENCES = `SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, coalesce(last_value, start_value) + ${SEQUENCE_JUMP})
  FROM pg_sequences WHERE schemaname = current_schema()`;

/** Makes all sequences jump, in the transaction in which an epoch begins. */
export async function jumpSequences(client: pg.Client): Promise<void> {
  await client.query(JUMP_SEQUENCES);
}

/** Frames for other data centres are numbered anew in each epoch (`home_streams`), in the transaction in which it begins. */
export async function renewStreamEpoch(client: pg.Client): Promise<void> {
  await client.query(RENEW_STREAM_EPOCH);
  await client.query(NOTE_STREAM_EPOCH_DATE);
}
