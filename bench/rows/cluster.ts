import { type NodeProcesses, startNodeProcesses } from '@aerogram/dev-env/load';
import { BOUNDS } from '../bounds.ts';
import { cpuRatio, type Sends, sendInTurns, WARM_UP } from '../in-turns.ts';
import { GeneratorProcess } from '../load/generator-process.ts';
import type { Bench, BenchOptions } from '../measure.ts';
import type { Row } from '../row.ts';
import { profileArguments, withServer } from '../server-bench.ts';
import { countHints } from './hints.ts';

const SENDERS = 48;
const PER_SECOND = 600;
const COUNT = 3;
const SENDS: Sends = { what: `${SENDERS} → ${SENDERS} at ${PER_SECOND}/s`, senders: SENDERS, pace: { perSecond: PER_SECOND }, warmUp: WARM_UP };

/**
 * Sends to three nodes of a cluster: beside the same sends to three workers of one server, and over connections to the nodes that serve the accounts' keys beside
 * connections to other nodes, which hand their packets on. What is compared is measured in turns. Then counts the hints that pass NATS.
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
    const both = await sendInTurns([{ name: `${COUNT} workers`, bench: workers }, { name: `${COUNT} nodes`, bench: nodes }], SENDS, options);
    const [direct, relayed] = await compareRoutes(cluster, nodes, options);
    return [...both, direct, relayed, {
      name: 'three nodes, medians',
      figures: { pairs: options.pairs },
      ratios: [
        { ...BOUNDS.clusterCpu, value: cpuRatio(both) },
        { ...BOUNDS.relayedCpu, value: cpuRatio([direct, relayed]) },
        { ...BOUNDS.relayedP50, value: (relayed.p50Ms ?? NaN) / (direct.p50Ms ?? NaN) },
      ],
    }, ...(await countHints(cluster, generator, { ms: options.seconds * 1000, senders: SENDERS }))];
  });
}

/** Sends over connections to the nodes that serve the keys, and to other ones. */
function compareRoutes({ names, nodes }: NodeProcesses, bench: Bench, options: BenchOptions): Promise<[direct: Row, relayed: Row]> {
  const addresses = names.map((name, at) => ({ name, info: nodes[at]!.info }));
  const connect = (isRelayed: boolean) => (): Promise<unknown> => bench.generator.run({ do: 'connect-to-nodes', nodes: addresses, isRelayed });
  return sendInTurns([{ name: 'direct', bench, prepare: connect(false) }, { name: 'relayed', bench, prepare: connect(true) }], SENDS, options);
}
