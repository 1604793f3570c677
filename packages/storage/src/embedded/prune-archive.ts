import { readdirSync, statSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import type { Clock, Logger } from '@aerogram/runtime';

const DAY_MS = 86_400_000;
const EVERY_MS = 3_600_000;
/** Name of a complete WAL segment. Timeline histories and backup labels are small and are kept. */
const SEGMENT = /^[0-9A-F]{24}$/;

/** Deletes the segments of a WAL archive that were written before a given time. @returns how many */
export function pruneArchive(directory: string, beforeMs: number): number {
  const old = readdirSync(directory).filter((name) => SEGMENT.test(name) && statSync(path.join(directory, name)).mtimeMs < beforeMs);
  for (const name of old) unlinkSync(path.join(directory, name));
  return old.length;
}

/**
 * Limits a WAL archive to some days: prunes it now and then once an hour. Older backups can then only be restored to their own time, not to
 * a later one.
 */
export function keepArchiveShort(options: { directory: string; days: number; clock: Clock; log: Logger }): Disposable {
  const { directory, days, clock, log } = options;
  const prune = (): void => {
    try {
      const removed = pruneArchive(directory, clock.nowMs() - days * DAY_MS);
      if (removed > 0) log.info({ removed, days }, 'old segments of the archived log were removed');
    } catch (error) {
      log.warn({ err: error }, 'the archive of the log could not be pruned');
    }
  };
  prune();
  const timer = clock.setInterval(prune, EVERY_MS);
  return { [Symbol.dispose]: () => timer.cancel() };
}
