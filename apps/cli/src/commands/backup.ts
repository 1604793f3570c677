import { createLogger, systemClock } from '@aerogram/runtime';
import { beginEpoch, makeBackup, restoreBackup } from '@aerogram/storage';
import { withDatabase, withDatabaseUrl } from '../open-database.ts';
import type { CliOptions } from '../options.ts';

const MIB = 2 ** 20;

/** An external database has its own backup tools. */
function refuseExternal({ config }: CliOptions, advice: string): void {
  if (config.databaseUrl === undefined) return;
  throw new Error(`the database is at AEROGRAM_DATABASE_URL and not in the data directory: ${advice}`);
}

/** `aerogram backup`: copies the embedded database and the server's keys; the server may be running or not. */
export async function backUp(options: CliOptions, to: string): Promise<void> {
  refuseExternal(
    options,
    `use pg_basebackup (with -X stream), pgBackRest or your provider's backups for it, and copy ${options.config.dataDir}/keys as well; ` +
      'after restoring it run "aerogram new-epoch" before the server starts',
  );
  const { dataDir } = options.config;
  const manifest = await withDatabaseUrl(options, (url) => makeBackup({ url, dataDir, to, clock: systemClock }));
  const bytes = manifest.files.reduce((sum, file) => sum + file.size, 0);
  options.print(`backup     ${to}, ${manifest.files.length} files, ${(bytes / MIB).toFixed(1)} MiB, as of ${manifest.finished_at}`);
  options.print(
    manifest.archive_dir === undefined
      ? 'log        not archived: this backup restores to its own end only (AEROGRAM_WAL_ARCHIVE_DIR makes later moments reachable)'
      : `log        archived in ${manifest.archive_dir}: later moments can be restored from there`,
  );
  options.print('It holds secret keys and all messages: keep it where only you can read it.');
}

/** `aerogram restore`: creates a data directory from a backup. */
export async function restore(options: CliOptions, from: string, toMs: number | undefined, walDir: string | undefined): Promise<void> {
  refuseExternal(options, 'restore it with the tools it was backed up with, then run "aerogram new-epoch"');
  const { dataDir, walArchiveDir: archiveDir } = options.config;
  const log = createLogger({ level: 'warn' });
  const outcome = await restoreBackup({ from, dataDir, toMs, archiveDir, walDir, log });
  const reached = toMs === undefined ? 'the end of the log' : new Date(toMs).toISOString();
  options.print(`restored   ${dataDir}, up to ${outcome.archive ?? walDir ? reached : outcome.manifest.finished_at}`);
  options.print(`epoch      ${outcome.epoch}: clients catch up by themselves; messages after the restored moment stay only on devices that have them`);
  if (!outcome.isEpochRemembered) {
    options.print(`warning    ${from} cannot be written: a second restore from it would number like this one; run "aerogram new-epoch" after it`);
  }
}

/** `aerogram new-epoch`: does what `restore` does automatically, for a database restored by other means. */
export async function startEpoch(options: CliOptions): Promise<void> {
  // Checks that it is the right database; otherwise the clients of another server would have to start again.
  await withDatabase(options, () => Promise.resolve());
  const { epoch, counters } = await withDatabaseUrl(options, (url) => beginEpoch(url));
  options.print(`epoch      ${epoch}, ${counters} boxes jumped; start the server now`);
}
