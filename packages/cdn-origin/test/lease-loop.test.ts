import { MAX_FORGOTTEN } from '@aerogram/cdn-protocol';
import { createFakeClock, silentLogger } from '@aerogram/runtime';
import { expect, test } from 'vitest';
import { type CdnRevocations, LeaseLoop, type NodeReport } from '../src/index.ts';
import { NodeFault } from '../src/node-fault.ts';
import { knownNode } from './known-node.ts';

/** A loop with two nodes, and what it does. */
function stage(change: Partial<CdnRevocations> = {}) {
  const clock = createFakeClock();
  const pending = new Map<number, Uint8Array[]>();
  const told: string[] = [];
  const reports: string[] = [];
  const state = { answer: (_dc: number, _kind: 'alive' | 'forget'): Promise<number> => Promise.resolve(200) };
  const revocations: CdnRevocations = {
    doMarkToForget: () => Promise.resolve(void told.push('mark')),
    listToForget: (dc, limit) => Promise.resolve((pending.get(dc) ?? []).slice(0, limit)),
    doNoteForgotten: (dc, fileIds) => Promise.resolve(void pending.set(dc, pending.get(dc)!.filter((id) => !fileIds.includes(id)))),
    ...change,
  };
  const loop = new LeaseLoop({
    nodes: { list: () => [knownNode({ dc: 203 }), knownNode({ dc: 204 })] },
    client: {
      async tellToForget({ dc }, fileIds) {
        const status = await state.answer(dc, 'forget');
        told.push(`${dc} forget ${fileIds.length}`);
        return status;
      },
      async tellAlive({ dc }) {
        const status = await state.answer(dc, 'alive');
        told.push(`${dc} alive`);
        return status;
      },
    },
    revocations,
    clock,
    log: silentLogger,
    report: ({ node, fault }: NodeReport) => Promise.resolve(void reports.push(`${node.dc} ${fault ?? 'ok'}`)),
  });
  return { told, reports, pending, clock, state, loop };
}

const ids = (count: number): Uint8Array[] => Array.from({ length: count }, (_, index) => Uint8Array.from({ length: 16 }, () => index));

test('a round sweeps first, then tells each node what to forget, and then that the server is there', async () => {
  const { loop, told, reports, pending } = stage();
  pending.set(203, ids(MAX_FORGOTTEN + 1));
  await loop.run();
  expect(told[0]).toBe('mark');
  expect(told.filter((line) => line.startsWith('203'))).toEqual(['203 forget 100', '203 forget 1', '203 alive']);
  expect(told.filter((line) => line.startsWith('204'))).toEqual(['204 alive']);
  expect(pending.get(203)).toEqual([]);
  expect(reports.toSorted()).toEqual(['203 ok', '204 ok']);
  await loop[Symbol.asyncDispose]();
});

test('no node is told that the server is there when it cannot be found out what was revoked', async () => {
  const { loop, told } = stage({ doMarkToForget: () => Promise.reject(new Error('the database is away')) });
  await loop.run();
  expect(told).toEqual([]);
  await loop[Symbol.asyncDispose]();
});

test('a node that has not confirmed what it must forget is not told that the server is there; the others are', async () => {
  const { loop, told, reports, pending, state } = stage();
  pending.set(203, ids(1));
  state.answer = (_dc, kind) => (kind === 'forget' ? Promise.reject(new NodeFault('away')) : Promise.resolve(200));
  await loop.run();
  expect(told).toEqual(['mark', '204 alive']);
  expect(reports.toSorted()).toEqual(['203 away', '204 ok']);
  expect(pending.get(203)).toHaveLength(1);
  await loop[Symbol.asyncDispose]();
});

test('a node is not told that the server is there when the sweep was too long ago', async () => {
  const { loop, told, reports, pending, state, clock } = stage();
  pending.set(203, ids(1));
  state.answer = async (_dc, kind) => {
    if (kind === 'forget') await clock.advance(13_000);
    return 200;
  };
  const round = loop.run();
  await loop[Symbol.asyncDispose]();
  await round;
  expect(told).not.toContain('203 alive');
  expect(reports.some((line) => line.startsWith('203 what it must forget took too long'))).toBe(true);
});

test('rounds come every ten seconds, one at a time, and end with the loop', async () => {
  const { loop, told, clock } = stage();
  await clock.advance(10_000);
  await clock.advance(10_000);
  expect(told.filter((line) => line === 'mark')).toHaveLength(2);
  await Promise.all([loop.run(), loop.run()]);
  expect(told.filter((line) => line === 'mark').length).toBeLessThanOrEqual(4);
  await loop[Symbol.asyncDispose]();
  expect(clock.pendingTimers()).toBe(0);
  const before = told.length;
  await loop.run();
  expect(told).toHaveLength(before);
});
