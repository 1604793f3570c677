import { startNodeProcesses } from '@aerogram/dev-env/load';
import { BOUNDS } from '../bounds.ts';
import { GeneratorProcess } from '../load/generator-process.ts';
import { type Bench, type BenchOptions, measure } from '../measure.ts';
import { mergeRuns, quantiles, type Row } from '../row.ts';
import { profileArguments, withServer } from '../server-bench.ts';
import { cpuOf, WARM_UP } from './workers.ts';

const SENDERS = 48;
const PER_SECOND = 600;
const COUNT = 3;

/** The same sends to three nodes of a cluster and to three workers of one server; both are there, and are measured in turns. */
export async function benchCluster({ seconds, pairs, profileDir }: BenchOptions): Promise<Row[]> {
  return withServer({ profileDir, env: { AEROGRAM_WORKERS: String(COUNT) } }, async (workers) => {
    await using cluster = await startNodeProcesses(COUNT, { env: { AEROGRAM_LOG_LEVEL: 'warn' }, nodeArguments: profileArguments({ profileDir }) });
    await using generator = new GeneratorProcess();
    const infos = cluster.nodes.map(({ info }) => info);
    const nodes: Bench = { generator, pids: { server: infos.map(({ pid }) => pid), postgres: cluster.postgres, generator: generator.pid } };
    const benches = [{ name: `${COUNT} workers`, bench: workers as Bench }, { name: `${COUNT} nodes`, bench: nodes }];
    await workers.generator.run({ do: 'sign-up', server: workers.server.info, accounts: SENDERS * 2 });
    await generator.run({ do: 'sign-up', server: infos, accounts: SENDERS * 2 });
    const send = { do: 'send', senders: SENDERS, pace: { perSecond: PER_SECOND } } as const;
    for (const { bench } of benches) await bench.generator.run({ ...send, ms: seconds * 1000 * WARM_UP });
    const runs: Row[][] = [];
    for (let pair = 0; pair < pairs; pair++) {
      for (const { name, bench } of pair % 2 === 0 ? benches : benches.toReversed()) {
        const { row, outcome } = await measure(bench, `${name}: ${SENDERS} → ${SENDERS} at ${PER_SECOND}/s`, 'sends', { ...send, ms: seconds * 1000 });
        runs.push([{ ...row, ...quantiles(outcome.deliveredMs ?? []) }]);
      }
    }
    const [byWorkers, byNodes] = mergeRuns(runs) as [Row, Row];
    return [byWorkers, byNodes, {
      name: `three nodes / three workers, medians of ${pairs} pairs`,
      figures: {},
      ratios: [{ ...BOUNDS.clusterCpu, value: cpuOf(byNodes) / cpuOf(byWorkers) }],
    }];
  });
}
