import { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLinkedBus, type LinkedBus } from '../src/index.ts';

/** Both ends of a pipe. */
function makePipe(): [Duplex, Duplex] {
  const ends: Duplex[] = [];
  const end = (other: number): Duplex =>
    new Duplex({
      read() {},
      write(chunk, _encoding, done) {
        setImmediate(() => {
          ends[other]?.push(chunk);
          done();
        });
      },
      final(done) {
        ends[other]?.push(null);
        done();
      },
    });
  ends.push(end(1), end(0));
  return [ends[0]!, ends[1]!];
}

let a: LinkedBus;
let b: LinkedBus;

function join(one: LinkedBus, other: LinkedBus): void {
  const [here, there] = makePipe();
  one.join(here);
  other.join(there);
}

/** Waits until what was sent has arrived. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

beforeEach(() => {
  a = createLinkedBus();
  b = createLinkedBus();
  join(a, b);
});
afterEach(async () => {
  await Promise.all([a[Symbol.asyncDispose](), b[Symbol.asyncDispose]()]);
});

describe('buses of several processes', () => {
  test('carry hints in order, with every type of value', async () => {
    const seen: unknown[] = [];
    using _ = b.subscribe('user:1', (hint) => seen.push(hint));
    await settle();
    const hint = { owner: 1n, nested: [{ text: 'ü', bytes: Uint8Array.of(1, 2), none: undefined, no: null }], is: true, at: 1.5 };
    for (const pts of [1, 2, 3]) a.publish('user:1', { ...hint, pts });
    await settle();
    expect(seen).toEqual([1, 2, 3].map((pts) => ({ ...hint, pts })));
  });

  test('send hints about a user only to processes that listen to the topic', async () => {
    expect([a.wanted, b.wanted]).toEqual([0, 0]);
    const subscription = b.subscribe('user:1', () => {});
    const second = b.subscribe('user:1', () => {});
    await settle();
    expect([a.wanted, b.wanted]).toEqual([1, 0]);
    using _own = a.subscribe('user:1', () => {});
    await settle();
    expect([a.wanted, b.wanted]).toEqual([1, 1]);
    subscription[Symbol.dispose]();
    await settle();
    expect(a.wanted).toBe(1);
    second[Symbol.dispose]();
    await settle();
    expect([a.wanted, b.wanted]).toEqual([0, 1]);
  });

  test('send everything else to all, and once to the listeners of the same process', async () => {
    const seen: string[] = [];
    using _a = a.subscribe('accounts', (hint) => seen.push(`a ${String(hint)}`));
    using _b = b.subscribe('accounts', (hint) => seen.push(`b ${String(hint)}`));
    a.publish('accounts', 1);
    await settle();
    expect(seen).toEqual(['a 1', 'b 1']);
  });

  test('a process that joins later learns who listens; the end of a process counts as a loss for the others', async () => {
    using _ = b.subscribe('user:1', () => {});
    await settle();
    const c = createLinkedBus();
    join(c, a);
    join(c, b);
    await settle();
    expect(c.wanted).toBe(1);
    let losses = 0;
    using _loss = c.onReconnect(() => losses++);
    await b[Symbol.asyncDispose]();
    await settle();
    expect(losses).toBe(1);
    expect(c.wanted).toBe(0);
    await c[Symbol.asyncDispose]();
  });

  test('a process that does not read loses hints, and is told so when it reads again', async () => {
    let losses = 0;
    const seen: unknown[] = [];
    const [here, there] = makePipe();
    // Nothing reaches the other end for now.
    const waiting: (() => void)[] = [];
    let isStuck = true;
    there._write = (chunk: Buffer, _encoding, done) => {
      const pass = (): void => {
        here.push(chunk);
        done();
      };
      if (isStuck) waiting.push(pass);
      else setImmediate(pass);
    };
    const c = createLinkedBus();
    c.join(here);
    a.join(there);
    using _loss = c.onReconnect(() => losses++);
    using _ = c.subscribe('user:1', (hint) => seen.push(hint));
    await settle();
    const large = new Uint8Array(1024 * 1024);
    for (let n = 0; n < 50; n++) {
      a.publish('user:1', { n, large });
      await settle();
    }
    isStuck = false;
    for (const pass of waiting.splice(0)) pass();
    await settle();
    await settle();
    expect(seen.length).toBeGreaterThan(20);
    expect(seen.length).toBeLessThan(50);
    expect(losses).toBe(1);
    a.publish('user:1', 'after');
    await settle();
    expect(seen.at(-1)).toBe('after');
    await c[Symbol.asyncDispose]();
  });

  test('hints of another version count as a loss and do not end the process', async () => {
    let losses = 0;
    const seen: unknown[] = [];
    const [here, there] = makePipe();
    const c = createLinkedBus();
    c.join(here);
    using _loss = c.onReconnect(() => losses++);
    using _ = c.subscribe('accounts', (hint) => seen.push(hint));
    const hints = 3;
    const unknownTag = 99;
    there.write(Buffer.of(1, 0, 0, 0, hints, unknownTag));
    await settle();
    expect(losses).toBe(1);
    a.join(there);
    a.publish('accounts', 1);
    await settle();
    expect(seen).toEqual([1]);
    await c[Symbol.asyncDispose]();
  });
});
