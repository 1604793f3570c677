import { createFakeClock, type FakeClock } from '@aerogram/runtime';
import { beforeEach, expect, test } from 'vitest';
import { Interest } from '../../src/nats/interest.ts';
import { isAsked, writeAsked } from '../../src/nats/nats-frame.ts';
import { Senders } from '../../src/nats/senders.ts';

/** A node without a connection: what it tells comes to the others at once, or is lost. */
class Node {
  readonly senders = new Senders();
  readonly interest: Interest;
  readonly others: Node[] = [];
  readonly id: bigint;
  /** Sizes of the messages that it sent. */
  readonly told: number[] = [];
  questions = 0;
  isLosing = false;
  expected: string[] = [];
  maxBody = 1024;
  #sequence = 0;
  readonly #clock: FakeClock;
  readonly #beats: { cancel(): void };

  constructor(clock: FakeClock, id: bigint) {
    this.#clock = clock;
    this.id = id;
    this.interest = new Interest({
      clock,
      senders: this.senders,
      others: () => this.expected,
      isConnected: () => true,
      maxBody: () => this.maxBody,
      tell: (body) => {
        this.told.push(body.length);
        const told = { sequence: ++this.#sequence, body };
        this.#toOthers((other) => {
          other.senders.heardInterest(id, told, clock.monotonicMs());
          other.interest.heard();
        });
      },
      ask: (senders) => {
        this.questions++;
        const body = writeAsked(senders);
        this.#toOthers((other) => isAsked(body, other.id) && other.interest.asked());
      },
    });
    this.#beats = clock.setInterval(() => this.#beat(), 1_000);
  }

  restart(): void {
    this.senders.restart(this.#clock.monotonicMs());
    this.interest.restart();
  }

  end(): void {
    this.#beats.cancel();
  }

  #beat(): void {
    this.#toOthers((other) => {
      other.senders.heardBeat(this.id, { sequence: this.#sequence, name: `node ${this.id}` }, this.#clock.monotonicMs());
      other.interest.heard();
    });
    this.senders.isSilent(this.expected, this.#clock.monotonicMs());
    this.interest.beat();
  }

  #toOthers(fn: (other: Node) => void): void {
    if (!this.isLosing) for (const other of this.others) fn(other);
  }
}

let clock: FakeClock;
let a: Node;
let b: Node;

beforeEach(async () => {
  clock = createFakeClock();
  a = new Node(clock, 1n);
  b = new Node(clock, 2n);
  a.others.push(b);
  b.others.push(a);
  a.restart();
  b.restart();
  await clock.advance(2_000);
});

test('until two beats have passed, everything may be heard; then only what another node listens to', async () => {
  const c = new Node(clock, 3n);
  c.others.push(a, b);
  for (const other of [a, b]) other.others.push(c);
  b.interest.begin('user:1');
  c.restart();
  await clock.advance(1_990);
  expect(c.interest.mayBeHeard('user:7')).toBe(true);
  await clock.advance(10);
  const heard = ['user:1', 'user:7', 'channels:1', 'bot:1', 'user:01', 'user:1234567890123456', 'else:1'].map((topic) => c.interest.mayBeHeard(topic));
  expect(heard).toEqual([true, false, false, false, true, true, true]);
  c.interest.begin('channels:1');
  c.interest.begin('bot:1');
  await clock.advance(0);
  expect(['user:1', 'channels:1', 'bot:1', 'user:7'].map((topic) => a.interest.mayBeHeard(topic))).toEqual([true, true, true, false]);
});

test('the first change is told at once, those of the next ten milliseconds together, and an end with a beat', async () => {
  b.told.length = 0;
  for (const id of [1, 2]) b.interest.begin(`user:${id}`);
  await clock.advance(0);
  expect([b.told, a.interest.mayBeHeard('user:2')]).toEqual([[17], true]);
  for (const id of [3, 4, 5]) b.interest.begin(`user:${id}`);
  b.interest.cease('user:5');
  await clock.advance(9);
  expect(a.interest.mayBeHeard('user:3')).toBe(false);
  await clock.advance(1);
  expect([b.told, a.interest.mayBeHeard('user:3'), a.interest.mayBeHeard('user:5')]).toEqual([[17, 17], true, false]);
  b.interest.cease('user:1');
  b.interest.cease('user:2');
  b.interest.begin('user:2');
  await clock.advance(900);
  expect(a.interest.mayBeHeard('user:1')).toBe(true);
  await clock.advance(100);
  expect([b.told, a.interest.mayBeHeard('user:1'), a.interest.mayBeHeard('user:2')]).toEqual([[17, 17, 9], false, true]);
});

test('after a message that was lost, everything may be heard until the node has told everything again', async () => {
  for (let id = 1; id <= 500; id++) b.interest.begin(`user:${id}`);
  await clock.advance(1_000);
  expect(a.interest.mayBeHeard('user:1000')).toBe(false);
  b.isLosing = true;
  b.interest.begin('user:600');
  await clock.advance(10);
  expect(a.interest.mayBeHeard('user:600')).toBe(false);
  b.isLosing = false;
  a.isLosing = true;
  b.interest.begin('user:601');
  b.told.length = 0;
  await clock.advance(500);
  expect([b.told, a.interest.mayBeHeard('user:1000')]).toEqual([[9], true]);
  a.isLosing = false;
  await clock.advance(500);
  expect([1, 500, 600, 601, 1000].map((id) => a.interest.mayBeHeard(`user:${id}`))).toEqual([true, true, true, true, false]);
  // 502 keys, of which 127 fit into a message.
  expect(b.told).toEqual([9, 1017, 1017, 1017, 969]);
});

test('a beat shows that the last message was lost; a question that is lost is asked again', async () => {
  b.isLosing = true;
  b.interest.begin('user:1');
  await clock.advance(10);
  a.isLosing = true;
  b.isLosing = false;
  const before = a.questions;
  await clock.advance(2_980);
  expect(a.interest.mayBeHeard('user:5')).toBe(true);
  expect(a.questions - before).toBeGreaterThanOrEqual(2);
  expect(a.questions - before).toBeLessThanOrEqual(6);
  a.isLosing = false;
  await clock.advance(1_100);
  expect([a.interest.mayBeHeard('user:5'), a.interest.mayBeHeard('user:1')]).toEqual([false, true]);
});

test('a node that ought to be heard and is not may listen to anything, one that nobody expects to nothing', async () => {
  a.expected = ['node 2', 'node 3'];
  await clock.advance(1_000);
  expect(a.interest.mayBeHeard('user:5')).toBe(true);
  a.expected = ['node 2'];
  await clock.advance(1_000);
  expect(a.interest.mayBeHeard('user:5')).toBe(false);
  b.interest.begin('user:1');
  await clock.advance(10);
  b.end();
  await clock.advance(4_000);
  expect(a.interest.mayBeHeard('user:5')).toBe(true);
  a.expected = [];
  await clock.advance(1_000);
  expect(a.interest.mayBeHeard('user:1')).toBe(false);
});

test('who is asked all the time tells everything twice a second at most', async () => {
  for (let id = 1; id <= 100; id++) b.interest.begin(`user:${id}`);
  await clock.advance(1_000);
  b.told.length = 0;
  for (let ms = 0; ms < 2_000; ms += 20) {
    b.interest.asked();
    await clock.advance(20);
  }
  expect(b.told.filter((bytes) => bytes === 801).length).toBeGreaterThanOrEqual(2);
  expect(b.told.length).toBeLessThanOrEqual(5);
});
