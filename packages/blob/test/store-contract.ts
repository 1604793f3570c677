import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createHash } from 'node:crypto';
import { seededRandom } from '@aerogram/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BlobStore, BlobMissing, BlobSizeMismatch } from '../src/index.ts';

const random = seededRandom('store contract');
const newName = (): string => Buffer.from(random.bytes(16)).toString('hex');

async function* inPieces(bytes: Uint8Array, pieceBytes: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

async function readAll(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) {
    expect(piece.length).toBeLessThanOrEqual(512 * 1024);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/**
 * What every store must do.
 * @param open opens an empty store
 * @param quirks what a fake service does wrong
 */
export function describeStore(open: () => Promise<BlobStore>, quirks: { answersRangesOfNothing?: boolean } = {}): void {
  let store: BlobStore;
  let dir = '';
  beforeAll(async () => {
    dir = mkdtempSync(path.join(tmpdir(), 'aerogram-blob-'));
    store = await open();
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  test('a stored blob is read back, as a whole and in any range', async () => {
    const name = newName();
    const bytes = random.bytes(1_234_567);
    await store.put(name, bytes.length, inPieces(bytes, 100_000));
    expect(await store.stat(name)).toEqual({ size: bytes.length });
    expect(sha256(await readAll(store.readStream(name)))).toBe(sha256(bytes));
    expect(sha256(await readAll(store.readStream(name, 1_000_001)))).toBe(sha256(bytes.subarray(1_000_001)));
    for (const [offset, length] of [[0, 1], [15, 70_000], [1_234_000, 5000], [1_234_566, 1], [1_234_567, 10], [9_999_999, 10], [5, 0]] as const) {
      expect(Buffer.from(await store.read(name, offset, length))).toEqual(Buffer.from(bytes.subarray(offset, offset + length)));
    }
  });

  test('an empty blob is a blob', async () => {
    const name = newName();
    await store.put(name, 0, inPieces(new Uint8Array(), 1));
    expect(await store.stat(name)).toEqual({ size: 0 });
    expect(await readAll(store.readStream(name))).toHaveLength(0);
    if (quirks.answersRangesOfNothing !== false) expect(await store.read(name, 0, 10)).toHaveLength(0);
  });

  test('a source of another size, or one that fails, stores nothing', async () => {
    const name = newName();
    await expect(store.put(name, 11, inPieces(random.bytes(10), 3))).rejects.toThrow(BlobSizeMismatch);
    await expect(store.put(name, 9, inPieces(random.bytes(10), 3))).rejects.toThrow(BlobSizeMismatch);
    async function* failing(): AsyncIterable<Uint8Array> {
      yield random.bytes(1000);
      throw new Error('the source failed');
    }
    await expect(store.put(name, 2000, failing())).rejects.toThrow('the source failed');
    expect(await store.stat(name)).toBeUndefined();
    expect(await store.list({ prefix: name, limit: 10 })).toEqual([]);
  });

  test('a stored blob is never replaced', async () => {
    const name = newName();
    await store.put(name, 5, inPieces(Buffer.from('first'), 5));
    await store.put(name, 6, inPieces(Buffer.from('second'), 6));
    expect(Buffer.from(await store.read(name, 0, 100)).toString()).toBe('first');
  });

  test('of several calls that store the same blob at once, all succeed', async () => {
    const name = newName();
    const bytes = random.bytes(300_000);
    await Promise.all(Array.from({ length: 5 }, () => store.put(name, bytes.length, inPieces(bytes, 50_000))));
    expect(sha256(await readAll(store.readStream(name)))).toBe(sha256(bytes));
  });

  test('a local file is adopted, again without effect, and stays where it is', async () => {
    const name = newName();
    const bytes = random.bytes(700_000);
    const file = path.join(dir, 'finished');
    writeFileSync(file, bytes);
    await expect(store.adopt(file, name, 699_999)).rejects.toThrow(BlobSizeMismatch);
    expect(await store.stat(name)).toBeUndefined();
    await store.adopt(file, name, bytes.length);
    await store.adopt(file, name, bytes.length);
    rmSync(file);
    expect(sha256(await readAll(store.readStream(name)))).toBe(sha256(bytes));
    await store.adopt(file, name, bytes.length);
    await expect(store.adopt(file, newName(), bytes.length)).rejects.toThrow('ENOENT');
  });

  test('a removed blob is missing', async () => {
    const name = newName();
    await store.put(name, 4, inPieces(Buffer.from('gone'), 4));
    await store.remove(name);
    await store.remove(name);
    expect(await store.stat(name)).toBeUndefined();
    await expect(store.read(name, 0, 1)).rejects.toThrow(BlobMissing);
    await expect(readAll(store.readStream(name))).rejects.toThrow(BlobMissing);
  });

  test('blobs are listed in order, page by page, and by prefix', async () => {
    const names = ['00000000', '00ab0000', '00ab0001', '00ab0001ff', '00ac0000', '01000000', 'ffffffff'].map((start) => `${start}${'0'.repeat(8)}`);
    for (const name of names.toReversed()) await store.put(name, name.length, inPieces(Buffer.from(name), 100));
    const found: string[] = [];
    for (let after = ''; ; ) {
      const page = await store.list({ after, limit: 2 });
      if (page.length === 0) break;
      expect(page.length).toBeLessThanOrEqual(2);
      for (const { name, size } of page) expect(await store.stat(name)).toEqual({ size });
      found.push(...page.map(({ name }) => name));
      after = page.at(-1)!.name;
    }
    expect(found).toEqual(found.toSorted());
    expect(found).toEqual(expect.arrayContaining(names));
    const listed = async (prefix: string, after?: string): Promise<string[]> =>
      (await store.list({ prefix, after, limit: 100 })).map(({ name }) => name).filter((name) => names.includes(name));
    expect(await listed('00ab')).toEqual(names.slice(1, 4));
    expect(await listed('00ab0001')).toEqual(names.slice(2, 4));
    expect(await listed('0', names[3])).toEqual(names.slice(4, 6));
  });

  test('the owner is stored once, and replaced only on demand', async () => {
    const others = (await store.list({ limit: 1000 })).length;
    expect(await store.findOwner()).toBeUndefined();
    await store.setOwner('first', { replaces: false });
    await store.setOwner('second', { replaces: false });
    expect(await store.findOwner()).toBe('first');
    await store.setOwner('third', { replaces: true });
    expect(await store.findOwner()).toBe('third');
    expect(await store.list({ limit: 1000 })).toHaveLength(others);
  });

  test.each(['', 'short', '../../etc/passwd', 'ABCDEF0123', '0123456g', `${'0'.repeat(129)}`])('the name %j is refused', async (name) => {
    await expect(store.put(name, 1, inPieces(Buffer.from('x'), 1))).rejects.toThrow(RangeError);
    await expect(store.read(name, 0, 1)).rejects.toThrow(RangeError);
    await expect(store.stat(name)).rejects.toThrow(RangeError);
    await expect(store.remove(name)).rejects.toThrow(RangeError);
  });
}
