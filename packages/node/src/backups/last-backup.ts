import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeJsonFile } from '@aerogram/runtime';

/** What `<data-dir>/last-backup.json` tells of the backups of a server, whoever made them. */
export interface LastBackup {
  /** The last one that was finished; absent if there was none yet. */
  good?: {
    /** ISO 8601. */
    finished_at: string;
    directory: string;
    /** Bytes of database and keys, and of the files of users. */
    bytes: number;
    seconds: number;
    /** Whether the server made it by itself. */
    scheduled: boolean;
  };
  /** Why the scheduled backup failed that came after it. */
  failure?: { at: string; reason: string };
}

const NAME = 'last-backup.json';

/** What is known of the last backup of a data directory; empty if there was none. A file that cannot be read counts as none. */
export function readLastBackup(dataDir: string): LastBackup {
  try {
    return JSON.parse(readFileSync(join(dataDir, NAME), 'utf8')) as LastBackup;
  } catch {
    return {};
  }
}

/** Notes a finished backup, after which no failure counts any more. */
export function noteBackup(dataDir: string, good: NonNullable<LastBackup['good']>): void {
  writeJsonFile(dataDir, NAME, { good } satisfies LastBackup);
}

/** Notes that a backup has failed; the last good one stays known. */
export function noteFailedBackup(dataDir: string, failure: NonNullable<LastBackup['failure']>): void {
  writeJsonFile(dataDir, NAME, { ...readLastBackup(dataDir), failure } satisfies LastBackup);
}
