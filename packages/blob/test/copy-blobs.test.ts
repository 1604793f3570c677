import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyBlobs, DirectoryStore } from '../src/index.ts';

describe('a copy of a directory of blobs', () => {
  let root: string;
  let from: DirectoryStore;
  let to: DirectoryStore;
  beforeEach(async () => {
    root = mkdtempSync(path.join(tmpdir(), 'aerogram-copy-'));
    from = await DirectoryStore.open(path.join(root, 'from'));
    to = await DirectoryStore.open(path.join(root, 'to'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
    yield bytes;
  }
  const inodeOf = (store: string, name: string): number => statSync(path.join(root, store, name.slice(0, 2), name.slice(2, 4), name)).ino;

  it('has every blob once, and goes on where an earlier copy ended', async () => {
    const blobs = new Map(Array.from({ length: 600 }, (_, n) => [`000${n % 4}${randomBytes(16).toString('hex')}`, randomBytes(n % 7)]));
    for (const [name, bytes] of blobs) await from.put(name, bytes.length, once(bytes));
    const [first] = [...blobs.keys()];
    await from.give(to, first!, blobs.get(first!)!.length);
    const seen: number[] = [];
    const bytes = [...blobs.values()].reduce((sum, blob) => sum + blob.length, 0);
    expect(await copyBlobs({ from, to, onCopied: (size) => seen.push(size) })).toEqual({ count: 600, bytes });
    expect(seen.length).toBe(600);
    expect(await to.list({ limit: 2000 })).toEqual(await from.list({ limit: 2000 }));
    for (const [name, blob] of blobs) expect(Buffer.compare(await to.read(name, 0, 10), blob)).toBe(0);
  });

  it('takes what an older copy has from there, without a second copy on the disk', async () => {
    const older = await DirectoryStore.open(path.join(root, 'older'));
    const [old, cut, added] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex'), randomBytes(16).toString('hex')];
    for (const name of [old, cut, added]) await from.put(name, 3, once(Buffer.from('abc')));
    await older.put(old, 3, once(Buffer.from('abc')));
    await older.put(cut, 2, once(Buffer.from('ab')));
    expect(await copyBlobs({ from, to, older })).toEqual({ count: 3, bytes: 9 });
    expect(inodeOf('to', old)).toBe(inodeOf('older', old));
    expect(inodeOf('to', cut)).toBe(inodeOf('from', cut));
    expect(inodeOf('to', added)).toBe(inodeOf('from', added));
  });

  it('does not take what an older copy has with other bytes, unless that is the sound one', async () => {
    const older = await DirectoryStore.open(path.join(root, 'older'));
    const [rotten, lost] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')];
    await from.put(rotten, 5, once(Buffer.from('sound')));
    await older.put(rotten, 5, once(Buffer.from('soXnd')));
    await from.put(lost, 5, once(Buffer.from('soXnd')));
    await older.put(lost, 5, once(Buffer.from('sound')));
    const isSound = async (store: DirectoryStore, name: string): Promise<boolean> => Buffer.from(await store.read(name, 0, 9)).toString() === 'sound';
    await copyBlobs({ from, to, older, isSound });
    for (const name of [rotten, lost]) expect(Buffer.from(await to.read(name, 0, 9)).toString()).toBe('sound');
    // If nobody knows, the server's bytes are taken.
    const unknown = await DirectoryStore.open(path.join(root, 'unknown'));
    await copyBlobs({ from, to: unknown, older });
    for (const name of [rotten, lost]) expect(Buffer.compare(await unknown.read(name, 0, 9), await from.read(name, 0, 9))).toBe(0);
  });

  it('puts sound bytes in the place of damaged ones that the target has, and keeps sound ones', async () => {
    const [damaged, kept, short] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex'), randomBytes(16).toString('hex')];
    for (const [store, bytes] of [[from, ['sound', 'soXnd', 'sound']], [to, ['soXnd', 'sound', 'so']]] as const) {
      for (const [index, name] of [damaged, kept, short].entries()) await store.put(name, bytes[index]!.length, once(Buffer.from(bytes[index]!)));
    }
    await copyBlobs({ from, to, isSound: async (store, name) => Buffer.from(await store.read(name, 0, 9)).toString() === 'sound' });
    for (const name of [damaged, kept, short]) expect(Buffer.from(await to.read(name, 0, 9)).toString()).toBe('sound');
  });

  it('leaves out a blob that is deleted while it is copied', async () => {
    const name = randomBytes(16).toString('hex');
    await from.put(name, 3, once(Buffer.from('abc')));
    const listing = from.list.bind(from);
    from.list = async (wanted) => {
      const page = await listing(wanted);
      await from.remove(name);
      return page;
    };
    expect(await copyBlobs({ from, to })).toEqual({ count: 0, bytes: 0 });
    expect(await to.list({ limit: 10 })).toEqual([]);
  });
});
