import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KIND, readFrame, writeFrame } from '../../src/nats/nats-frame.ts';
import { createSubjects } from '../../src/nats/subjects.ts';
import { hasNats, RunningNats } from '../../testing/index.ts';
import { connected, heardBy, makeBus, PROBE, type TestBus } from './test-bus.ts';

const SUBJECTS = createSubjects('database');

describe.runIf(hasNats)(`nodes that know who listens${hasNats ? '' : ' (skipped: nats-server)'}`, () => {
  let nats: RunningNats;
  let nodes: TestBus[];
  /** Subjects of the hints that came to the server. */
  let sent: string[];

  beforeEach(async () => {
    nats = await RunningNats.start();
    nodes = [];
    sent = [];
  });
  afterEach(async () => {
    for (const node of nodes) await node[Symbol.asyncDispose]();
    await nats[Symbol.asyncDispose]();
  });

  async function watch(): Promise<NatsConnection> {
    const watcher = await connect({ servers: `127.0.0.1:${nats.port}` });
    watcher.subscribe('ag.*.*.*', { callback: (_error, { subject }) => void sent.push(subject.replace(/^ag\.\w+\./, '')) });
    await watcher.flush();
    return watcher;
  }

  async function start(...names: string[]): Promise<TestBus[]> {
    const started = names.map((node) => makeBus(nats.port, { node, others: () => names.filter((name) => name !== node) }));
    nodes.push(...started);
    await connected(...started);
    return started;
  }

  const unheard = (node: TestBus): Promise<number> => node.metric('aerogram_nats_hints_unheard_total');

  /** Waits until a node knows what all others listen to. */
  async function knowsAll(node: TestBus): Promise<void> {
    const before = await unheard(node);
    await expect
      .poll(
        async () => {
          node.bus.publish('user:999', 'nobody');
          return (await unheard(node)) - before;
        },
        { interval: 20, timeout: 8_000 },
      )
      .toBeGreaterThan(0);
  }

  test('send a hint only if another one listens, to those that do, and count the others', async () => {
    const [a, b, c] = (await start('a', 'b', 'c')) as [TestBus, TestBus, TestBus];
    const seen: string[] = [];
    b.bus.subscribe('user:1', (hint) => hint !== PROBE && seen.push(`b ${String(hint)}`));
    for (const [name, { bus }] of Object.entries({ b, c })) bus.subscribe('channels:7', (hint) => seen.push(`${name} ${String(hint)}`));
    a.bus.subscribe('user:2', (hint) => seen.push(`a ${String(hint)}`));
    await knowsAll(a);
    await using _ = { [Symbol.asyncDispose]: closing(await watch()) };
    const before = await unheard(a);
    a.bus.publish('user:1', 1);
    a.bus.publish('user:2', 2);
    a.bus.publish('user:3', 3);
    a.bus.publish('bot:1', 4);
    a.bus.publish('channels:7', 5);
    a.bus.publish('channels:8', 6);
    await expect.poll(() => seen.length).toBe(4);
    expect(seen.toSorted()).toEqual(['a 2', 'b 1', 'b 5', 'c 5']);
    expect(sent).toEqual(['u.1', 'c.7']);
    expect((await unheard(a)) - before).toBe(4);
  });

  test('hear all that is sent after they were known to listen, and cost nothing soon after they have ceased', async () => {
    const [a, b] = (await start('a', 'b')) as [TestBus, TestBus];
    await knowsAll(a);
    await using _ = { [Symbol.asyncDispose]: closing(await watch()) };
    const seen: unknown[] = [];
    const listeners = Array.from({ length: 300 }, (_, id) => b.bus.subscribe(`user:${id}`, (hint) => seen.push(hint)));
    const before = await unheard(a);
    let rounds = 0;
    const publish = async (): Promise<number> => {
      rounds++;
      for (let id = 0; id < 300; id++) a.bus.publish(`user:${id}`, `${id} ${rounds}`);
      return (await unheard(a)) - before;
    };
    let missed = 0;
    await expect.poll(async () => missed === (missed = await publish()), { interval: 2 }).toBe(true);
    for (let more = 0; more < 20; more++) expect(await publish()).toBe(missed);
    await expect.poll(() => seen.length).toBe(300 * rounds - missed);
    expect(seen.slice(-300)).toEqual(Array.from({ length: 300 }, (_, id) => `${id} ${rounds}`));
    for (const listener of listeners) listener[Symbol.dispose]();
    await expect.poll(() => isSilent(a, 'user:5'), { timeout: 4_000 }).toBe(true);
    sent.length = 0;
    for (let id = 0; id < 300; id++) a.bus.publish(`user:${id}`, 'late');
    await heardBy(a, 'user:777', b);
    expect(sent.filter((subject) => subject !== 'u.777')).toEqual([]);
  });

  test('send everything after NATS was killed, until they know again who listens', async () => {
    const [a, b] = (await start('a', 'b')) as [TestBus, TestBus];
    b.bus.subscribe('user:1', () => {});
    await knowsAll(a);
    await nats.kill();
    await expect.poll(() => a.bus.isConnected || b.bus.isConnected).toBe(false);
    const seen: unknown[] = [];
    b.bus.subscribe('user:2', (hint) => seen.push(hint));
    await nats.start();
    await connected(a, b);
    expect(await isSilent(a, 'user:999')).toBe(false);
    await knowsAll(a);
    a.bus.publish('user:2', 'again');
    await expect.poll(() => seen).toEqual(['again']);
    expect([await isSilent(a, 'user:1'), await isSilent(a, 'user:999')]).toEqual([false, true]);
  });

  test('send everything after a message that was lost, and ask until everything is told', async () => {
    const [a] = (await start('a')) as [TestBus];
    await knowsAll(a);
    const stranger = await connect({ servers: `127.0.0.1:${nats.port}` });
    await using _ = { [Symbol.asyncDispose]: closing(stranger) };
    const head = { dictionary: 1, sender: 7n };
    let asked = 0;
    stranger.subscribe(SUBJECTS.all, {
      callback: (_error, { data }) => {
        const frame = readFrame(data);
        if (typeof frame !== 'string' && frame.kind === KIND.ask && frame.body.equals(Buffer.of(7, 0, 0, 0, 0, 0, 0, 0))) asked++;
      },
    });
    const tell = (sequence: number, body: Buffer): void => stranger.publish(SUBJECTS.all, writeFrame({ ...head, kind: KIND.interest, sequence }, body));
    const everything = Buffer.of(5);
    tell(1, everything);
    await expect.poll(() => isSilent(a, 'user:1')).toBe(true);
    const gaps = a.gaps;
    tell(3, Buffer.of(0));
    await expect.poll(() => a.gaps).toBe(gaps + 1);
    expect(await isSilent(a, 'user:1')).toBe(false);
    const beats = setInterval(() => stranger.publish(SUBJECTS.beat, writeFrame({ ...head, kind: KIND.beat, sequence: 3 }, Buffer.from('x'))), 500);
    try {
      await expect.poll(() => asked, { timeout: 4_000 }).toBeGreaterThanOrEqual(2);
      expect(await isSilent(a, 'user:1')).toBe(false);
      tell(4, everything);
      await expect.poll(() => isSilent(a, 'user:1')).toBe(true);
    } finally {
      clearInterval(beats);
    }
  });

  test('tell everything to one that begins, in messages that the server takes', async () => {
    await nats[Symbol.asyncDispose]();
    nats = await RunningNats.start('max_payload: 1000');
    const b = makeBus(nats.port, { node: 'b' });
    nodes.push(b);
    for (let id = 0; id < 5_000; id++) b.bus.subscribe(`user:${id}`, () => {});
    await connected(b);
    const a = makeBus(nats.port, { node: 'a', others: () => ['b'] });
    nodes.push(a);
    await connected(a);
    expect(await isSilent(a, 'user:10000')).toBe(false);
    await expect.poll(() => isSilent(a, 'user:10000'), { timeout: 6_000 }).toBe(true);
    for (const id of [0, 123, 2_500, 4_999]) expect(await isSilent(a, `user:${id}`)).toBe(false);
    expect(a.gaps).toBe(1);
  });

  /** Whether a hint of this topic is not sent. */
  async function isSilent(node: TestBus, topic: string): Promise<boolean> {
    const before = await unheard(node);
    node.bus.publish(topic, 'nobody');
    return (await unheard(node)) > before;
  }
});

const closing = (connection: NatsConnection) => () => connection.close();
