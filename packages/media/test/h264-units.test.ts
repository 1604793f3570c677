import { describe, expect, test } from 'vitest';

import { readAvcConfig, withoutSei } from '../src/h264-units.ts';

const SLICE = [0x65, 1, 2, 3];
const SEI = [0x06, 5, 9, 9];
const SPS = [0x67, 66, 0, 30, 1];
const PPS = [0x68, 4];

const withLength = (unit: readonly number[], bytes: number): number[] => [...Array.from({ length: bytes - 1 }, () => 0), unit.length, ...unit];
const sampleOf = (units: readonly (readonly number[])[], bytes = 4): Uint8Array => Uint8Array.from(units.flatMap((unit) => withLength(unit, bytes)));
const configOf = (lengthBytes: number) => ({ lengthBytes, sps: [] });
const boxOf = (sps: readonly (readonly number[])[], pps: readonly (readonly number[])[]): Uint8Array =>
  Uint8Array.from([1, 66, 0, 30, 0xff, 0xe0 | sps.length, ...sps.flatMap((set) => withLength(set, 2)), pps.length, ...pps.flatMap((set) => withLength(set, 2))]);

describe('a picture of H.264', () => {
  test.each([1, 2, 3, 4])('is copied without its supplemental information, with lengths of %d bytes', (bytes) => {
    expect(withoutSei(sampleOf([PPS, SEI, SLICE, SEI, SLICE], bytes), configOf(bytes))).toEqual(Buffer.from(sampleOf([PPS, SLICE, SLICE], bytes)));
  });

  test('is copied as it is if it has none', () => {
    expect(withoutSei(sampleOf([PPS, SLICE]), configOf(4))).toEqual(Buffer.from(sampleOf([PPS, SLICE])));
  });

  test('is refused with other sides than those of the box avcC, and copied with the same', () => {
    const config = { lengthBytes: 4, sps: [Uint8Array.from(SPS)] };
    expect(withoutSei(sampleOf([SPS, SLICE]), config)).toEqual(Buffer.from(sampleOf([SPS, SLICE])));
    for (const other of [[...SPS, 0], SPS.slice(0, -1), [0x67]]) expect(withoutSei(sampleOf([other, SLICE]), config)).toBeUndefined();
  });

  test('is damaged if nothing else is in it, or a length is wrong', () => {
    const sample = sampleOf([SEI, SLICE]);
    for (const damaged of [sampleOf([SEI]), new Uint8Array(), sample.subarray(0, -1), Uint8Array.of(...sample, 0), Uint8Array.of(255, 255, 255, 255, 0x65)]) {
      expect(withoutSei(damaged, configOf(4))).toBeUndefined();
    }
  });
});

describe('the box avcC', () => {
  test('has the length of lengths and the parameter sets', () => {
    expect(readAvcConfig(boxOf([SPS, SPS], [PPS]))).toEqual({ lengthBytes: 4, sps: [Uint8Array.from(SPS), Uint8Array.from(SPS)] });
  });

  test('is damaged if it is cut off, or has other units or no sides', () => {
    const box = boxOf([SPS], [PPS]);
    for (let length = 0; length < box.length; length++) if (length !== 6 + 2 + SPS.length) expect(readAvcConfig(box.subarray(0, length))).toBeUndefined();
    for (const damaged of [boxOf([SEI], [PPS]), boxOf([SPS], [SEI]), boxOf([[]], []), boxOf([], [PPS])]) expect(readAvcConfig(damaged)).toBeUndefined();
  });
});
