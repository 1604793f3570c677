import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';

/** Seconds by which two estimates of the time of the last boot may differ. */
const BOOT_TOLERANCE_S = 10;

/** Returns a string that stays the same until the machine is started again. Where the system has no such id, an estimate may change earlier. */
export function bootId(): string {
  if (process.platform === 'linux') return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return String(Math.round((Date.now() / 1000 - uptime()) / BOOT_TOLERANCE_S));
}

/**
 * Returns a string that stays the same while a process lives and differs for a later process with the same pid; '' if the process is not
 * alive.
 */
export function processStart(pid: number): string {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The name in parentheses may contain any characters, so fields are counted from its end; the 20th after it is the start time.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' ? '' : `${bootId()}/${fields[19]}`;
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}
