import { hasNats } from '@aerogram/bus/testing';
import { ownerOf } from '@aerogram/cluster';
import { Actor, startTestCluster, type TestCluster } from '@aerogram/dev-env';
import { createAuthKey } from '@aerogram/mtproto';
import { Drained } from '@aerogram/node';
import { MemoryStorage } from '@mtcute/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { operate } from './bot-stage.ts';
import { follow } from './followed-device.ts';

describe.runIf(hasNats)(`two nodes on one database${hasNats ? '' : ' (skipped: nats-server)'}`, () => {
  let cluster: TestCluster;
  let alice: Actor;
  let bob: Actor;
  const storage = new MemoryStorage();
  beforeAll(async () => {
    cluster = await startTestCluster(2);
    alice = await Actor.signUp(cluster.nodes[0]!, { name: 'Alice', phone: '9996610001', code: '11111' });
    bob = await Actor.signUp(cluster.nodes[1]!, { name: 'Bob', phone: '9996610002', code: '11111' }, { storage });
    // Keys move when nodes come and go, and who sent nothing meanwhile has to ask for what was missed.
    for (const { main } of [alice, bob]) follow(main);
  }, 60_000);
  afterAll(async () => {
    for (const device of [alice, bob].flatMap((actor) => actor?.devices ?? [])) await device.goOffline();
    await cluster?.[Symbol.asyncDispose]();
  });

  /** Sends a text and returns after how many milliseconds the other one had it. */
  async function exchange(from: Actor, to: Actor, text: string): Promise<number> {
    await from.meet(to);
    const sentMs = performance.now();
    await from.send(to, text);
    await to.sees(text);
    return performance.now() - sentMs;
  }

  test('messages between accounts of different nodes are pushed at once', async () => {
    // Without hints they would come by the repair, two seconds late: not all of several at once.
    for (const text of ['one', 'two', 'three']) expect(await exchange(alice, bob, text)).toBeLessThan(1_000);
    for (const text of ['four', 'five', 'six']) expect(await exchange(bob, alice, text)).toBeLessThan(1_000);
  });

  test('without NATS messages come by the repair, and the nodes serve on when it is back', async () => {
    await cluster.killNats();
    await exchange(alice, bob, 'while NATS is away');
    await cluster.startNats();
    await exchange(bob, alice, 'after it');
  });

  test('a node without keys is refused, and makes none', async () => {
    await expect(cluster.join({ hasOtherKeys: true })).rejects.toThrow('there is no key in');
  });

  test('a node whose settings differ is refused with their names', async () => {
    const refused = cluster.join({ env: { AEROGRAM_PREMIUM: 'everyone' } });
    await expect(refused).rejects.toThrow(/settings differ: .*AEROGRAM_PREMIUM$/);
  });

  test('a node that an operator drains gives its keys away and ends, while others serve on', async () => {
    const names = cluster.nodes.map((node) => node.name);
    const { id } = createAuthKey(storage.authKeys.get(cluster.nodes[1]!.info.dc_id)!);
    // It gets Bob's key and gives it back.
    const name = Array.from({ length: 100 }, (_, at) => `third-${at}`).find((one) => ownerOf(id, [...names, one]) === one)!;
    const third = await cluster.join({ name });
    expect(await operate(cluster, 'node', 'list')).toMatch(new RegExp(`^${name} +serving`, 'm'));
    expect(await operate(cluster, 'node', 'drain', name)).toContain(`${name}: it ends when`);
    expect(await third.failed).toBeInstanceOf(Drained);
    expect(await operate(cluster, 'node', 'list')).toMatch(new RegExp(`^${name} +left`, 'm'));
    await operate(cluster, 'node', 'remove', name);
    await exchange(alice, bob, 'after the drain');
  });

  test('a node that ends leaves nothing that keeps the other from serving', async () => {
    await bob.main.goOffline();
    await cluster.nodes[1]!.stop();
    await alice.send(bob, 'to somebody who is away');
    expect(alice.main.find('to somebody who is away')).toBeDefined();
  });
});
