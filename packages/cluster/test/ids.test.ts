import { readFileSync } from 'node:fs';
import { seededRandom } from '@aerogram/runtime';
import { expect, test } from 'vitest';
import {
  ID_BOUNDS,
  SERVICE_USER_IDS,
  allocateChannelId,
  allocateChatId,
  allocateUserId,
  homeDcOf,
  isIdInBounds,
  isMarkedChannel,
  isMarkedChat,
  isMarkedUser,
  markNamedPeer,
  markPeer,
  newPresentedId,
  newPresentedToken,
  randomUserId,
  unmarkPeer,
} from '../src/index.ts';

interface Bounds {
  min: string;
  max: string;
}

const committed = JSON.parse(readFileSync(new URL('../../schema/id-bounds.json', import.meta.url), 'utf8')) as Record<
  keyof typeof ID_BOUNDS,
  Bounds
> & { service_users: Record<string, string> };

const allocators = { user: allocateUserId, chat: allocateChatId, channel: allocateChannelId } as const;

test('the ranges are those of the committed table', () => {
  for (const kind of Object.keys(ID_BOUNDS) as (keyof typeof ID_BOUNDS)[]) {
    const { min, max } = ID_BOUNDS[kind];
    expect({ kind, min: String(min), max: String(max) }).toEqual({ kind, ...committed[kind] });
  }
  expect([...SERVICE_USER_IDS].map(String).sort()).toEqual(Object.keys(committed.service_users).sort());
});

test.each(['user', 'chat', 'channel'] as const)('%s ids stay in range in every DC and contain their DC', (kind) => {
  const max = BigInt(committed[kind].max);
  for (let dc = 1; dc <= 5; dc++) {
    const first = allocators[kind](1n, dc);
    expect(isIdInBounds(kind, first)).toBe(true);
    expect(homeDcOf(first)).toBe(dc);

    let low = 1n;
    let high = 1n << 60n;
    const fits = (sequence: bigint): boolean => {
      try {
        return allocators[kind](sequence, dc) <= max;
      } catch (error) {
        if (error instanceof RangeError) return false;
        throw error;
      }
    };
    while (high - low > 1n) {
      const middle = (low + high) / 2n;
      if (fits(middle)) low = middle;
      else high = middle;
    }
    const last = allocators[kind](low, dc);
    expect(isIdInBounds(kind, last)).toBe(true);
    expect(max - last).toBeLessThan(8n);
    expect(homeDcOf(last)).toBe(dc);
  }
});

test('channel ids have ten digits, so the text -100 before them makes the same marked id', () => {
  for (const sequence of [1n, 2n, 1_000_000_000n]) {
    for (let dc = 1; dc <= 5; dc++) {
      const id = allocateChannelId(sequence, dc);
      expect(markPeer({ _: 'peerChannel', channel_id: id })).toBe(BigInt(`-100${id}`));
    }
  }
  expect(() => allocateChannelId(0n, 1)).toThrow(RangeError);
});

test('ids of service accounts are skipped, and ids around them stay distinct', () => {
  for (const service of SERVICE_USER_IDS) {
    const dc = Number(service & 7n);
    if (dc < 1 || dc > 5) continue;
    const around = Array.from({ length: 20 }, (_, i) => allocateUserId((service >> 3n) - 10n + BigInt(i), dc));
    expect(around).not.toContain(service);
    expect(new Set(around).size).toBe(around.length);
  }
});

test('random user ids stay in range, contain their DC, avoid service accounts and are far from each other', () => {
  const random = seededRandom('ids');
  const bits = [1n, 2n, (1n << 63n) - 1n, (1n << 37n) - 1n, ...Array.from({ length: 2000 }, () => random.int63())];
  for (let dc = 1; dc <= 5; dc++) {
    const ids = bits.map((one) => randomUserId(one, dc));
    for (const id of ids) {
      expect(isIdInBounds('user', id)).toBe(true);
      expect(homeDcOf(id)).toBe(dc);
    }
    // Of 2,000 among 2^37 no two are adjacent, except those created from adjacent bits.
    const sorted = ids.slice(4).sort((a, b) => (a < b ? -1 : 1));
    expect(sorted.filter((id, at) => at > 0 && id - sorted[at - 1]! < 1000n)).toEqual([]);
    // Both ends of the range are possible.
    expect(ids.some((id) => id < 1n << 37n) && ids.some((id) => id > 1n << 39n)).toBe(true);
    // Accounts with sequential ids use a separate range.
    expect(ids.every((id) => id > allocateUserId((1n << 24n) - 10n, dc))).toBe(true);
  }
});

test('invalid sequence numbers and DCs are refused', () => {
  expect(() => allocateUserId(0n, 2)).toThrow(RangeError);
  expect(() => allocateUserId(1n, 0)).toThrow(RangeError);
  expect(() => allocateUserId(1n, 6)).toThrow(RangeError);
});

test('service accounts have no home DC', () => {
  for (const service of SERVICE_USER_IDS) expect(homeDcOf(service)).toBeUndefined();
  expect(homeDcOf(3n)).toBeUndefined();
});

test('marked ids distinguish peers and can be converted back', () => {
  const peers = [
    { _: 'peerUser', user_id: ID_BOUNDS.user.min },
    { _: 'peerUser', user_id: ID_BOUNDS.user.max },
    { _: 'peerChat', chat_id: ID_BOUNDS.chat.min },
    { _: 'peerChat', chat_id: ID_BOUNDS.chat.max },
    { _: 'peerChannel', channel_id: ID_BOUNDS.channel.min },
    { _: 'peerChannel', channel_id: ID_BOUNDS.channel.max },
    { _: 'peerChannel', channel_id: ID_BOUNDS.monoforum.max },
  ] as const;
  const marked = peers.map(markPeer);
  expect(new Set(marked).size).toBe(peers.length);
  expect(marked.map(unmarkPeer)).toEqual(peers);
  expect(marked.map(isMarkedUser)).toEqual(peers.map((peer) => peer._ === 'peerUser'));
  expect(marked.map(isMarkedChat)).toEqual(peers.map((peer) => peer._ === 'peerChat'));
  expect(marked.map(isMarkedChannel)).toEqual(peers.map((peer) => peer._ === 'peerChannel'));
  expect(markPeer({ _: 'peerChannel', channel_id: 5n })).toBe(-1_000_000_000_005n);
  expect(() => unmarkPeer(0n)).toThrow(RangeError);
  expect(() => unmarkPeer(-(10n ** 12n))).toThrow(RangeError);
});

test('marks no peer with an id that clients do not accept', () => {
  expect(markNamedPeer({ _: 'peerChannel', channel_id: 5n })).toBe(-1_000_000_000_005n);
  expect(markNamedPeer({ _: 'peerChannel', channel_id: ID_BOUNDS.monoforum.max })).toBe(-(10n ** 12n + ID_BOUNDS.monoforum.max));
  for (const id of [0n, -1n, -(2n ** 63n), 2n ** 63n - 1n]) {
    expect(markNamedPeer({ _: 'peerUser', user_id: id })).toBeUndefined();
    expect(markNamedPeer({ _: 'peerChat', chat_id: id })).toBeUndefined();
    expect(markNamedPeer({ _: 'peerChannel', channel_id: id })).toBeUndefined();
  }
  expect(markNamedPeer({ _: 'peerChat', chat_id: ID_BOUNDS.chat.max + 1n })).toBeUndefined();
});

test('ids and tokens that clients present alone name their home, and nothing else in them is fixed', () => {
  const random = seededRandom(1);
  for (let dc = 1; dc <= 5; dc++) {
    const ids = Array.from({ length: 200 }, () => newPresentedId(random, dc));
    expect(new Set(ids.map(homeDcOf))).toEqual(new Set([dc]));
    expect(new Set(ids.map((id) => id >> 3n)).size).toBe(200);
    // TDLib numbers wallpapers of its own below 2^31, and leaves out those of a server with such ids.
    expect(ids.every((id) => id > 2n ** 31n && id < 2n ** 63n)).toBe(true);
    const tokens = Array.from({ length: 200 }, () => newPresentedToken(random, 18, dc));
    expect(new Set(tokens.map((token) => `${token[0]} ${token.length}`))).toEqual(new Set([`${dc} 18`]));
    expect(new Set(tokens.map((token) => Buffer.from(token).toString('hex'))).size).toBe(200);
  }
  expect(() => newPresentedId(random, 0)).toThrow(RangeError);
});
