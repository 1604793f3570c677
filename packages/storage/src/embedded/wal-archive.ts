import { chownSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** An incomplete segment is archived after this time, which limits what is lost with the disk. */
const ARCHIVE_TIMEOUT = '60s';

/** The system identifier of the database cluster, read from its control file. It is unique among all clusters ever created. */
export function systemIdentifier(pgData: string): string {
  return readFileSync(path.join(pgData, 'global', 'pg_control')).readBigUInt64LE(0).toString();
}

/** The directory of one database in an archive: two databases that share a directory would overwrite each other's WAL. */
export function archiveOf(archiveDir: string, identifier: string): string {
  return path.join(path.resolve(archiveDir), identifier);
}

/** Settings that copy every complete WAL segment to the archive. Creates the archive directory. */
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
