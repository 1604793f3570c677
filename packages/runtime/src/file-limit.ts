import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Logger } from './log.ts';

/** Reads how many files, including sockets, this process may open; undefined if the system does not say. */
export function readFileLimit(limits = '/proc/self/limits'): number | undefined {
  try {
    const line = /^Max open files\s+(\S+)/m.exec(readFileSync(limits, 'utf8'))?.[1];
    return line === undefined ? undefined : line === 'unlimited' ? Infinity : Number(line);
  } catch {
    return undefined;
  }
}

/**
 * Raises the limit of open files. Must be called before anything is started that inherits the limit. Node has already raised it to the hard
 * limit of the process; a higher one needs the right to raise that, and `prlimit` of util-linux.
 * @param wanted connections and other open files
 * @returns the current limit; if it is below `wanted`, a warning is logged
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
