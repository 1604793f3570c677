import { chmodSync, chownSync, existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { mkdir, open, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from '@aerogram/runtime';
import { type Binaries, type Engine, findBinaries } from '../embedded/binaries.ts';
import { lockDataDirectory } from '../embedded/data-lock.ts';
import { type Postmaster, launchPostmaster } from '../embedded/postmaster.ts';
import { type RunAs, chooseRunAs } from '../embedded/run-as.ts';
import { serverSettings } from '../embedded/settings.ts';
import { chooseSocketDir, isPostmaster } from '../embedded/start-embedded.ts';
import { clearUnfinishedRestore, findUnfinishedRestore, restoringName } from '../embedded/unfinished-restore.ts';
import { archiveOf } from '../embedded/wal-archive.ts';
import { beginEpoch } from './begin-epoch.ts';
import { copyFile, forEachOf, listTree } from './copy-files.ts';
import { type BackupManifest, checkProgram, claimEpoch, isEmptyDirectory, readManifest, sync } from './manifest.ts';

export interface RestoreOptions {
  /** Directory of the backup. */
  from: string;
  /** Data directory of the restored server; must not exist, be empty, or have what a killed restore left. */
  dataDir: string;
  /** Point in time to restore, in milliseconds since 1970; later commits are left out. Absent: everything. */
  toMs?: number | undefined;
  /** Directory of the WAL archive; by default the one used when the backup was made. */
  archiveDir?: string | undefined;
  /** WAL of the lost database (`postgres-<major>/pg_wal`) for what the archive lacks, if it is still readable. */
  walDir?: string | undefined;
  engine?: Engine;
  /** The lost server never runs again, and this one takes over its store of files. */
  replacesServer?: boolean;
  log: Logger;
  /** The restored server never serves, so nothing is noted in the backup. */
  isTrial?: boolean;
  /** Is told of each restored file. @param bytes its size @param files how many there are */
  onCopied?: (bytes: number, files: number) => void;
  /** Restores what is not in the database, while the restored database runs and nobody else can reach it. */
  restoreMore?: (restored: { url: string; dataDir: string; manifest: BackupManifest }) => Promise<void>;
}

/** Result of a restore. */
export interface RestoreOutcome {
  manifest: BackupManifest;
  /** The archive that was read; absent if the database was restored to the end of the backup. */
  archive: string | undefined;
  /** Of when the last change is that was replayed from the log; undefined if none was. */
  replayedTo: Date | undefined;
  epoch: number;
  /** False if the epoch could not be stored in the backup, so that a second restore from it would get the same epoch. */
  isEpochRemembered: boolean;
}

/**
 * Creates a data directory from a backup: checks every file against the manifest, lets PostgreSQL replay the WAL up to the requested time,
 * starts a new epoch, and restores the server's keys.
 * @throws OperatorError when the program is too old for it; Error when the directory is not empty, a file is damaged, or the WAL does not reach the requested time
 */
export async function restoreBackup(options: RestoreOptions): Promise<RestoreOutcome> {
  const { from, toMs } = options;
  const manifest = await readManifest(from);
  checkProgram(manifest);
  const archive = findArchive(options, manifest);
  checkTime(toMs, manifest, archive ?? options.walDir);
  await checkRestorable(options.dataDir);
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  const dataDir = await realpath(options.dataDir);
  await using _lock = await lockDataDirectory(dataDir);
  // Another restore may have ended just before.
  await checkRestorable(dataDir);
  if (findUnfinishedRestore(dataDir) !== undefined) await clearUnfinishedRestore(dataDir, options.log);
  try {
    return await restoreInto(dataDir, options, manifest, archive);
  } catch (error) {
    // The directory was empty before. An incomplete restore is useless and would block the next try.
    for (const name of readdirSync(dataDir)) if (!name.startsWith('server.lock')) rmSync(path.join(dataDir, name), { recursive: true });
    throw error;
  }
}

/** @throws Error if the directory has anything but what a killed restore leaves */
async function checkRestorable(dataDir: string): Promise<void> {
  if ((await isEmptyDirectory(dataDir)) || findUnfinishedRestore(dataDir) !== undefined) return;
  throw new Error(`${dataDir} is not empty; restore into a new directory, or move the old one away`);
}

async function restoreInto(
  dataDir: string,
  options: RestoreOptions,
  manifest: BackupManifest,
  archive: string | undefined,
): Promise<RestoreOutcome> {
  const { from, toMs, log, isTrial = false, onCopied } = options;
  const { postgres_major: major } = manifest;
  const pgData = path.join(dataDir, restoringName(major));
  await mkdir(pgData, { mode: 0o700 });
  const binaries = await findBinaries(options.engine ?? 'embedded', major, path.join(dataDir, 'postgres-lib'));
  const runAs = await chooseRunAs(undefined, [binaries.binDir, path.dirname(dataDir)]);
  if (runAs.owner.uid !== (process.geteuid?.() ?? 0)) chmodSync(dataDir, statSync(dataDir).mode | 0o011);

  await copyBack({ from, manifest, pgData, keysDir: path.join(dataDir, 'keys'), onCopied });
  if (options.walDir !== undefined) await addLog(options.walDir, path.join(pgData, 'pg_wal'));
  await (await open(path.join(pgData, 'recovery.signal'), 'w', 0o600)).close();
  if (process.geteuid?.() === 0) chownTree(pgData, runAs.owner);

  const { epoch, isRemembered } = isTrial ? { epoch: manifest.epoch + 1, isRemembered: true } : await claimEpoch(from, manifest);
  let replayedTo: Date | undefined;
  const whenRecovered = async (url: string): Promise<void> => {
    ({ replayedTo } = await beginEpoch(url, { epoch, isOurs: true, replacesServer: options.replacesServer === true }));
    await options.restoreMore?.({ url, dataDir, manifest });
  };
  await recover({ binaries, runAs, pgData, archive, toMs, log, whenRecovered });
  renameSync(pgData, path.join(dataDir, `postgres-${major}`));
  await sync(dataDir);
  return { manifest, archive, replayedTo, epoch, isEpochRemembered: isRemembered };
}

function findArchive({ archiveDir }: RestoreOptions, manifest: BackupManifest): string | undefined {
  const parent = archiveDir ?? manifest.archive_dir;
  const archive = parent === undefined ? undefined : archiveOf(parent, manifest.system_identifier);
  if (archive !== undefined && existsSync(archive)) return archive;
  if (archiveDir !== undefined) throw new Error(`the archive ${archiveDir} holds nothing of this database (${manifest.system_identifier})`);
  return undefined;
}

function checkTime(toMs: number | undefined, manifest: BackupManifest, log: string | undefined): void {
  if (toMs === undefined) return;
  if (toMs < Date.parse(manifest.finished_at)) {
    throw new Error(`this backup was finished at ${manifest.finished_at}; for an earlier moment take an older one`);
  }
  if (log === undefined) {
    throw new Error('a moment after the backup can be reached only with the archive of the log (AEROGRAM_WAL_ARCHIVE_DIR); leave out --to, or say where it is');
  }
}

/** Copies the files to their places and checks each one. */
async function copyBack({ from, manifest, pgData, keysDir, onCopied }: Pick<RestoreOptions, 'from' | 'onCopied'> & { manifest: BackupManifest; pgData: string; keysDir: string }): Promise<void> {
  const places: Record<string, string> = { base: pgData, wal: path.join(pgData, 'pg_wal'), keys: keysDir };
  const empty = (await listTree(path.join(from, 'base'), () => true)).directories;
  for (const directory of ['', 'pg_wal', ...empty]) await mkdir(path.join(pgData, directory), { recursive: true, mode: 0o700 });
  await forEachOf(manifest.files, async (file) => {
    const [part = '', ...rest] = file.path.split(path.sep);
    const place = places[part];
    if (place === undefined || rest.length === 0 || rest.includes('..')) throw new Error(`the backup names a file outside it: ${file.path}`);
    // PostgreSQL syncs its files before it starts recovery.
    const copied = await copyFile(path.join(from, file.path), path.join(place, ...rest), { isSynced: part === 'keys' });
    if (!copied) throw new Error(`the backup is damaged: ${file.path} is missing`);
    if (copied.size !== file.size || copied.sha256 !== file.sha256) throw new Error(`the backup is damaged: ${file.path} is not what was written`);
    onCopied?.(file.size, manifest.files.length);
  });
}

async function addLog(walDir: string, to: string): Promise<void> {
  const present = new Set(readdirSync(to));
  for (const name of readdirSync(walDir)) {
    if (/^([0-9A-F]{24}|[0-9A-F]{8}\.history)$/.test(name) && !present.has(name)) await copyFile(path.join(walDir, name), path.join(to, name));
  }
}

function chownTree(root: string, owner: { uid: number; gid: number }): void {
  chownSync(root, owner.uid, owner.gid);
  for (const entry of readdirSync(root, { recursive: true, encoding: 'utf8' })) chownSync(path.join(root, entry), owner.uid, owner.gid);
}

interface Recovery {
  binaries: Binaries;
  runAs: RunAs;
  pgData: string;
  archive: string | undefined;
  toMs: number | undefined;
  log: Logger;
  /** Changes the database before any client can connect. */
  whenRecovered: (url: string) => Promise<void>;
}

/** Quotes a word for the shell, in a setting in which % is special. */
const quote = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`.replaceAll('%', '%%');

/** Lets the database replay the WAL, and then changes what the new epoch needs. */
async function recover({ binaries, runAs, pgData, archive, toMs, log, whenRecovered }: Recovery): Promise<void> {
  const { socketDir, isTemporary } = chooseSocketDir(pgData, runAs);
  // WAL that is not in the archive is in pg_wal, where PostgreSQL looks by itself.
  const fetch = archive === undefined ? 'false' : `test -f ${quote(archive)}/%f && cp ${quote(archive)}/%f %p`;
  const settings = {
    ...serverSettings(binaries.major, socketDir),
    restore_command: fetch,
    recovery_target_action: 'promote',
    // PostgreSQL does not know the time zone Z this early in its start.
    ...(toMs === undefined ? {} : { recovery_target_time: new Date(toMs).toISOString().replace('Z', '+00') }),
    hot_standby: 'off',
    archive_mode: 'off',
  };
  try {
    const outcome = await launchPostmaster({ binaries, runAs }, pgData, settings, { log, onProgress: () => {} });
    if (!isPostmaster(outcome)) throw new Error(explain(outcome.lines, toMs));
    try {
      await whenRecovered(`postgresql://aerogram@localhost/postgres?host=${encodeURIComponent(socketDir)}`);
    } finally {
      await stop(outcome);
    }
  } finally {
    if (isTemporary) rmSync(socketDir, { recursive: true, force: true });
  }
}

function explain(lines: string[], toMs: number | undefined): string {
  const words = lines.join('\n');
  if (toMs === undefined || !words.includes('recovery ended before configured recovery target was reached')) {
    return `the database could not be recovered: ${words}`;
  }
  const last = /last completed transaction was at log time (.+)$/m.exec(words)?.[1];
  return (
    `the log ends before ${new Date(toMs).toISOString()}${last === undefined ? '' : ` (its last transaction: ${last} UTC)`}; ` +
    'give an earlier moment, leave out --to for all there is, or add the log of the lost database with --wal'
  );
}

async function stop(postmaster: Postmaster): Promise<void> {
  process.kill(postmaster.pid, 'SIGINT');
  await postmaster.exited;
}
