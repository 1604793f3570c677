import type { SeedChannelSize, SeedSize } from '@aerogram/cli/seed';
import { cpus } from 'node:os';
import { type CpuTimes, readCpu, readSteal, type CpuProbe } from './cpu-time.ts';
import type { Command } from './load/generator.ts';
import type { GeneratorProcess } from './load/generator-process.ts';
import type { Outcome } from './load/outcome.ts';
import { quantiles, type Row } from './row.ts';

/** A generator that uses more of the machine than this distorts the result. */
const GENERATOR_SHARE_MAX = 0.35;
/** With more stolen time than this the run is worthless. */
const STEAL_SHARE_MAX = 0.05;

/** The performance of this machine without the messenger, to which rows are compared. */
export interface Floor {
  /** CPU µs of the server for a call, its answer and a push to another client, by unanswered calls per client. */
  callUs: Record<1 | 4, number>;
  /** Milliseconds of a commit of one row of 100 bytes into an empty table, at 900 commits a second. */
  commit: { p50Ms: number; p99Ms: number };
  rows: Row[];
}

/** Options of all benches. */
export interface BenchOptions {
  /** Duration of each row. */
  seconds: number;
  /** Directory into which the server writes a CPU profile (for Chrome or VS Code) when it stops. */
  profileDir: string | undefined;
  /** Number of pairs of runs, against ejabberd or with one and two processes. */
  pairs: number;
  /** Duration of the soak. */
  minutes: number;
  /** Methods that `answers` calls; by default all. */
  methods: string[] | undefined;
  /** Size of the seeded database. */
  seed: SeedSize;
  /** Size of the channels in the seeded database of the rows about channels. */
  channels: SeedChannelSize;
  /** Number of bots that nobody uses, or that nobody writes to, in the rows about them. */
  bots: number;
  /** Number of updates in the row about the memory that they leave. */
  updates: number;
  /** Length of the files in the row about memory, in MiB. */
  fileMib: number;
  /** Directory of the seeded databases. */
  dataDir: string;
  /** The performance of the machine without the messenger in the same run; measured on first use. */
  floor: () => Promise<Floor>;
}

/** The processes of a run. */
export interface Bench {
  generator: GeneratorProcess;
  pids: CpuProbe;
}

/** CPU time that each process used while something ran, and disturbances. */
export interface Spent {
  us: CpuTimes;
  elapsedMs: number;
  notes: string[];
}

/** Runs something and reads the CPU time that the processes used meanwhile. */
export async function spend<T>(pids: CpuProbe, run: () => Promise<T>): Promise<{ result: T; spent: Spent }> {
  const [cpuBefore, stealBefore, started] = [readCpu(pids), readSteal(), performance.now()];
  const result = await run();
  const [cpuAfter, stealAfter, elapsedMs] = [readCpu(pids), readSteal(), performance.now() - started];
  const us = { server: cpuAfter.server - cpuBefore.server, postgres: cpuAfter.postgres - cpuBefore.postgres, generator: cpuAfter.generator - cpuBefore.generator };
  const generatorShare = us.generator / (elapsedMs * 1000 * cpus().length);
  const stealShare = (stealAfter.steal - stealBefore.steal) / Math.max(1, stealAfter.total - stealBefore.total);
  const notes = [
    ...(generatorShare > GENERATOR_SHARE_MAX ? [`the generator used over ${GENERATOR_SHARE_MAX * 100} % of the machine`] : []),
    ...(stealShare > STEAL_SHARE_MAX ? [`over ${STEAL_SHARE_MAX * 100} % of the time was stolen`] : []),
  ];
  return { result, spent: { us, elapsedMs, notes } };
}

/** Runs a command of the generator and creates a row with the CPU time that each process used meanwhile. */
export async function measure(bench: Bench, name: string, unit: string, command: Command): Promise<{ row: Row; outcome: Outcome }> {
  const { result: outcome, spent } = await spend(bench.pids, () => bench.generator.run(command));
  const { operations } = outcome;
  const { server, postgres, generator } = spent.us;
  return {
    outcome,
    row: {
      name, unit,
      rate: (operations * 1000) / outcome.elapsedMs,
      ...quantiles(outcome.ackMs),
      cpuUs: { server: server / operations, ...(postgres > 0 ? { postgres: postgres / operations } : {}), generator: generator / operations },
      ...(spent.notes.length > 0 ? { note: spent.notes.join('; ') } : {}),
    },
  };
}
