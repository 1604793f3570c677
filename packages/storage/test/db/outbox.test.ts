import { createFakeClock, seededRandom, silentLogger, systemClock } from '@aerogram/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ApplyEntry, type OutboxSenderOptions, createOutboxReceiver, createOutboxSender } from '../../src/index.ts';
import type { OutboxFrame, OutboxSender } from '../../src/index.ts';
import { type TestDatabase, testDatabase } from '../../src/testing.ts';

let db: TestDatabase;
let senders: OutboxSender[] = [];
beforeEach(async () => {
  db = await testDatabase();
});
afterEach(async () => {
  await Promise.all(senders.map((sender) => sender[Symbol.asyncDispose]()));
  senders = [];
  await db[Symbol.asyncDispose]();
});

function startSender(options: Partial<OutboxSenderOptions> & Pick<OutboxSenderOptions, 'deliver'>): OutboxSender {
  const sender = createOutboxSender({ db, clock: systemClock, log: silentLogger, holder: 'node-1', dest: 'search', ...options });
  senders.push(sender);
  sender.start();
  return sender;
}

const write = (source: bigint, text: string, dest = 'search'): Promise<void> =>
  db.transact('write', async (tx) => {
    const counter = (await tx.lockCounters([source])).get(source)!;
    counter.pts += 1;
    const payload = Buffer.from(text.replace('$', String(counter.pts)));
    await tx.outbox([{ source_owner: source, dest, kind: 'note', payload }]);
  });

/** Applies notes into a map of texts by source. */
function collecting(check: (text: string) => void = () => {}) {
  const applied = new Map<bigint, string[]>();
  const note: ApplyEntry = async (tx, entry) => {
    const text = Buffer.from(entry.payload).toString();
    check(text);
    tx.afterCommit(() => applied.set(entry.source_owner, [...(applied.get(entry.source_owner) ?? []), text]));
  };
  return { applied, receiver: createOutboxReceiver({ db, dest: 'search', kinds: { note } }) };
}

const remaining = (): Promise<{ source_owner: bigint; out_seq: bigint }[]> =>
  db.q.selectFrom('outbox').select(['source_owner', 'out_seq']).orderBy('source_owner').orderBy('out_seq').execute();

test('entries arrive once, in the order of commit, while many write', async () => {
  const { applied, receiver } = collecting();
  const sender = startSender({ deliver: (frame) => receiver.receive(frame) });
  const sources = [1n, 2n, 3n, -4n];
  await Promise.all(
    Array.from({ length: 32 }, async (_, writer) => {
      for (let i = 0; i < 10; i++) await write(sources[(writer + i) % sources.length]!, '$');
    }),
  );
  await sender.flush();
  for (const source of sources) {
    expect(applied.get(source)).toEqual(Array.from({ length: 80 }, (_, i) => String(i + 2)));
  }
  expect(await remaining()).toEqual([]);
});

test('a backlog of one source longer than one read arrives whole', async () => {
  await db.transact('write', async (tx) => {
    await tx.lockCounters([1n, 2n]);
    const entry = (i: number) => ({ dest: 'search', kind: 'note', payload: Buffer.from(String(i)) });
    await tx.outbox(Array.from({ length: 700 }, (_, i) => ({ source_owner: BigInt(1 + (i % 2)), ...entry(i) })));
  });
  const { applied, receiver } = collecting();
  await startSender({ deliver: (frame) => receiver.receive(frame) }).flush();
  expect(applied.get(1n)).toEqual(Array.from({ length: 350 }, (_, i) => String(i * 2)));
  expect(applied.get(2n)).toEqual(Array.from({ length: 350 }, (_, i) => String(i * 2 + 1)));
});

test('answers that are lost and frames that come twice change nothing', async () => {
  const random = seededRandom(7);
  const { applied, receiver } = collecting();
  const clock = createFakeClock();
  const old: OutboxFrame[] = [];
  const sender = startSender({
    clock,
    async deliver(frame) {
      old.push(frame);
      const answer = await receiver.receive(frame);
      await receiver.receive(old[random.uint31() % old.length]!);
      if (random.uint31() % 2 === 0) throw new Error('the answer is lost');
      return answer;
    },
  });
  for (let i = 0; i < 20; i++) {
    await write(1n, '$');
    await write(2n, '$');
    await sender.flush();
  }
  while ((await remaining()).length > 0) await clock.advance(1000);
  const expected = Array.from({ length: 20 }, (_, i) => String(i + 2));
  expect([applied.get(1n), applied.get(2n)]).toEqual([expected, expected]);
  expect(await db.q.selectFrom('outbox_blocked').selectAll().execute()).toEqual([]);
});

test('a poison entry stops only its source, and what was before it is applied', async () => {
  const clock = createFakeClock();
  let isCured = false;
  const { applied, receiver } = collecting((text) => {
    if (text === 'poison' && !isCured) throw new Error('cannot apply');
  });
  for (const text of ['a', 'poison', 'b']) await write(1n, text);
  for (const text of ['c', 'd']) await write(2n, text);
  const sender = startSender({ clock, deliver: (frame) => receiver.receive(frame) });
  await sender.flush();
  expect(applied).toEqual(new Map([[1n, ['a']], [2n, ['c', 'd']]]));
  expect(await db.q.selectFrom('outbox_blocked').selectAll().execute()).toMatchObject([
    { source_owner: 1n, dest: 'search', attempts: 1, error: 'Error: cannot apply' },
  ]);
  await write(2n, 'e');
  await sender.flush();
  expect(applied.get(2n)).toEqual(['c', 'd', 'e']);
  expect(await remaining()).toHaveLength(2);

  isCured = true;
  while ((await remaining()).length > 0) await clock.advance(500);
  expect(applied.get(1n)).toEqual(['a', 'poison', 'b']);
  expect(await db.q.selectFrom('outbox_blocked').selectAll().execute()).toEqual([]);
});

test('an unknown kind waits for a program that knows it', async () => {
  const { receiver } = collecting();
  const answer = await receiver.receive({
    source_owner: 1n,
    dest: 'search',
    after_seq: 0n,
    entries: [{ out_seq: 1n, kind: 'future', payload: new Uint8Array(), date: 0 }],
  });
  expect(answer).toEqual({ applied_seq: 0n, error: 'Error: unknown kind future' });
});

test('a frame after a hole is refused', async () => {
  const { applied, receiver } = collecting();
  const frame = (afterSeq: bigint, outSeq: bigint): OutboxFrame => ({
    source_owner: 1n,
    dest: 'search',
    after_seq: afterSeq,
    entries: [{ out_seq: outSeq, kind: 'note', payload: Buffer.from(String(outSeq)), date: 0 }],
  });
  expect(await receiver.receive(frame(0n, 1n))).toEqual({ applied_seq: 1n });
  expect(await receiver.receive(frame(3n, 5n))).toMatchObject({ applied_seq: 1n, error: 'entries 2 to 3 are missing' });
  expect(await receiver.receive(frame(1n, 3n))).toEqual({ applied_seq: 3n });
  expect(await receiver.receive(frame(3n, 5n))).toEqual({ applied_seq: 5n });
  expect(applied.get(1n)).toEqual(['1', '3', '5']);
});

test('destinations get their own entries, and an outbox without its counter locked is refused', async () => {
  const { applied, receiver } = collecting();
  await write(1n, 'there', 'dc:4');
  await write(1n, 'here');
  await startSender({ deliver: (frame) => receiver.receive(frame) }).flush();
  expect(applied.get(1n)).toEqual(['here']);
  expect(await remaining()).toHaveLength(1);
  const unlocked = db.transact('test', (tx) =>
    tx.outbox([{ source_owner: 99n, dest: 'search', kind: 'note', payload: new Uint8Array() }]),
  );
  await expect(unlocked).rejects.toThrow('not locked');
});
