import { decodeHints, LossListeners } from '@aerogram/bus';
import { LinkError } from '@aerogram/link';
import { createFakeClock, createMetrics, OperatorError, silentLogger } from '@aerogram/runtime';
import type { Member } from '@aerogram/storage';
import { beforeEach, describe, expect, test } from 'vitest';
import { Settling } from '../src/settle-decisions.ts';

type Handler = (body: Uint8Array, from: string) => Uint8Array | Promise<Uint8Array>;

const memberOf = (name: string): Member => ({ name, token: 1n, linkAddress: `${name}:1` });

/** A node with fakes around it: what it calls is noted, and answered by `answer`. */
class Node {
  readonly clock = createFakeClock();
  readonly losses = new LossListeners();
  readonly published: string[] = [];
  readonly delivered: string[] = [];
  readonly calls: { node: string; body: Uint8Array; timeoutMs: number }[] = [];
  readonly barriers: (() => void)[] = [];
  cleared = 0;
  answer: (node: string) => Promise<Uint8Array> = () => Promise.resolve(Buffer.alloc(0));
  raise: () => Promise<void> = () => new Promise((resolve) => this.barriers.push(resolve));
  peers = [memberOf('self'), memberOf('one'), memberOf('two')];
  members: Member[] = [];
  tellChange!: () => void;
  lose!: () => void;
  hear!: Handler;
  readonly settling: Settling;

  constructor() {
    this.losses.add(() => void this.cleared++);
    const readPeers = (): Member[] => this.peers;
    const readMembers = (): Member[] => this.members;
    this.settling = new Settling({
      bus: { publish: (topic) => void this.published.push(topic), deliver: (topic) => void this.delivered.push(topic) },
      links: {
        call: (node, _kind, body, { timeoutMs }) => {
          this.calls.push({ node, body, timeoutMs });
          return this.answer(node);
        },
        onCall: (_kind, handler) => {
          this.hear = handler;
        },
      },
      lease: {
        self: 'self',
        get peers() {
          return readPeers();
        },
        get members() {
          return readMembers();
        },
        onChange: (fn) => {
          this.tellChange = fn;
          return { [Symbol.dispose]() {} };
        },
        raiseBarrier: () => this.raise(),
        lost: new Promise((resolve) => {
          this.lose = () => resolve(new OperatorError('lost'));
        }),
      },
      losses: this.losses,
      clock: this.clock,
      metrics: createMetrics(),
      log: silentLogger,
    });
  }
}

/** Whether a promise has resolved when everything that could run has run. */
async function isResolved(promise: Promise<void>): Promise<boolean> {
  let resolved = false;
  void promise.then(() => (resolved = true));
  await new Promise((resolve) => setImmediate(resolve));
  return resolved;
}

let node: Node;
beforeEach(() => {
  node = new Node();
});

describe('the one who decides', () => {
  test('asks every other node once with all hints of a commit, and waits for all of them', async () => {
    const answers: (() => void)[] = [];
    node.answer = () => new Promise((resolve) => answers.push(() => resolve(Buffer.alloc(0))));
    const decided = Promise.all([node.settling.decide('a', { id: 1n }), node.settling.decide('b', { id: 2n })]).then(() => undefined);
    expect(node.published).toEqual(['a', 'b']);
    expect(await isResolved(decided)).toBe(false);
    expect(node.calls.map(({ node: to, timeoutMs }) => [to, timeoutMs])).toEqual([['one', 300], ['two', 300]]);
    expect(decodeHints(node.calls[0]!.body)).toEqual([{ topic: 'a', hint: { id: 1n } }, { topic: 'b', hint: { id: 2n } }]);
    answers[0]!();
    expect(await isResolved(decided)).toBe(false);
    answers[1]!();
    await decided;
    expect(node.barriers).toEqual([]);
  });

  test('does not wait where there is no other node', async () => {
    node.peers = [memberOf('self')];
    await node.settling.decide('a', 1);
    expect(node.calls).toEqual([]);
  });

  test('waits for the barrier when a node does not answer', async () => {
    node.answer = (name) => (name === 'two' ? Promise.reject(new LinkError('timeout')) : Promise.resolve(Buffer.alloc(0)));
    const decided = node.settling.decide('a', 1);
    expect(await isResolved(decided)).toBe(false);
    expect(node.barriers).toHaveLength(1);
    node.barriers[0]!();
    await decided;
  });

  test('shares one barrier among the decisions that came while another was raised', async () => {
    node.answer = () => Promise.reject(new LinkError('down'));
    const first = node.settling.decide('a', 1);
    await isResolved(first);
    const others = [node.settling.decide('b', 2)];
    await isResolved(others[0]!);
    others.push(node.settling.decide('c', 3));
    await isResolved(others[1]!);
    // The barrier of the first may have been read by others before these commits.
    expect(node.barriers).toHaveLength(1);
    node.barriers[0]!();
    await first;
    expect(await isResolved(others[0]!)).toBe(false);
    expect(node.barriers).toHaveLength(2);
    node.barriers[1]!();
    await Promise.all(others);
  });

  test('raises the barrier again while the database is away, and gives up after a while', async () => {
    let tries = 0;
    node.answer = () => Promise.reject(new LinkError('down'));
    node.raise = () => {
      tries++;
      return Promise.reject(new Error('no database'));
    };
    const refused = node.settling.decide('a', 1).catch((error: Error) => error.message);
    for (let i = 0; i < 25; i++) {
      await new Promise((resolve) => setImmediate(resolve));
      await node.clock.advance(500);
    }
    expect(await refused).toBe('a decision could not be settled');
    expect(tries).toBeGreaterThan(15);
  });

  test('is refused at once when this node is lost', async () => {
    node.answer = () => Promise.reject(new LinkError('down'));
    node.raise = () => Promise.reject(new Error('lost'));
    node.lose();
    await expect(node.settling.decide('a', 1)).rejects.toThrow('a decision could not be settled');
  });

  test('has the others drop everything when a commit has very many hints', async () => {
    await node.settling.decide('a', { ids: Array.from({ length: 40_000 }, (_, i) => BigInt(i) << 32n) });
    expect(node.calls[0]!.body).toHaveLength(0);
  });
});

describe('the one who is asked', () => {
  test('answers when its listeners have got the hints, without a decision of its own', async () => {
    const other = new Node();
    node.answer = () => new Promise(() => {});
    void node.settling.decide('own', 1);
    await other.settling.decide('a', { id: 7n });
    await node.hear(other.calls[0]!.body, 'other');
    expect(node.delivered).toEqual(['a']);
    expect(node.cleared).toBe(0);
  });

  test('drops everything when it is told nothing else', async () => {
    await node.hear(Buffer.alloc(0), 'other');
    expect([node.delivered, node.cleared]).toEqual([[], 1]);
  });

  test('confirms nothing that it cannot read', async () => {
    await expect(Promise.resolve().then(() => node.hear(Buffer.from([0, 0, 0, 0, 9, 0, 0, 0, 1]), 'other'))).rejects.toThrow();
  });
});

test('a node drops what it has read when it becomes a member, once', () => {
  node.tellChange();
  expect(node.cleared).toBe(0);
  node.members = [memberOf('one'), memberOf('self')];
  node.tellChange();
  node.tellChange();
  expect(node.cleared).toBe(1);
});
