// CPU time of the processes that this one has started, for the figures that test commands print.
import { readFileSync } from 'node:fs';

/** Clock ticks a second, in which Linux reports CPU time. The kernel has used this value on all common platforms for decades. */
const TICKS = 100;

/**
 * CPU time, user and system, of all child processes that have ended and been waited for, in seconds.
 * @returns undefined where there is no /proc
 */
export function childrenCpuSeconds() {
  try {
    const stat = readFileSync('/proc/self/stat', 'latin1');
    // The name of the program, in parentheses, may contain spaces. `cutime` and `cstime` are the 14th and 15th field after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[13]) + Number(fields[14])) / TICKS;
  } catch {
    return undefined;
  }
}

/** Measures wall time and children's CPU time from now on. @returns a function that writes both as text */
export function startTimes() {
  const startedMs = Date.now();
  const cpuBefore = childrenCpuSeconds();
  return () => {
    const wall = ((Date.now() - startedMs) / 60_000).toFixed(1);
    return cpuBefore === undefined ? `${wall} min` : `${wall} min, ${((childrenCpuSeconds() - cpuBefore) / 60).toFixed(1)} CPU-minutes`;
  };
}
