import { readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { type BackupManifest, readManifest } from './manifest.ts';

/** A backup under way, or one that is being removed. Neither is of any use after its process has ended. */
const UNFINISHED = '.unfinished';
/** Names that `nameOfBackup` makes; nothing else in the directory is ever touched. */
const NAME = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z$/;

/** The name of the directory of a scheduled backup that begins at a time, in milliseconds since 1970. */
export function nameOfBackup(ms: number): string {
  return new Date(ms).toISOString().replaceAll(':', '-');
}

/** A finished backup on a shelf. */
export interface ShelvedBackup {
  directory: string;
  manifest: BackupManifest;
}

/** Whose backups are meant. */
export interface BackedUpDatabase {
  /** See `BackupManifest`. */
  systemIdentifier: string;
  /** See `BackupManifest`. A server that was restored from a backup has another one than the server that made it. Absent: of all epochs. */
  epoch?: number;
}

/** The directory with the scheduled backups of a server. Only who holds its lock changes it. */
export class BackupShelf {
  readonly #root: string;

  constructor(root: string) {
    this.#root = path.resolve(root);
  }

  /** The finished backups of one database, the newest first. */
  async list({ systemIdentifier, epoch }: BackedUpDatabase): Promise<ShelvedBackup[]> {
    const found: ShelvedBackup[] = [];
    for (const name of await readdir(this.#root)) {
      if (!NAME.test(name)) continue;
      const directory = path.join(this.#root, name);
      // What cannot be read is left for the operator, and is not counted as a backup.
      const manifest = await readManifest(directory).catch(() => undefined);
      if (manifest?.system_identifier === systemIdentifier && (epoch === undefined || manifest.epoch === epoch)) found.push({ directory, manifest });
    }
    return found.sort((a, b) => Date.parse(b.manifest.finished_at) - Date.parse(a.manifest.finished_at));
  }

  /** Where a backup that begins now is made, until `finish` gives it its name. @param ms now, in milliseconds since 1970 */
  begin(ms: number): string {
    return path.join(this.#root, nameOfBackup(ms) + UNFINISHED);
  }

  /** @returns the directory that the finished backup has from now on */
  async finish(draft: string): Promise<string> {
    const directory = draft.slice(0, -UNFINISHED.length);
    await rename(draft, directory);
    return directory;
  }

  /** Removes what killed processes have left. @returns the names of what was removed */
  async clear(): Promise<string[]> {
    const left = (await readdir(this.#root)).filter((name) => name.endsWith(UNFINISHED) && NAME.test(name.slice(0, -UNFINISHED.length)));
    for (const name of left) await rm(path.join(this.#root, name), { recursive: true, force: true });
    return left;
  }

  /**
   * Removes all backups of a database in its epoch but the newest ones.
   * @param made the backup just made, which stays even if the clock has gone back since the others
   * @returns how many were removed
   */
  async prune(database: Required<BackedUpDatabase>, keep: number, made: string): Promise<number> {
    const others = (await this.list(database)).filter(({ directory }) => directory !== made);
    const old = others.slice(Math.max(0, keep - 1));
    for (const { directory } of old) {
      // Half of a backup must not look like one.
      await rename(directory, directory + UNFINISHED);
      await rm(directory + UNFINISHED, { recursive: true, force: true });
    }
    return old.length;
  }
}
