import { chownSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A segment that is not full goes to the archive after so long, which bounds what a lost disk loses. */
const ARCHIVE_TIMEOUT = '60s';

/** What tells one database from every other one ever made, read from its control file. */
export function systemIdentifier(pgData: string): string {
  return readFileSync(path.join(pgData, 'global', 'pg_control')).readBigUInt64LE(0).toString();
}

/** The part of an archive that belongs to one database: two that share a directory would overwrite each other's log. */
export function archiveOf(archiveDir: string, identifier: string): string {
  return path.join(path.resolve(archiveDir), identifier);
}

/** Settings that send every finished segment of the log to the archive, whose directory is made. */
export function archiveSettings(archiveDir: string, pgData: string, owner: { uid: number; gid: number }): Record<string, string> {
  const directory = archiveOf(archiveDir, systemIdentifier(pgData));
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (process.geteuid?.() === 0) chownSync(directory, owner.uid, owner.gid);
  return {
    archive_mode: 'on',
    archive_library: 'basic_archive',
    archive_timeout: ARCHIVE_TIMEOUT,
    'basic_archive.archive_directory': directory,
  };
}
