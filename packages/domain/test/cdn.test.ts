import { createHash, randomBytes } from 'node:crypto';

import { type KnownNode, NO_CDN_NODES, type PushOutcome } from '@aerogram/cdn-origin';
import { WINDOW_BYTES } from '@aerogram/cdn-protocol';
import { createFakeClock, silentLogger } from '@aerogram/runtime';
import { describe, expect, it } from 'vitest';

import { CdnHashes } from '../src/cdn/cdn-hashes.ts';
import { CdnPushes } from '../src/cdn/cdn-pushes.ts';
import { EPOCH_S, identifyContent, inEpochOf } from '../src/cdn/content-key.ts';
import { Demand, MinuteCounts } from '../src/cdn/demand.ts';
import { type SealedRight, SealedRights } from '../src/cdn/sealed-rights.ts';
import type { FileSource } from '../src/files/index.ts';

const NOW = 1_750_000_000;

describe('demand for a file', () => {
  it('begins when it was asked for often enough in a minute, and lasts ten minutes', async () => {
    const clock = createFakeClock();
    const demand = new Demand(clock, 3);
    expect([demand.note('a'), demand.note('a'), demand.note('b')]).toEqual([false, false, false]);
    await clock.advance(60_000);
    expect([demand.note('a'), demand.note('a'), demand.note('a'), demand.note('b')]).toEqual([false, false, true, false]);
    await clock.advance(599_000);
    expect(demand.note('a')).toBe(true);
    await clock.advance(1000);
    expect(demand.note('a')).toBe(false);
  });

  it('does not matter if the setting is 0', () => {
    const demand = new Demand(createFakeClock(), 0);
    expect(Array.from({ length: 100 }, () => demand.note('a'))).not.toContain(true);
  });

  it('is counted for a bounded number of files', () => {
    const counts = new MinuteCounts(createFakeClock());
    counts.add('first');
    for (let file = 0; file < 20_000; file++) counts.add(String(file));
    expect([counts.add('first'), counts.add('19999')]).toEqual([1, 2]);
  });
});

describe('content', () => {
  const blob = { identity: Uint8Array.from(randomBytes(32)), size: 1000 };

  it('of a size of a photo is not that of the photo or of another size', () => {
    const [whole, first, second] = [[0, 1000], [0, 400], [400, 600]].map(([start, size]) => Buffer.from(identifyContent({ blob, start: start!, size: size! })).toString('hex'));
    expect(whole).toBe(Buffer.from(blob.identity).toString('hex'));
    expect(new Set([whole, first, second]).size).toBe(3);
  });

  it('is in one epoch for a day, and different content changes its epoch at different times', () => {
    const changesAt = (identity: Uint8Array): number => {
      const { epoch } = inEpochOf(identity, NOW);
      let second = 0;
      while (inEpochOf(identity, NOW + second).epoch === epoch) second++;
      expect(inEpochOf(identity, NOW + second + EPOCH_S - 1).epoch).toBe(epoch + 1);
      expect(inEpochOf(identity, NOW + second + EPOCH_S).epoch).toBe(epoch + 2);
      return second;
    };
    const changes = [0, 1000, 2 ** 32 - 1].map((number) => {
      const identity = Buffer.alloc(32);
      identity.writeUInt32BE(number);
      return changesAt(identity);
    });
    expect(new Set(changes).size).toBe(3);
  });
});

describe('what the server seals in a token', () => {
  const right: SealedRight = { kind: 'photo', documentId: (1n << 62n) + 5n, channelId: 1n << 40n, msgId: 2 ** 31, epoch: 20_000, dc: 203, expires_date: NOW + 1800, userId: 1n << 39n, sizeType: 'y' };
  const secrets = new Map([[0, randomBytes(32)], [3, randomBytes(32)]]);
  const rights = new SealedRights(secrets, { bytes: (count) => randomBytes(count) });

  it('can be opened by it, also with an older secret', () => {
    expect(rights.open(rights.seal(right, NOW))).toEqual({ ...right, version: 3 });
    const older = new SealedRights(new Map([[0, secrets.get(0)!]]), { bytes: (count) => randomBytes(count) });
    expect(rights.open(older.seal({ ...right, kind: 'document', sizeType: '' }, NOW))).toEqual({ ...right, kind: 'document', sizeType: '', version: 0 });
    expect(older.open(rights.seal(right, NOW))).toBeUndefined();
  });

  it('looks random, fits into a token, and cannot be changed or cut', () => {
    const sealed = rights.seal(right, NOW);
    expect(Buffer.from(rights.seal(right, NOW)).equals(sealed)).toBe(false);
    expect(sealed.length).toBeLessThanOrEqual(256);
    for (let bit = 0; bit < 8 * sealed.length; bit++) {
      const changed = Uint8Array.from(sealed);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(rights.open(changed), `bit ${bit}`).toBeUndefined();
    }
    for (let length = 0; length < sealed.length; length++) expect(rights.open(sealed.subarray(0, length))).toBeUndefined();
  });
});

describe('hashes of a size of a photo', () => {
  it('are those of its own blocks, wherever it begins in the photo', async () => {
    const content = randomBytes(400_000);
    const source: FileSource = {
      kind: 'photo', documentId: 1n, sizeType: 'y', origin: { kind: 'post', channelId: 1n, msgId: 1 }, isProtected: false,
      blob: { identity: Uint8Array.from(randomBytes(32)), size: 500_000 }, start: 77_777, size: content.length,
    };
    const readSource = (_: unknown, offset: number, limit: number): Promise<Uint8Array> => Promise.resolve(Uint8Array.from(content.subarray(offset, offset + limit)));
    const hashes = new CdnHashes({ run: () => Promise.reject(new Error('the stored hashes are those of the photo')) }, { readSource });
    const sha256 = (from: number): Buffer => createHash('sha256').update(content.subarray(from, from + 131_072)).digest();
    const expected = [0, 131_072, 262_144, 393_216].map((offset) => ({ _: 'fileHash', offset: BigInt(offset), limit: Math.min(131_072, content.length - offset), hash: new Uint8Array(sha256(offset)) }));
    const found = await hashes.list(source, { first: 0, count: 80 });
    expect(found.map((hash) => ({ ...hash, hash: new Uint8Array(hash.hash) }))).toEqual(expected);
    expect(await hashes.list(source, { first: 3, count: 8 })).toHaveLength(1);
    expect(await hashes.list(source, { first: 40, count: 8 })).toEqual([]);
  });
});

describe('pushes', () => {
  it('to a node that does not answer leave room for pushes to other nodes', async () => {
    const clock = createFakeClock();
    const [slow, quick] = ['slow', 'quick'].map((id) => ({ id }) as KnownNode);
    const answers: (() => void)[] = [];
    const pushWindow = (node: KnownNode): Promise<PushOutcome> =>
      node === quick ? Promise.resolve('ok') : new Promise((resolve) => answers.push(() => resolve('failed')));
    await using pushes = new CdnPushes({ ...NO_CDN_NODES, pushWindow }, { clock, log: silentLogger });
    const push = (node: KnownNode): Promise<PushOutcome> => {
      const file = { fileId: randomBytes(16), size: WINDOW_BYTES, key: { key: randomBytes(32), iv: new Uint8Array(16) }, read: () => Promise.resolve(new Uint8Array(WINDOW_BYTES)) };
      return pushes.push(node, file, 0, 0);
    };
    // More than have room, and more than may wait for it.
    const stuck = Array.from({ length: 100 }, () => push(slow!));
    let outcome: PushOutcome | undefined;
    void push(quick!).then((result) => (outcome = result));
    await clock.advance(1000);
    const early = outcome;
    await clock.advance(10_000);
    for (const answer of answers) answer();
    expect(early).toBe('ok');
    const outcomes = await Promise.all(stuck);
    expect([outcomes.filter((one) => one === 'full').length, outcomes.filter((one) => one === 'failed').length]).toEqual([84, 16]);
  });
});
