import { type Logger, silentLogger } from '@aerogram/runtime';
import { listLinks } from '@aerogram/storage';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { createTwoEnds, type End } from './two-ends.ts';

const numbers = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, at) => String(from + at));

test('frames reach the other home in order, each once, and it is known that they did', async () => {
  await using ends = await createTwoEnds();
  const { one, two } = ends;
  for (let at = 1; at <= 200; at += 2) await one.write(2, String(at), String(at + 1));
  await two.write(1, 'back');
  await expect.poll(() => two.frames.applied).toEqual(numbers(1, 200));
  await expect.poll(() => one.frames.applied).toEqual(['back']);
  await expect.poll(async () => (await listLinks(one.db))[0]).toMatchObject({ dc: 2, state: 'up', waiting: 0, oldest_s: 0, sent_seq: 200, applied_seq: 200, lost: 0 });
});

test('after a cut the stream goes on where it stood', async () => {
  await using ends = await createTwoEnds();
  const { one, two } = ends;
  await one.write(2, ...numbers(1, 10));
  await expect.poll(() => two.frames.applied.length).toBe(10);
  await two.stop();
  await one.write(2, ...numbers(11, 20));
  await expect.poll(async () => (await listLinks(one.db))[0]!.state).toBe('down');
  await two.start();
  await expect.poll(() => two.frames.applied).toEqual(numbers(1, 20));
  await one.stop();
  await one.write(2, ...numbers(21, 30));
  await one.start();
  await expect.poll(() => two.frames.applied).toEqual(numbers(1, 30));
});

test('what cannot be applied is tried again, and nothing after it comes first', async () => {
  await using ends = await createTwoEnds();
  const { one, two } = ends;
  two.frames.failures.push(new Error('not now'), new Error('not yet'));
  for (const text of numbers(1, 50)) await one.write(2, text);
  await expect.poll(() => two.frames.applied).toEqual(numbers(1, 50));
});

test('a home that was restored from a backup gets again what it has lost, also what it had sent itself', async () => {
  await using ends = await createTwoEnds();
  const { one, two } = ends;
  await one.write(2, ...numbers(1, 10));
  await two.write(1, ...numbers(101, 110));
  await expect.poll(() => [two.frames.applied.length, one.frames.applied.length]).toEqual([10, 10]);
  await expect.poll(async () => (await listLinks(two.db))[0]!.waiting).toBe(0);
  await two.stop();
  // The backup was made when each home had sent four frames.
  await two.db.q.deleteFrom('home_inbox').where('seq', '>', 4n).execute();
  await two.db.q.updateTable('home_applied').set({ applied_seq: 4n }).execute();
  await two.db.q.deleteFrom('home_outbox').where('seq', '>', 4n).execute();
  await two.db.q.updateTable('home_streams').set({ sent_seq: 4n, acked_seq: 2n, sent_bytes: 12n, acked_bytes: 6n }).execute();
  await two.beginEpoch();
  two.frames.applied.length = 0;
  await two.write(1, 'new');
  await two.start();
  await expect.poll(() => two.frames.applied).toEqual(numbers(5, 10));
  expect(two.frames.returned).toEqual(numbers(105, 110));
  await expect.poll(() => one.frames.applied).toEqual([...numbers(101, 110), 'new']);
  await expect.poll(async () => (await listLinks(two.db))[0]).toMatchObject({ waiting: 0, sent_seq: 1, applied_seq: 1 });
  // It is told once.
  await two.stop();
  await two.start();
  await one.write(2, 'last');
  await expect.poll(() => two.frames.applied.at(-1)).toBe('last');
  expect(two.frames.returned).toEqual(numbers(105, 110));
  expect((await two.db.q.selectFrom('home_streams').select(['sent_bytes', 'acked_bytes']).orderBy('epoch').execute()).map((row) => row.sent_bytes - row.acked_bytes)).toEqual([0n, 0n]);
});

test('a home whose database was put back without a new epoch begins one itself, and gets back what it had sent', async () => {
  await using ends = await createTwoEnds();
  const { one, two } = ends;
  await two.write(1, ...numbers(1, 10));
  await expect.poll(() => one.frames.applied.length).toBe(10);
  await two.stop();
  await two.db.q.deleteFrom('home_outbox').where('seq', '>', 4n).execute();
  await two.db.q.updateTable('home_streams').set({ sent_seq: 4n, acked_seq: 4n }).execute();
  await two.start();
  await expect.poll(() => two.frames.returned).toEqual(numbers(5, 10));
  await two.write(1, 'new');
  await expect.poll(() => one.frames.applied).toEqual([...numbers(1, 10), 'new']);
});

test('frames that are not kept any more are lost, which is shown, and the rest comes', async () => {
  await using ends = await createTwoEnds();
  const { one, two } = ends;
  await two.stop();
  await one.write(2, ...numbers(1, 10));
  await one.db.q.deleteFrom('home_outbox').where('seq', '<=', 7n).execute();
  await two.start();
  await expect.poll(() => two.frames.applied).toEqual(numbers(8, 10));
  await expect.poll(async () => [await listLinks(one.db), await listLinks(two.db)]).toMatchObject([[{ lost: 7, waiting: 0 }], [{ lost: 7 }]]);
});

test('frames that are lost are counted once, however often the other home is told and whatever ends between', async () => {
  const lines: string[] = [];
  const note = (_fields: unknown, text: string): void => void lines.push(text);
  await using ends = await createTwoEnds(Object.assign(Object.create(silentLogger) as Logger, { warn: note, error: note }));
  const { one, two } = ends;
  await two.stop();
  await one.write(2, ...numbers(1, 10));
  await one.db.q.deleteFrom('home_outbox').where('seq', '<=', 7n).execute();
  // Neither can count; what each does in the same transaction fails with it.
  for (const { db } of [one, two]) await db.q.schema.alterTable('homes').addCheckConstraint('none_lost', sql`lost_frames = 0`).execute();
  const mend = ({ db }: End): Promise<void> => db.q.schema.alterTable('homes').dropConstraint('none_lost').execute();
  await two.start();
  const failures = (): number => lines.filter((line) => line.startsWith('could not receive')).length;
  await expect.poll(failures).toBeGreaterThan(2);
  await mend(two);
  await expect.poll(() => two.frames.applied).toEqual(numbers(8, 10));
  await one.stop();
  await mend(one);
  await one.start();
  await expect.poll(async () => [await listLinks(one.db), await listLinks(two.db)]).toMatchObject([[{ lost: 7, waiting: 0 }], [{ lost: 7 }]]);
  expect(lines.filter((line) => line.startsWith('frames for another data centre are lost'))).toHaveLength(1);
});

test('what is kept for a home that it has applied has a bound, and what is dropped for it is counted', async () => {
  await using ends = await createTwoEnds();
  const { one, two } = ends;
  await one.stop();
  await one.start({ waiting: { ...one.options.waiting, linkKeptBytesMax: 1000 } });
  for (let at = 0; at < 4; at++) {
    await one.write(2, ...Array.from({ length: 5 }, () => 'x'.repeat(100)));
    await expect.poll(async () => (await listLinks(one.db))[0]!.waiting).toBe(0);
  }
  expect(two.frames.applied).toHaveLength(20);
  const kept = async (): Promise<number[]> => (await one.db.q.selectFrom('home_outbox').select('seq').orderBy('seq').execute()).map(({ seq }) => Number(seq));
  await expect.poll(async () => (await kept()).length).toBeLessThanOrEqual(10);
  const left = await kept();
  expect(left).toEqual(Array.from({ length: left.length }, (_, at) => 21 - left.length + at));
  expect(left.length).toBeGreaterThanOrEqual(9);
  await expect.poll(() => one.options.metrics.render()).toContain(`aerogram_link_kept_dropped_total{dc="2"} ${20 - left.length}\n`);
});

test('a second process that sends the same frames changes nothing', async () => {
  await using ends = await createTwoEnds();
  const { one, two } = ends;
  await one.write(2, ...numbers(1, 20));
  let arrived = 0;
  // Another process takes the same frames between two batches.
  two.frames.before = async () => void arrived++;
  await expect.poll(() => two.frames.applied.length).toBe(20);
  const { epoch } = await one.db.q.selectFrom('home_outbox').select('epoch').limit(1).executeTakeFirstOrThrow();
  two.frames.before = async () => {
    two.frames.before = async () => {};
    await two.frames.applyFrames({ dc: 1, epoch, seq: 21n }, ['21', '22'].map((text) => Buffer.from(text)));
  };
  await one.write(2, ...numbers(21, 30));
  await expect.poll(() => two.frames.applied).toEqual(numbers(1, 30));
  expect(arrived).toBeGreaterThan(0);
});

test('what waited in a former epoch does not wait any more when it is applied', async () => {
  await using ends = await createTwoEnds();
  const { one, two } = ends;
  await two.stop();
  await one.write(2, ...numbers(1, 1200));
  await one.stop();
  await one.beginEpoch();
  await one.write(2, 'new');
  two.frames.before = () => new Promise((resolve) => void setTimeout(resolve, 300));
  await one.start();
  await two.start();
  await expect.poll(() => two.frames.applied.at(-1), { timeout: 10_000 }).toBe('new');
  await expect.poll(async () => (await listLinks(one.db))[0]!.waiting).toBe(0);
});
