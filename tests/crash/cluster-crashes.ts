import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Entry, Ledger, RawAccount } from '@aerogram/dev-env/load';
import { type Random, seededRandom } from '@aerogram/runtime';
import { NO_FETCHES } from '@aerogram/dev-env';
import { RunningCluster } from '../../tools/cluster/running-cluster.ts';
import { waitForQuiet } from './crash-run.ts';
import { GroupMembers } from './group-members.ts';
import { loadUntilKilled } from './load-until-killed.ts';
import { connectPatiently } from './power-cut.ts';

/** What a blow to a cluster is made with. */
interface Target {
  cluster: RunningCluster;
  /** The node that it hits, if it hits one. */
  node: string;
}

/** A node may serve for 3.5 s after its last renewal; after this pause it is lost. In milliseconds. */
const PAST_LEASE_MS = 7000;

/** Longer than Patroni's `ttl`, in milliseconds: the other PostgreSQL is primary afterwards. */
const PAST_TTL_MS = 35_000;

const kill = (name: string) => ({ cluster }: Target): void => cluster.parts.get(name)!.signal('SIGKILL');

async function cutFor(cluster: RunningCluster, names: readonly string[], ms: number): Promise<void> {
  for (const name of names) cluster.cuts.get(name)!.cut();
  await delay(ms);
  for (const name of names) cluster.cuts.get(name)!.mend();
}

/** What happens to a cluster under load, by the name that a run prints. */
export const CLUSTER_BLOWS = {
  'node killed': ({ cluster, node }) => cluster.parts.get(node)!.signal('SIGKILL'),
  'primary killed': async ({ cluster }) => cluster.killPostgres(await primaryOf(cluster)),
  'Patroni of the primary killed': async ({ cluster }) => cluster.parts.get(await primaryOf(cluster))!.signal('SIGKILL'),
  'NATS killed': kill('nats'),
  'HAProxy killed': kill('haproxy'),
  'HAProxy of the database killed': kill('haproxy-database'),
  'node frozen past its lease': async ({ cluster, node }) => {
    cluster.parts.get(node)!.signal('SIGSTOP');
    await delay(PAST_LEASE_MS);
    cluster.parts.get(node)!.signal('SIGCONT');
  },
  'node cut from the database': ({ cluster, node }) => cutFor(cluster, [`${node}/database`], PAST_LEASE_MS),
  'node cut from NATS': ({ cluster, node }) => cutFor(cluster, [`${node}/nats`], PAST_LEASE_MS),
  'primary cut from etcd and its standby': async ({ cluster }) => {
    const primary = await primaryOf(cluster);
    await cutFor(cluster, [`${primary}/etcd`, `${primary}/standby`, `${primary}/patroni`], PAST_TTL_MS);
    if ((await cluster.findPrimary()) === primary) throw new Error(`${primary} is still primary`);
  },
} satisfies Record<string, (target: Target) => void | Promise<void>>;

async function primaryOf(cluster: RunningCluster): Promise<string> {
  const primary = await cluster.findPrimary();
  if (primary === undefined) throw new Error('there is no primary');
  return primary;
}

/** Options of the crash test of a cluster. */
export interface ClusterCrashOptions {
  /** Blows; each kind in turn. */
  kills: number;
  /** For loads, times and nodes. */
  seed: number;
  /** By default all kinds. */
  blows?: readonly (keyof typeof CLUSTER_BLOWS)[];
  /** Told of each blow. */
  log?: (line: string) => void;
}

const ACCOUNTS = 6;
const NODES = 3;
/** Unanswered sends of an account at a time. */
const WINDOW = 3;
const MIN_LOAD_MS = 500;
const MAX_LOAD_MS = 2500;

/** Those who are not affected go on writing for so long after the blow. */
const AFTER_MS = 2000;

/**
 * Kills, freezes and cuts the parts of a cluster under load, and checks after each that it kept what it had acknowledged (see {@link Ledger.check}).
 * Then every unanswered send is repeated with its random_id, which must result in exactly one message.
 * @throws on the first violation
 */
export async function runClusterCrashes({ kills, seed, blows = Object.keys(CLUSTER_BLOWS) as (keyof typeof CLUSTER_BLOWS)[], log = () => {} }: ClusterCrashOptions): Promise<{ sent: number; openKept: number }> {
  const random = seededRandom(seed);
  const directory = await mkdtemp(join(tmpdir(), 'aerogram-crash-'));
  // The user postgres must be able to enter it.
  await chmod(directory, 0o755);
  const ledger = new Ledger();
  const accounts: RawAccount[] = [];
  let done = 0;
  let openKept = 0;
  let lastLine = '';
  const cluster = await RunningCluster.start({ dataDir: join(directory, 'data'), nodes: NODES, port: 0, httpPort: 0, env: { ...NO_FETCHES, AEROGRAM_TEST_MODE: 'force' }, log: (line) => (lastLine = line) });
  try {
    for (let i = 0; i < ACCOUNTS; i++) {
      // HAProxy chooses the node by the client's address.
      accounts.push(await RawAccount.signUp(cluster.front, { name: `Account ${i}`, phone: `99966${i}${1000 + i}`, code: String(i).repeat(5), localAddress: `127.0.1.${i + 1}` }));
    }
    for (const a of accounts) for (const b of accounts) if (a !== b) await a.meet(b);
    const group = await GroupMembers.create(accounts);
    for (; done < kills; done++) {
      const blow = blows[done % blows.length]!;
      const node = cluster.nodes[random.uint31() % NODES]!;
      const loadMs = MIN_LOAD_MS + (random.uint31() % (MAX_LOAD_MS - MIN_LOAD_MS));
      const sends = accounts.flatMap((from, index) => Array.from({ length: WINDOW }, (_, lane) => sendOn({ accounts, from, group, ledger, random, name: `${done}.${index}.${lane}` })));
      await loadUntilKilled(accounts, [...sends, () => group.change()], async (begins) => {
        await delay(loadMs);
        begins();
        await CLUSTER_BLOWS[blow]({ cluster, node });
        await delay(AFTER_MS);
      });
      const atMs = performance.now();
      await cluster.ready();
      await Promise.all(accounts.map((account) => connectPatiently(account, { info: cluster.front })));
      const backMs = performance.now() - atMs;
      await waitForQuiet(accounts);
      const { openKept: kept } = await ledger.check(accounts, group);
      const { open } = ledger;
      for (const entry of open) entry.ackedId = (await entry.from.sendTo(entry.peer, entry.text, entry.randomId)).id;
      await ledger.check(accounts, group);
      openKept += kept;
      log(`blow ${done + 1} (${blow}${blow.startsWith('node') ? `, ${node}` : ''}) after ${loadMs} ms, back after ${(backMs / 1000).toFixed(1)} s: ${ledger.size} sent, ${open.length} were open, ${kept} of them kept`);
    }
    return { sent: ledger.size, openKept };
  } catch (error) {
    throw new Error(`crash test of a cluster, seed ${seed}, after ${done} blows, logs in ${directory}: ${(error as Error).message}\n${lastLine}`, { cause: error });
  } finally {
    for (const account of accounts) account.disconnect();
    await cluster.stop();
    if (done === kills) await rm(directory, { recursive: true, force: true });
  }
}

/** One after the other, to another account or the group. */
function sendOn(given: { accounts: readonly RawAccount[]; from: RawAccount; group: GroupMembers; ledger: Ledger; random: Random; name: string }): () => Promise<void> {
  const { accounts, from, group, ledger, random, name } = given;
  let n = 0;
  return async () => {
    const others = accounts.filter((account) => account !== from);
    const to = others[random.uint31() % others.length]!;
    const isForGroup = random.uint31() % 4 === 0 && group.staying.includes(from);
    const goal: Pick<Entry, 'peer' | 'receivers'> = isForGroup ? { peer: group.peer, receivers: group.staying.filter((account) => account !== from) } : { peer: from.inputPeer(to), receivers: [to] };
    const entry: Entry = { from, ...goal, text: `${name}.${n++}`, randomId: random.int63(), ackedId: undefined };
    ledger.add(entry);
    // Half of the sends come after one another, as those of some libraries do.
    entry.ackedId = (await from.sendTo(entry.peer, entry.text, entry.randomId, n % 2 === 0)).id;
  };
}
