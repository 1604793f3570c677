import { findPostmaster, startServerProcess, type ServerProcess } from '@aerogram/dev-env/load';
import { GeneratorProcess } from './generator-process.ts';
import { measure, type Bench, type BenchOptions } from './measure.ts';
import { percentile, type Row } from './row.ts';

/** What the runs against a server need. */
interface ServerBench extends Bench {
  server: ServerProcess;
}

async function withServer<T>(profileDir: string | undefined, run: (bench: ServerBench) => Promise<T>): Promise<T> {
  const nodeArguments = profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`];
  await using server = await startServerProcess({ env: { AEROGRAM_LOG_LEVEL: 'warn' }, nodeArguments });
  await using generator = new GeneratorProcess();
  const postgres = await findPostmaster(server.dataDir);
  return await run({ server, generator, pids: { server: server.info.pid, postgres, generator: generator.pid } });
}

/** New authorization keys over sockets, each on a connection of its own. */
export async function benchHandshake({ seconds, profileDir }: BenchOptions): Promise<Row[]> {
  return withServer(profileDir, async (bench) => {
    const { row } = await measure(bench, 'new keys over sockets, 8 at once', 'keys', { do: 'handshake', server: bench.server.info, ms: seconds * 1000, parallel: 8 });
    return [row];
  });
}

/**
 * Sends of 64 accounts to 64 others over encrypted sockets, persisted (with fsync) and delivered.
 */
export async function benchSend({ seconds, profileDir }: BenchOptions, senders = 64): Promise<Row[]> {
  return withServer(profileDir, async (bench) => {
    await bench.generator.run({ do: 'sign-up', server: bench.server.info, accounts: senders * 2 });
    await bench.generator.run({ do: 'send', ms: 1000, senders, window: 1 });
    const rows: Row[] = [];
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
