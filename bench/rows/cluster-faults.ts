import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import { NO_FETCHES } from '@aerogram/dev-env';
import { RunningCluster } from '../../tools/cluster/running-cluster.ts';
import { type Bound, BOUNDS, ratioTo } from '../bounds.ts';
import { GeneratorProcess } from '../load/generator-process.ts';
import type { Outcome } from '../load/outcome.ts';
import type { NodeAddress } from '../load/send-load.ts';
import type { BenchOptions } from '../measure.ts';
import { quantiles, type Row } from '../row.ts';
import { divideByNode, quantilesIn, servedAfterMs, type Span } from '../sent-calls.ts';

const NODES = 3;
const SENDERS = 48;
const PER_SECOND_MAX = 500;
/** The machine carries that if it answers so much of it, 99 of 100 sends within a second. */
const HELD_SHARE = 0.95;
const HELD_MS = 1000;
/** Otherwise it gets so much of what it answered; the rest is for what a fault costs. */
const LOAD_SHARE = 0.5;
/** How many times as long as a row the load runs before the fault. */
const BEFORE = 3;
const POLL_MS = 100;
/** Longer than clients may wait for the keys of a killed node, in milliseconds. */
const AWAY_MS = 6000;
/** The load goes on so long after the fault is over, in milliseconds. */
const AFTER_MS = 2000;

/** A cluster on this machine under load. */
interface Loaded {
  cluster: RunningCluster;
  generator: GeneratorProcess;
  /** The nodes by the names under which they serve keys, in the order of `cluster.nodes`. */
  nodes: readonly NodeAddress[];
  perSecond: number;
}

/** What happens under load. */
interface Fault {
  /** Makes it; it lasts from then on. */
  strike?: () => void | Promise<void>;
  /** Waits until everything is ready again. */
  pass: () => Promise<void>;
}

/** What a load saw of a fault. */
interface Seen {
  outcome: Outcome;
  before: Span;
  /** From the fault until everything is ready again. */
  during: Span;
}

/** All nodes are stopped and started again, one after the other, while accounts send through HAProxy. */
export function benchRollingRestart({ seconds }: Pick<BenchOptions, 'seconds'>): Promise<Row[]> {
  return withCluster(seconds, async (loaded) => {
    const { cluster } = loaded;
    const seen = await sendDuring(loaded, [{ name: 'haproxy', info: cluster.front }], seconds, {
      pass: async () => {
        for (const node of cluster.nodes) {
          const part = cluster.parts.get(node)!;
          await part.stop();
          part.start();
          await cluster.ready();
        }
      },
    });
    const [calm, row] = rowsOf('restart of three nodes', loaded, seen);
    return [calm, { ...row, ratios: [{ ...BOUNDS.restartFailed, value: refusedOf(seen) }, ratioTo(BOUNDS.restartP99, row.p99Ms!, calm.p99Ms!), await lostOf(loaded, seen)] }];
  });
}

/** One of three nodes is killed, while accounts send to all of them. */
export function benchNodeKilled({ seconds }: Pick<BenchOptions, 'seconds'>): Promise<Row[]> {
  return withCluster(seconds, async (loaded) => {
    const { cluster, nodes } = loaded;
    const part = cluster.parts.get(cluster.nodes[1]!)!;
    const seen = await sendDuring(loaded, nodes, seconds, {
      strike: () => {
        part.signal('SIGKILL');
        // On real machines the cores with which it starts again are not those of the others.
        return part.stop();
      },
      pass: () => delay(AWAY_MS),
    });
    part.start();
    await cluster.ready();
    const { its, others } = divideByNode(seen.outcome.sends!, nodes[1]!.name, seen.during.fromMs);
    const [calm, row] = rowsOf('a node killed, those of other nodes', loaded, { ...seen, outcome: { ...seen.outcome, sends: others } });
    return [calm, {
      ...row,
      ratios: [
        ratioTo(BOUNDS.killedServed, servedAfterMs(its, seen.during.fromMs), 1000),
        ratioTo(BOUNDS.killedOthersP99, row.p99Ms!, calm.p99Ms!),
        await lostOf(loaded, seen),
      ],
    }];
  });
}

/** The primary of PostgreSQL is killed, while accounts send through HAProxy: first alone, then with its Patroni, which comes back when the other one is primary. */
export function benchPrimaryKilled({ seconds }: Pick<BenchOptions, 'seconds'>): Promise<Row[]> {
  return withCluster(seconds, async (loaded) => {
    const { cluster, perSecond } = loaded;
    const places = [{ name: 'haproxy', info: cluster.front }];
    const ttlMs = await readTtlMs();
    const measureFault = async (what: string, fault: Fault): Promise<Row[]> => {
      const seen = await sendDuring(loaded, places, seconds, fault);
      const [calm, row] = rowsOf(what, loaded, seen);
      const backMs = servedAfterMs(seen.outcome.sends!, seen.during.fromMs);
      const figures = { ...row.figures, 's until sends are answered': backMs / 1000 };
      return [{ ...calm, name: `${what}, at ${perSecond}/s, before` }, { ...row, figures, ratios: [ratioTo(BOUNDS.primaryBack, backMs, 2 * ttlMs), await lostOf(loaded, seen)] }];
    };
    const alone = await measureFault('primary killed', {
      strike: async () => cluster.killPostgres((await cluster.findPrimary())!),
      pass: async () => {
        // It is noticed by then.
        await delay(AWAY_MS);
        await cluster.ready();
      },
    });
    const killed = (await cluster.findPrimary())!;
    const away = await measureFault('primary and its Patroni away', {
      strike: () => {
        cluster.parts.get(killed)!.signal('SIGSTOP');
        return cluster.killPostgres(killed);
      },
      pass: async () => {
        for (let primary; primary === undefined || primary === killed; primary = await cluster.findPrimary()) await delay(POLL_MS);
        // Of two, because nothing is written without a standby.
        cluster.parts.get(killed)!.signal('SIGCONT');
        await cluster.ready();
      },
    });
    return [...alone, ...away];
  });
}

async function withCluster(seconds: number, run: (loaded: Loaded) => Promise<Row[]>): Promise<Row[]> {
  const directory = await mkdtemp(join(tmpdir(), 'aerogram-bench-cluster-'));
  // The user postgres must be able to enter it.
  await chmod(directory, 0o755);
  const dataDir = join(directory, 'data');
  try {
    await using cluster = await RunningCluster.start({ dataDir, nodes: NODES, port: 0, httpPort: 0, env: { ...NO_FETCHES, AEROGRAM_TEST_MODE: 'force' }, log: console.log });
    await using generator = new GeneratorProcess();
    await generator.run({ do: 'sign-up', server: cluster.front, accounts: SENDERS * 2 });
    const nodes = await Promise.all(cluster.nodes.map(async (node) => ({ name: (await readFile(join(dataDir, node, 'node-id'), 'utf8')).trim(), info: cluster.infoOf(node) })));
    return await run({ cluster, generator, nodes, perSecond: await findPace({ cluster, generator, nodes, perSecond: PER_SECOND_MAX }, seconds) });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The most that is asked for, if the machine carries it, else a share of what it carries. */
async function findPace(loaded: Loaded, seconds: number): Promise<number> {
  const { perSecond, generator } = loaded;
  await begin(loaded, loaded.nodes);
  await delay(seconds * 1000);
  const { operations, elapsedMs, ackMs } = await generator.run({ do: 'end-sends' });
  const rate = (operations * 1000) / elapsedMs;
  return rate > perSecond * HELD_SHARE && quantiles(ackMs).p99Ms < HELD_MS ? perSecond : Math.floor(rate * LOAD_SHARE);
}

function begin({ generator, nodes, perSecond }: Loaded, places: readonly NodeAddress[]): Promise<Outcome> {
  return generator.run({ do: 'begin-sends', senders: SENDERS, perSecond, places, nodes: nodes.map(({ name }) => name) });
}

/** Sends for a while, makes a fault, and goes on sending until it is over. */
async function sendDuring(loaded: Loaded, places: readonly NodeAddress[], seconds: number, fault: Fault): Promise<Seen> {
  await begin(loaded, places);
  // The first sends of each connection load what is known of its account.
  await delay(seconds * 1000);
  const before = await spanOf(() => delay(seconds * 1000 * BEFORE));
  await fault.strike?.();
  const during = await spanOf(fault.pass);
  await delay(AFTER_MS);
  return { outcome: await loaded.generator.run({ do: 'end-sends' }), before, during };
}

async function spanOf(run: () => Promise<unknown>): Promise<Span> {
  const fromMs = performance.timeOrigin + performance.now();
  await run();
  return { fromMs, toMs: performance.timeOrigin + performance.now() };
}

function rowsOf(what: string, { perSecond }: Loaded, { outcome, before, during }: Seen): [calm: Row, fault: Row] {
  const sends = outcome.sends!;
  return [
    { name: `${SENDERS} → ${SENDERS} at ${perSecond}/s, before`, ...quantilesIn(sends, before) },
    {
      name: `${what}, at ${perSecond}/s`,
      ...quantilesIn(sends, during),
      figures: { s: (during.toMs - during.fromMs) / 1000, 'refused calls': outcome.byName!['refused']![0]!, 'repeated sends': outcome.byName!['repeats']![0]! },
    },
  ];
}

const refusedOf = ({ outcome }: Seen): number => outcome.byName!['refused']![0]!;

async function lostOf({ generator }: Loaded, { outcome }: Seen): Promise<Bound & { value: number }> {
  const { byName } = await generator.run({ do: 'check-sends' });
  return ratioTo(BOUNDS.sendsLost, byName!['broken']![0]!, outcome.operations);
}

/** How long a primary is waited for that says nothing, as the files of a cluster tell Patroni. */
async function readTtlMs(): Promise<number> {
  const text = await readFile(join(findRepositoryRoot(), 'deploy/cluster/patroni.yml'), 'utf8');
  return Number(/^\s*ttl: (\d+)/m.exec(text)?.[1]) * 1000;
}
