import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { randomUUID } from 'node:crypto';

/** Another live process holds the data directory. */
export class DataDirectoryLocked extends Error {
  override readonly name = 'DataDirectoryLocked';
  readonly pid: number;

  constructor(dataDir: string, pid: number) {
    super(`the data directory ${dataDir} is in use by process ${pid}; stop it, or choose another --data-dir`);
    this.pid = pid;
  }
}

interface Holder {
  pid: number;
  /** When the process started, as the system tells it: a later process with the same pid has another. */
  started: string;
  /** Tells two holders apart that one process had in turn. */
  token: string;
}

/** Something that stays the same while a process lives and differs for the next one with its pid; '' if it is not alive. */
export function processStart(pid: number): string {
  try {
    if (process.platform === 'linux') {
      const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The name in parentheses may hold anything, so fields are counted from its end; the 20th after it is the start.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' ? '' : `${bootId}/${fields[19]}`;
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Partial<Holder>;
    return typeof holder.pid === 'number' && typeof holder.started === 'string' && typeof holder.token === 'string'
      ? (holder as Holder)
      : undefined;
  } catch {
    return undefined;
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Takes the lock of a data directory, so that no second server opens it; a killed holder's lock is taken over.
 *
 * Node has no flock, so the file names the holder by pid and start time. It appears whole, by `link`; a dead holder's
 * file is moved aside first and looked at again, so that of two servers that both found it dead only one wins.
 * @throws DataDirectoryLocked
 */
export async function lockDataDirectory(dataDir: string): Promise<AsyncDisposable> {
  const lockFile = path.join(dataDir, 'server.lock');
  const mine = JSON.stringify({ pid: process.pid, started: processStart(process.pid), token: randomUUID() } satisfies Holder);
  const draft = `${lockFile}.${randomUUID()}`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(mine);
  } finally {
    await file.close();
  }
  try {
    while (!(await linked(draft, lockFile))) await clearDead(dataDir, lockFile);
  } finally {
    await rm(draft, { force: true });
  }
  return {
    async [Symbol.asyncDispose]() {
      if ((await readIfThere(lockFile)) === mine) await rm(lockFile, { force: true });
    },
  };
}

async function linked(draft: string, lockFile: string): Promise<boolean> {
  try {
    await link(draft, lockFile);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes the lock of a dead holder; throws when the holder lives. */
async function clearDead(dataDir: string, lockFile: string): Promise<void> {
  const seen = await readIfThere(lockFile);
  if (seen === undefined) return;
  const holder = parseHolder(seen);
  if (holder && holder.started !== '' && processStart(holder.pid) === holder.started) {
    throw new DataDirectoryLocked(dataDir, holder.pid);
  }
  const aside = `${lockFile}.${randomUUID()}`;
  try {
    await rename(lockFile, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  // Between reading and moving another server may have taken it over: then it gets its file back.
  if ((await readIfThere(aside)) !== seen) await linked(aside, lockFile);
  await rm(aside, { force: true });
}
