import { open, readdir, statfs } from 'node:fs/promises';
import path from 'node:path';
import { LOG_RESERVE_MB, LOG_SEGMENT_MB } from './settings.ts';

/** To leave space on a small disk, the reserve takes at most 1/32 of the free space. */
const SHARE_OF_FREE = 32;

/** Segment names of the first timeline and the first 4 GB of WAL, which a new cluster uses. */
const SEGMENT_NAME = /^00000001000000000000[0-9A-F]{4}$/;

/**
 * Creates the next WAL segments of a new cluster before anything runs on it: files of zeros under the names that PostgreSQL will use.
 * Otherwise PostgreSQL would create the same files itself while a committing client waits.
 * @param pgData of a cluster that was just created and is not running
 * @param freeBytes free space on its disk
 */
export async function reserveLog(pgData: string, owner: { uid: number; gid: number }, freeBytes?: number): Promise<void> {
  const directory = path.join(pgData, 'pg_wal');
  const last = (await readdir(directory)).filter((name) => SEGMENT_NAME.test(name)).sort().at(-1);
  if (last === undefined) throw new Error(`${directory} has no segment of the log`);
  const megabytes = Math.min(LOG_RESERVE_MB, (freeBytes ?? (await measureFree(directory))) / SHARE_OF_FREE / 2 ** 20);
  const zeros = Buffer.alloc(LOG_SEGMENT_MB * 2 ** 20);
  for (let made = 1; made <= megabytes / LOG_SEGMENT_MB; made++) {
    const name = (parseInt(last.slice(-4), 16) + made).toString(16).toUpperCase().padStart(4, '0');
    await using segment = await open(path.join(directory, last.slice(0, -4) + name), 'wx', 0o600);
    await segment.writeFile(zeros);
    await segment.sync();
    if (process.geteuid?.() === 0) await segment.chown(owner.uid, owner.gid);
  }
  await using entries = await open(directory, 'r');
  await entries.sync();
}

async function measureFree(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}
