import { open, readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { OperatorError, VERSION } from '@aerogram/runtime';
import { SCHEMA_VERSION } from '../migrations/index.ts';

/** One file of a backup, with its path inside the backup. */
export interface BackupFile {
  path: string;
  size: number;
  sha256: string;
}

/** The contents of a backup. It is written last, so a directory without it is not a complete backup. */
export interface BackupManifest {
  format: 1;
  /** ISO 8601. A restore can reach this time and, with the archive, every later one. */
  finished_at: string;
  /** Version of the program that made it; absent in backups of earlier programs. */
  program_version?: string;
  postgres_major: number;
  /** Version string reported by PostgreSQL. */
  postgres_version: string;
  system_identifier: string;
  schema_version: number;
  /** The lowest schema version of a program that can serve from it; absent where the database does not say it. */
  oldest_program?: number;
  epoch: number;
  /** WAL archive directory at the time of the backup. */
  archive_dir?: string;
  files: BackupFile[];
  /** How many files of users it holds, beside the files above; absent if they are not part of it. */
  blobs?: { count: number; bytes: number };
}

const MANIFEST = 'manifest.json';
/** Stores the last epoch that was started from a backup; see `claimEpoch`. */
const RESTORED = 'restored.json';

/** Syncs a file or directory to disk. */
export async function sync(file: string): Promise<void> {
  const handle = await open(file, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Whether the directory does not exist, is empty, or contains only lock files of a server. */
export async function isEmptyDirectory(directory: string): Promise<boolean> {
  try {
    return (await readdir(directory)).every((name) => name.startsWith('server.lock'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
    throw error;
  }
}

async function writeSynced(file: string, text: string): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes the manifest, which completes the backup. */
export async function writeManifest(directory: string, manifest: BackupManifest): Promise<void> {
  await writeSynced(path.join(directory, MANIFEST), `${JSON.stringify(manifest, undefined, 1)}\n`);
  await sync(directory);
}

/** @throws Error when the directory contains no complete backup that this program understands */
export async function readManifest(directory: string): Promise<BackupManifest> {
  let text;
  try {
    text = await readFile(path.join(directory, MANIFEST), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Error(`${directory} holds no finished backup: it has no ${MANIFEST}`, { cause: error });
  }
  const manifest = JSON.parse(text) as Partial<BackupManifest>;
  if (manifest.format !== 1 || !Array.isArray(manifest.files)) {
    throw new Error(`${directory} holds a backup of another program version`);
  }
  return manifest as BackupManifest;
}

/** Checks that this program can serve from what a backup holds. @throws OperatorError that names the version which can */
export function checkProgram({ schema_version: schema, oldest_program: oldest = schema, program_version: version }: BackupManifest): void {
  if (schema <= SCHEMA_VERSION || oldest <= SCHEMA_VERSION) return;
  const maker = version === undefined ? 'a newer program' : `Aerogram ${version}`;
  throw new OperatorError(`the backup was made by ${maker}, with database schema ${schema}; this program is ${VERSION} and knows schemas up to ${SCHEMA_VERSION}: use the version that made the backup, or a newer one`);
}

/**
 * Returns the epoch for a database restored from this backup: higher than that of every other database restored from it, so that their
 * numbers differ too. A backup on a read-only disk cannot store it; a second restore then gets the same epoch.
 */
export async function claimEpoch(directory: string, manifest: BackupManifest): Promise<{ epoch: number; isRemembered: boolean }> {
  const file = path.join(directory, RESTORED);
  let last = manifest.epoch;
  try {
    last = Math.max(last, (JSON.parse(await readFile(file, 'utf8')) as { epoch: number }).epoch);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const epoch = last + 1;
  try {
    await writeSynced(file, `${JSON.stringify({ epoch })}\n`);
    return { epoch, isRemembered: true };
  } catch {
    return { epoch, isRemembered: false };
  }
}
