import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSubjects } from '../../src/nats/subjects.ts';
import { KIND, writeFrame } from '../../src/nats/nats-frame.ts';
import { hasNats, RunningNats } from '../../testing/index.ts';
import { connected, heardBy, makeBus, PROBE } from './test-bus.ts';

describe.runIf(hasNats)(`buses on NATS${hasNats ? '' : ' (skipped: nats-server)'}`, () => {
  let nats: RunningNats;
  beforeAll(async () => {
    nats = await RunningNats.start();
  });
  afterAll(async () => {
    await nats[Symbol.asyncDispose]();
  });

  test('carry hints in order, once to each node that listens, and once to the own listeners', async () => {
    await using a = makeBus(nats.port, { node: 'a' });
    await using b = makeBus(nats.port, { node: 'b' });
    await using c = makeBus(nats.port, { node: 'c' });
    await connected(a, b, c);
    await heardBy(a, 'user:1', b);
    const seen: Record<string, unknown[]> = { a: [], b: [], c: [], other: [] };
    for (const [name, { bus }] of Object.entries({ a, b })) bus.subscribe('user:1', (hint) => hint !== PROBE && seen[name]!.push(hint));
    c.bus.subscribe('user:2', (hint) => seen['other']!.push(hint));
    await heardBy(a, 'user:1', b);
    for (const list of Object.values(seen)) list.length = 0;
    const hint = { kind: 'transient', owner: 1n, neverHeardOf: [{ text: 'ü', bytes: Uint8Array.of(1, 2), none: undefined }] };
    const sent = Array.from({ length: 2_000 }, (_, n) => ({ ...hint, pts: n }));
    for (const one of sent) a.bus.publish('user:1', one);
    await expect.poll(() => seen['b']!.length).toBe(sent.length);
    expect(seen).toEqual({ a: sent, b: sent, c: [], other: [] });
    expect(await c.metric('aerogram_nats_hints_total{direction="in"}')).toBe(0);
  });

  test('carry to all what is not for listeners, and nothing to buses of another database', async () => {
    await using a = makeBus(nats.port, { node: 'a' });
    await using b = makeBus(nats.port, { node: 'b' });
    await using stranger = makeBus(nats.port, { databaseId: 'another' });
    await connected(a, b, stranger);
    const seen: string[] = [];
    for (const [name, { bus }] of Object.entries({ a, b, stranger })) bus.subscribe('accounts', (hint) => seen.push(`${name} ${String(hint)}`));
    stranger.bus.publish('accounts', 0);
    for (let n = 1; n <= 3; n++) a.bus.publish('accounts', n);
    await expect.poll(() => seen.length).toBe(7);
    expect(seen.toSorted()).toEqual(['a 1', 'a 2', 'a 3', 'b 1', 'b 2', 'b 3', 'stranger 0']);
    expect([a.gaps, b.gaps]).toEqual([1, 1]);
  });

  test('hear 2,000 topics, and nothing of a topic whose last listener has gone', async () => {
    await using a = makeBus(nats.port, { node: 'a' });
    await using b = makeBus(nats.port, { node: 'b' });
    await connected(a, b);
    const seen: unknown[] = [];
    const listeners = Array.from({ length: 2_000 }, (_, n) => b.bus.subscribe(`user:${n}`, (hint) => hint !== PROBE && seen.push(hint)));
    await heardBy(a, 'user:1999', b);
    seen.length = 0;
    for (let n = 0; n < 2_000; n++) a.bus.publish(`user:${n}`, n);
    await expect.poll(() => seen.length).toBe(2_000);
    const got = await b.metric('aerogram_nats_hints_total{direction="in"}');
    const second = b.bus.subscribe('user:0', (hint) => seen.push(hint));
    for (const listener of listeners) listener[Symbol.dispose]();
    await heardBy(a, 'user:5000', b);
    seen.length = 0;
    for (let n = 0; n < 2_000; n++) a.bus.publish(`user:${n}`, `late ${n}`);
    await heardBy(a, 'user:5001', b);
    expect(seen).toEqual(['late 0']);
    expect(await b.metric('aerogram_nats_hints_total{direction="in"}')).toBeLessThan(got + 100);
    second[Symbol.dispose]();
  });

  test('a message that cannot be read is a gap, and those after it are heard', async () => {
    await using a = makeBus(nats.port, { node: 'a' });
    await using b = makeBus(nats.port, { node: 'b' });
    await connected(a, b);
    const seen: unknown[] = [];
    b.bus.subscribe('accounts', (hint) => seen.push(hint));
    const stranger = await connect({ servers: `127.0.0.1:${nats.port}` });
    const { all } = createSubjects('database');
    const head = { kind: KIND.hint, dictionary: 1, sender: 7n, sequence: 1 };
    stranger.publish(all, new Uint8Array(0));
    stranger.publish(all, Uint8Array.of(1));
    stranger.publish(all, writeFrame(head, Buffer.of(99)));
    stranger.publish(all, writeFrame({ ...head, dictionary: 65_535, sequence: 2 }, Buffer.of(99)));
    stranger.publish(all, writeFrame({ ...head, sequence: 4, kind: 77 }, Buffer.of()));
    await stranger.drain();
    await expect.poll(() => b.gaps).toBe(6);
    a.bus.publish('accounts', 'after');
    await expect.poll(() => seen).toEqual(['after']);
    const counts = ['malformed', 'format', 'dictionary'].map((reason) => b.metric(`aerogram_nats_hints_dropped_total{reason="${reason}"}`));
    expect(await Promise.all(counts)).toEqual([3, 1, 1]);
  });

  test('what is too large, or cannot be written, is a gap for the others', async () => {
    await using a = makeBus(nats.port, { node: 'a' });
    await using b = makeBus(nats.port, { node: 'b' });
    await connected(a, b);
    a.bus.publish('user:1', new Uint8Array(2 * 1024 * 1024));
    await expect.poll(() => b.gaps).toBe(2);
    a.bus.publish('accounts', () => {});
    await expect.poll(() => b.gaps).toBe(3);
    expect(a.gaps).toBe(1);
    expect(a.bus.isConnected).toBe(true);
  });

  test('a hole in the numbers of a sender is a gap, and so is a node that falls silent', async () => {
    await using b = makeBus(nats.port, { node: 'b' });
    await connected(b);
    const stranger = await connect({ servers: `127.0.0.1:${nats.port}` });
    const { all, beat } = createSubjects('database');
    const head = { dictionary: 1, sender: 7n };
    stranger.publish(all, writeFrame({ ...head, kind: KIND.lost, sequence: 1 }, Buffer.of()));
    await expect.poll(() => b.gaps).toBe(2);
    stranger.publish(beat, writeFrame({ ...head, kind: KIND.beat, sequence: 2 }, Buffer.from('x')));
    await expect.poll(() => b.metric('aerogram_nats_gaps_total{reason="hole"}')).toBe(1);
    await expect.poll(() => b.metric('aerogram_nats_gaps_total{reason="silent"}')).toBe(1);
    await stranger.drain();
  });
});
