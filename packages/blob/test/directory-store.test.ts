import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createFakeClock } from '@aerogram/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BlobMissing, DirectoryStore } from '../src/index.ts';
import { describeStore } from './store-contract.ts';

let root = '';
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'aerogram-store-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function* oneByte(): AsyncIterable<Uint8Array> {
  yield Buffer.from('x');
}

describe('directory store', () => {
  describeStore(() => DirectoryStore.open(path.join(root, 'contract')));

  describe('that keeps files open', () => {
    let store: DirectoryStore;
    beforeAll(async () => {
      store = await DirectoryStore.open(path.join(root, 'kept'), createFakeClock());
    });
    afterAll(() => store[Symbol.asyncDispose]());
    describeStore(() => Promise.resolve(store));

    test('a blob that was read cannot be read after its removal', async () => {
      await store.put('abcdef01', 1, oneByte());
      await store.read('abcdef01', 0, 1);
      await store.remove('abcdef01');
      await expect(store.read('abcdef01', 0, 1)).rejects.toThrow(BlobMissing);
    });
  });

  test('files are sharded by the first digits of their names, and only the server may read them', async () => {
    const store = await DirectoryStore.open(path.join(root, 'shards'));
    await store.put('abcdef01', 1, oneByte());
    const file = path.join(root, 'shards/ab/cd/abcdef01');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
  });

  test('drafts that a killed process left behind are not listed, and are removed when they are old', async () => {
    const store = await DirectoryStore.open(path.join(root, 'leftovers'));
    const draft = path.join(root, 'leftovers/drafts/abcdef01.killed');
    writeFileSync(draft, 'half');
    expect(await store.list({ limit: 10 })).toEqual([]);
    expect(await store.removeLeftovers(Date.now() - 60_000)).toBe(0);
    expect(existsSync(draft)).toBe(true);
    expect(await store.removeLeftovers(Date.now() + 60_000)).toBe(1);
    expect(readdirSync(path.join(root, 'leftovers/drafts'))).toEqual([]);
  });

  test('no draft is left behind by calls that succeed, fail, or find the blob there', async () => {
    expect(readdirSync(path.join(root, 'contract/drafts'))).toEqual([]);
  });
});
