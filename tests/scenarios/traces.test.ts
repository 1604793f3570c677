import { hasNats } from '@aerogram/bus/testing';
import { Actor, startTestCluster, World } from '@aerogram/dev-env';
import { startServerProcess } from '@aerogram/dev-env/load';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CollectedSpan, startTraceCollector, type TraceCollector } from './trace-collector.ts';

let collector: TraceCollector;
beforeAll(async () => {
  collector = await startTraceCollector();
});
afterAll(() => collector?.[Symbol.asyncDispose]());

const settings = () => ({ AEROGRAM_OTLP_ENDPOINT: collector.url, AEROGRAM_TRACE_PERCENT: '100' });

/** A call with its pushes in another process. */
interface FoundTrace {
  call: CollectedSpan;
  pushes: CollectedSpan[];
}

/** Traces of this method that were continued in another process than they began in. */
function findLongTraces(method: string): FoundTrace[] {
  return collector.spans
    .filter(({ name, parentSpanId }) => name === method && !parentSpanId)
    .map((call) => ({ call, pushes: collector.spans.filter((span) => span.name === 'push' && span.traceId === call.traceId && span.parentSpanId === call.spanId) }))
    .filter(({ call, pushes }) => pushes.some(({ process }) => process !== call.process));
}

/** Sends messages both ways until a trace goes from one process to the other, as it has to. */
async function untilTraced(alice: Actor, bob: Actor): Promise<FoundTrace> {
  let sent = 0;
  await expect.poll(async () => {
    for (const [from, to] of [[alice, bob], [bob, alice]] as const) {
      await from.send(to, `a secret ${++sent}`);
      await to.sees(`a secret ${sent}`);
    }
    return findLongTraces('messages.sendMessage').length;
  }, { timeout: 30_000, interval: 500 }).toBeGreaterThan(0);
  return findLongTraces('messages.sendMessage')[0]!;
}

/** What no span may tell of people: texts, names, numbers, ids. */
function listPrivate(people: readonly Actor[]): RegExp {
  return new RegExp(['secret', '99966', ...people.flatMap(({ id, name }) => [String(id), name])].join('|'));
}

describe('a server with two workers', () => {
  test('makes one trace from a call to its push by the other worker, with nothing about people in it', async () => {
    await using server = await startServerProcess({ env: { AEROGRAM_WORKERS: '2', ...settings() } });
    await using world = new World(server);
    const alice = await world.user('Alice');
    const bob = await world.user('Bob');
    // Each has a device with each of the workers, sooner or later.
    for (const one of [alice, bob]) await one.device();
    await alice.meet(bob);
    await bob.meet(alice);
    const { call, pushes } = await untilTraced(alice, bob);
    expect([call, ...pushes].map(({ process }) => process)).toEqual(expect.arrayContaining(['worker-1', 'worker-2']));
    expect(Object.fromEntries(call.attributes.map(({ key, value }) => [key, Object.values(value)[0]]))).toMatchObject({ 'rpc.method': 'messages.sendMessage', outcome: 'ok', direct: false });
    expect(collector.bodies.join('\n')).not.toMatch(listPrivate([alice, bob]));
    const { host, port } = server.info.http;
    expect(await (await fetch(`http://${host}:${port}/metrics`)).text()).toMatch(/^aerogram_trace_spans_total\{process="worker-\d",outcome="sent"\} [1-9]/m);
  });
});

describe.runIf(hasNats)(`two nodes${hasNats ? '' : ' (skipped: nats-server)'}`, () => {
  test('make one trace from a call to its push by the other node', async () => {
    await using cluster = await startTestCluster(2, settings());
    const alice = await Actor.signUp(cluster.nodes[0]!, { name: 'Alice', phone: '9996610001', code: '11111' });
    const bob = await Actor.signUp(cluster.nodes[1]!, { name: 'Bob', phone: '9996610002', code: '11111' });
    try {
      // A key is served by the node that it falls to, wherever its connection is.
      for (const [n, one] of [alice, bob].entries()) for (let more = 0; more < 3; more++) await one.device({}, cluster.nodes[(n + more) % 2]);
      await alice.meet(bob);
      await bob.meet(alice);
      const names = new Set(cluster.nodes.map(({ name }) => name));
      await untilTraced(alice, bob);
      await expect.poll(() => findLongTraces('messages.sendMessage').some(({ call, pushes }) => names.has(call.process) && pushes.some(({ process }) => names.has(process) && process !== call.process)), { timeout: 20_000 }).toBe(true);
    } finally {
      for (const device of [alice, bob].flatMap((actor) => actor.devices)) await device.goOffline();
    }
  });
});
