import { rmSync } from 'node:fs';
import { mkdir, statfs } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { type Config, pause, systemClock } from '@aerogram/runtime';
import { BackupShelf, DataDirectoryLocked, identifyDatabase, lockDataDirectory } from '@aerogram/storage';
import { type BackupConfig, copyServer } from './copy-server.ts';
import { noteBackup } from './last-backup.ts';

/** What the server tells the process that makes a backup. */
export interface BackupOrder {
  config: BackupConfig & Pick<Config, 'minFreeBytes' | 'minFreePercent'>;
  /** URL of the embedded database. */
  url: string;
  /** AEROGRAM_BACKUP_DIR. */
  backupDir: string;
  keep: number;
}

/** What the process answers, once. */
export type BackupReply =
  | { kind: 'made'; directory: string; bytes: number; seconds: number; cleared: string[]; removed: number }
  | { kind: 'failed'; reason: string };

/** The longest rest after a piece of work, in milliseconds. */
const REST_MAX_MS = 2000;

/**
 * Runs the process that makes one scheduled backup: it has the lowest priority, rests as long as it has used the disk, and ends with the server that forked it.
 */
export function runBackupWorker(): void {
  setPriority(constants.priority.PRIORITY_LOW);
  // Ctrl-C reaches all processes of a terminal; the server decides when to stop.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => {});
  let draft: string | undefined;
  process.on('disconnect', () => {
    // Whatever is left is removed before the next backup.
    try {
      if (draft !== undefined) rmSync(draft, { recursive: true, force: true });
    } finally {
      process.exit(1);
    }
  });
  const answer = (reply: BackupReply): void => void process.send?.(reply, () => process.exit(0));
  process.once('message', (order: BackupOrder) => {
    const begin = (directory: string): void => {
      draft = directory;
    };
    makeScheduledBackup(order, begin).then(answer, (error: unknown) => answer({ kind: 'failed', reason: describe(order, error) }));
  });
}

function describe({ backupDir }: BackupOrder, error: unknown): string {
  if (error instanceof DataDirectoryLocked) return `process ${error.pid} makes a backup in ${backupDir}: each server needs a directory of its own`;
  return error instanceof Error ? error.message : String(error);
}

async function makeScheduledBackup({ config, url, backupDir, keep }: BackupOrder, begin: (draft: string) => void): Promise<BackupReply> {
  await mkdir(backupDir, { recursive: true, mode: 0o700 });
  await using _lock = await lockDataDirectory(backupDir);
  const shelf = new BackupShelf(backupDir);
  const cleared = await shelf.clear();
  const database = await identifyDatabase(url);
  // Files of users are the same in all epochs, and are compared before they are linked.
  const [previous] = await shelf.list({ systemIdentifier: database.systemIdentifier });
  const fromMs = systemClock.nowMs();
  const startMs = systemClock.monotonicMs();
  const draft = shelf.begin(fromMs);
  begin(draft);
  const { blocks, bsize } = await statfs(backupDir);
  const spareBytes = Math.min(config.minFreeBytes, (blocks * bsize * config.minFreePercent) / 100);
  const rest = (workedMs: number): Promise<void> => pause(systemClock, Math.min(workedMs, REST_MAX_MS));
  try {
    const manifest = await copyServer({ config, url, to: draft, previous: previous?.directory, rest, spareBytes });
    const directory = await shelf.finish(draft);
    const bytes = manifest.files.reduce((sum, { size }) => sum + size, manifest.blobs?.bytes ?? 0);
    const seconds = Math.round((systemClock.monotonicMs() - startMs) / 1000);
    // Noted here, because the server may stop before it hears of it.
    noteBackup(config.dataDir, { finished_at: manifest.finished_at, directory, bytes, seconds, scheduled: true });
    return { kind: 'made', directory, bytes, seconds, cleared, removed: await shelf.prune(database, keep, directory) };
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
}
