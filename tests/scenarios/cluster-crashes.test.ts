import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasNats } from '@aerogram/bus/testing';
import { Actor, type Device, verifyUpdates } from '@aerogram/dev-env';
import { NodeFronts, type NodeProcesses, type ServerProcess, startNodeProcesses } from '@aerogram/dev-env/load';
import { ownerOf } from '@aerogram/cluster';
import { createAuthKey } from '@aerogram/mtproto';
import { seededRandom } from '@aerogram/runtime';
import { sizeOf } from '@aerogram/storage/testing';
import { MemoryStorage } from '@mtcute/node';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createChannel, inviteTo } from './channel-stage.ts';
import { createGroup } from './group-stage.ts';
import { type Followed, follow } from './followed-device.ts';
import { SteadyLoad } from './steady-load.ts';

const SEED = 20_261_127;
const NODES = 3;
/** So many sends before something happens, and after it. */
const SENDS = 15;
/** A client is to be served 5 s after it has come back; a busy machine may take longer. In milliseconds. */
const BACK_MS = 10_000;

describe.runIf(hasNats)(`three nodes under load, seed ${SEED}${hasNats ? '' : ' (skipped: nats-server)'}`, () => {
  const random = seededRandom(SEED);
  let cluster: NodeProcesses;
  let fronts: NodeFronts;
  let database: pg.Client;
  const actors: Actor[] = [];
  /** The nodes that serve the keys of devices: blows hit them. */
  let owners: number[];
  let followed: Followed[] = [];
  let load: SteadyLoad;

  beforeAll(async () => {
    cluster = await startNodeProcesses(NODES, { env: { AEROGRAM_LOG_LEVEL: 'warn' } });
    fronts = await NodeFronts.open(cluster.nodes);
    database = new pg.Client(cluster.databaseUrl);
    await database.connect();
    const storages = Array.from({ length: 2 * NODES }, () => new MemoryStorage());
    // Each person has one device at a node, and another one at the next.
    for (const [at, name] of ['Alice', 'Bob', 'Carol'].entries()) {
      actors.push(await Actor.signUp({ info: fronts.infoOf(at) }, { name, phone: `99966${at}0001`, code: String(at).repeat(5) }, { storage: storages[at]! }));
    }
    for (const [at, actor] of actors.entries()) await actor.device({ storage: storages[NODES + at]! }, { info: fronts.infoOf((at + 1) % NODES) });
    const [alice, ...others] = actors as [Actor, ...Actor[]];
    for (const actor of actors) for (const device of actor.devices) for (const other of actors) if (other !== actor) await actor.meet(other, device);
    const group = await createGroup(alice, others);
    const channel = await createChannel(alice);
    await inviteTo(alice, channel, others);
    for (const device of devices()) await device.waitUntil('the channel', () => device.accessHashes.has(channel));
    const names = await Promise.all(cluster.nodes.map(nameOf));
    owners = storages.map((storage) => names.indexOf(ownerOf(createAuthKey(storage.authKeys.get(fronts.infoOf(0).dc_id)!).id, names)));
    followed = devices().map(follow);
    load = new SteadyLoad(actors, [-group.id, channel], SEED);
  });
  afterAll(async () => {
    for (const device of devices()) await device.goOffline();
    await database?.end();
    await fronts?.[Symbol.asyncDispose]();
    await cluster?.[Symbol.asyncDispose]();
  });

  const devices = (): Device[] => actors.flatMap((actor) => actor.devices);

  async function nameOf({ dataDir }: ServerProcess): Promise<string> {
    return (await readFile(join(dataDir, 'node-id'), 'utf8')).trim();
  }

  async function stateOf(node: ServerProcess): Promise<unknown> {
    const { rows } = await database.query<{ state: string }>('SELECT state FROM nodes WHERE name = $1', [await nameOf(node)]);
    return rows[0]?.state;
  }

  /** Waits until each device has an answer to a call that it makes now. @returns how long the slowest one waited, in milliseconds */
  async function served(): Promise<number> {
    const atMs = performance.now();
    await Promise.all(devices().map((device) => device.call({ _: 'updates.getState' })));
    return performance.now() - atMs;
  }

  /** What happens, returning when the cluster is whole again; the runs of `test:all` do all of it. */
  const blows: Record<string, (node: number, process: ServerProcess) => Promise<void>> = {
    'a node that is killed, and starts again': async (_, node) => {
      await node.kill('SIGKILL');
      const backMs = await served();
      console.log(`killed: served after ${backMs.toFixed(0)} ms`);
      expect(backMs).toBeLessThan(BACK_MS);
      await load.acknowledges(SENDS);
      await node.start();
      expect(await served()).toBeLessThan(BACK_MS);
    },
    'a node that is frozen past its lease ends by itself, and starts again': async (at, node) => {
      node.freeze();
      fronts.spare(at);
      fronts.cut(at);
      const backMs = await served();
      console.log(`frozen: served after ${backMs.toFixed(0)} ms`);
      expect(backMs).toBeLessThan(BACK_MS);
      await expect.poll(() => stateOf(node)).toBe('lost');
      await load.acknowledges(SENDS);
      node.thaw();
      expect(await node.ended()).toBeGreaterThan(0);
      await node.start();
      fronts.use(at);
    },
    'a node that is told to end gives its work to the others, and no call fails': async (at, node) => {
      fronts.spare(at);
      expect(await node.stop()).toBe(0);
      expect(await served()).toBeLessThan(BACK_MS);
      await node.start();
      fronts.use(at);
      await load.acknowledges(SENDS);
      console.log(`drained: slowest send ${load.slowestMs.toFixed(0)} ms, ${load.size} sent in all`);
      expect(load.slowestMs).toBeLessThan(BACK_MS);
    },
    'NATS that is killed, and starts again': async () => {
      await cluster.nats.kill();
      expect(await served()).toBeLessThan(BACK_MS);
      await load.acknowledges(SENDS);
      await cluster.nats.start();
    },
  };
  const done = Object.entries(blows).slice(0, sizeOf({ short: 3, full: 4 }));

  test.each(done)('%s', async (_, blow) => {
    const node = owners[random.uint31() % owners.length]!;
    await verifyUpdates(actors, async () => {
      load.start();
      await load.acknowledges(SENDS);
      await blow(node, cluster.nodes[node]!);
      await load.acknowledges(SENDS);
      await load.stop();
      for (const one of followed) await one.caughtUp();
    });
    await load.check();
  });
});
