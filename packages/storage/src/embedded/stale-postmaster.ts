import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@aerogram/runtime';

/** How long an orphaned database may take to shut down by itself. */
const FAST_SHUTDOWN_MS = 15_000;

/** The pid in `postmaster.pid`, if there is such a file. */
function recordedPid(pgData: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(path.join(pgData, 'postmaster.pid'), 'utf8'), 10);
    return pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Whether `pid` is a PostgreSQL that works in `pgData`, for a pid may long belong to another program; undefined if the system does not tell. */
function servesDirectory(pid: number, pgData: string): boolean | undefined {
  try {
    process.kill(pid, 0);
    if (process.platform === 'linux') return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(pgData);
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).includes(pgData);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ESRCH' || code === 'ENOENT' ? false : undefined;
  }
}

/**
 * Clears what a killed server left: ends a database that outlived it, removes files that name dead processes.
 * Only the holder of the data directory's lock may call it, so whatever still runs there has no server.
 */
export async function clearStalePostmaster(pgData: string, log: Logger): Promise<void> {
  const pid = recordedPid(pgData);
  if (pid === undefined) return;
  const isServed = servesDirectory(pid, pgData);
  // PostgreSQL knows better ways to find out, and refuses to start when in doubt.
  if (isServed === undefined) return;
  if (!isServed) {
    // PostgreSQL itself looks only whether the pid is alive, and in a container it soon is again.
    rmSync(path.join(pgData, 'postmaster.pid'), { force: true });
    for (const name of readdirSync(pgData)) if (name.startsWith('.s.PGSQL.')) rmSync(path.join(pgData, name), { force: true });
    return;
  }
  log.warn({ pid }, 'a database without a server still runs here; shutting it down');
  for (const [signal, waitMs] of [['SIGINT', FAST_SHUTDOWN_MS], ['SIGQUIT', 5000]] as const) {
    process.kill(pid, signal);
    for (let waited = 0; waited < waitMs; waited += 20) {
      await delay(20);
      if (servesDirectory(pid, pgData) === false) return;
    }
  }
}
