import { TlError, TlReader, TlWriter, updateKind, UPDATE_KINDS } from '@aerogram/tl';
import { describe, expect, it } from 'vitest';

describe('TlWriter', () => {
  it('grows for a double as for other types', () => {
    const w = new TlWriter();
    const doubles = Array.from({ length: 100_000 }, (_, n) => n + 0.5);
    for (const one of doubles) w.double(one);
    const r = new TlReader(w.take());
    expect(doubles.map(() => r.double())).toEqual(doubles);
    r.checkEnd();
  });

  it('accepts signed and unsigned numbers, and refuses values out of range', () => {
    const w = new TlWriter();
    for (const n of [-1, 0xffffffff, -0x80000000, 0x7fffffff]) w.int(n);
    for (const n of [-1n, 2n ** 64n - 1n, -(2n ** 63n), 2n ** 63n - 1n]) w.long(n);
    const r = new TlReader(w.take());
    expect([r.int(), r.uint(), r.int(), r.int()]).toEqual([-1, 0xffffffff, -0x80000000, 0x7fffffff]);
    expect([r.long(), r.long(), r.long(), r.long()]).toEqual([-1n, -1n, -(2n ** 63n), 2n ** 63n - 1n]);
    r.checkEnd();
    for (const n of [1.5, 2 ** 32, -(2 ** 31) - 1, Number.NaN]) expect(() => w.int(n)).toThrow(TlError);
    for (const n of [2n ** 64n, -(2n ** 63n) - 1n]) expect(() => w.long(n)).toThrow(TlError);
    expect(() => w.int128(new Uint8Array(15))).toThrow(TlError);
    expect(() => w.boxed({ _: 'noSuchConstructor' })).toThrow(TlError);
  });

  it('starts from the beginning after take and reset, however large the last object was', () => {
    const w = new TlWriter();
    w.bytes(new Uint8Array(3 << 20));
    expect(w.take()).toHaveLength((3 << 20) + 4);
    w.int(7);
    w.reset();
    w.string('abc');
    expect(Buffer.from(w.take()).toString('hex')).toBe('03616263');
    expect(() => w.bytes(new Uint8Array(1 << 24))).toThrow(/too_large/);
  });

  it('returns bytes that later writes do not change', () => {
    const w = new TlWriter();
    w.int(1);
    const first = w.take();
    w.int(2);
    w.take();
    expect(first).toEqual(Buffer.from([1, 0, 0, 0]));
  });
});

describe('TlReader', () => {
  it('copies byte strings out of its input', () => {
    const w = new TlWriter();
    w.bytes(Uint8Array.of(1, 2, 3));
    const input = w.take();
    const value = new TlReader(input).bytes();
    input.fill(0);
    expect(value).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('limits the input', () => {
    expect(() => new TlReader(new Uint8Array(100), { maxBytes: 99 })).toThrow(/too_large/);
    expect(() => new TlReader(Uint8Array.of(254, 255, 255, 255)).string()).toThrow(/truncated/);
    expect(() => new TlReader(Uint8Array.of(255, 0, 0, 0)).string()).toThrow(/bad_length/);
  });
});

describe('updateKind', () => {
  it('distinguishes the counters', () => {
    expect(updateKind('updateNewMessage')).toBe('pts');
    expect(updateKind('updateNewChannelMessage')).toBe('channel_pts');
    expect(updateKind('updateNewEncryptedMessage')).toBe('qts');
    expect(updateKind('updateReadChannelInbox')).toBe('none');
    expect(UPDATE_KINDS.updateDeleteMessages.count).toBe('each_message');
    expect(UPDATE_KINDS.updateFolderPeers.count).toBe('zero');
  });
});
