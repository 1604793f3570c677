import { deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { unpackData } from '../src/index.ts';

const text = Buffer.from('Was this text packed? '.repeat(100));

test.each([['gzip', gzipSync], ['zlib', deflateSync]])('unpacks %s data up to the limit', (_, pack) => {
  expect(unpackData(pack(text), text.length)).toEqual(text);
  expect(unpackData(pack(text), text.length - 1)).toBeUndefined();
  expect(unpackData(pack(Buffer.alloc(0)), 100)).toEqual(Buffer.alloc(0));
});

test('refuses malformed data, and data longer or shorter than it says', () => {
  const packed = gzipSync(text);
  expect(unpackData(packed.subarray(0, 40), 10_000)).toBeUndefined();
  expect(unpackData(Uint8Array.of(1, 2, 3), 10_000)).toBeUndefined();
  for (const told of [0, 100, text.length + 1, 0xffff_ffff]) {
    packed.writeUInt32LE(told, packed.length - 4);
    expect(unpackData(packed, 1 << 20)).toBeUndefined();
  }
});

test.each([['gzip', gzipSync], ['zlib', deflateSync]])('asks whether long %s data is welcome', (_, pack) => {
  const asked: number[] = [];
  const long = Buffer.alloc(200_000, 7);
  const welcomes = (constructor: number): boolean => asked.push(constructor) < 2;
  expect(unpackData(pack(long), 1 << 20, welcomes)).toEqual(long);
  expect(unpackData(pack(long), 1 << 20, welcomes)).toBeUndefined();
  expect(asked).toEqual([0x07070707, 0x07070707]);
});
