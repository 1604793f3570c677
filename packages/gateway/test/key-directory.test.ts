import { createInProcessBus } from '@aerogram/bus';
import { type AuthKeyRecord, type AuthKeyStore, createAuthKey, SaltSource } from '@aerogram/mtproto';
import { beforeEach, expect, test } from 'vitest';
import { KeyDirectory } from '../src/sessions/key-directory.ts';

const MINUTE_MS = 60_000;
const key = new Uint8Array(256);
const { id } = createAuthKey(key);
const record = { authKeyId: id, key, kind: 'perm' } as unknown as AuthKeyRecord;

let reads: number;
let keys: KeyDirectory;
beforeEach(() => {
  reads = 0;
  const find = async (): Promise<AuthKeyRecord> => {
    reads += 1;
    return record;
  };
  const store = { find } as unknown as AuthKeyStore;
  keys = new KeyDirectory({ store, bus: createInProcessBus(), salts: new SaltSource(new Uint8Array(32)), maxIdle: 10, onGone: () => {} });
});

test('an unused key is removed from memory after some minutes, and loaded again when it is used', async () => {
  keys.sweep(0);
  keys.adopt(record, 1n, 0);
  keys.sweep(MINUTE_MS);
  keys.sweep(6 * MINUTE_MS);
  expect(keys.peek(id, 6 * MINUTE_MS)).toBeDefined();
  keys.sweep(12 * MINUTE_MS);
  expect(keys.peek(id, 12 * MINUTE_MS), 'asked for since').toBeDefined();
  keys.sweep(18 * MINUTE_MS);
  keys.sweep(24 * MINUTE_MS);
  expect(keys.peek(id, 24 * MINUTE_MS)).toBeUndefined();
  expect(reads).toBe(0);
  expect(await keys.load(id, 24 * MINUTE_MS)).toBeDefined();
  expect(reads).toBe(1);
});

test('a key with an open connection stays in memory', () => {
  keys.adopt(record, 1n, 0);
  keys.peek(id, 0)!.sockets = 1;
  for (let minute = 0; minute < 60; minute++) keys.sweep(minute * MINUTE_MS);
  expect(keys.peek(id, 60 * MINUTE_MS)).toBeDefined();
});
