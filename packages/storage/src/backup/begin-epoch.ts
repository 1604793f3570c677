import pg from 'pg';
import { EPOCH_JUMP } from '../database/counters.ts';

/** How far sequences jump: no id is given again that a lost sign-up may have had. */
const SEQUENCE_JUMP = 100_000;

/**
 * Starts a new epoch in a database that may have lost its last transactions: every counter jumps beyond what clients may
 * have seen, so that nothing is numbered twice and they catch up by a difference (STORAGE-RULES 7). It runs on a database
 * that nobody uses yet, so all counters jump at once: readers too must find the new numbers.
 * @param epoch the new one; above the database's
 * @returns how many counters jumped
 */
export async function beginEpoch(url: string, epoch?: number): Promise<{ epoch: number; counters: number }> {
  const client = new pg.Client({ connectionString: url, application_name: 'aerogram restore' });
  await client.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query<{ value: string }>(`SELECT value FROM meta WHERE key = 'epoch' FOR UPDATE`);
    const before = Number(rows[0]?.value);
    const next = Math.max(epoch ?? 0, before + 1);
    await client.query(`UPDATE meta SET value = $1 WHERE key = 'epoch'`, [String(next)]);
    const { rowCount } = await client.query(
      `UPDATE counters SET pts = pts + ($1::integer - epoch) * ${EPOCH_JUMP},
                           loose_seq = loose_seq + ($1::integer - epoch) * ${EPOCH_JUMP},
                           next_msg_id = next_msg_id + ($1::integer - epoch) * ${EPOCH_JUMP}, epoch = $1::integer`,
      [next],
    );
    await client.query(
      `SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, coalesce(last_value, start_value) + ${SEQUENCE_JUMP})
         FROM pg_sequences WHERE schemaname = current_schema()`,
    );
    await client.query('DELETE FROM leases');
    await client.query('COMMIT');
    return { epoch: next, counters: rowCount ?? 0 };
  } finally {
    await client.end();
  }
}
