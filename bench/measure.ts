import { cpus } from 'node:os';
import { readCpu, readSteal, type CpuProbe } from './cpu-time.ts';
import type { Command, Outcome } from './generator.ts';
import type { GeneratorProcess } from './generator-process.ts';
import { percentile, type Row } from './row.ts';

/** A generator that uses more of the machine than this measures itself. */
const GENERATOR_SHARE_MAX = 0.35;
/** More than this share of stolen time makes the run worthless. */
const STEAL_SHARE_MAX = 0.05;

/** What every bench is given. */
export interface BenchOptions {
  /** How long each row is measured. */
  seconds: number;
  /** Where the server leaves a CPU profile (for Chrome's or VS Code's viewer) when it stops. */
  profileDir: string | undefined;
}

/** The processes of a run. */
export interface Bench {
  generator: GeneratorProcess;
  pids: CpuProbe;
}

/** Runs a command of the generator and makes a row of it, with the CPU that each process spent meanwhile. */
export async function measure(bench: Bench, name: string, unit: string, command: Command): Promise<{ row: Row; outcome: Outcome }> {
  const [cpuBefore, stealBefore, started] = [readCpu(bench.pids), readSteal(), performance.now()];
  const outcome = await bench.generator.run(command);
  const [cpuAfter, stealAfter, elapsedMs] = [readCpu(bench.pids), readSteal(), performance.now() - started];
  const { operations } = outcome;
  const spent = (process: keyof typeof cpuAfter): number => cpuAfter[process] - cpuBefore[process];
  const generatorShare = spent('generator') / (elapsedMs * 1000 * cpus().length);
  const stealShare = (stealAfter.steal - stealBefore.steal) / Math.max(1, stealAfter.total - stealBefore.total);
  const notes = [
    ...(generatorShare > GENERATOR_SHARE_MAX ? [`the generator used ${(generatorShare * 100).toFixed(0)} % of the machine`] : []),
    ...(stealShare > STEAL_SHARE_MAX ? [`${(stealShare * 100).toFixed(0)} % of the time was stolen`] : []),
  ];
  const ack = Float64Array.from(outcome.ackMs);
  return {
    outcome,
    row: {
      name, unit,
      rate: (operations * 1000) / outcome.elapsedMs,
      p50Ms: percentile(ack, 0.5),
      p99Ms: percentile(ack, 0.99),
      cpuUs: {
        server: spent('server') / operations,
        ...(spent('postgres') > 0 ? { postgres: spent('postgres') / operations } : {}),
        generator: spent('generator') / operations,
      },
      ...(notes.length > 0 ? { note: notes.join('; ') } : {}),
    },
  };
}
