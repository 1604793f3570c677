import { expect, test } from 'vitest';
import { dropOldFrames } from '../../src/homes/kept-frames-store.ts';
import { appendHomeFramesLast, doNoteAcknowledged, doTrimInbox, doTrimOutbox, type FramePlace, insertHome, listLinks, lockAppliedSeq, NO_ADDRESSES, noteAppliedLast, readStreamEpoch, readWaiting, type Tx } from '../../src/index.ts';
import { testDatabase, writable } from '../../testing/index.ts';

test('old frames are dropped when both ends have applied them, or the other home was removed', async () => {
  await using db = await testDatabase();
  await db.transact('homes', async (tx) => {
    await insertHome(tx, { dc: 2, is_own: false, of_names: false, state: 'joined', ...NO_ADDRESSES });
    await insertHome(tx, { dc: 3, is_own: false, of_names: false, state: 'removed', ...NO_ADDRESSES });
  });
  const frame = Buffer.of(1);
  const outbox = (dc: number, seq: bigint, written_date: number) => ({ dc, epoch: 1n, seq, frame, written_date });
  await db.q.insertInto('home_streams').values([{ dc: 2, epoch: 1n, sent_seq: 4n, acked_seq: 3n }, { dc: 3, epoch: 1n, sent_seq: 1n }]).execute();
  await db.q.insertInto('home_outbox').values([outbox(2, 1n, 100), outbox(2, 2n, 200), outbox(2, 3n, 199), outbox(2, 4n, 100), outbox(3, 1n, 100)]).execute();
  await db.q.insertInto('home_inbox').values([{ dc: 2, epoch: 9n, seq: 1n, frame, applied_date: 100 }, { dc: 2, epoch: 9n, seq: 2n, frame, applied_date: 200 }]).execute();
  const { signal } = new AbortController();
  const outboxAfter = async (nowDate: number, before: number): Promise<string[]> => {
    await dropOldFrames(db, { nowDate, before }, signal);
    return (await db.q.selectFrom('home_outbox').select(['dc', 'seq']).orderBy('dc').orderBy('seq').execute()).map(({ dc, seq }) => `${dc}:${seq}`);
  };
  const acknowledge = (seq: bigint) => writable(db).q.updateTable('home_streams').set({ acked_seq: seq }).where('dc', '=', 2).execute();
  // They were written long ago, but just acknowledged.
  expect(await outboxAfter(1000, 200)).toEqual(['2:1', '2:2', '2:3', '2:4']);
  expect(await db.q.selectFrom('home_inbox').select('seq').execute()).toEqual([{ seq: 2n }]);
  await acknowledge(4n);
  expect(await outboxAfter(2000, 900)).toEqual(['2:1', '2:2', '2:3', '2:4']);
  expect(await outboxAfter(3000, 1001)).toEqual(['2:4']);
  // The other home was restored, and says less.
  await acknowledge(3n);
  expect(await outboxAfter(4000, 2001)).toEqual(['2:4']);
  await acknowledge(4n);
  expect(await outboxAfter(5000, 4001)).toEqual(['2:4']);
  expect(await outboxAfter(6000, 5001)).toEqual([]);
});

test('of the frames of a home that were applied the oldest are dropped when they take more room than is given to them', async () => {
  await using db = await testDatabase();
  const apply = (first: FramePlace, bytes: number[], date: number) =>
    db.transact('apply', async (tx: Tx) => {
      await lockAppliedSeq(tx, first);
      noteAppliedLast(tx, first, bytes.map((length) => Buffer.alloc(length)), date);
    });
  // A frame counts 100 bytes more than it has.
  await apply({ dc: 2, epoch: 8n, seq: 1n }, [900, 900, 900], 100);
  await apply({ dc: 2, epoch: 9n, seq: 1n }, [900, 900], 200);
  await apply({ dc: 3, epoch: 9n, seq: 1n }, [900], 100);
  const kept = async () => (await db.q.selectFrom('home_inbox').select(['dc', 'epoch', 'seq']).orderBy('dc').orderBy('epoch').orderBy('seq').execute()).map(({ dc, epoch, seq }) => `${dc}:${epoch}:${seq}`);
  const counted = async () => (await db.q.selectFrom('home_applied').select('kept_bytes').orderBy('dc').orderBy('epoch').execute()).map((row) => Number(row.kept_bytes));
  expect(await doTrimInbox(db, 2, 5000)).toBe(0);
  expect(await doTrimInbox(db, 2, 4999)).toBe(1);
  expect(await doTrimInbox(db, 2, 2500)).toBe(2);
  expect(await kept()).toEqual(['2:9:1', '2:9:2', '3:9:1']);
  expect(await counted()).toEqual([0, 2000, 1000]);
  await dropOldFrames(db, { nowDate: 1000, before: 200 }, new AbortController().signal);
  expect(await kept()).toEqual(['2:9:1', '2:9:2']);
  expect(await counted()).toEqual([0, 2000, 0]);
});

test('of the frames for a home that it has applied the oldest are dropped when they take more room than is given to them, and none that waits', async () => {
  await using db = await testDatabase();
  const write = (dc: number, count: number) => db.transact('write', async (tx: Tx) => appendHomeFramesLast(tx, dc, Array.from({ length: count }, () => Buffer.alloc(1000)), 100));
  const begin = (epoch: bigint) => writable(db).q.updateTable('meta').set({ value: String(epoch) }).where('key', '=', 'stream_epoch').execute();
  await begin(8n);
  await write(2, 3);
  await write(3, 5);
  await begin(9n);
  await write(2, 5);
  expect(await readStreamEpoch(db)).toBe(9n);
  const kept = async () => (await db.q.selectFrom('home_outbox').select(['dc', 'epoch', 'seq']).orderBy('dc').orderBy('epoch').orderBy('seq').execute()).map(({ dc, epoch, seq }) => `${dc}:${epoch}:${seq}`);
  const waiting = async () => Object.fromEntries([...(await readWaiting(db))].map(([dc, { frames, bytes }]) => [dc, [frames, bytes]]));
  const others = ['3:8:1', '3:8:2', '3:8:3', '3:8:4', '3:8:5'];
  expect(await doTrimOutbox(db, 2, 0)).toBe(0);
  expect(await doNoteAcknowledged(db, { dc: 2, epoch: 8n, seq: 2n })).toEqual({ lost: 0n, keptBytes: 2000 });
  expect(await doNoteAcknowledged(db, { dc: 2, epoch: 9n, seq: 2n })).toEqual({ lost: 0n, keptBytes: 4000 });
  expect(await doNoteAcknowledged(db, { dc: 2, epoch: 9n, seq: 2n })).toEqual({ lost: 0n, keptBytes: 0 });
  expect(await doTrimOutbox(db, 2, 4000)).toBe(0);
  expect(await doTrimOutbox(db, 2, 3999)).toBe(1);
  expect(await doTrimOutbox(db, 2, 1500)).toBe(2);
  expect(await kept()).toEqual(['2:8:3', '2:9:2', '2:9:3', '2:9:4', '2:9:5', ...others]);
  expect(await waiting()).toEqual({ 2: [4, 4000], 3: [5, 5000] });
  expect(await doTrimOutbox(db, 2, 0)).toBe(1);
  expect(await doTrimOutbox(db, 2, 0)).toBe(0);
  expect(await kept()).toEqual(['2:8:3', '2:9:3', '2:9:4', '2:9:5', ...others]);
  // What is dropped after a week counts no more either.
  expect(await doNoteAcknowledged(db, { dc: 2, epoch: 8n, seq: 3n })).toEqual({ lost: 0n, keptBytes: 1000 });
  await dropOldFrames(db, { nowDate: 1000, before: 0 }, new AbortController().signal);
  await dropOldFrames(db, { nowDate: 2000, before: 1001 }, new AbortController().signal);
  expect(await kept()).toEqual(['2:9:3', '2:9:4', '2:9:5', ...others]);
  expect(await doNoteAcknowledged(db, { dc: 2, epoch: 9n, seq: 3n })).toEqual({ lost: 0n, keptBytes: 1000 });
  expect(await waiting()).toEqual({ 2: [2, 2000], 3: [5, 5000] });
});

test('the list of links says what waits, and for how long', async () => {
  await using db = await testDatabase();
  await db.transact('homes', (tx) => insertHome(tx, { dc: 2, is_own: false, of_names: false, state: 'joined', ...NO_ADDRESSES }));
  const [link] = await listLinks(db);
  expect(link).toMatchObject({ dc: 2, state: 'down', waiting: 0, oldest_s: 0, sent_seq: 0, applied_seq: 0, lost: 0 });
  const now = Math.floor(Date.now() / 1000);
  await db.q.insertInto('home_streams').values([{ dc: 2, epoch: 1n, sent_seq: 4n, acked_seq: 2n }, { dc: 2, epoch: BigInt(link!.epoch), sent_seq: 5n, acked_seq: 1n }]).execute();
  await db.q.insertInto('home_outbox').values([{ dc: 2, epoch: 1n, seq: 3n, frame: Buffer.of(1), written_date: now - 100 }]).execute();
  const [waiting] = await listLinks(db);
  expect(waiting).toMatchObject({ waiting: 6, sent_seq: 5, applied_seq: 1 });
  expect(waiting!.oldest_s).toBeGreaterThanOrEqual(100);
  expect(waiting!.oldest_s).toBeLessThan(200);
});
