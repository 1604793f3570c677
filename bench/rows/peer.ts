import { existsSync } from 'node:fs';
import { GeneratorProcess } from '../load/generator-process.ts';
import type { Outcome } from '../load/outcome.ts';
import type { SendPace } from '../load/deliveries.ts';
import { type BenchOptions, spend } from '../measure.ts';
import { BOUNDS } from '../bounds.ts';
import { listMissingPackages, PASSWORD, startEjabberd } from '../peer/ejabberd.ts';
import { median, quantiles, type Row } from '../row.ts';
import { DEBIAN_POSTGRES, withServer } from '../server-bench.ts';

const SENDERS = 64;
const WINDOW = 4;
/** Loads that both servers can handle: messages per second. */
const EQUAL_LOADS = [900, 2000];

/** One run of one server. */
interface Run {
  rate: number;
  p50Ms: number;
  p99Ms: number;
  /** CPU time of server and PostgreSQL per message. */
  cpuUs: number;
  notes: string[];
}

/** Runs a load against both in turns, several times. */
type RunPair = (pace: SendPace) => Promise<[ours: Run, theirs: Run]>;

/**
 * Our server next to ejabberd, each with its archive in a PostgreSQL of the same build and settings, with the same generator process,
 * texts, and numbers of connections and unanswered messages; in pairs of runs, one after the other.
 */
export async function benchPeer(options: BenchOptions): Promise<Row[]> {
  const missing = listMissingPackages();
  if (missing.length > 0) return [{ name: 'skipped: ejabberd', note: `apt-get install --no-install-recommends ${missing.join(' ')}` }];
  const hasDebian = existsSync(DEBIAN_POSTGRES);
  await using peer = await startEjabberd(hasDebian ? { binDir: DEBIAN_POSTGRES } : 'embedded', SENDERS * 2);
  return await withServer({ profileDir: options.profileDir, ...(hasDebian ? { postgresBin: DEBIAN_POSTGRES } : {}) }, async (bench) => {
    await using xmpp = new GeneratorProcess();
    await xmpp.run({ do: 'log-in-xmpp', port: peer.port, password: PASSWORD, accounts: SENDERS * 2 });
    await bench.generator.run({ do: 'sign-up', server: bench.server.info, accounts: SENDERS * 2 });
    const ms = options.seconds * 1000;
    const runPair: RunPair = async (pace) => [
      await measureRun(bench.pids, () => bench.generator.run({ do: 'send', ms, senders: SENDERS, pace })),
      await measureRun({ server: peer.pid, postgres: peer.postgres, generator: xmpp.pid }, () => xmpp.run({ do: 'send-xmpp', ms, senders: SENDERS, pace })),
    ];
    await runPair({ window: 1 });
    const rows: Row[] = [];
    // Before the bursts: afterwards our server still has to index the messages for search, which ejabberd's archive does not do.
    for (const perSecond of EQUAL_LOADS) rows.push(...await compareRuns({ name: `64 → 64 at ${perSecond}/s`, pairs: options.pairs, isBurst: false }, () => runPair({ perSecond })));
    return [...rows, ...await compareRuns({ name: `64 → 64, ${WINDOW} on the way each`, pairs: options.pairs, isBurst: true }, () => runPair({ window: WINDOW }))];
  });
}

async function measureRun(pids: Parameters<typeof spend>[0], run: () => Promise<Outcome>): Promise<Run> {
  const { result, spent } = await spend(pids, run);
  const deliveredMs = result.deliveredMs ?? [];
  return {
    rate: (deliveredMs.length * 1000) / result.elapsedMs,
    ...quantiles(deliveredMs),
    cpuUs: (spent.us.server + spent.us.postgres) / result.operations,
    notes: spent.notes,
  };
}

/** Two rows with the medians of each server, and the medians of the ratios. */
async function compareRuns({ name, pairs, isBurst }: { name: string; pairs: number; isBurst: boolean }, runPair: () => Promise<[Run, Run]>): Promise<Row[]> {
  const runs: [ours: Run, theirs: Run][] = [];
  for (let pair = 0; pair < pairs; pair++) runs.push(await runPair());
  const medianOf = (pick: (pair: [Run, Run]) => number): number => median(runs.map(pick));
  const sideRow = (side: 0 | 1, whose: string): Row => ({
    name: `${name}: ${whose}`, unit: 'deliveries', rate: medianOf((pair) => pair[side].rate), p50Ms: medianOf((pair) => pair[side].p50Ms), p99Ms: medianOf((pair) => pair[side].p99Ms),
    figures: { 'µs of CPU a message, with PostgreSQL': medianOf((pair) => pair[side].cpuUs) },
    note: [...new Set(runs.flatMap((pair) => pair[side].notes))].join('; ') || undefined,
  });
  const ratioOf = (of: 'rate' | 'p50Ms' | 'p99Ms' | 'cpuUs'): number => medianOf(([ours, theirs]) => ours[of] / theirs[of]);
  // At a given load both have the same rate.
  const ratios = isBurst
    ? [{ ...BOUNDS.peerRate, value: ratioOf('rate') }, { ...BOUNDS.peerP99, value: ratioOf('p99Ms') }, { ...BOUNDS.peerCpu, value: ratioOf('cpuUs') }]
    : [{ ...BOUNDS.peerP99, value: ratioOf('p99Ms') }, { ...BOUNDS.peerEasyCpu, value: ratioOf('cpuUs') }];
  return [
    sideRow(0, 'ours'),
    sideRow(1, 'ejabberd'),
    { name: `${name}: ours / theirs, median of ${pairs} pairs`, figures: { '× the p50': ratioOf('p50Ms') }, ratios },
  ];
}
