import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { describe, expect, test } from 'vitest';
import { concat, uint32 } from '../../src/call-media/bytes.ts';
import { CallCipher, ReplayWindow } from '../../src/call-media/call-crypto.ts';
import { crc32c } from '../../src/call-media/crc32c.ts';
import { AckedSender } from '../../src/call-media/acked-framing.ts';

const KEY = Uint8Array.from({ length: 256 }, (_, at) => at);
const TEXT = utf8ToBytes('{"@type":"Candidates","candidates":[]}');
const caller = new CallCipher(KEY, true);
const callee = new CallCipher(KEY, false);

describe('a packet of a call', () => {
  test('has the bytes of other clients', async () => {
    const plain = concat(uint32(1), TEXT);
    const packet = await caller.seal(plain);
    // The same bytes come out of Web K's own class.
    expect(bytesToHex(packet)).toBe('b7639f46c1f2138d49c88df16086c9e551db8b91ab22224cda0784807bee96b810a5bd66fca7c2618f4294276146dd4694411c0f6d8e782c2ca0');
    expect(bytesToHex((await callee.seal(plain)).subarray(0, 16))).toBe('04e8e040e7e58cea2050145c169f8d0f');
    expect(await callee.open(packet)).toEqual(plain);
  });

  test('of version 8.0.0 has the bytes of other clients', async () => {
    const sender = new AckedSender();
    sender.add(TEXT);
    const plain = sender.next()!;
    expect(bytesToHex(plain.subarray(0, 9))).toBe('400000017f00000026');
    expect(bytesToHex((await caller.seal(plain)).subarray(0, 16))).toBe('a348149ee08ad4643b7269884ff1b534');
  });

  test('is not opened if it was changed, cut, is an own one, or is too long', async () => {
    const packet = await caller.seal(concat(uint32(1), TEXT));
    for (let at = 0; at < packet.length; at++) {
      const changed = packet.slice();
      changed[at]! ^= 1;
      expect(await callee.open(changed)).toBeUndefined();
    }
    expect(await callee.open(packet.subarray(0, -1))).toBeUndefined();
    expect(await callee.open(packet.subarray(0, 20))).toBeUndefined();
    expect(await caller.open(packet)).toBeUndefined();
    expect(await callee.open(await caller.seal(new Uint8Array(128 * 1024)))).toBeUndefined();
    expect(() => new CallCipher(KEY.subarray(1), true)).toThrow(RangeError);
  });

  test('is taken once, and not when it is 64 behind', () => {
    const replay = new ReplayWindow();
    expect([3, 1, 3, 1, 2, 0].map((seq) => replay.accept(seq))).toEqual([true, true, false, false, true, false]);
    expect(replay.accept((0x80000000 | 3) >>> 0)).toBe(false);
    expect([100, 37, 36, 37].map((seq) => replay.accept(seq))).toEqual([true, true, false, false]);
  });
});

test('the checksum is that of RFC 9260', () => {
  expect(crc32c(utf8ToBytes('123456789'))).toBe(0xe3069283);
});
