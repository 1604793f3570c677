import { readFileSync } from 'node:fs';
import type { Clock, TimerHandle } from '@aerogram/runtime';

/** How often the CPU time is read, in milliseconds. */
const CHECK_MS = 250;
/** The unit of the times in /proc, in milliseconds: a hundredth of a second on all systems that Node.js runs on. */
const TICK_MS = 10;
/** Places of the times that a process has spent in its own code and in the kernel, then those of its children that have ended, counted behind its name (proc_pid_stat(5)). */
const TIMES_AT = [11, 12, 13, 14];

/** What is done about the CPU time of a process. */
export interface CpuWatch {
  /** The most CPU time that it may use, in milliseconds. */
  mostMs: number;
  /** Called with the milliseconds that it has used since the last call. */
  onUsed(ms: number): void;
  /** Called once, when the process has used more than it may. */
  onExceeded(): void;
}

/**
 * Watches how much CPU time another process and its children use from now on. The process cannot do this itself: while a library is in a long loop, none of its timers runs.
 * The time on the clock says little: a busy machine gives a process of a low priority hardly any CPU. It counts only where there is no /proc, as on macOS.
 * @returns ends the watch, and tells what was used until then
 */
export function limitCpu(pid: number | undefined, clock: Clock, { mostMs, onUsed, onExceeded }: CpuWatch): TimerHandle {
  const cpuFromMs = readCpuMs(pid);
  const fromMs = clock.monotonicMs();
  let usedMs = 0;
  const note = (): void => {
    const nowMs = cpuFromMs === undefined ? clock.monotonicMs() - fromMs : (readCpuMs(pid) ?? cpuFromMs) - cpuFromMs;
    // A child that ends between two readings may be missing in one of them.
    if (nowMs <= usedMs) return;
    onUsed(nowMs - usedMs);
    usedMs = nowMs;
  };
  const timer = clock.setInterval(() => {
    note();
    if (usedMs <= mostMs) return;
    timer.cancel();
    onExceeded();
  }, CHECK_MS);
  return {
    cancel() {
      timer.cancel();
      note();
    },
  };
}

/** The CPU time that all threads of a process and its children have used. @returns undefined if it has ended, or where there is no /proc */
function readCpuMs(pid: number | undefined): number | undefined {
  const ownMs = readStatMs(pid);
  if (ownMs === undefined) return undefined;
  return listChildren(pid).reduce((sum, child) => sum + (readStatMs(child) ?? 0), ownMs);
}

/** The CPU time of a process and of its children that have ended. */
function readStatMs(pid: number | undefined): number | undefined {
  try {
    // The kernel answers at once. The name of the process is in brackets and may contain anything.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return TIMES_AT.reduce((sum, at) => sum + Number(fields[at]), 0) * TICK_MS;
  } catch {
    return undefined;
  }
}

/** The children that run, such as ffmpeg. The main thread has started them. */
function listChildren(pid: number | undefined): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean).map(Number);
  } catch {
    // Some kernels are built without this file: there the children count when they have ended.
    return [];
  }
}
