import { readFileSync } from 'node:fs';
import type { Clock, TimerHandle } from '@aerogram/runtime';

/** How often the CPU time is read, in milliseconds. */
const CHECK_MS = 250;
/** The unit of the times in /proc, in milliseconds: a hundredth of a second on all systems that Node.js runs on. */
const TICK_MS = 10;
/** Places of the times that a process has spent in its own code and in the kernel, counted behind its name (proc_pid_stat(5)). */
const [USER_AT, SYSTEM_AT] = [11, 12];

/**
 * Watches how much CPU time another process uses from now on. The process cannot do this itself: while a library is in a long loop, none of its timers runs.
 * The time on the clock says little: a busy machine gives a process of the lowest priority hardly any CPU. It counts only where there is no /proc, as on macOS.
 * @param cpuMs milliseconds
 * @param onExceeded called once, when the process has used more
 * @returns ends the watch
 */
export function limitCpu(pid: number | undefined, cpuMs: number, clock: Clock, onExceeded: () => void): TimerHandle {
  const cpuFromMs = readCpuMs(pid);
  const fromMs = clock.monotonicMs();
  const timer = clock.setInterval(() => {
    const usedMs = cpuFromMs === undefined ? clock.monotonicMs() - fromMs : (readCpuMs(pid) ?? cpuFromMs) - cpuFromMs;
    if (usedMs <= cpuMs) return;
    timer.cancel();
    onExceeded();
  }, CHECK_MS);
  return timer;
}

/** The CPU time that all threads of a process have used. @returns undefined if it has ended, or where there is no /proc */
function readCpuMs(pid: number | undefined): number | undefined {
  try {
    // The kernel answers at once. The name of the process is in brackets and may contain anything.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[USER_AT]) + Number(fields[SYSTEM_AT])) * TICK_MS;
  } catch {
    return undefined;
  }
}
