import { createHash } from 'node:crypto';
import { existsSync, linkSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { createFakeClock } from '@aerogram/runtime';
import { describe, expect, test, vi } from 'vitest';
import { HASHED_FILE_MAX, Uploads } from '../src/index.ts';
import { PartMap } from '../src/uploads/part-map.ts';
import { KIB, createFixture, identityOf, splitFile } from './upload-fixture.ts';

const userId = 42n;

/** Finishes an upload that must be complete. */
async function finished(uploads: Uploads, fileId: bigint, parts: number) {
  const result = await uploads.finish(userId, fileId, parts);
  if (result.outcome !== 'finished') throw new Error(`the upload is not complete: ${JSON.stringify(result)}`);
  return result.file;
}

const shuffled = (parts: number): number[] => Array.from({ length: parts }, (_, index) => (index * 7 + 3) % parts);

describe('parts in any order', () => {
  test.each([
    { partKib: 512, bytes: 1_100_000 },
    { partKib: 128, bytes: 500_001 },
    { partKib: 32, bytes: 600_000 },
    { partKib: 1, bytes: 9 * KIB + 5 },
    { partKib: 256, bytes: 4 * 256 * KIB },
    { partKib: 64, bytes: 5 * 64 * KIB + 1 * KIB },
  ])('a file of $bytes bytes in parts of $partKib KiB comes out as it went in', async ({ partKib, bytes }) => {
    await using fixture = await createFixture();
    const { uploads, random } = fixture;
    const content = random.bytes(bytes);
    const parts = splitFile(content, partKib * KIB);
    const orders = { ascending: [...parts.keys()], 'last first': [...parts.keys()].toReversed(), mixed: shuffled(parts.length) };
    let fileId = -5n;
    for (const order of Object.values(orders)) {
      for (const totalParts of [undefined, parts.length]) {
        fileId++;
        expect(new Set(order).size).toBe(parts.length);
        const results = await Promise.all(order.map((part) => uploads.savePart({ userId, fileId, part, totalParts }, parts[part]!)));
        expect(results.every(({ outcome }) => outcome === 'saved')).toBe(true);
        const file = await finished(uploads, fileId, parts.length);
        expect(file.size).toBe(bytes);
        expect(Buffer.from(file.identity)).toEqual(Buffer.from(identityOf(content)));
        expect((await fixture.readBack(file)).equals(content)).toBe(true);
        for (const algorithm of ['md5', 'sha256'] as const) expect(await uploads.hashWhole(file, algorithm)).toBe(createHash(algorithm).update(content).digest('hex'));
      }
    }
  });

  test('a streamed upload tells the number of parts with the last part', async () => {
    await using fixture = await createFixture();
    const { uploads, random } = fixture;
    const content = random.bytes(1_500_000);
    const parts = splitFile(content, 512 * KIB);
    expect(await uploads.savePart({ userId, fileId: 1n, part: 1, totalParts: -1 }, parts[1]!)).toEqual({ outcome: 'saved' });
    expect(await uploads.savePart({ userId, fileId: 1n, part: 2, totalParts: 3 }, parts[2]!)).toEqual({ outcome: 'saved' });
    expect(await uploads.savePart({ userId, fileId: 1n, part: 0, totalParts: -1 }, parts[0]!)).toEqual({ outcome: 'saved' });
    const file = await finished(uploads, 1n, 3);
    expect((await fixture.readBack(file)).equals(content)).toBe(true);
    expect(await uploads.savePart({ userId, fileId: 1n, part: 3, totalParts: -1 }, parts[0]!)).toEqual({ outcome: 'refused', reason: 'part-invalid' });
    expect(await uploads.savePart({ userId, fileId: 1n, part: 1, totalParts: 4 }, parts[1]!)).toEqual({ outcome: 'refused', reason: 'parts-invalid' });
  });

  test('one file of the same id for each of two users', async () => {
    await using fixture = await createFixture();
    const { uploads } = fixture;
    await uploads.savePart({ userId: 1n, fileId: 7n, part: 0, totalParts: undefined }, Buffer.from('mine'));
    await uploads.savePart({ userId: 2n, fileId: 7n, part: 0, totalParts: undefined }, Buffer.from('yours'));
    expect(await uploads.finish(1n, 7n, 1)).toMatchObject({ file: { size: 4 } });
    expect(await uploads.finish(2n, 7n, 1)).toMatchObject({ file: { size: 5 } });
  });
});

describe('hashes of a whole file', () => {
  test('are computed in steps, between which other work goes on', async () => {
    await using fixture = await createFixture();
    const { uploads, random } = fixture;
    const content = Buffer.alloc(HASHED_FILE_MAX, random.bytes(1 << 16));
    for (const [part, bytes] of splitFile(content, 512 * KIB).entries()) await uploads.savePart({ userId, fileId: 1n, part, totalParts: 20 }, bytes);
    const file = await finished(uploads, 1n, 20);
    let turns = 0;
    let isHashing = true;
    const count = (): void => {
      turns++;
      if (isHashing) setImmediate(count);
    };
    setImmediate(count);
    const hash = await uploads.hashWhole(file, 'md5');
    isHashing = false;
    expect(hash).toBe(createHash('md5').update(content).digest('hex'));
    expect(turns).toBeGreaterThanOrEqual(20);
  });

  test('are never computed of a long file', async () => {
    await using fixture = await createFixture();
    const { uploads } = fixture;
    const parts = splitFile(Buffer.alloc(HASHED_FILE_MAX + 1), 512 * KIB);
    for (const [part, bytes] of parts.entries()) await uploads.savePart({ userId, fileId: 1n, part, totalParts: undefined }, bytes);
    await expect(uploads.hashWhole(await finished(uploads, 1n, 21), 'md5')).rejects.toThrow('too long to be hashed');
  });
});

describe('refusals', () => {
  const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(1);
  test.each([
    ['an empty part', 0, undefined, 0, 'part-empty'],
    ['a part over 512 KiB', 0, undefined, 512 * KIB + 1, 'part-too-big'],
    ['a negative part', -1, undefined, KIB, 'part-invalid'],
    ['a part behind the end', 3, 3, KIB, 'part-invalid'],
    ['a part behind the longest upload', 4000, undefined, KIB, 'part-invalid'],
    ['no parts', 0, 0, KIB, 'parts-invalid'],
    ['too many parts', 0, 4001, KIB, 'parts-invalid'],
    ['a size that is not a multiple of 1 KiB', 0, 2, 1000, 'part-size-invalid'],
    ['a size that does not divide 512 KiB', 0, 2, 3 * KIB, 'part-size-invalid'],
    ['an invalid size of a streamed part', 0, -1, 1000, 'part-size-invalid'],
  ] as const)('%s', async (...[_what, part, totalParts, length, reason]) => {
    await using fixture = await createFixture();
    expect(await fixture.uploads.savePart({ userId, fileId: 1n, part, totalParts }, bytes(length))).toEqual({ outcome: 'refused', reason });
    expect(await fixture.uploads.count()).toEqual({ uploads: 0, bytes: 0 });
  });

  test('parts of different sizes', async () => {
    await using fixture = await createFixture();
    const { uploads } = fixture;
    const save = async (fileId: bigint, part: number, length: number, totalParts?: number) => {
      const result = await uploads.savePart({ userId, fileId, part, totalParts }, bytes(length));
      return result.outcome === 'refused' ? result.reason : result.outcome;
    };
    // Of a big file, all but the last part tell the size.
    expect(await save(1n, 1, 4 * KIB, 4)).toBe('saved');
    expect(await save(1n, 0, 8 * KIB, 4)).toBe('part-size-changed');
    expect(await save(1n, 2, 2 * KIB, 4)).toBe('part-size-changed');
    expect(await save(1n, 3, 8 * KIB, 4)).toBe('part-size-changed');
    expect(await save(1n, 3, 3000, 4)).toBe('saved');
    // Of a small file, any part may be the last one until a later one arrives.
    expect(await save(2n, 3, 4 * KIB)).toBe('saved');
    expect(await save(2n, 5, 1000)).toBe('saved');
    expect(await save(2n, 6, 1000)).toBe('part-size-invalid');
    expect(await save(2n, 1, 8 * KIB)).toBe('part-size-changed');
    expect(await save(2n, 1, 4 * KIB)).toBe('saved');
  });

  test('missing parts, wrong numbers of parts, unknown files', async () => {
    await using fixture = await createFixture();
    const { uploads } = fixture;
    expect(await uploads.finish(userId, 1n, 1)).toEqual({ outcome: 'absent' });
    await uploads.savePart({ userId, fileId: 1n, part: 0, totalParts: undefined }, bytes(KIB));
    await uploads.savePart({ userId, fileId: 1n, part: 2, totalParts: undefined }, bytes(KIB));
    expect(await uploads.finish(userId, 1n, 3)).toEqual({ outcome: 'missing', part: 1 });
    expect(await uploads.finish(userId, 1n, 4)).toEqual({ outcome: 'missing', part: 1 });
    expect(await uploads.finish(userId, 1n, 2)).toEqual({ outcome: 'refused', reason: 'parts-invalid' });
    for (const parts of [0, -1, 4001, 1.5]) expect(await uploads.finish(userId, 1n, parts)).toEqual({ outcome: 'refused', reason: 'parts-invalid' });
    expect(await uploads.finish(43n, 1n, 1)).toEqual({ outcome: 'absent' });
  });
});

describe('repeats', () => {
  test('a repeated part changes nothing, and finishing again gives the same file', async () => {
    await using fixture = await createFixture();
    const { uploads, random } = fixture;
    const content = random.bytes(200_000);
    const parts = splitFile(content, 128 * KIB);
    const saveAll = () => Promise.all([0, 1, 1, 0].map((part) => uploads.savePart({ userId, fileId: 1n, part, totalParts: 2 }, parts[part]!)));
    await saveAll();
    const first = await finished(uploads, 1n, 2);
    await fixture.readBack(first);
    await saveAll();
    const second = await finished(uploads, 1n, 2);
    expect(second).toEqual(first);
    expect((await fixture.readBack(second)).equals(content)).toBe(true);
  });

  test('a finished upload takes no more parts, so that the stored blob cannot grow', async () => {
    await using fixture = await createFixture();
    const { uploads, random } = fixture;
    const content = random.bytes(256 * KIB);
    const parts = splitFile(content, 128 * KIB);
    const save = (part: number) => uploads.savePart({ userId, fileId: 1n, part, totalParts: undefined }, parts[part % 2]!);
    await save(0);
    await save(1);
    const file = await finished(uploads, 1n, 2);
    expect((await fixture.readBack(file)).equals(content)).toBe(true);
    expect(await save(2)).toEqual({ outcome: 'refused', reason: 'part-invalid' });
    expect(await uploads.finish(userId, 1n, 3)).toEqual({ outcome: 'refused', reason: 'parts-invalid' });
    expect(await finished(uploads, 1n, 2)).toEqual(file);
    expect(await fixture.store.stat(file.name)).toEqual({ size: content.length });
  });

  test('several calls finish the same upload at once, also when its parts have to be moved', async () => {
    await using fixture = await createFixture();
    const { uploads, random } = fixture;
    const content = random.bytes(300_000);
    // The last part comes first, so the first call that finishes finds the part size out.
    for (const [part, bytes] of [...splitFile(content, 64 * KIB).entries()].toReversed()) await uploads.savePart({ userId, fileId: 1n, part, totalParts: 5 }, bytes);
    const other = await Uploads.open(fixture.settings);
    const files = await Promise.all([uploads, other, uploads, other].map((one) => finished(one, 1n, 5)));
    for (const file of files) {
      expect(Buffer.from(file.identity)).toEqual(Buffer.from(identityOf(content)));
      expect((await fixture.readBack(file)).equals(content)).toBe(true);
    }
    await other[Symbol.asyncDispose]();
  });

  test('of a finish and a part behind its end at the same time, one is refused', async () => {
    await using fixture = await createFixture();
    const { uploads, random } = fixture;
    const part = random.bytes(128 * KIB);
    for (let fileId = 1n; fileId <= 30n; fileId++) {
      await uploads.savePart({ userId, fileId, part: 0, totalParts: undefined }, part);
      const [sealed, saved] = await Promise.all([
        uploads.finish(userId, fileId, 1),
        uploads.savePart({ userId, fileId, part: 1, totalParts: undefined }, part),
      ]);
      expect([sealed.outcome, saved.outcome]).toContain('refused');
      if (sealed.outcome === 'finished') expect(statSync(sealed.file.path).size).toBe(part.length);
    }
  });

  test('another body for a part begins the upload anew, with another key, and does not touch the stored blob', async () => {
    await using fixture = await createFixture();
    const { uploads, random } = fixture;
    const first = random.bytes(1024 * KIB);
    for (const [part, bytes] of splitFile(first, 512 * KIB).entries()) await uploads.savePart({ userId, fileId: 1n, part, totalParts: 2 }, bytes);
    const stored = await finished(uploads, 1n, 2);
    await fixture.store.adopt(stored.path, stored.name, stored.size);

    const second = random.bytes(1024 * KIB);
    const parts = splitFile(second, 512 * KIB);
    expect(await uploads.savePart({ userId, fileId: 1n, part: 1, totalParts: 2 }, parts[1]!)).toEqual({ outcome: 'saved' });
    expect(await uploads.finish(userId, 1n, 2)).toEqual({ outcome: 'missing', part: 0 });
    await uploads.savePart({ userId, fileId: 1n, part: 0, totalParts: 2 }, parts[0]!);
    const other = await finished(uploads, 1n, 2);
    expect(other.name).not.toBe(stored.name);
    expect(await fixture.keys.unwrap(other.wrappedKey)).not.toEqual(await fixture.keys.unwrap(stored.wrappedKey));
    expect((await fixture.readBack(other)).equals(second)).toBe(true);
    expect((await fixture.readBack(stored)).equals(first)).toBe(true);
  });

  test('another process notices that an upload was begun anew, also if its creator was killed while it named the map', async () => {
    await using fixture = await createFixture();
    const { uploads, root, random } = fixture;
    const [first, second] = [random.bytes(2 * 128 * KIB), random.bytes(2 * 128 * KIB)].map((bytes) => splitFile(bytes, 128 * KIB));
    const save = (by: Uploads, part: number, parts: Uint8Array[]) => by.savePart({ userId, fileId: 1n, part, totalParts: 2 }, parts[part]!);
    await save(uploads, 0, first!);
    const map = path.join(root, '42/0000000000000001/map');
    linkSync(map, `${map}.draft`);
    await using other = await Uploads.open(fixture.settings);
    await save(other, 0, first!);
    await save(uploads, 0, second!);
    await save(other, 1, second!);
    const file = await finished(uploads, 1n, 2);
    expect((await fixture.readBack(file)).equals(Buffer.concat(second!))).toBe(true);
  });

  test('many bodies for one part at the same time end with one of them', async () => {
    await using fixture = await createFixture();
    const { uploads, random } = fixture;
    const bodies = Array.from({ length: 4 }, () => random.bytes(512 * KIB));
    await Promise.all(bodies.map((bytes) => uploads.savePart({ userId, fileId: 1n, part: 0, totalParts: 1 }, bytes)));
    const file = await finished(uploads, 1n, 1);
    const plain = await fixture.readBack(file);
    expect(bodies.some((bytes) => plain.equals(bytes))).toBe(true);
    expect(Buffer.from(file.identity)).toEqual(Buffer.from(identityOf(plain)));
  });
});

describe('what is kept', () => {
  test('no plain bytes are on the disk', async () => {
    await using fixture = await createFixture();
    const { uploads, root } = fixture;
    const text = Buffer.alloc(512 * KIB, 'a secret that must not be on the disk. ');
    await uploads.savePart({ userId, fileId: 1n, part: 0, totalParts: 2 }, text);
    const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) expect(readFileSync(path.join(file.parentPath, file.name)).includes('a secret')).toBe(false);
  });

  test('a user over the quota is refused, and may go on after discarding or after expiry', async () => {
    await using fixture = await createFixture({ maxBytesPerUser: 1_800_000 });
    const { uploads, clock } = fixture;
    const save = async (fileId: bigint, user = userId) => {
      const result = await uploads.savePart({ userId: user, fileId, part: 0, totalParts: 2 }, new Uint8Array(512 * KIB));
      return result.outcome === 'refused' ? result.reason : result.outcome;
    };
    expect(await save(1n)).toBe('saved');
    expect(await save(2n)).toBe('saved');
    expect(await uploads.heldBytes(userId)).toBe(2 * (512 + 256) * KIB);
    expect(await save(3n)).toBe('over-quota');
    expect(await save(3n, 43n)).toBe('saved');
    await uploads.discard(userId, 1n);
    expect(await save(3n)).toBe('saved');
    expect(await save(4n)).toBe('over-quota');
    expect(await uploads.count()).toEqual({ uploads: 3, bytes: 3 * (512 + 256) * KIB });
    expect(await uploads.expire(Date.now() - 60_000)).toBe(0);
    expect(await uploads.expire(Date.now() + 60_000)).toBe(3);
    await clock.advance(2000);
    expect(await save(4n)).toBe('saved');
    expect(await uploads.finish(userId, 2n, 2)).toEqual({ outcome: 'absent' });
  });

  test.each([
    ['that is no last one of so many', 0, 4, 512 * KIB],
    ['after so many others', 3, undefined, 512 * KIB],
    ['after so many others of a streamed file', 3, -1, 512 * KIB],
  ])('a part %s is refused for good if the file is longer than what a user may hold', async (...[_what, part, totalParts, length]) => {
    await using fixture = await createFixture({ maxBytesPerUser: 1_400_000 });
    const save = (number: number, total: number | undefined) => fixture.uploads.savePart({ userId, fileId: 1n, part: number, totalParts: total }, new Uint8Array(length));
    expect(await save(part, totalParts)).toEqual({ outcome: 'refused', reason: 'parts-invalid' });
    expect(await fixture.uploads.count()).toEqual({ uploads: 0, bytes: 0 });
    expect(await save(1, 2)).toEqual({ outcome: 'saved' });
  });

  test('a user may have so many unfinished uploads, at the same time too, and may go on with each of them', async () => {
    await using fixture = await createFixture({ maxUploadsPerUser: 8 });
    const { uploads } = fixture;
    const save = async (fileId: number, part = 0, user = userId) => {
      const result = await uploads.savePart({ userId: user, fileId: BigInt(fileId), part, totalParts: 4 }, new Uint8Array(KIB));
      return result.outcome === 'refused' ? result.reason : result.outcome;
    };
    const results = await Promise.all(Array.from({ length: 20 }, (_, fileId) => save(fileId)));
    expect(results.filter((result) => result === 'saved')).toHaveLength(8);
    expect(results.filter((result) => result === 'too-many')).toHaveLength(12);
    const begun = results.flatMap((result, fileId) => (result === 'saved' ? [fileId] : []));
    for (const fileId of begun) expect(await save(fileId, 1)).toBe('saved');
    expect(await save(100, 0, 43n)).toBe('saved');
    await uploads.discard(userId, BigInt(begun[0]!));
    expect(await save(100)).toBe('saved');
    expect(await save(101)).toBe('too-many');
  });

  test('another body for a part does not count as another upload', async () => {
    await using fixture = await createFixture({ maxUploadsPerUser: 2, maxBytesPerUser: 2_700_000 });
    const { uploads, random } = fixture;
    for (let body = 0; body < 10; body++) {
      expect(await uploads.savePart({ userId, fileId: 1n, part: 0, totalParts: 4 }, random.bytes(512 * KIB))).toEqual({ outcome: 'saved' });
    }
    expect(await uploads.savePart({ userId, fileId: 2n, part: 0, totalParts: 4 }, random.bytes(KIB))).toEqual({ outcome: 'saved' });
  });

  test('a user who has reached a limit gets the place of an upload without new parts for an hour', async () => {
    const clock = createFakeClock(Date.now());
    await using fixture = await createFixture({ maxUploadsPerUser: 2, clock });
    const { uploads } = fixture;
    const save = async (fileId: bigint) => (await uploads.savePart({ userId, fileId, part: 0, totalParts: 4 }, new Uint8Array(KIB))).outcome;
    expect([await save(1n), await save(2n), await save(3n)]).toEqual(['saved', 'saved', 'refused']);
    await clock.advance(3_660_000);
    expect([await save(3n), await save(4n)]).toEqual(['saved', 'refused']);
    await clock.advance(2000);
    expect([await save(4n), await save(5n)]).toEqual(['saved', 'refused']);
  });

  test('beginning and discarding uploads in turns does not count the files of the others again and again', async () => {
    await using fixture = await createFixture();
    const { uploads } = fixture;
    const save = (fileId: bigint) => uploads.savePart({ userId, fileId, part: 0, totalParts: 4 }, new Uint8Array(KIB));
    for (let fileId = 1n; fileId <= 50n; fileId++) await save(fileId);
    const opened = vi.spyOn(PartMap, 'open');
    for (let round = 0; round < 20; round++) {
      await save(100n);
      await uploads.discard(userId, 100n);
    }
    // Each round opens the map that it creates, and measures it.
    expect(opened.mock.calls.length).toBeLessThanOrEqual(80);
    opened.mockRestore();
    expect(await uploads.heldBytes(userId)).toBe(50 * 257 * KIB);
  });

  test('nothing of a discarded upload is left, and discarding again succeeds', async () => {
    await using fixture = await createFixture();
    const { uploads, root } = fixture;
    await uploads.savePart({ userId, fileId: 1n, part: 0, totalParts: 1 }, Buffer.from('x'));
    await uploads.discard(userId, 1n);
    await uploads.discard(userId, 1n);
    expect(existsSync(path.join(root, String(userId)))).toBe(false);
    expect(readdirSync(path.join(root, 'processes'))).toHaveLength(1);
  });

  test('an upload that is discarded while its parts arrive is begun anew', async () => {
    await using fixture = await createFixture();
    const { uploads, random } = fixture;
    const parts = splitFile(random.bytes(8 * 128 * KIB), 128 * KIB);
    await Promise.all([
      ...parts.map((bytes, part) => uploads.savePart({ userId, fileId: 1n, part, totalParts: 8 }, bytes)),
      uploads.discard(userId, 1n),
      uploads.discard(userId, 1n),
    ]);
    await Promise.all(parts.map((bytes, part) => uploads.savePart({ userId, fileId: 1n, part, totalParts: 8 }, bytes)));
    expect((await fixture.readBack(await finished(uploads, 1n, 8))).equals(Buffer.concat(parts))).toBe(true);
  });
});
