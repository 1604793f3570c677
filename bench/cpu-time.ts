import { readFileSync, readdirSync } from 'node:fs';

/** The kernel counts CPU time in ticks of 10 ms (USER_HZ is 100 on every Linux platform that Node runs on). */
const TICK_US = 10_000;

interface ProcessTime {
  parent: number;
  us: number;
}

function readProcess(pid: string): ProcessTime | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command in parentheses may contain spaces, so fields are counted after its last parenthesis.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { parent: Number(fields[1]), us: (Number(fields[11]) + Number(fields[12])) * TICK_US };
  } catch {
    return undefined;
  }
}

/** CPU microseconds used so far by a process and its descendants, including threads. */
export function cpuUsOfTree(root: number, without: number[] = []): number {
  const all = new Map<number, ProcessTime>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const found = readProcess(name);
    if (found) all.set(Number(name), found);
  }
  let us = 0;
  const below = [root];
  const left = new Set(without);
  for (let i = 0; i < below.length; i++) {
    us += all.get(below[i]!)?.us ?? 0;
    for (const [pid, time] of all) if (time.parent === below[i] && !left.has(pid)) below.push(pid);
  }
  return us;
}

/** CPU microseconds used so far by several processes, each with its descendants. */
export interface CpuProbe {
  /** The server, or all nodes of a cluster. */
  server: number | readonly number[];
  postgres: number | undefined;
  generator: number;
}

/** CPU microseconds by process since they were last read. */
export type CpuTimes = Record<'server' | 'postgres' | 'generator', number>;

/** Reads the CPU time of the processes of a run; an embedded PostgreSQL is a child of the server. */
export function readCpu(pids: CpuProbe): CpuTimes {
  const { postgres } = pids;
  return {
    server: [pids.server].flat().reduce((us, pid) => us + cpuUsOfTree(pid, postgres === undefined ? [] : [postgres]), 0),
    postgres: postgres === undefined ? 0 : cpuUsOfTree(postgres),
    generator: cpuUsOfTree(pids.generator),
  };
}

/** CPU time since boot that other virtual machines of the host took (steal), and the total, in ticks. */
export function readSteal(): { steal: number; total: number } {
  const fields = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0]!.trim().split(/\s+/).slice(1).map(Number);
  return { steal: fields[7] ?? 0, total: fields.slice(0, 8).reduce((sum, value) => sum + value, 0) };
}

/** Resident memory of a process in bytes, including its threads. */
export function readMemory(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib) * 1024;
}
