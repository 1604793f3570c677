import { existsSync, statfsSync } from 'node:fs';
import { get } from 'node:http';
import { get as getByTls } from 'node:https';
import { text } from 'node:stream/consumers';
import { findStrayDoubt } from '@aerogram/domain';
import { readLastBackup } from '@aerogram/node';
import { findReadyMs, formatOrigin, OperatorError, readServerFile, systemClock, type WebEndpoint } from '@aerogram/runtime';
import { DataDirectoryLocked, type Database, DatabaseUnavailable, findDataDirectoryHolder, findServingState, sql } from '@aerogram/storage';
import { describeDoubt } from './blobs.ts';
import { countNewKeys, describeBackups } from './describe-backups.ts';
import { describeCalls } from './describe-calls.ts';
import { describeCdn } from './cdn.ts';
import { describeClock } from './clock.ts';
import { describeLinks, describeNodes, describeOutside, describeStandbys } from './describe-cluster.ts';
import { describeNewerLayers } from './newer-layers.ts';
import { describePhotos } from './describe-photos.ts';
import { describeUpkeep } from './notices.ts';
import { listNextSteps, type Situation } from './next-steps.ts';
import { describeQueue } from './reports.ts';
import { isProcessAlive, withDatabase } from '../open-database.ts';
import { type CliOptions, findDate, formatDate } from '../options.ts';
import { joinOutputs, type Output } from '../output.ts';

const READY_TIMEOUT_MS = 2000;
/** How long a database that cannot be reached is waited for, in milliseconds. */
const PATIENCE_MS = 1500;

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
  if (!file || !isProcessAlive(file.pid)) {
    const pid = await findDataDirectoryHolder(config.dataDir);
    if (pid === undefined) return { value: null, lines: ['server     not running'] };
    // A server has no server.json before it is ready, nor when it stops. Its port answers already, unless a command such as "restore" has the directory.
    const readiness = await describeReadiness({ host: config.host, port: config.httpPort, ...(config.tlsCert === undefined ? {} : { tls: true }) });
    return { value: { pid, readiness }, lines: [`server     process ${pid} has the data directory and starts or stops, ${readiness}`] };
  }
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
  return { value: { version, schema: Number(schema), bytes: Number(bytes) }, lines: [`database   PostgreSQL ${version}, schema ${schema}, ${(Number(bytes) / 2 ** 20).toFixed(1)} MiB`] };
}

/** The process that serves from the database. */
async function describeServed(db: Database): Promise<Output> {
  const serving = await findServingState(db);
  if (serving?.isHeld !== true) return { value: null, lines: [] };
  return { value: { pid: serving.pid, host: serving.host }, lines: [`served by  process ${serving.pid} on ${serving.host}`] };
}

async function describeCounts(db: Database): Promise<Output & { dead: number }> {
  const { rows } = await sql<{ users: bigint; devices: bigint; jobs: bigint; dead: bigint }>`
    SELECT (SELECT count(*) FROM users WHERE phone IS NOT NULL AND NOT support AND NOT deleted) AS users,
           (SELECT count(*) FROM authorizations) AS devices,
           (SELECT count(*) FROM jobs) AS jobs,
           (SELECT count(*) FROM dead_jobs) AS dead`.execute(db.q);
  const { users, devices, jobs, dead } = rows[0]!;
  return {
    dead: Number(dead),
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
function describeDisk({ config: { dataDir } }: CliOptions): Output & { usedPercent: number | undefined } {
  if (!existsSync(dataDir)) return { value: null, lines: [], usedPercent: undefined };
  const { bavail, blocks, bsize } = statfsSync(dataDir);
  return { value: { free_bytes: bavail * bsize, bytes: blocks * bsize }, lines: [`disk       ${((bavail * bsize) / GIB).toFixed(1)} of ${((blocks * bsize) / GIB).toFixed(1)} GiB free`], usedPercent: Math.round(100 * (1 - bavail / blocks)) };
}

/** Where the WAL archive is and whether archiving works; WAL that cannot be archived stays on the disk and grows. */
async function describeArchive(db: Database): Promise<Output & { isFailing: boolean }> {
  const { rows } = await sql<{ directory: string | null; last_date: number | null; is_failing: boolean }>`
    SELECT current_setting('basic_archive.archive_directory', true) AS directory,
           extract(epoch FROM last_archived_time)::integer AS last_date,
           coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) AS is_failing
      FROM pg_stat_archiver WHERE current_setting('archive_mode') = 'on'`.execute(db.q);
  const row = rows[0];
  if (!row?.directory) return { value: null, lines: [], isFailing: false };
  const last = row.last_date === null ? 'nothing yet' : `last ${formatDate(row.last_date)}`;
  return {
    isFailing: row.is_failing,
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

/** What a look into the database has found. */
interface Found {
  parts: Record<string, Output>;
  /** undefined: it could not be looked into. */
  situation?: Pick<Situation, 'schema' | 'deadJobs' | 'isArchiveFailing'>;
  problems: readonly string[];
}

/** What the database contains, and what of it may need the operator. The tables of another version may be others, and are not looked into. */
async function lookIntoDatabase(db: Database): Promise<Found> {
  const schema = await db.planMigration();
  const database = await describeDatabase(db);
  if (schema.present < schema.newest || !schema.isUsable) return { parts: { database }, situation: { schema, deadJobs: 0, isArchiveFailing: false }, problems: [] };
  const [counts, archive, nodes, links, standbys] = [await describeCounts(db), await describeArchive(db), await describeNodes(db), await describeLinks(db), await describeStandbys(db)];
  const parts = {
    database,
    standbys,
    served: await describeServed(db),
    nodes,
    links,
    counts,
    newer_layers: await describeNewerLayers(db),
    reports: await describeQueue(db),
    maintenance: await describeUpkeep(db),
    clock: await describeClock(db),
    archive,
    strays: await describeStrays(db),
    cdn: await describeCdn(db),
    failures: await describeFailures(db),
  };
  return { parts, situation: { schema, deadJobs: counts.dead, isArchiveFailing: archive.isFailing }, problems: [...standbys.problems, ...nodes.problems, ...links.problems] };
}

/** What is said where the database cannot be looked into. @throws every other error */
function describeUnreadable(error: unknown): Found {
  if (error instanceof DataDirectoryLocked) return { parts: { database: { value: null, lines: [`database   not to be asked yet: process ${error.pid} starts or stops it`] } }, problems: [] };
  if (!(error instanceof OperatorError && error.cause instanceof DatabaseUnavailable)) throw error;
  return { parts: { database: { value: null, lines: [`database   does not answer: ${error.message}`], failure: error.message } }, problems: ['the database does not answer, so nobody can send or read: start it, or look why it cannot be reached'] };
}

/** `aerogram status`: whether the server runs and responds, what its database contains, and what the operator should do. Nothing is waited for longer than a few seconds. */
export async function showStatus(options: CliOptions): Promise<Output> {
  const { config } = options;
  const disk = describeDisk(options);
  const [server, media, calls, outside, { parts, situation, problems }] = await Promise.all([
    describeServer(options),
    describePhotos(),
    describeCalls(options),
    describeOutside(config),
    withDatabase(options, lookIntoDatabase, { patienceMs: PATIENCE_MS }).catch(describeUnreadable),
  ]);
  const isEmbedded = config.databaseUrl === undefined;
  const last = readLastBackup(config.dataDir);
  const backups = isEmbedded ? { last, scheduled: config.backupDir === undefined ? undefined : { everyMs: config.backupEveryMs } } : undefined;
  const newKeys = await countNewKeys(config);
  const found = [...(calls.problem === undefined ? [] : [calls.problem]), ...outside.problems, ...problems];
  const isRunning = server.value !== null;
  const steps = situation === undefined ? found : listNextSteps({ ...situation, isRunning, readyMs: isRunning ? findReadyMs(config.dataDir) : undefined, diskPercent: disk.usedPercent, backups, newKeys, problems: found, nowMs: systemClock.nowMs() });
  return joinOutputs({
    server,
    disk,
    media,
    calls,
    outside,
    ...parts,
    backups: describeOwnBackups(options),
    to_do: { value: steps, lines: steps.map((step) => `to do      ${step}`) },
  });
}

/** The backups of an embedded database; others are backed up otherwise. */
function describeOwnBackups(options: CliOptions): Output {
  const { databaseUrl, dataDir } = options.config;
  return databaseUrl === undefined ? describeBackups(options, readLastBackup(dataDir)) : { value: null, lines: [] };
}

/** The part of `aerogram status` that a running server says about itself: database, disk, jobs, archive, backups. */
export function showState(options: CliOptions): Promise<Output> {
  return withDatabase(options, async (db) =>
    joinOutputs({
      disk: describeDisk(options),
      database: await describeDatabase(db),
      counts: await describeCounts(db),
      reports: await describeQueue(db),
      archive: await describeArchive(db),
      failures: await describeFailures(db),
      backups: describeOwnBackups(options),
    }),
  );
}
