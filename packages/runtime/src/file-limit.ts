import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Logger } from './log.ts';

/** How many files, sockets among them, this process may have open; undefined where the system does not say. */
export function readFileLimit(limits = '/proc/self/limits'): number | undefined {
  try {
    const line = /^Max open files\s+(\S+)/m.exec(readFileSync(limits, 'utf8'))?.[1];
    return line === undefined ? undefined : line === 'unlimited' ? Infinity : Number(line);
  } catch {
    return undefined;
  }
}

/**
 * Makes room for so many open files, before anything is started that inherits the limit. Node itself has raised it to
 * what the process may have; more can be had only by whoever may raise that, with `prlimit` of util-linux.
 * @param wanted connections and what comes on top
 * @returns the limit of now; when it is below `wanted` the log says so
 */
export function raiseFileLimit(wanted: number, log: Logger): number | undefined {
  const limit = readFileLimit();
  if (limit === undefined || limit >= wanted) return limit;
  spawnSync('prlimit', ['--pid', String(process.pid), `--nofile=${wanted}:${wanted}`], { stdio: 'ignore' });
  const raised = readFileLimit() ?? limit;
  if (raised < wanted) {
    log.warn(
      { limit: raised, wanted },
      'this process may not open as many files as AEROGRAM_MAX_CONNECTIONS asks for: raise the limit of the one who starts it (ulimit -Hn, or LimitNOFILE of systemd), or lower the setting',
    );
  }
  return raised;
}
