import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Actor, NO_FETCHES, World } from '@aerogram/dev-env';
import { RawAccount } from '@aerogram/dev-env/load';
import Long from 'long';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findMissingPackages } from '../../tools/cluster/debian-packages.ts';
import { RunningCluster } from '../../tools/cluster/running-cluster.ts';

const CAROL = { phone: '9996620001', code: '22222' };
const missing = findMissingPackages();

/** Processes that name a directory in their command line. */
async function findProcesses(directory: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return commands.filter((command) => command.includes(directory)).map((command) => command.replaceAll('\0', ' '));
}

describe.runIf(missing.length === 0)(`npm run cluster${missing.map((name) => ` (skipped: ${name})`).join('')}`, () => {
  let directory: string;
  let cluster: RunningCluster;
  const start = (): Promise<RunningCluster> => RunningCluster.start({ dataDir: join(directory, 'data'), nodes: 3, port: 0, httpPort: 0, env: { ...NO_FETCHES, AEROGRAM_TEST_MODE: 'force' } });

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'aerogram-try-'));
    // The user postgres must be able to enter it.
    await chmod(directory, 0o755);
    cluster = await start();
  });
  afterAll(async () => {
    await cluster?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  test('clients log in through HAProxy and at each node, and write to one another', async () => {
    await using behind = new World({ info: cluster.front });
    const alice = await behind.user('Alice');
    for (const [at, node] of cluster.nodes.entries()) {
      const bob = await Actor.signUp({ info: cluster.infoOf(node) }, { name: `Bob ${at}`, phone: `999661000${at}`, code: '11111' });
      await alice.meet(bob);
      await alice.send(bob, `to ${node}`);
      await bob.sees(`to ${node}`);
      await bob.meet(alice);
      await bob.send(alice, `from ${node}`);
      await alice.sees(`from ${node}`);
      await bob.main.goOffline();
    }
  });

  test('nodes learn the addresses of clients from HAProxy, which leads to the web client and not to metrics', async () => {
    await using behind = new World({ info: cluster.front });
    const erin = await behind.user('Erin', {}, { phone: '9996640001', code: '44444' });
    const { authorizations } = await erin.main.call({ _: 'account.getAuthorizations' });
    expect(authorizations.map(({ ip }) => ip)).toEqual(['127.0.0.1']);
    const { host, port } = cluster.front.http;
    const get = async (path: string): Promise<number> => (await fetch(`http://${host}:${port}${path}`)).status;
    expect([await get('/'), await get('/metrics')]).toEqual([200, 403]);
  });

  test('HAProxy leads nobody back to a node that ends, and cuts no connection that it still has', async () => {
    const signUp = (n: number): Promise<RawAccount> => RawAccount.signUp(cluster.front, { name: `Frank ${n}`, phone: `999665000${n}`, code: '55555' });
    const accounts = await Promise.all(Array.from({ length: 9 }, (_, n) => signUp(n)));
    const closedMs = accounts.map((): number[] => []);
    const startedMs = performance.now();
    const back = new Set<Promise<void>>();
    for (const [n, account] of accounts.entries()) {
      account.onClosed = () => {
        closedMs[n]!.push(performance.now() - startedMs);
        back.add(account.connect(cluster.front));
      };
    }
    const part = cluster.parts.get('node-3')!;
    await part.stop();
    for (const account of accounts) account.onClosed = () => {};
    await Promise.all(back);
    // Each that it had is closed by itself, after HAProxy has noticed, and comes by another node.
    expect(closedMs.flat().length).toBeGreaterThanOrEqual(3);
    for (const times of closedMs) expect(times.length).toBeLessThanOrEqual(1);
    expect(Math.min(...closedMs.flat())).toBeGreaterThan(1900);
    for (const account of accounts) account.disconnect();
    part.start();
    await cluster.ready();
  });

  test('what is killed is started again', async () => {
    const ended = cluster.parts.get('node-2')!.pid!;
    cluster.parts.get('node-2')!.signal('SIGKILL');
    const primary = await cluster.findPrimary();
    await cluster.killPostgres(primary!);
    await expect.poll(() => cluster.parts.get('node-2')!.pid).not.toBe(ended);
    await cluster.ready();
    await using behind = new World({ info: cluster.front });
    const carol = await behind.user('Carol', {}, CAROL);
    const dave = await behind.user('Dave', {}, { phone: '9996630001', code: '33333' });
    await carol.send(dave, 'afterwards');
    await dave.sees('afterwards');
  });

  test('all of it ends without leaving a process, and goes on where it was', async () => {
    await cluster.stop();
    expect(await findProcesses(directory)).toEqual([]);
    cluster = await start();
    await using behind = new World({ info: cluster.front });
    const carol = await behind.user('Carol', {}, CAROL);
    const dialogs = await carol.main.call({ _: 'messages.getDialogs', offsetDate: 0, offsetId: 0, offsetPeer: { _: 'inputPeerEmpty' }, limit: 10, hash: Long.ZERO });
    expect(dialogs).toMatchObject({ messages: expect.arrayContaining([expect.objectContaining({ message: 'afterwards' })]) });
  });
});
