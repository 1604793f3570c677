import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@aerogram/runtime';

/** How long an orphaned database may take for a fast shutdown, in milliseconds. */
const FAST_SHUTDOWN_MS = 15_000;
/** The same for an immediate shutdown, after which the next start runs recovery. */
const IMMEDIATE_SHUTDOWN_MS = 5000;

const POLL_MS = 20;

/** The pid in `postmaster.pid`, if the file exists. */
function recordedPid(pgData: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(path.join(pgData, 'postmaster.pid'), 'utf8'), 10);
    return pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

type Occupant = 'nobody' | 'our database' | 'another program' | 'unknown';

/** Finds out which process has this pid now. */
function findOccupant(pid: number, pgData: string): Occupant {
  try {
    process.kill(pid, 0);
    const isOurs =
      process.platform === 'linux'
        ? readlinkSync(`/proc/${pid}/cwd`) === realpathSync(pgData)
        : execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).includes(pgData);
    return isOurs ? 'our database' : 'another program';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ESRCH' || code === 'ENOENT' ? 'nobody' : 'unknown';
  }
}

/**
 * Ends a database that a killed server left behind, to make room for a new one. Only the holder of the data directory's lock may call it,
 * so no server can be using that database.
 */
export async function clearStalePostmaster(pgData: string, log: Logger): Promise<void> {
  const pid = recordedPid(pgData);
  if (pid === undefined) return;
  switch (findOccupant(pid, pgData)) {
    case 'nobody':
    case 'unknown':
      // PostgreSQL itself removes what a dead postmaster left, checks for surviving child processes, and refuses to start in case of doubt.
      return;
    case 'another program':
      // PostgreSQL only checks whether the pid is alive, and in a container the pid is soon in use again.
      rmSync(path.join(pgData, 'postmaster.pid'), { force: true });
      for (const name of readdirSync(pgData)) if (name.startsWith('.s.PGSQL.')) rmSync(path.join(pgData, name), { force: true });
      return;
    case 'our database':
      return shutDown(pid, pgData, log);
  }
}

async function shutDown(pid: number, pgData: string, log: Logger): Promise<void> {
  log.warn({ pid }, 'a database without a server still runs here; shutting it down');
  for (const [signal, waitMs] of [['SIGINT', FAST_SHUTDOWN_MS], ['SIGQUIT', IMMEDIATE_SHUTDOWN_MS]] as const) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return;
      throw error;
    }
    for (let waitedMs = 0; waitedMs < waitMs; waitedMs += POLL_MS) {
      await delay(POLL_MS);
      if (findOccupant(pid, pgData) === 'nobody') return;
    }
  }
}
