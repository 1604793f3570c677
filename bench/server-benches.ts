import { cpus } from 'node:os';
import { findPostmaster, startServerProcess, type ServerProcess } from '@aerogram/dev-env';
import { readCpu, readSteal, type CpuProbe } from './cpu-time.ts';
import type { Command, Outcome } from './generator.ts';
import { GeneratorProcess } from './generator-process.ts';
import { percentile, type Row } from './row.ts';

/** A generator that uses more of the machine than this measures itself. */
const GENERATOR_SHARE_MAX = 0.35;
/** More than this share of stolen time makes the run worthless. */
const STEAL_SHARE_MAX = 0.05;

/** What the runs against a server need. */
interface Bench {
  server: ServerProcess;
  generator: GeneratorProcess;
  pids: CpuProbe;
}

/** Runs a command of the generator and makes a row of it, with the CPU that each process spent meanwhile. */
async function measure(bench: Bench, name: string, unit: string, command: Command): Promise<{ row: Row; outcome: Outcome }> {
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

async function withServer<T>(run: (bench: Bench) => Promise<T>): Promise<T> {
  await using server = await startServerProcess({ env: { AEROGRAM_LOG_LEVEL: 'warn' } });
  await using generator = new GeneratorProcess();
  const postgres = await findPostmaster(server.dataDir);
  return await run({ server, generator, pids: { server: server.info.pid, postgres, generator: generator.pid } });
}

/** New authorization keys over sockets, each on a connection of its own. */
export async function benchHandshake(seconds: number): Promise<Row[]> {
  return withServer(async (bench) => {
    const { row } = await measure(bench, 'new keys over sockets, 8 at once', 'keys', { do: 'handshake', server: bench.server.info, ms: seconds * 1000, parallel: 8 });
    return [row];
  });
}

/**
 * Sends of 64 accounts to 64 others over encrypted sockets, persisted (with fsync) and delivered; before it the floor of
 * the same path without the messenger: a ping in and a pong out.
 */
export async function benchSend(seconds: number, senders = 64): Promise<Row[]> {
  return withServer(async (bench) => {
    await bench.generator.run({ do: 'sign-up', server: bench.server.info, accounts: senders * 2 });
    const { row: floor } = await measure(bench, `ping and pong, ${senders * 2} sockets`, 'pings', { do: 'ping', ms: (seconds * 1000) / 2, window: 1 });
    await bench.generator.run({ do: 'send', ms: 1000, senders, window: 1 });
    const rows = [floor];
    for (const window of [1, 4]) {
      const { row, outcome } = await measure(bench, `${senders} senders → ${senders} receivers, ${window} on the way each: send → ack`, 'sends', { do: 'send', ms: seconds * 1000, senders, window });
      const deliveredMs = Float64Array.from(outcome.deliveredMs);
      rows.push(row, {
        name: '  the same: send → delivered', unit: 'deliveries',
        rate: (deliveredMs.length * 1000) / outcome.elapsedMs,
        p50Ms: percentile(deliveredMs, 0.5), p99Ms: percentile(deliveredMs, 0.99),
      });
    }
    return rows;
  });
}
