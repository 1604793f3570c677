import { existsSync } from 'node:fs';
import { link, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { OperatorError, processStart } from '@aerogram/runtime';

/** Another running process holds the data directory. */
export class DataDirectoryLocked extends OperatorError {
  override name = 'DataDirectoryLocked';
  readonly pid: number;

  constructor(dataDir: string, pid: number) {
    super(`the data directory ${dataDir} is in use by process ${pid}; stop it, or choose another --data-dir`);
    this.pid = pid;
  }
}

interface Holder {
  pid: number;
  /** Start time of the process as the system reports it: a later process with the same pid has a different one. */
  started: string;
}

/** The holder in a lock file; undefined if the lock is free, or the file is missing or incomplete. */
function parseHolder(text: string | undefined): Holder | undefined {
  try {
    const holder = JSON.parse(text ?? '{}') as Partial<Holder>;
    return typeof holder.pid === 'number' && typeof holder.started === 'string' && holder.started !== ''
      ? { pid: holder.pid, started: holder.started }
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

/** The process that holds a lock file; undefined if it is free or its holder has ended. */
async function findHolder(lockFile: string): Promise<number | undefined> {
  const holder = parseHolder(await readIfThere(lockFile));
  return holder && processStart(holder.pid) === holder.started ? holder.pid : undefined;
}

/** The process that has locked a data directory now, by {@link lockDataDirectory}; undefined if none has. */
export async function findDataDirectoryHolder(dataDir: string): Promise<number | undefined> {
  if (!existsSync(dataDir)) return undefined;
  const [highest = 0] = await listGenerations(dataDir);
  return findHolder(path.join(dataDir, `server.lock.${highest}`));
}

const LOCK_NAME = /^server\.lock\.(\d+)$/;

/** The numbers of the existing lock files, highest first. */
async function listGenerations(dataDir: string): Promise<number[]> {
  const numbers = (await readdir(dataDir)).map((name) => Number(LOCK_NAME.exec(name)?.[1]));
  return numbers.filter((number) => number > 0).sort((a, b) => b - a);
}

/**
 * Takes the lock of a data directory, so that no second server opens it. The lock of a killed holder is taken over.
 *
 * Node has no flock, so each lock file contains the pid and start time of its holder. The files are numbered, and the highest one counts. A
 * process that finds the holder dead creates the next number by a hard link, which only one process can do, and then checks whether an even
 * higher one was created meanwhile. The highest file is never deleted, only marked as free, so that no process mistakes an old state for
 * the current one.
 * @throws DataDirectoryLocked
 */
export async function lockDataDirectory(dataDir: string): Promise<AsyncDisposable> {
  const pathOf = (generation: number): string => path.join(dataDir, `server.lock.${generation}`);
  const draft = path.join(dataDir, `server.lock-${randomUUID()}`);
  const mine: Holder = { pid: process.pid, started: processStart(process.pid) };
  await writeFile(draft, JSON.stringify(mine), { flag: 'wx', mode: 0o600 });
  try {
    for (;;) {
      const [highest = 0] = await listGenerations(dataDir);
      const holder = await findHolder(pathOf(highest));
      if (holder !== undefined) throw new DataDirectoryLocked(dataDir, holder);
      const generation = highest + 1;
      if (!(await isLinked(draft, pathOf(generation)))) continue;
      const [newHighest, ...older] = await listGenerations(dataDir);
      if (newHighest !== generation) {
        await rm(pathOf(generation), { force: true });
        continue;
      }
      for (const old of older) await rm(pathOf(old), { force: true });
      return { [Symbol.asyncDispose]: () => release(pathOf(generation)) };
    }
  } finally {
    await rm(draft, { force: true });
  }
}

/** Marks the lock as free. */
async function release(lockFile: string): Promise<void> {
  const draft = `${lockFile}.free`;
  await writeFile(draft, '{}');
  await rename(draft, lockFile);
}

async function isLinked(draft: string, lockFile: string): Promise<boolean> {
  try {
    await link(draft, lockFile);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
