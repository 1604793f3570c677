import { existsSync, statfsSync } from 'node:fs';
import { get } from 'node:http';
import { get as getByTls } from 'node:https';
import { text } from 'node:stream/consumers';
import { findStrayDoubt } from '@aerogram/domain';
import { formatOrigin, readServerFile, type WebEndpoint } from '@aerogram/runtime';
import { type Database, findServingState, sql } from '@aerogram/storage';
import { describeDoubt } from './blobs.ts';
import { describeCdn } from './cdn.ts';
import { describeClock } from './clock.ts';
import { describePhotos } from './describe-photos.ts';
import { describeQueue } from './reports.ts';
import { isProcessAlive, withDatabase } from '../open-database.ts';
import { type CliOptions, findDate, formatDate } from '../options.ts';
import { joinOutputs, type Output } from '../output.ts';

const READY_TIMEOUT_MS = 2000;

function describeReadiness(http: WebEndpoint): Promise<string> {
  return new Promise((resolve) => {
    const silent = (): void => resolve('does not answer');
    // The server of this machine is asked by its address, which no certificate need name.
    const request = (http.tls === true ? getByTls : get)(`${formatOrigin(http)}/readyz`, { timeout: READY_TIMEOUT_MS, rejectUnauthorized: false }, (response) => {
      text(response).then((words) => resolve(response.statusCode === 200 ? 'ready' : `not ready: ${words}`.trim()), silent);
    });
    request.once('timeout', () => request.destroy()).once('error', silent);
  });
}

async function describeServer({ config }: CliOptions): Promise<Output> {
  const file = readServerFile(config.dataDir);
  if (!file || !isProcessAlive(file.pid)) return { value: null, lines: ['server     not running'] };
  const readiness = await describeReadiness(file.http);
  return {
    value: { pid: file.pid, readiness, mtproto: file.mtproto, dc_id: file.dc_id, layer: file.layer, http: { host: file.http.host, port: file.http.port }, test_mode: file.test_mode },
    lines: [
      `server     process ${file.pid}, ${readiness}`,
      `mtproto    ${file.mtproto.host}:${file.mtproto.port}, DC ${file.dc_id}, layer ${file.layer}`,
      `http       ${file.http.host}:${file.http.port}`,
      `test mode  ${file.test_mode ? 'on' : 'off'}`,
    ],
  };
}

async function describeDatabase(db: Database): Promise<Output> {
  const { rows } = await sql<{ version: string; schema: string; bytes: bigint }>`
    SELECT current_setting('server_version') AS version,
           (SELECT value FROM meta WHERE key = 'schema_version') AS schema,
           pg_database_size(current_database()) AS bytes`.execute(db.q);
  const { version, schema, bytes } = rows[0]!;
  const serving = await findServingState(db);
  const served = serving?.isHeld === true ? { pid: serving.pid, host: serving.host } : null;
  return {
    value: { version, schema: Number(schema), bytes: Number(bytes), served_by: served },
    lines: [
      `database   PostgreSQL ${version}, schema ${schema}, ${(Number(bytes) / 2 ** 20).toFixed(1)} MiB`,
      ...(served === null ? [] : [`served by  process ${served.pid} on ${served.host}`]),
    ],
  };
}

async function describeCounts(db: Database): Promise<Output> {
  const { rows } = await sql<{ users: bigint; devices: bigint; jobs: bigint; dead: bigint }>`
    SELECT (SELECT count(*) FROM users WHERE phone IS NOT NULL AND NOT support AND NOT deleted) AS users,
           (SELECT count(*) FROM authorizations) AS devices,
           (SELECT count(*) FROM jobs) AS jobs,
           (SELECT count(*) FROM dead_jobs) AS dead`.execute(db.q);
  const { users, devices, jobs, dead } = rows[0]!;
  return {
    value: { accounts: Number(users), devices: Number(devices), jobs: Number(jobs), dead_jobs: Number(dead) },
    lines: [`accounts   ${users}, on ${devices} devices`, `waiting    ${jobs} jobs, ${dead} dead jobs`],
  };
}

async function describeStrays(db: Database): Promise<Output> {
  const doubt = await findStrayDoubt(db);
  return { value: doubt ?? null, lines: doubt === undefined ? [] : [`files      ${describeDoubt(doubt)}`] };
}

const GIB = 2 ** 30;

/** The free space for the data directory: with too little of it the server refuses writes. */
function describeDisk({ config: { dataDir } }: CliOptions): Output {
  if (!existsSync(dataDir)) return { value: null, lines: [] };
  const { bavail, blocks, bsize } = statfsSync(dataDir);
  return { value: { free_bytes: bavail * bsize, bytes: blocks * bsize }, lines: [`disk       ${((bavail * bsize) / GIB).toFixed(1)} of ${((blocks * bsize) / GIB).toFixed(1)} GiB free`] };
}

/** Where the WAL archive is and whether archiving works; WAL that cannot be archived stays on the disk and grows. */
async function describeArchive(db: Database): Promise<Output> {
  const { rows } = await sql<{ directory: string | null; last_date: number | null; is_failing: boolean }>`
    SELECT current_setting('basic_archive.archive_directory', true) AS directory,
           extract(epoch FROM last_archived_time)::integer AS last_date,
           coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) AS is_failing
      FROM pg_stat_archiver WHERE current_setting('archive_mode') = 'on'`.execute(db.q);
  const row = rows[0];
  if (!row?.directory) return { value: null, lines: [] };
  const last = row.last_date === null ? 'nothing yet' : `last ${formatDate(row.last_date)}`;
  return {
    value: { directory: row.directory, last_date: findDate(row.last_date), failing: row.is_failing },
    lines: [`archive    ${row.directory}, ${last}${row.is_failing ? '; FAILING: see the log of the server' : ''}`],
  };
}

const SHOWN_FAILURES = 10;

/** The jobs that failed too often, by kind; they wait for the administrator. */
async function describeFailures(db: Database): Promise<Output> {
  const { rows } = await sql<{ kind: string; count: bigint; last_date: number; error: string }>`
    SELECT kind, count(*) AS count, max(dead_date) AS last_date, (array_agg(error ORDER BY dead_date DESC))[1] AS error
      FROM dead_jobs GROUP BY kind ORDER BY last_date DESC LIMIT ${SHOWN_FAILURES}`.execute(db.q);
  const dead = rows.map((row) => ({ kind: row.kind, count: Number(row.count), last_date: formatDate(row.last_date), error: row.error }));
  return { value: dead, lines: dead.map(({ kind, count, last_date: last, error }) => `dead       ${count} × ${kind}, last ${last}: ${error}`) };
}

/** `aerogram status`: whether the server runs and responds, and what its database contains. */
export async function showStatus(options: CliOptions): Promise<Output> {
  const machine = { server: await describeServer(options), disk: describeDisk(options), media: await describePhotos() };
  return withDatabase(options, async (db) =>
    joinOutputs({
      ...machine,
      database: await describeDatabase(db),
      counts: await describeCounts(db),
      reports: await describeQueue(db),
      clock: await describeClock(db),
      archive: await describeArchive(db),
      strays: await describeStrays(db),
      cdn: await describeCdn(db),
      failures: await describeFailures(db),
    }),
  );
}

/** The part of `aerogram status` that a running server says about itself: database, disk, jobs, archive. */
export function showState(options: CliOptions): Promise<Output> {
  return withDatabase(options, async (db) =>
    joinOutputs({
      disk: describeDisk(options),
      database: await describeDatabase(db),
      counts: await describeCounts(db),
      reports: await describeQueue(db),
      archive: await describeArchive(db),
      failures: await describeFailures(db),
    }),
  );
}
