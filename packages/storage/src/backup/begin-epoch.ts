import { OperatorError } from '@aerogram/runtime';
import pg from 'pg';
import { EPOCH_JUMP } from '../database/counters.ts';
import { jumpSequences, renewStreamEpoch } from '../database/stream-epoch.ts';
import { DATABASE_MS } from '../nodes/serving-state.ts';

/**
 * Starts a new epoch in a database that may have lost its last transactions: every counter jumps beyond what clients may have seen, so no
 * number is used twice, and clients catch up by a difference (rule S7, new epochs). No server uses the database yet, so all counters jump at once:
 * readers must see the new numbers too.
 * The store of files stays with the server from which the database was copied: this one gets an id of its own, so that the two never delete each other's files.
 * @param options.epoch the new epoch; must be above the database's
 * @param options.isOurs nobody else can reach the database: a lease in it belongs to the server from which it was copied
 * @param options.replacesServer that server never runs again, and this one takes over its store of files
 * @returns the epoch, how many counters jumped, and of when the last change is that PostgreSQL has replayed; undefined if it has replayed none
 * @throws OperatorError while a server serves from the database
 */
export async function beginEpoch(url: string, { epoch, isOurs = false, replacesServer = false }: { epoch?: number; isOurs?: boolean; replacesServer?: boolean } = {}): Promise<{ epoch: number; counters: number; replayedTo: Date | undefined }> {
  const client = new pg.Client({ connectionString: url, application_name: 'aerogram restore' });
  await client.connect();
  try {
    await client.query('BEGIN');
    if (!isOurs) await checkUnserved(client);
    const { rows } = await client.query<{ value: string }>(`SELECT value FROM meta WHERE key = 'epoch' FOR UPDATE`);
    const before = Number(rows[0]?.value);
    const next = Math.max(epoch ?? 0, before + 1);
    await client.query(`UPDATE meta SET value = $1 WHERE key = 'epoch'`, [String(next)]);
    await renewStreamEpoch(client);
    const { rowCount } = await client.query(
      `UPDATE counters SET pts = pts + ($1::integer - epoch) * ${EPOCH_JUMP},
                           qts = qts + ($1::integer - epoch) * ${EPOCH_JUMP},
                           loose_seq = loose_seq + ($1::integer - epoch) * ${EPOCH_JUMP},
                           next_msg_id = next_msg_id + ($1::integer - epoch) * ${EPOCH_JUMP}, epoch = $1::integer`,
      [next],
    );
    await jumpDeviceLogs(client, next);
    await jumpSequences(client);
    await forgetTimeline(client);
    await client.query('DELETE FROM leases');
    if (!replacesServer) await client.query("DELETE FROM meta WHERE key = 'files_owner'");
    const leases = isOurs ? await findLeaseTable(client) : undefined;
    if (leases) await client.query(`UPDATE ${leases} SET until_ms = 0`);
    await client.query('COMMIT');
    const { rows: replayed } = await client.query<{ at: Date | null }>('SELECT pg_last_xact_replay_timestamp() AS at');
    return { epoch: next, counters: rowCount ?? 0, replayedTo: replayed[0]?.at ?? undefined };
  } finally {
    await client.end();
  }
}

/** Raises the counters of the logs of devices, which there are since migration 141. */
async function jumpDeviceLogs(client: pg.Client, epoch: number): Promise<void> {
  const { rows } = await client.query<{ is_there: boolean }>(`SELECT to_regclass('device_logs') IS NOT NULL AS is_there`);
  if (rows[0]?.is_there !== true) return;
  await client.query(
    `UPDATE device_logs SET seq = seq + ($1::integer - epoch) * ${EPOCH_JUMP}, qts = qts + ($1::integer - epoch) * ${EPOCH_JUMP}, epoch = $1::integer`,
    [epoch],
  );
}

/** Recovery ends in a new timeline, for which no second epoch is to begin. */
async function forgetTimeline(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query(`SELECT FROM pg_attribute WHERE attrelid = to_regclass('cluster') AND attname = 'timeline'`);
  if (rowCount === 1) await client.query(`UPDATE cluster SET timeline = ''`);
}

/** The table of who serves: `serving_node` before migration 117, and none before migration 27. */
async function findLeaseTable(client: pg.Client): Promise<string | undefined> {
  const { rows } = await client.query<{ name: string | null }>(`SELECT coalesce(to_regclass('nodes'), to_regclass('serving_node'))::text AS name`);
  return rows[0]!.name ?? undefined;
}

/** Throws if a server is running: it keeps counters and ids in memory, and its clients would not learn that these have jumped. */
async function checkUnserved(client: pg.Client): Promise<void> {
  // The locks keep a server from starting meanwhile.
  const leases = await findLeaseTable(client);
  if (!leases) return;
  if (leases === 'nodes') await client.query('SELECT FROM cluster FOR UPDATE');
  const { rows } = await client.query<{ host: string; pid: number; is_held: boolean }>(
    `SELECT host, pid, until_ms > ${DATABASE_MS} AS is_held FROM ${leases} FOR UPDATE`,
  );
  const row = rows.find((lease) => lease.is_held);
  if (!row) return;
  throw new OperatorError(`a server uses the database (process ${row.pid} on ${row.host}): stop it first; that of a killed one is free after 10 seconds`);
}
