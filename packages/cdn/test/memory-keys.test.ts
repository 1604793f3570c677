import type { AuthKeyRecord } from '@aerogram/mtproto';
import { createFakeClock } from '@aerogram/runtime';
import { expect, test } from 'vitest';
import { MemoryKeys } from '../src/memory-keys.ts';

const record = (authKeyId: bigint, expires_date?: number): AuthKeyRecord => ({
  authKeyId, key: new Uint8Array(256), kind: expires_date === undefined ? 'perm' : 'temp', created_date: 0, expires_date, dcId: 0, media: false, test: false,
});

test('the key that was looked up least recently makes room for a new one', async () => {
  const keys = new MemoryKeys(2, createFakeClock());
  for (const id of [1n, 2n]) expect(await keys.create(record(id))).toBe('created');
  expect(await keys.create(record(2n))).toBe('taken');
  await keys.find(1n);
  await keys.create(record(3n));
  expect([1n, 2n, 3n].map((id) => keys.has(id))).toEqual([true, false, true]);
  expect(await keys.find(2n)).toBeUndefined();
});

test('a destroyed or expired key is not found', async () => {
  const clock = createFakeClock();
  const keys = new MemoryKeys(5, clock);
  await keys.create(record(1n));
  await keys.create(record(2n, clock.now() + 10));
  expect(await keys.destroy(1n)).toBe(true);
  expect(await keys.destroy(1n)).toBe(false);
  expect(await keys.find(2n)).toBeDefined();
  await clock.advance(10_000);
  expect(await keys.find(2n)).toBeUndefined();
});
