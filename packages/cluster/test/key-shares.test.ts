import { seededRandom } from '@aerogram/runtime';
import { describe, expect, test } from 'vitest';
import { type Generation, KeyShares } from '../src/index.ts';

const KEYS = Array.from({ length: 12 }, (_, n) => `auth:${n}`);
const NAMES = ['a', 'b', 'c', 'd', 'e'];

interface Row {
  name: string;
  isMember: boolean;
  /** May still serve by an earlier generation. */
  served: boolean;
  seen: number;
}

/** The rows of the nodes, as the database changes them. */
class Rows {
  generation = 0;
  rows: Row[] = [];

  change(work: () => void): void {
    for (const row of this.rows) row.served = row.isMember || (row.served && row.seen < this.generation);
    this.generation += 1;
    work();
  }

  view(): Generation {
    const { generation, rows } = this;
    return { generation, members: rows.filter(({ isMember }) => isMember).map(({ name }) => name), isSettled: rows.every(({ served, seen }) => !served || seen >= generation) };
  }
}

/** A node that reads the rows now and then, works on keys that it serves, and gives those up that it has lost before it says that it has seen a generation. */
class Node {
  readonly row: Row;
  readonly shares: KeyShares;
  readonly working = new Set<string>();
  #giving: number | undefined;

  constructor(row: Row) {
    this.row = row;
    this.shares = new KeyShares(row.name);
  }

  read(view: Generation): void {
    this.shares.read(view);
  }

  /** One step of giving up: it begins, or it ends. */
  give(): void {
    if (this.#giving === undefined) {
      if (this.row.seen < this.shares.generation) this.#giving = this.shares.generation;
      return;
    }
    for (const key of this.working) if (!this.shares.isServed(key)) this.working.delete(key);
    this.row.seen = this.#giving;
    this.#giving = undefined;
  }

  take(key: string): boolean {
    if (!this.shares.isServed(key)) return false;
    this.working.add(key);
    return true;
  }
}

describe('shares of keys', () => {
  test.each(Array.from({ length: 40 }, (_, seed) => seed))('no key ever has two owners at work, whenever nodes join, leave, are lost, and read of it: %i', (seed) => {
    const random = seededRandom(`shares ${seed}`);
    const chance = (of: number): number => random.uint31() % of;
    const rows = new Rows();
    let nodes: Node[] = [];
    let taken = 0;
    const join = (name: string): void => {
      const node = new Node({ name, isMember: false, served: false, seen: 0 });
      rows.rows = [...rows.rows.filter((row) => row.name !== name), node.row];
      nodes = [...nodes, node];
      node.read(rows.view());
      rows.change(() => (node.row.isMember = true));
    };
    const lose = (node: Node): void => {
      nodes = nodes.filter((one) => one !== node);
      rows.change(() => (rows.rows = rows.rows.filter((row) => row !== node.row)));
    };
    const steps: (() => void)[] = [
      () => {
        const name = NAMES[chance(NAMES.length)]!;
        if (!nodes.some(({ row }) => row.name === name)) join(name);
      },
      () => {
        const node = nodes[chance(nodes.length)];
        if (node?.row.isMember === true) rows.change(() => (node.row.isMember = false));
      },
      () => {
        const node = nodes[chance(nodes.length)];
        if (node && nodes.length > 1) lose(node);
      },
    ];
    for (let step = 0; step < 2_000; step++) {
      if (chance(30) === 0) steps[chance(steps.length)]!();
      const node = nodes[chance(nodes.length)];
      if (!node) continue;
      if (chance(3) === 0) node.read(rows.view());
      if (chance(3) === 0) node.give();
      if (node.take(KEYS[chance(KEYS.length)]!)) taken += 1;
      for (const key of KEYS) if (nodes.filter(({ working }) => working.has(key)).length > 1) expect.fail(`two nodes work on ${key} in step ${step}`);
    }
    expect(taken).toBeGreaterThan(100);
    if (!nodes.some(({ row }) => row.isMember)) join(NAMES.find((name) => !nodes.some(({ row }) => row.name === name))!);
    // When nothing changes any more, every key is served by one.
    for (let round = 0; round < 6; round++) {
      for (const node of nodes) {
        node.read(rows.view());
        node.give();
      }
    }
    for (const key of KEYS) expect(nodes.filter(({ shares }) => shares.isServed(key)).map(({ row }) => row.name)).toHaveLength(1);
  });

  test('before anybody serves a key has no owner, and the last that leaves goes on', () => {
    const shares = new KeyShares('a');
    expect([shares.ownerOf('auth:1'), shares.isServed('auth:1')]).toEqual([undefined, false]);
    shares.read({ generation: 1, members: ['a'], isSettled: true });
    shares.read({ generation: 2, members: [], isSettled: false });
    expect([shares.ownerOf('auth:1'), shares.isServed('auth:1'), shares.generation]).toEqual(['a', true, 1]);
  });

  test('a node that reads only of a change that is not settled waits', () => {
    const shares = new KeyShares('a');
    shares.read({ generation: 7, members: ['a'], isSettled: false });
    expect(shares.isServed('auth:1')).toBe(false);
    shares.read({ generation: 7, members: ['a'], isSettled: true });
    expect(shares.isServed('auth:1')).toBe(true);
  });
});
