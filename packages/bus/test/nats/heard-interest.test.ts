import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { HeardInterest } from '../../src/nats/heard-interest.ts';
import { interestKey, keysIn, PART, readInterest, writeInterest } from '../../src/nats/interest-list.ts';
import { OwnInterest } from '../../src/nats/own-interest.ts';
import { Senders } from '../../src/nats/senders.ts';

const ROOM = 1_000;
const key = (id: number): number => interestKey(`user:${id}`)!;

describe('what another node listens to', () => {
  test('is unknown until it has told everything, with all parts', () => {
    const heard = new HeardInterest();
    heard.hear(writeInterest(PART.changes, [key(1)]), ROOM);
    heard.hear(writeInterest(PART.last, [key(1)]), ROOM);
    expect([heard.mayHave(key(9)), heard.isWanted]).toEqual([true, true]);
    heard.hear(writeInterest(PART.first, [key(1), key(2)]), ROOM);
    heard.hear(writeInterest(PART.middle, [key(3)]), ROOM);
    expect(heard.mayHave(key(9))).toBe(true);
    heard.hear(writeInterest(PART.last, [key(4)]), ROOM);
    expect([1, 2, 3, 4, 9].map((id) => heard.mayHave(key(id)))).toEqual([true, true, true, true, false]);
    expect([heard.isWanted, heard.size]).toEqual([false, 4]);
  });

  test('keeps what changes while everything is told, and what it knew until then', () => {
    const heard = new HeardInterest();
    heard.hear(writeInterest(PART.first | PART.last, [key(1), key(2)]), ROOM);
    heard.hear(writeInterest(PART.first, [key(1), key(3)]), ROOM);
    heard.hear(writeInterest(PART.changes, [key(4), -key(1)]), ROOM);
    expect([1, 2, 3, 4].map((id) => heard.mayHave(key(id)))).toEqual([false, true, false, true]);
    heard.hear(writeInterest(PART.last, [key(5)]), ROOM);
    expect([1, 2, 3, 4, 5].map((id) => heard.mayHave(key(id)))).toEqual([false, false, true, true, true]);
  });

  test('that is more than there is room for is unknown, and not asked for again until it may be less', () => {
    const heard = new HeardInterest();
    expect(heard.hear(writeInterest(PART.first | PART.last, [key(1), key(2)]), 1)).toBe(true);
    expect([heard.mayHave(key(9)), heard.isWanted, heard.size]).toEqual([true, false, 0]);
    heard.forget();
    expect(heard.isWanted).toBe(true);
    heard.hear(writeInterest(PART.first | PART.last, [key(1)]), 1);
    expect(heard.mayHave(key(9))).toBe(false);
  });

  test('is forgotten after other bytes', () => {
    const bad = [Buffer.alloc(0), Buffer.of(8), Buffer.alloc(5), writeInterest(0, [0]), writeInterest(0, [Number.NaN]), writeInterest(PART.last, [-1]), writeInterest(0, [0.5])];
    for (const body of bad) {
      const heard = new HeardInterest();
      heard.hear(writeInterest(PART.first | PART.last, []), ROOM);
      expect(heard.mayHave(1)).toBe(false);
      expect(heard.hear(body, ROOM)).toBe(false);
      expect(heard.mayHave(1)).toBe(true);
    }
  });
});

test('a message that comes late or twice, or after a hole, makes a node unknown', () => {
  const senders = new Senders();
  senders.restart(0);
  const tell = (sequence: number, parts: number, ...keys: number[]): unknown => senders.heardInterest(7n, { sequence, body: writeInterest(parts, keys) }, 10);
  const all = PART.first | PART.last;
  expect([tell(3, all, key(1)), senders.mayHave(key(1)), senders.mayHave(key(2))]).toEqual([undefined, true, false]);
  expect([tell(3, PART.changes, -key(1)), senders.mayHave(key(2))]).toEqual([undefined, true]);
  expect([tell(4, all, key(1)), senders.wanted()]).toEqual([undefined, []]);
  expect([tell(6, PART.changes, key(3)), senders.mayHave(key(2)), senders.wanted()]).toEqual(['hole', true, [7n]]);
  // Everything that comes after a hole is believed.
  expect([tell(8, all, key(3)), senders.mayHave(key(2))]).toEqual(['hole', false]);
  expect(senders.heardBeat(7n, { sequence: 9, name: 'x' }, 20)).toBe(true);
  expect(senders.mayHave(key(2))).toBe(true);
  expect([senders.heardInterest(7n, { sequence: 10, body: Buffer.of() }, 20), senders.wanted()]).toEqual(['malformed', [7n]]);
});

test('a hundred thousand users of a node take less than 20 MB', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heap = (): number => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const senders = new Senders();
  const before = heap();
  for (let part = 0; part < 10; part++) {
    const body = writeInterest(part === 0 ? PART.first : part === 9 ? PART.last : PART.middle, Array.from({ length: 10_000 }, (_, n) => key(1_000_000_000 + (part * 10_000 + n) * 7_919)));
    senders.heardInterest(7n, { sequence: part + 1, body }, 1);
  }
  const bytes = heap() - before;
  expect([senders.mayHave(key(1_000_000_000)), senders.mayHave(key(1))]).toEqual([true, false]);
  expect(bytes).toBeLessThan(20 * 1024 * 1024);
});

test('of all nodes together no more topics are kept than there is room for', () => {
  const senders = new Senders(2_000);
  senders.restart(0);
  const keys = Array.from({ length: 500 }, (_, id) => key(id));
  const body = writeInterest(PART.first | PART.last, keys);
  for (let id = 1n; id <= 5n; id++) senders.heardInterest(id, { sequence: 1, body }, 1);
  expect(senders.mayHave(key(500))).toBe(true);
  senders.left(5n);
  expect(senders.mayHave(key(500))).toBe(false);
});

test('everything in parts and the changes after it are what a node listens to', () => {
  const own = new OwnInterest();
  const heard = new HeardInterest();
  const hear = (bodies: Buffer[]): void => bodies.forEach((body) => heard.hear(body, ROOM));
  hear(own.takeAll(10));
  expect([heard.mayHave(key(0)), heard.isWanted]).toEqual([false, false]);
  for (let id = 0; id < 25; id++) own.begin(key(id));
  own.cease(key(3));
  hear(own.takeChanges(10));
  own.begin(key(3));
  own.cease(key(4));
  hear(own.takeAll(10));
  expect(own.takeChanges(10)).toEqual([]);
  own.cease(key(5));
  own.begin(key(30));
  hear(own.takeChanges(1));
  expect(Array.from({ length: 32 }, (_, id) => id).filter((id) => !heard.mayHave(key(id)))).toEqual([4, 5, 25, 26, 27, 28, 29, 31]);
});

test('keys of different topics differ, and a body of that many keys is no longer than it may be', () => {
  const topics = ['user:0', 'user:1', 'channels:0', 'channels:1023', 'bot:1', 'user:999999999999999'];
  expect(new Set(topics.map(interestKey)).size).toBe(6);
  expect(['accounts', 'auth:1', 'user:', 'user:-1', 'user:1:2', 'user:0x1', 'constructor:1'].map(interestKey)).toEqual(Array.from({ length: 7 }, () => undefined));
  for (const bytes of [9, 16, 17, 1024]) expect(writeInterest(0, Array.from({ length: keysIn(bytes) }, () => 1)).length).toBeLessThanOrEqual(bytes);
  expect(readInterest(writeInterest(PART.changes, topics.map((topic) => -interestKey(topic)!)))).toEqual({ parts: 0, keys: topics.map((topic) => -interestKey(topic)!) });
});
