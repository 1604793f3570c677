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
const SEND = { do: 'send', senders: SENDERS, pace: { perSecond: PER_SECOND } } as const;

/** A way to send that is measured in turns with another one. */
interface Way {
  name: string;
  bench: Bench;
  /** Done before each run. */
  prepare?: () => Promise<unknown>;
}

/**
 * Sends to three nodes of a cluster: beside the same sends to three workers of one server, and over connections to the nodes that serve the accounts' keys beside
 * connections to other nodes, which hand their packets on. What is compared is measured in turns.
 */
export function benchCluster(options: BenchOptions): Promise<Row[]> {
  const { profileDir } = options;
  return withServer({ profileDir, env: { AEROGRAM_WORKERS: String(COUNT) } }, async (workers) => {
    await using cluster = await startNodeProcesses(COUNT, { env: { AEROGRAM_LOG_LEVEL: 'warn' }, nodeArguments: profileArguments({ profileDir }) });
    await using generator = new GeneratorProcess();
    const infos = cluster.nodes.map(({ info }) => info);
    const nodes: Bench = { generator, pids: { server: infos.map(({ pid }) => pid), postgres: cluster.postgres, generator: generator.pid } };
    await workers.generator.run({ do: 'sign-up', server: workers.server.info, accounts: SENDERS * 2 });
    await generator.run({ do: 'sign-up', server: infos, accounts: SENDERS * 2 });
    const [byWorkers, byNodes] = await compare([{ name: `${COUNT} workers`, bench: workers }, { name: `${COUNT} nodes`, bench: nodes }], options);
    const connect = (isRelayed: boolean) => (): Promise<unknown> =>
      generator.run({ do: 'connect-to-nodes', nodes: cluster.names.map((name, at) => ({ name, info: infos[at]! })), isRelayed });
    const [direct, relayed] = await compare([{ name: 'direct', bench: nodes, prepare: connect(false) }, { name: 'relayed', bench: nodes, prepare: connect(true) }], options);
    return [byWorkers, byNodes, direct, relayed, {
      name: 'three nodes, medians',
      figures: {},
      ratios: [
        { ...BOUNDS.clusterCpu, value: cpuOf(byNodes) / cpuOf(byWorkers) },
        { ...BOUNDS.relayedCpu, value: cpuOf(relayed) / cpuOf(direct) },
        { ...BOUNDS.relayedP50, value: (relayed.p50Ms ?? NaN) / (direct.p50Ms ?? NaN) },
      ],
    }];
  });
}

/** Measures two ways to send in turns. @returns the medians of each */
async function compare(ways: readonly [Way, Way], { seconds, pairs }: BenchOptions): Promise<[Row, Row]> {
  for (const { bench, prepare } of ways) {
    await prepare?.();
    await bench.generator.run({ ...SEND, ms: seconds * 1000 * WARM_UP });
  }
  const runs: Row[][] = [];
  for (let pair = 0; pair < pairs; pair++) {
    for (const { name, bench, prepare } of pair % 2 === 0 ? ways : ways.toReversed()) {
      await prepare?.();
      const { row, outcome } = await measure(bench, `${name}: ${SENDERS} → ${SENDERS} at ${PER_SECOND}/s`, 'sends', { ...SEND, ms: seconds * 1000 });
      runs.push([{ ...row, ...quantiles(outcome.deliveredMs ?? []) }]);
    }
  }
  return mergeRuns(runs) as [Row, Row];
}
