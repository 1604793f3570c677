import { UnknownKind } from '@aerogram/cluster';
import { createMetrics, type Logger, silentLogger, systemClock, systemRandom } from '@aerogram/runtime';
import { insertHome, listLinks, NO_ADDRESSES, readAppliedSeqs, readStreamEpoch, sql } from '@aerogram/storage';
import { testDatabase, type TestDatabase } from '@aerogram/storage/testing';
import { expect, test } from 'vitest';
import { RELAY_LIMITS } from '../../src/relay-limits.ts';
import { FrameReceiver, MAX_FORMER_EPOCHS } from '../../src/streams/frame-receiver.ts';
import { KeptFrames } from '../../src/streams/kept-frames.ts';
import { StoppedStreams } from '../../src/streams/stopped-streams.ts';
import { type Ack, MAX_EPOCHS, readAck, writeBatch, writePlace } from '../../src/wire/bodies.ts';
import { MESSAGE } from '../../src/wire/messages.ts';
import { QUICK, StandIn } from './two-ends.ts';

/** A receiver whose other end is the test. */
function receive(db: TestDatabase, { log = silentLogger, mostBytes = 1_000_000, stopped = new StoppedStreams({ db, clock: systemClock, log }) }: { log?: Logger; mostBytes?: number; stopped?: StoppedStreams } = {}) {
  const frames = new StandIn(db);
  const metrics = createMetrics();
  const acks: Ack[] = [];
  const ends: string[] = [];
  const receiver: FrameReceiver = new FrameReceiver({
    dc: 2, db, frames, clock: systemClock, random: systemRandom, log, stopped, kept: new KeptFrames({ db, log, metrics, mostBytes }), limits: { ...RELAY_LIMITS, ...QUICK }, before: Promise.resolve(),
    pipe: {
      send: (kind, ...parts) => void (kind === MESSAGE.ack && acks.push(readAck(Buffer.concat(parts)))),
      end(reason) {
        ends.push(reason);
        receiver.ended();
      },
    },
  });
  const send = (kind: number, epoch: bigint, seq: number, ...texts: readonly string[]): void =>
    receiver.message({ kind, body: Buffer.concat(writeBatch({ epoch, seq: BigInt(seq), frames: texts.map((text) => Buffer.from(text)) })) });
  return { frames, acks, ends, metrics, receiver, send };
}

test('batches that come twice, or overlap, are applied once', async () => {
  await using db = await testDatabase();
  const { frames, acks, receiver, send } = receive(db);
  send(MESSAGE.frames, 7n, 1, 'a', 'b', 'c');
  send(MESSAGE.frames, 7n, 1, 'a', 'b', 'c');
  send(MESSAGE.frames, 7n, 2, 'b', 'c', 'd', 'e');
  send(MESSAGE.frames, 8n, 1, 'x');
  send(MESSAGE.frames, 7n, 6, 'f');
  await expect.poll(() => acks.at(-1)).toEqual({ handled: 5, epoch: 7n, seq: 6n });
  expect(frames.applied).toEqual(['a', 'b', 'c', 'd', 'e', 'x', 'f']);
  receiver.ended();
  await receiver.done;
});

test('a batch that leaves out frames ends the stream, and is not applied', async () => {
  await using db = await testDatabase();
  const { frames, ends, receiver, send } = receive(db);
  send(MESSAGE.frames, 7n, 1, 'a');
  send(MESSAGE.frames, 7n, 3, 'c');
  await receiver.done;
  expect([ends.length, frames.applied]).toEqual([1, ['a']]);
});

test('frames of the present epoch cannot be returned, and those of a former one once', async () => {
  await using db = await testDatabase();
  const own = await readStreamEpoch(db);
  const first = receive(db);
  first.send(MESSAGE.returned, 5n, 3, 'c', 'd');
  first.send(MESSAGE.returned, 5n, 4, 'd', 'e');
  await expect.poll(() => first.acks.at(-1)?.handled).toBe(2);
  expect(first.frames.returned).toEqual(['c', 'd', 'e']);
  // What was never sent says nothing of how far this home had come.
  first.send(MESSAGE.returned, 5n, 6, 'forged');
  first.send(MESSAGE.returned, 6n, 900, 'forged');
  await expect.poll(() => first.acks.at(-1)?.handled).toBe(4);
  first.send(MESSAGE.returned, own, 1, 'forged');
  await first.receiver.done;
  expect([first.ends.length, first.frames.returned.length]).toEqual([1, 5]);
  expect(await db.q.selectFrom('home_streams').select(['dc', 'epoch', 'sent_seq', 'acked_seq']).execute()).toEqual([{ dc: 2, epoch: 5n, sent_seq: 5n, acked_seq: 5n }]);
});

test('frames are returned of so many epochs, and what comes after more of them is applied', async () => {
  await using db = await testDatabase();
  const { acks, frames, receiver, send } = receive(db);
  for (let epoch = 1n; epoch <= MAX_FORMER_EPOCHS + 20; epoch++) send(MESSAGE.returned, epoch, 1, `of ${epoch}`);
  send(MESSAGE.returned, 3n, 2, 'more of 3');
  send(MESSAGE.frames, 7n, 1, 'a');
  await expect.poll(() => acks.at(-1)).toEqual({ handled: MAX_FORMER_EPOCHS + 22, epoch: 7n, seq: 1n });
  expect([frames.returned.length, frames.returned.at(-1), frames.applied]).toEqual([MAX_FORMER_EPOCHS + 1, 'more of 3', ['a']]);
  expect(await db.q.selectFrom('home_streams').select('epoch').execute()).toHaveLength(MAX_FORMER_EPOCHS);
  receiver.ended();
  await receiver.done;
});

test('frames of more epochs than can be told the other home again end the stream', async () => {
  await using db = await testDatabase();
  await db.transact('fill', (tx) => sql`INSERT INTO home_applied (dc, epoch, applied_seq) SELECT 2, n, 1 FROM generate_series(1, ${MAX_EPOCHS}) AS n`.execute(tx.q));
  for (const kind of [MESSAGE.frames, MESSAGE.skip]) {
    const { acks, ends, receiver, send } = receive(db);
    send(MESSAGE.frames, 7n, 2, 'known');
    await expect.poll(() => acks.at(-1)?.handled).toBe(1);
    if (kind === MESSAGE.frames) send(kind, 20_000n, 1, 'new');
    else receiver.message({ kind, body: writePlace({ epoch: 20_000n, seq: 4n }) });
    await receiver.done;
    expect(ends.length).toBe(1);
  }
  expect((await readAppliedSeqs(db, 2)).size).toBe(MAX_EPOCHS);
});

test('frames that never come are skipped, and those before stay as they are', async () => {
  await using db = await testDatabase();
  const { acks, receiver, send } = receive(db);
  send(MESSAGE.frames, 7n, 1, 'a', 'b');
  for (const seq of [9n, 4n]) receiver.message({ kind: MESSAGE.skip, body: writePlace({ epoch: 7n, seq }) });
  send(MESSAGE.frames, 7n, 10, 'j');
  await expect.poll(() => acks.at(-1)).toEqual({ handled: 4, epoch: 7n, seq: 10n });
  expect(await readAppliedSeqs(db, 2)).toEqual(new Map([[7n, 10n]]));
  receiver.ended();
  await receiver.done;
});

test('batches of two epochs that are taken together are both acknowledged', async () => {
  await using db = await testDatabase();
  const { frames, acks, receiver, send } = receive(db);
  send(MESSAGE.frames, 7n, 1, 'a');
  send(MESSAGE.frames, 8n, 1, 'x');
  await expect.poll(() => acks.at(-1)?.handled).toBe(2);
  expect(frames.applied).toEqual(['a', 'x']);
  expect(new Set(acks.map(({ epoch }) => epoch))).toEqual(new Set([7n, 8n]));
  receiver.ended();
  await receiver.done;
});

test('a stream whose next frame is of a kind that is not known stands still, which the log says once, however often it begins anew', async () => {
  await using db = await testDatabase();
  await db.transact('add-home', (tx) => insertHome(tx, { dc: 2, is_own: false, of_names: false, state: 'joined', ...NO_ADDRESSES }));
  const said: unknown[] = [];
  const log = Object.assign(Object.create(silentLogger) as Logger, { error: (fields: { event?: string }) => void said.push(fields), warn: (fields: unknown) => void said.push(fields) });
  const stopped = new StoppedStreams({ db, clock: systemClock, log });
  const stateOf = async (): Promise<string> => (await listLinks(db))[0]!.stopped_by;
  for (let times = 0; times < 3; times++) {
    const { frames, receiver, send, acks } = receive(db, { log, stopped });
    frames.failures.push(new UnknownKind('poll'));
    send(MESSAGE.frames, 7n, 1, 'a', 'b');
    await expect.poll(() => frames.failures).toEqual([]);
    await expect.poll(stateOf).toBe('poll');
    receiver.ended();
    await receiver.done;
    expect([frames.applied, acks]).toEqual([[], []]);
  }
  expect(said).toEqual([{ event: 'home_stream_stopped', dc: 2, kind: 'poll' }]);
  // As the next program does.
  const { acks, receiver, send } = receive(db);
  send(MESSAGE.frames, 7n, 1, 'a', 'b');
  await expect.poll(() => acks.at(-1)).toEqual({ handled: 1, epoch: 7n, seq: 2n });
  expect(await stateOf()).toBe('');
  receiver.ended();
  await receiver.done;
});

test('what is kept of a home has a bound, and what is dropped for it is counted', async () => {
  await using db = await testDatabase();
  const said: unknown[] = [];
  const log = Object.assign(Object.create(silentLogger) as Logger, { warn: (fields: unknown) => void said.push(fields) });
  const { acks, metrics, receiver, send } = receive(db, { log, mostBytes: 1000 });
  for (let seq = 1; seq <= 20; seq++) send(MESSAGE.frames, 7n, seq, 'x'.repeat(100));
  await expect.poll(() => acks.at(-1)).toMatchObject({ handled: 20, seq: 20n });
  expect((await db.q.selectFrom('home_inbox').select('seq').orderBy('seq').execute()).map(({ seq }) => seq)).toEqual([16n, 17n, 18n, 19n, 20n]);
  expect(await metrics.render()).toContain('aerogram_link_kept_dropped_total{dc="2"} 15\n');
  expect(said).toContainEqual({ event: 'home_frames_dropped', dc: 2, frames: expect.any(Number) as number });
  receiver.ended();
  await receiver.done;
});
