import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DirectoryStore } from '@aerogram/blob';
import { blobsDirectory, blobsIn, copyBlobsOfServer, copyServer, keysDirectory, listMissingMasterKeys, noteBackup, soundness } from '@aerogram/node';
import { createLogger, type Logger, systemClock, systemRandom } from '@aerogram/runtime';
import { type BackupManifest, beginEpoch, openDatabase, restoreBackup, SCHEMA_VERSION } from '@aerogram/storage';
import { withDatabase, withDatabaseUrl } from '../open-database.ts';
import { type CliOptions, formatDate } from '../options.ts';
import { joinOutputs, type Output } from '../output.ts';
import { formatBytes, Progress } from '../progress.ts';
import { listFaults, listMissingKeys } from './blobs.ts';
import { listDeleted } from './moderate-blobs.ts';

/** An external database has its own backup tools. */
function refuseExternal({ config }: CliOptions, advice: string): void {
  if (config.databaseUrl === undefined) return;
  throw new Error(`the database is at AEROGRAM_DATABASE_URL and not in the data directory: ${advice}`);
}

/**
 * `aerogram backup`: copies the embedded database, the server's keys and the files of users; the server may be running or not.
 * @param previous directory of an older backup on the same disk, whose files are linked instead of copied again
 */
export async function backUp(options: CliOptions, to: string, previous: string | undefined): Promise<Output> {
  const { dataDir, s3Bucket, masterKeys } = options.config;
  refuseExternal(
    options,
    `use pg_basebackup (with -X stream), pgBackRest or your provider's backups for it, and after it copy ${dataDir}/keys and ${dataDir}/blobs; ` +
      'after restoring it run "aerogram new-epoch" before the server starts',
  );
  const fromMs = systemClock.monotonicMs();
  using progress = new Progress('copying');
  const manifest = await withDatabaseUrl(options, (url) =>
    copyServer({ config: options.config, url, to, previous, onCopied: (size, files) => progress.expect(files).step(size), onBlob: (size) => progress.expect(undefined).step(size) }),
  );
  progress.end();
  const bytes = manifest.files.reduce((sum, file) => sum + file.size, 0);
  const seconds = Math.round((systemClock.monotonicMs() - fromMs) / 1000);
  noteBackup(dataDir, { finished_at: manifest.finished_at, directory: resolve(to), bytes: bytes + (manifest.blobs?.bytes ?? 0), seconds, scheduled: false });
  const lines = [
    `backup     ${to}, ${manifest.files.length} files, ${formatBytes(bytes)}, as of ${manifest.finished_at}`,
    manifest.blobs === undefined
      ? `files      not copied: they are in the S3 bucket ${s3Bucket}, which needs a backup of its own`
      : `files      ${manifest.blobs.count} of users, ${formatBytes(manifest.blobs.bytes)}`,
    manifest.archive_dir === undefined
      ? 'log        not archived: this backup restores to its own end only (AEROGRAM_WAL_ARCHIVE_DIR makes later moments reachable)'
      : `log        archived in ${manifest.archive_dir}: later moments can be restored from there`,
    ...(masterKeys === undefined ? [] : ['AEROGRAM_MASTER_KEYS is not part of it: without these keys, the files of users cannot be read']),
    'It holds secret keys and all messages: keep it where only you can read it.',
  ];
  const value = { directory: to, files: manifest.files.length, bytes, finished_date: formatDate(Math.floor(Date.parse(manifest.finished_at) / 1000)), blobs: manifest.blobs ?? null, archive_dir: manifest.archive_dir ?? null };
  return { value: { ...value, has_master_keys: masterKeys === undefined }, lines };
}

/** What `aerogram restore` reads besides the backup. */
export interface RestoreSources {
  /** Leaves out what was committed after this moment, in milliseconds since 1970. */
  toMs?: number | undefined;
  /** Log of the lost database. */
  walDir?: string | undefined;
  /** Files of the lost server, for those that the backup does not have. */
  blobsDir?: string | undefined;
  /** The `keys/files.master` of the lost server, for master keys that are newer than the backup. */
  keysFile?: string | undefined;
  /** Goes on although master keys are missing, so that some files cannot be read. */
  withoutKeys?: boolean;
  /** The lost server never runs again, so that its files in S3 belong to the restored one. */
  replacesServer?: boolean;
}

/** `aerogram restore`: creates a data directory from a backup, and names the files of users that are missing. */
export async function restore(options: CliOptions, from: string, { toMs, walDir, blobsDir, keysFile, withoutKeys = false, replacesServer = false }: RestoreSources): Promise<Output> {
  refuseExternal(options, 'restore it with the tools it was backed up with, then run "aerogram new-epoch"');
  const { dataDir, walArchiveDir: archiveDir, s3Bucket } = options.config;
  const log = createLogger({ level: 'warn' });
  using progress = new Progress('restoring');
  let files: Output = { value: null, lines: [] };
  const restoreMore = async ({ url, dataDir: target, manifest }: { url: string; dataDir: string; manifest: BackupManifest }): Promise<void> => {
    if (keysFile !== undefined) addMasterKeys(keysFile, join(keysDirectory(target), 'files.master'));
    // A moment after the backup may need a newer master key than the backup has. The directory is emptied again after this error.
    if (toMs !== undefined && !withoutKeys) await requireMasterKeys(options, { url, target, manifest, log });
    if (s3Bucket === undefined) {
      const onCopied = (size: number): void => progress.expect(undefined).step(size);
      await copyBlobsOfServer(blobsIn(from), blobsDirectory(target), { onCopied });
      if (blobsDir !== undefined) await copyBlobsOfServer(blobsDir, blobsDirectory(target), { onCopied, isSound: soundness(url, { ...options.config, dataDir: target }) });
      progress.end();
    }
    files = await nameMissing(options, { url, target, manifest, log });
  };
  const outcome = await restoreBackup({ from, dataDir, toMs, archiveDir, walDir, replacesServer, log, restoreMore, onCopied: (size, files) => progress.expect(files).step(size) });
  progress.end();
  const until = outcome.replayedTo?.toISOString() ?? outcome.manifest.finished_at;
  const wanted = toMs === undefined ? '' : `; nothing was changed between then and ${new Date(toMs).toISOString()}`;
  const lines = [
    ...files.lines,
    `restored   ${dataDir}, up to the change of ${until}${outcome.replayedTo === undefined ? ', the end of the backup' : wanted}`,
    `epoch      ${outcome.epoch}: clients catch up by themselves; messages after the restored moment stay only on devices that have them`,
  ];
  if (s3Bucket !== undefined) lines.push('files      are in S3 and were not looked for: "aerogram blobs check" does it');
  if (s3Bucket !== undefined && !replacesServer) lines.push(`owner      the files in S3 belong to the server that was backed up. ${OTHER_OWNER}`);
  if (!outcome.isEpochRemembered) lines.push(`warning    ${from} cannot be written: a second restore from it would number like this one; run "aerogram new-epoch" after it`);
  return { value: { data_dir: dataDir, until, epoch: outcome.epoch, epoch_remembered: outcome.isEpochRemembered, files: files.value }, lines };
}

/** What `restoreMore` knows of a restored database. */
interface Restored {
  url: string;
  target: string;
  manifest: BackupManifest;
  log: Logger;
}

/** Adds the master keys of a file to those of a restored server; the file's first one becomes the current one. */
function addMasterKeys(from: string, to: string): void {
  const read = (file: string): string[] => readFileSync(file, 'utf8').split(/\s+/).filter((word) => word !== '');
  const added = read(from);
  if (added.length === 0 || !added.every((word) => /^[0-9a-fA-F]{64}$/.test(word))) throw new Error(`${from} must hold one or more master keys of 64 hex digits each`);
  const keys = new Set([...added, ...(existsSync(to) ? read(to) : [])]);
  writeFileSync(to, [...keys].map((key) => `${key}\n`).join(''), { mode: 0o600 });
}

/** @throws Error that names the master keys that files need and that are missing */
async function requireMasterKeys({ config }: CliOptions, { url, target, manifest, log }: Restored): Promise<void> {
  if (manifest.schema_version !== SCHEMA_VERSION) return;
  await using db = await openDatabase({ url, poolSize: 1, log, clock: systemClock });
  const missing = await listMissingMasterKeys(db, { ...config, dataDir: target }, systemRandom);
  if (missing.length === 0) return;
  throw new Error(
    `${missing.join('; ')}. Nothing was restored. The backup is older than these keys: give the keys/files.master of the lost server with --keys, or add them to ` +
      'AEROGRAM_MASTER_KEYS if they are in the settings; --without-keys restores the rest',
  );
}

/** Which master keys and which files of users are not there although messages refer to these files. */
async function nameMissing(options: CliOptions, { url, target, manifest, log }: Restored): Promise<Output> {
  if (manifest.schema_version !== SCHEMA_VERSION) {
    return { value: null, lines: ['files      were not looked for, because the database is of another version: start the server, and then run "aerogram blobs check"'] };
  }
  await using db = await openDatabase({ url, poolSize: 1, log, clock: systemClock });
  const known = { missing_keys: await listMissingKeys(db, { ...options.config, dataDir: target }), deleted: await listDeleted(db) };
  // Files in S3 were not restored.
  if (options.config.s3Bucket !== undefined) return joinOutputs(known);
  const faults = await listFaults(options, { db, store: await DirectoryStore.open(blobsDirectory(target)), readsContent: false });
  const { value, lines } = joinOutputs({ ...known, faults });
  const { faulty } = faults;
  return { value, lines: [...lines, faulty === 0 ? 'files      all files of users are there' : `files      ${faulty} files of users are missing; whoever uploads the same file again repairs it`] };
}

const OTHER_OWNER = 'If this one replaces it, run "aerogram blobs adopt" before the start; otherwise give this one a bucket or prefix of its own';

/**
 * `aerogram new-epoch`: does what `restore` does automatically, for a database restored by other means.
 * @param replacesServer the lost server never runs again, so that its files belong to this one
 */
export async function startEpoch(options: CliOptions, replacesServer: boolean): Promise<Output> {
  // Checks that it is the right database; otherwise the clients of another server would have to start again.
  await withDatabase(options, () => Promise.resolve());
  const { epoch, counters } = await withDatabaseUrl(options, (url) => beginEpoch(url, { replacesServer }));
  const lines = [`epoch      ${epoch}, ${counters} boxes jumped; start the server now`];
  if (!replacesServer) lines.push('owner      the files still belong to the server that was backed up: if this one replaces it, run "aerogram blobs adopt" before the start');
  return { value: { epoch, boxes: counters }, lines };
}
