import { existsSync, statfsSync } from 'node:fs';
import { get } from 'node:http';
import { get as getByTls } from 'node:https';
import { text } from 'node:stream/consumers';
import { findStrayDoubt } from '@aerogram/domain';
import { readLastBackup } from '@aerogram/node';
import { formatOrigin, readServerFile, systemClock, type WebEndpoint } from '@aerogram/runtime';
import { type Database, findServingState, sql } from '@aerogram/storage';
import { describeDoubt } from './blobs.ts';
import { countNewKeys, describeBackups } from './describe-backups.ts';
import { describeCdn } from './cdn.ts';
import { describeClock } from './clock.ts';
import { describePhotos } from './describe-photos.ts';
import { listNextSteps, type Situation } from './next-steps.ts';
import { describeQueue } from './reports.ts';
import { isProcessAlive, withDatabase } from '../open-database.ts';
import { type CliOptions, formatDate } from '../options.ts';

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

/** @returns whether the server runs */
async function describeServer({ config, print }: CliOptions): Promise<boolean> {
  const file = readServerFile(config.dataDir);
  if (!file || !isProcessAlive(file.pid)) {
    print('server     not running');
    return false;
  }
  print(`server     process ${file.pid}, ${await describeReadiness(file.http)}`);
  print(`mtproto    ${file.mtproto.host}:${file.mtproto.port}, DC ${file.dc_id}, layer ${file.layer}`);
  print(`http       ${file.http.host}:${file.http.port}`);
  print(`test mode  ${file.test_mode ? 'on' : 'off'}`);
  return true;
}

/** What of the database may need the operator. */
type DatabaseSituation = Pick<Situation, 'schema' | 'deadJobs' | 'isArchiveFailing'>;

async function describeDatabase(db: Database, print: CliOptions['print']): Promise<DatabaseSituation> {
  const schema = await db.planMigration();
  const { rows } = await sql<{ version: string; schema: string; bytes: bigint }>`
    SELECT current_setting('server_version') AS version,
           (SELECT value FROM meta WHERE key = 'schema_version') AS schema,
           pg_database_size(current_database()) AS bytes`.execute(db.q);
  const row = rows[0]!;
  print(`database   PostgreSQL ${row.version}, schema ${row.schema}, ${(Number(row.bytes) / 2 ** 20).toFixed(1)} MiB`);

  // The tables of another version may be others.
  if (schema.present < schema.newest || !schema.isUsable) return { schema, deadJobs: 0, isArchiveFailing: false };

  const serving = await findServingState(db);
  if (serving?.isHeld) print(`served by  process ${serving.pid} on ${serving.host}`);

  const counts = await sql<{ users: bigint; devices: bigint; jobs: bigint; dead: bigint }>`
    SELECT (SELECT count(*) FROM users WHERE phone IS NOT NULL AND NOT support AND NOT deleted) AS users,
           (SELECT count(*) FROM authorizations) AS devices,
           (SELECT count(*) FROM jobs) AS jobs,
           (SELECT count(*) FROM dead_jobs) AS dead`.execute(db.q);
  const { users, devices, jobs, dead } = counts.rows[0]!;
  print(`accounts   ${users}, on ${devices} devices`);
  print(`waiting    ${jobs} jobs, ${dead} dead jobs`);
  print(`reports    ${await describeQueue(db)}`);
  await describeClock(db, print);
  const isArchiveFailing = await describeArchive(db, print);
  const doubt = await findStrayDoubt(db);
  if (doubt !== undefined) print(`files      ${describeDoubt(doubt)}`);
  await describeCdn(db, print);
  await describeFailures(db, print);
  return { schema, deadJobs: Number(dead), isArchiveFailing };
}

const GIB = 2 ** 30;

/** Prints the free space for the data directory: with too little of it the server refuses writes. @returns how many percent are in use */
function describeDisk({ config: { dataDir }, print }: CliOptions): number | undefined {
  if (!existsSync(dataDir)) return undefined;
  const { bavail, blocks, bsize } = statfsSync(dataDir);
  print(`disk       ${((bavail * bsize) / GIB).toFixed(1)} of ${((blocks * bsize) / GIB).toFixed(1)} GiB free`);
  return Math.round(100 * (1 - bavail / blocks));
}

/** Prints where the WAL archive is and whether archiving works; WAL that cannot be archived stays on the disk and grows. @returns whether it fails */
async function describeArchive(db: Database, print: CliOptions['print']): Promise<boolean> {
  const { rows } = await sql<{ directory: string | null; last_date: number | null; is_failing: boolean }>`
    SELECT current_setting('basic_archive.archive_directory', true) AS directory,
           extract(epoch FROM last_archived_time)::integer AS last_date,
           coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) AS is_failing
      FROM pg_stat_archiver WHERE current_setting('archive_mode') = 'on'`.execute(db.q);
  const row = rows[0];
  if (!row?.directory) return false;
  const last = row.last_date === null ? 'nothing yet' : `last ${formatDate(row.last_date)}`;
  print(`archive    ${row.directory}, ${last}${row.is_failing ? '; FAILING: see the log of the server' : ''}`);
  return row.is_failing;
}

const SHOWN_FAILURES = 10;

/** Prints the jobs that failed too often, by kind; they wait for the administrator. */
async function describeFailures(db: Database, print: CliOptions['print']): Promise<void> {
  const dead = await sql<{ kind: string; count: bigint; last_date: number; error: string }>`
    SELECT kind, count(*) AS count, max(dead_date) AS last_date, (array_agg(error ORDER BY dead_date DESC))[1] AS error
      FROM dead_jobs GROUP BY kind ORDER BY last_date DESC LIMIT ${SHOWN_FAILURES}`.execute(db.q);
  for (const { kind, count, last_date: lastDate, error } of dead.rows) {
    print(`dead       ${count} × ${kind}, last ${formatDate(lastDate)}: ${error}`);
  }
}

/** `aerogram status`: prints whether the server runs and responds, what its database contains, and what the operator should do. */
export async function showStatus(options: CliOptions): Promise<void> {
  const { config, print } = options;
  const isRunning = await describeServer(options);
  const diskPercent = describeDisk(options);
  await describePhotos(print);
  const database = await withDatabase(options, (db) => describeDatabase(db, print));
  const last = readLastBackup(config.dataDir);
  const isEmbedded = config.databaseUrl === undefined;
  if (isEmbedded) describeBackups(options, last);
  const backups = isEmbedded ? { last, scheduled: config.backupDir === undefined ? undefined : { everyMs: config.backupEveryMs } } : undefined;
  const steps = listNextSteps({ ...database, isRunning, diskPercent, backups, newKeys: await countNewKeys(config), nowMs: systemClock.nowMs() });
  for (const step of steps) print(`to do      ${step}`);
}
