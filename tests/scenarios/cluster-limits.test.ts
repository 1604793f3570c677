import { hasNats } from '@aerogram/bus/testing';
import { Actor, type Device, logIn, startTestCluster, type TestCluster } from '@aerogram/dev-env';
import { QUOTAS } from '@aerogram/domain';
import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** Limits that two nodes count together. */
describe.runIf(hasNats)(`limits on two nodes${hasNats ? '' : ' (skipped: nats-server)'}`, () => {
  let cluster: TestCluster;
  const actors: Actor[] = [];
  beforeAll(async () => {
    cluster = await startTestCluster(2, { AEROGRAM_TEST_LIMITS: '1', AEROGRAM_PRINT_CODES: '0' });
  }, 60_000);
  afterAll(async () => {
    for (const device of actors.flatMap((actor) => actor.devices)) await device.goOffline();
    await cluster?.[Symbol.asyncDispose]();
  });

  async function arrive(node: number): Promise<Actor> {
    const actor = await Actor.signUp(cluster.nodes[node]!, { name: `Person ${actors.length}`, phone: `999661${1000 + actors.length}`, code: '11111' });
    actors.push(actor);
    await actor.main.call({ _: 'account.updateUsername', username: `limited_${actors.length}` });
    return actor;
  }

  /** @returns what became of a call: `done`, or the error */
  const outcomeOf = (device: Device, request: tl.RpcMethod): Promise<string> =>
    device.client.call(request, { maxRetryCount: 0, throw503: true }).then(
      () => 'done',
      (error: { text?: string; message: string }) => error.text ?? error.message,
    );

  test('strangers on both nodes together send one person as much as one process lets pass', async () => {
    const person = await arrive(0);
    const strangers = [await arrive(0), await arrive(1)];
    const { capacity, tokensPerSecond } = QUOTAS.inboundFromStrangers;
    const part = Math.ceil((2 * capacity) / 3);
    const beganMs = performance.now();
    const outcomes: string[][] = [];
    let randomId = 1;
    for (const { main } of strangers) {
      const { users: [user] } = await main.call({ _: 'contacts.resolveUsername', username: 'limited_1' });
      if (user?._ !== 'user') throw new Error('nobody has the username');
      expect(user.id).toBe(person.id);
      const peer: tl.TypeInputPeer = { _: 'inputPeerUser', userId: user.id, accessHash: user.accessHash! };
      outcomes.push(await Promise.all(Array.from({ length: part }, () => outcomeOf(main, { _: 'messages.sendMessage', peer, message: 'hi', randomId: Long.fromNumber(randomId++) }))));
    }
    const passedS = Math.ceil((performance.now() - beganMs) / 1000);
    const [first, second] = outcomes.map((results) => results.filter((outcome) => outcome === 'done').length);
    // More than half: no node has a share of its own while both are there.
    expect(first).toBe(part);
    expect(second).toBeGreaterThanOrEqual(capacity - part);
    expect(second).toBeLessThanOrEqual(capacity - part + passedS * tokensPerSecond);
    expect(outcomes.flat().every((outcome) => outcome === 'done' || outcome.startsWith('FLOOD_WAIT_'))).toBe(true);
  });

  test('two devices of an account, on two nodes, together ask for as many codes as one', async () => {
    const person = await arrive(0);
    const { device: other } = await logIn(() => cluster.nodes[1]!.info, { name: person.name, phone: person.phone, code: () => Promise.resolve(person.code) });
    person.devices.push(other);
    const { capacity } = QUOTAS.codeRequests;
    const outcomes: string[] = [];
    for (let i = 0; i < capacity + 4; i++) {
      const device = i % 2 === 0 ? person.main : other;
      outcomes.push(await outcomeOf(device, { _: 'auth.sendCode', phoneNumber: `1555${7_000_000 + i}`, apiId: 1, apiHash: '0123456789abcdef0123456789abcdef', settings: { _: 'codeSettings' } }));
    }
    expect(outcomes).toEqual([...Array<string>(capacity).fill('done'), ...Array<string>(4).fill('FLOOD_WAIT_%d')]);
  });
});
