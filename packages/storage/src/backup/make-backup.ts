import { existsSync } from 'node:fs';
import { mkdir, readdir, stat, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createHash } from 'node:crypto';
import { type Clock, OperatorError, VERSION } from '@aerogram/runtime';
import pg from 'pg';
import type { BackedUpDatabase } from './backup-shelf.ts';
import { copyFile, forEachOf, inGentleGroups, listTree, type Rest } from './copy-files.ts';
import { type BackupFile, type BackupManifest, isEmptyDirectory, sync, writeManifest } from './manifest.ts';

export interface BackupOptions {
  /** URL of the running embedded database, whose files are on this machine. */
  url: string;
  /** The server's data directory; its keys are part of the backup. */
  dataDir: string;
  /** Target directory; created if missing, otherwise it must be empty. */
  to: string;
  clock: Clock;
  /** Copies gently, for a server that serves: a few MiB at a time, with these rests, after a checkpoint that is spread over minutes. */
  rest?: Rest;
  /** How many bytes must be left free on the disk of the backup. */
  spareBytes?: number;
  /** Is told of each copied file. @param bytes its size @param files how many there are, about */
  onCopied?: (bytes: number, files: number) => void;
  /** Copies what is not in the database but belongs to the backup, after the database, into the backup's directory. */
  copyMore?: (target: string) => Promise<Pick<BackupManifest, 'blobs'>>;
}

/** Files that belong to a running database and that a restored one creates again. */
const LEFT_OUT = new Set(['postmaster.pid', 'postmaster.opts', 'backup_label', 'tablespace_map', 'backup_manifest', 'postgresql.auto.conf.tmp']);
/** Directories whose contents are meaningless to a restored database; the directories themselves must exist. */
const EMPTIED = ['pg_wal', 'pg_replslot', 'pg_dynshmem', 'pg_notify', 'pg_serial', 'pg_snapshots', 'pg_stat_tmp', 'pg_subtrans'];

function isWanted(relative: string): boolean {
  const name = path.basename(relative);
  if (LEFT_OUT.has(relative) || name.startsWith('pgsql_tmp') || name.startsWith('.s.PGSQL') || name === 'pg_internal.init') return false;
  // Copied last, so that it is not older than the files it describes.
  if (relative === path.join('global', 'pg_control')) return false;
  return !EMPTIED.some((directory) => relative.startsWith(directory + path.sep));
}

const LOG_FILE_BYTES = 2 ** 32;

/**
 * The number of a WAL segment, computed from its name without the timeline: the number of the 4 GB log file and the segment's position in
 * it.
 */
function segmentNumber(name: string, segmentBytes: number): number {
  return Number.parseInt(name.slice(8, 16), 16) * (LOG_FILE_BYTES / segmentBytes) + Number.parseInt(name.slice(16), 16);
}

/**
 * Copies a running database. Everything committed by the end of the copy is included, and the database can be restored from the backup alone; files of users are copied by the caller.
 * The database stays usable meanwhile. Only the owner can read the directories and files.
 * @see https://www.postgresql.org/docs/18/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP
 * @throws Error when the target is not empty, or when so much was written meanwhile that WAL was already removed
 */
export async function makeBackup({ url, dataDir, to, clock, rest, spareBytes = 0, onCopied, copyMore }: BackupOptions): Promise<BackupManifest> {
  const target = path.resolve(to);
  if (!(await isEmptyDirectory(target))) throw new Error(`${target} is not empty; give the backup a directory of its own`);
  await mkdir(target, { recursive: true, mode: 0o700 });

  const client = await connect(url);
  try {
    const about = await describe(client);
    const files: BackupFile[] = [];
    let expected = 0;
    const copy = async (from: string, relative: string): Promise<boolean> => {
      const copied = await copyFile(from, path.join(target, relative), { rest });
      if (copied) files.push({ path: relative, ...copied });
      onCopied?.(copied?.size ?? 0, Math.max(expected, files.length));
      return copied !== undefined;
    };

    // The slot keeps the WAL segments written meanwhile; it is dropped with this connection.
    await client.query(`SELECT pg_create_physical_replication_slot('aerogram_backup_' || pg_backend_pid(), true, true)`);
    await client.query(`SELECT pg_backup_start('aerogram', ${rest === undefined})`);
    const tree = await listTree(about.pgData, isWanted);
    expected = tree.files.length;
    const sized = await readSizes(about.pgData, tree.files);
    await checkRoom(target, sized.reduce((sum, { size }) => sum + size, spareBytes));
    for (const directory of tree.directories) await mkdir(path.join(target, 'base', directory), { recursive: true, mode: 0o700 });
    // A file that disappears meanwhile belongs to a dropped table or index; the WAL tells the restored database so.
    for (const group of rest === undefined ? [sized] : inGentleGroups(sized)) {
      const fromMs = performance.now();
      await forEachOf(group, ({ file }) => copy(path.join(about.pgData, file), path.join('base', file)));
      await rest?.(performance.now() - fromMs);
    }
    await copy(path.join(about.pgData, 'global', 'pg_control'), path.join('base', 'global', 'pg_control'));
    const stopped = await client.query<{ label: string; last: string }>(
      'SELECT labelfile AS label, pg_walfile_name(lsn) AS last FROM pg_backup_stop(false)',
    );
    const { label, last } = stopped.rows[0]!;
    const finishedMs = clock.nowMs();
    await writeFile(path.join(target, 'base', 'backup_label'), label, { mode: 0o600 });
    await sync(path.join(target, 'base', 'backup_label'));
    const sha256 = createHash('sha256').update(label).digest('hex');
    files.push({ path: path.join('base', 'backup_label'), size: Buffer.byteLength(label), sha256 });

    await copyLog({ walDir: path.join(about.pgData, 'pg_wal'), segmentBytes: about.segmentBytes, label, last }, copy);
    const keysDir = path.join(dataDir, 'keys');
    if (existsSync(keysDir)) {
      for (const file of (await listTree(keysDir, () => true)).files) await copy(path.join(keysDir, file), path.join('keys', file));
    }
    const directories = new Set(files.map((file) => path.dirname(file.path)));
    await forEachOf([...directories], (directory) => sync(path.join(target, directory)));
    const { pgData: _data, segmentBytes: _bytes, ...facts } = about;
    const more = await copyMore?.(target);
    const manifest: BackupManifest = { format: 1, finished_at: new Date(finishedMs).toISOString(), program_version: VERSION, ...facts, ...more, files };
    await writeManifest(target, manifest);
    return manifest;
  } finally {
    await client.end();
  }
}

/** The sizes of files of the database; one that is gone has none. */
async function readSizes(pgData: string, files: readonly string[]): Promise<{ file: string; size: number }[]> {
  const sized: { file: string; size: number }[] = [];
  await forEachOf(files, async (file) => sized.push({ file, size: await stat(path.join(pgData, file)).then(({ size }) => size, () => 0) }));
  return sized;
}

/** @throws OperatorError if the database does not fit onto the disk of the backup */
async function checkRoom(target: string, needed: number): Promise<void> {
  const { bavail, bsize } = await statfs(target);
  if (bavail * bsize >= needed) return;
  const inMib = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;
  throw new OperatorError(`the disk of ${target} has ${inMib(bavail * bsize)} free, and the backup needs ${inMib(needed)}, with what is to stay free`);
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'aerogram backup' });
  // A connection that is lost while nothing is asked fails at the next question.
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** Identifies the database of a server and its epoch, also in its backups. @param url of the database */
export async function identifyDatabase(url: string): Promise<Required<BackedUpDatabase>> {
  const client = await connect(url);
  try {
    const { rows } = await client.query<{ identifier: string; epoch: number }>(
      `SELECT system_identifier::text AS identifier, (SELECT value::integer FROM meta WHERE key = 'epoch') AS epoch FROM pg_control_system()`,
    );
    const { identifier: systemIdentifier, epoch } = rows[0]!;
    return { systemIdentifier, epoch };
  } finally {
    await client.end();
  }
}

type About = Omit<BackupManifest, 'format' | 'finished_at' | 'program_version' | 'files'> & { pgData: string; segmentBytes: number };

async function describe(client: pg.Client): Promise<About> {
  const { rows } = await client.query<Record<'data' | 'segment_bytes' | 'version' | 'major' | 'identifier' | 'archive' | 'schema' | 'oldest' | 'epoch', string>>(
    `SELECT current_setting('data_directory') AS data,
            pg_size_bytes(current_setting('wal_segment_size'))::text AS segment_bytes,
            current_setting('server_version') AS version,
            current_setting('server_version_num')::integer / 10000 AS major,
            (SELECT system_identifier FROM pg_control_system())::text AS identifier,
            CASE WHEN current_setting('archive_mode') = 'on' THEN current_setting('basic_archive.archive_directory', true) END AS archive,
            (SELECT value FROM meta WHERE key = 'schema_version') AS schema,
            (SELECT value FROM meta WHERE key = 'oldest_program') AS oldest,
            (SELECT value FROM meta WHERE key = 'epoch') AS epoch`,
  );
  const row = rows[0]!;
  return {
    pgData: row.data,
    segmentBytes: Number(row.segment_bytes),
    postgres_major: Number(row.major),
    postgres_version: row.version,
    system_identifier: row.identifier,
    schema_version: Number(row.schema),
    ...(row.oldest ? { oldest_program: Number(row.oldest) } : {}),
    epoch: Number(row.epoch),
    // The setting contains the database's own directory in the archive.
    ...(row.archive ? { archive_dir: path.dirname(row.archive) } : {}),
  };
}

/** Copies the WAL that makes the copied files consistent. */
async function copyLog(
  { walDir, segmentBytes, label, last }: { walDir: string; segmentBytes: number; label: string; last: string },
  copy: (from: string, relative: string) => Promise<boolean>,
): Promise<void> {
  const first = /\(file ([0-9A-F]{24})\)/.exec(label)?.[1];
  if (first === undefined) throw new Error('the label of the backup does not say where the log begins');
  const names = (await readdir(walDir)).filter(
    (name) => /^[0-9A-F]{24}$/.test(name) && name.slice(0, 8) === first.slice(0, 8) && name >= first && name <= last,
  );
  const wanted = segmentNumber(last, segmentBytes) - segmentNumber(first, segmentBytes) + 1;
  let copied = 0;
  for (const name of names) if (await copy(path.join(walDir, name), path.join('wal', name))) copied++;
  if (copied !== wanted) {
    throw new Error('more was written during the backup than the log keeps (max_slot_wal_keep_size): try again when less is going on');
  }
  for (const name of await readdir(walDir)) {
    if (/^[0-9A-F]{8}\.history$/.test(name)) await copy(path.join(walDir, name), path.join('wal', name));
  }
}
