import { existsSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { processStart } from '@aerogram/runtime';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { packUpload } from '../src/uploads/finish-upload.ts';
import { PartClaims } from '../src/uploads/part-claims.ts';
import { PartMap } from '../src/uploads/part-map.ts';
import { openUpload } from '../src/uploads/upload-files.ts';
import { KIB, createFixture, identityOf, splitFile } from './upload-fixture.ts';

const userId = 42n;
const PART = 64 * KIB;

afterEach(() => vi.restoreAllMocks());

/** Something to wait for, until the test opens it. */
function createGate(): { isOpen: Promise<void>; open: () => void } {
  let open!: () => void;
  const isOpen = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { isOpen, open };
}

type Fixture = Awaited<ReturnType<typeof createFixture>>;

/** What a file of an upload is; data files have random names. */
const kindOf = (name: string): string => (/^[0-9a-f]{32}$/.test(name) ? 'data' : name);

/** Saves a file whose last part comes first. That does not tell the part size, so the parts have to be moved when the upload is finished. */
async function saveLastFirst({ root, uploads, random }: Fixture, count = 6) {
  const bytes = random.bytes(count * PART);
  const parts = splitFile(bytes, PART);
  const save = (part: number) => uploads.savePart({ userId, fileId: 1n, part, totalParts: count }, parts[part]!);
  await save(count - 1);
  for (let part = 0; part < count - 1; part++) await save(part);
  const [name] = readdirSync(path.join(root, String(userId)));
  return { bytes, count, directory: path.join(root, String(userId), name!) };
}

describe('parts that have to be moved', () => {
  test('are moved once, however many calls finish the upload, and nothing is left of their first places', async () => {
    await using fixture = await createFixture();
    const { bytes, count, directory } = await saveLastFirst(fixture);
    const create = vi.spyOn(PartMap, 'create');
    const results = await Promise.all(Array.from({ length: 6 }, () => fixture.uploads.finish(userId, 1n, count)));
    for (const result of results) expect(result).toMatchObject({ outcome: 'finished', file: { identity: identityOf(bytes) } });
    expect(create).toHaveBeenCalledTimes(1);
    expect(readdirSync(directory).map(kindOf).toSorted()).toEqual(['blocks', 'data', 'map']);
  });

  test('are not moved if the caller of `finish` does not want a file of this size', async () => {
    await using fixture = await createFixture();
    const { bytes, count, directory } = await saveLastFirst(fixture);
    const before = readdirSync(directory);
    const admit = vi.fn<(size: number) => Promise<void>>(() => Promise.reject(new Error('too many files')));
    await expect(fixture.uploads.finish(userId, 1n, count, admit)).rejects.toThrow('too many files');
    expect(admit.mock.calls).toEqual([[bytes.length]]);
    expect(readdirSync(directory)).toEqual(before);
    expect(await fixture.uploads.finish(userId, 1n, count)).toMatchObject({ outcome: 'finished', file: { size: bytes.length } });
  });

  test('leave nothing behind when the process that moved them was killed, once another one has moved them', async () => {
    await using fixture = await createFixture();
    const { bytes, count, directory } = await saveLastFirst(fixture);
    const data = readdirSync(directory).find((name) => name !== 'map')!;
    const left = ['map.0d2a', 'ab'.repeat(16)];
    for (const name of left) writeFileSync(path.join(directory, name), 'half of it');
    writeFileSync(path.join(directory, `${data}.pack.0`), JSON.stringify({ pid: 1, started: 'of another boot', instance: 'other' }));
    expect(await fixture.uploads.finish(userId, 1n, count)).toMatchObject({ outcome: 'finished', file: { identity: identityOf(bytes) } });
    expect(readdirSync(directory).map(kindOf).toSorted()).toEqual(['blocks', 'data', 'map']);
  });
});

test('a call that waited until another process had moved the parts leaves the new files alone', async () => {
  await using fixture = await createFixture();
  const { count, directory } = await saveLastFirst(fixture);
  await using claims = new PartClaims(fixture.root);
  const context = { keys: fixture.keys, random: fixture.random, claims };
  await using late = (await openUpload(context, directory))!;
  const first = await fixture.uploads.finish(userId, 1n, count);
  // As if a third process had been killed before both.
  writeFileSync(`${late.dataFile}.pack.0`, JSON.stringify({ pid: 1, started: 'of another boot', instance: 'other' }));
  await packUpload(context, late, await late.map.readLengths(count), PART);
  expect(late.map.isGone()).toBe(true);
  expect(readdirSync(directory).map(kindOf).toSorted()).toEqual(['blocks', 'data', 'map']);
  expect(await fixture.uploads.finish(userId, 1n, count)).toEqual(first);
});

test('work on an upload waits until another process has done its own, and then finds what that one has left', async () => {
  await using fixture = await createFixture();
  const { directory } = await saveLastFirst(fixture);
  const claim = path.join(directory, 'finish.0');
  // The parent of this process lives, so its claim counts.
  writeFileSync(claim, JSON.stringify({ pid: process.ppid, started: processStart(process.ppid), instance: 'other' }));
  const work = vi.fn<() => Promise<string>>(() => Promise.resolve('done'));
  const call = fixture.uploads.whileAlone(userId, 1n, work);
  for (let turn = 0; turn < 5; turn++) await fixture.uploads.heldBytes(userId);
  expect(work).not.toHaveBeenCalled();
  rmSync(directory, { recursive: true });
  expect(await call).toBe('done');
  expect(await fixture.uploads.finish(userId, 1n, 6)).toEqual({ outcome: 'absent' });
});

describe('the end of an upload', () => {
  test('is not passed by a part that waited while the upload was finished', async () => {
    await using fixture = await createFixture();
    const { uploads, random } = fixture;
    const place = { userId, fileId: 1n, totalParts: -1 };
    await uploads.savePart({ ...place, part: 0 }, random.bytes(128 * KIB));
    const [arrived, mayGoOn] = [createGate(), createGate()];
    const { hold } = PartClaims.prototype;
    vi.spyOn(PartClaims.prototype, 'hold').mockImplementation(async function <T>(this: PartClaims, ...args: Parameters<typeof hold<T>>): Promise<T> {
      if (args[0].endsWith('.2')) {
        arrived.open();
        await mayGoOn.isOpen;
      }
      return await hold.apply(this, args as never) as T;
    });
    const late = uploads.savePart({ ...place, part: 2 }, random.bytes(128 * KIB));
    await arrived.isOpen;
    const result = await uploads.finish(userId, 1n, 1);
    mayGoOn.open();
    expect(await late).toEqual({ outcome: 'refused', reason: 'part-invalid' });
    if (result.outcome !== 'finished') throw new Error(result.outcome);
    expect(statSync(result.file.path).size).toBe(128 * KIB);
    expect(await uploads.finish(userId, 1n, 1)).toEqual(result);
  });

  test('is set by one of several calls that name different ones at the same time; the others are refused', async () => {
    await using fixture = await createFixture();
    const { uploads, random } = fixture;
    for (let round = 0; round < 20; round++) {
      const place = { userId, fileId: BigInt(round) };
      const bytes = random.bytes(4 * KIB);
      await uploads.savePart({ ...place, part: 0, totalParts: -1 }, bytes);
      const saves = [2, 3, 4, 5].map((totalParts) => uploads.savePart({ ...place, part: 1, totalParts }, bytes));
      const outcomes = (await Promise.all(saves)).map((result) => (result.outcome === 'refused' ? result.reason : result.outcome));
      expect(outcomes.toSorted()).toEqual(['parts-invalid', 'parts-invalid', 'parts-invalid', 'saved']);
    }
  });
});

describe('hashes of an upload in short parts', () => {
  const save = async ({ uploads }: Fixture, bytes: Uint8Array): Promise<void> => {
    for (const [part, piece] of splitFile(bytes, PART).entries()) await uploads.savePart({ userId, fileId: 1n, part, totalParts: undefined }, piece);
  };
  const finish = async ({ uploads }: Fixture) => {
    const result = await uploads.finish(userId, 1n, 5);
    if (result.outcome !== 'finished') throw new Error(result.outcome);
    return { ...result.file, md5: await uploads.hashWhole(result.file, 'md5'), sha256: await uploads.hashWhole(result.file, 'sha256') };
  };

  test('are computed once, so that a call that is refused costs nothing when it is repeated', async () => {
    await using fixture = await createFixture();
    const bytes = fixture.random.bytes(5 * PART - 7);
    await save(fixture, bytes);
    const first = await finish(fixture);
    expect(first.identity).toEqual(identityOf(bytes));
    // Nobody reads this file again to hash it, or the hashes would be others.
    writeFileSync(first.path, Buffer.alloc(first.size));
    expect(await finish(fixture)).toEqual(first);
    // What a power failure leaves of the hashes is not used.
    for (const kind of ['blocks', 'md5', 'sha256']) writeFileSync(path.join(path.dirname(first.path), kind), Buffer.alloc(100));
    const others = await finish(fixture);
    for (const kind of ['identity', 'md5', 'sha256'] as const) expect(others[kind]).not.toEqual(first[kind]);
  });

  test('are computed anew when another body for a part has begun the upload anew', async () => {
    await using fixture = await createFixture();
    await save(fixture, fixture.random.bytes(5 * PART));
    const first = await finish(fixture);
    const bytes = fixture.random.bytes(5 * PART);
    await save(fixture, bytes);
    const second = await finish(fixture);
    expect(second.identity).toEqual(identityOf(bytes));
    for (const kind of ['md5', 'sha256'] as const) expect(second[kind]).not.toEqual(first[kind]);
  });
});

test('finishing an upload does not make it expire later', async () => {
  await using fixture = await createFixture();
  const { uploads, random, root } = fixture;
  await uploads.savePart({ userId, fileId: 1n, part: 0, totalParts: undefined }, random.bytes(PART));
  const [name] = readdirSync(path.join(root, String(userId)));
  const map = path.join(root, String(userId), name!, 'map');
  const before = new Date(Date.now() - 90_000_000);
  utimesSync(map, before, before);
  for (let call = 0; call < 2; call++) expect(await uploads.finish(userId, 1n, 1)).toMatchObject({ outcome: 'finished' });
  expect(await uploads.expire(Date.now() - 86_400_000)).toBe(1);
  expect(existsSync(map)).toBe(false);
});
