import { describe, expect, test } from 'vitest';

import { readSps } from '../src/h264-sps.ts';

/** Bits of a number in the code of Exp-Golomb. */
function ue(value: number): string {
  const bits = (value + 1).toString(2);
  return '0'.repeat(bits.length - 1) + bits;
}

const se = (value: number): string => ue(value > 0 ? 2 * value - 1 : -2 * value);
const u8 = (value: number): string => value.toString(2).padStart(8, '0');

interface Fields {
  profile?: number;
  colours?: string;
  order?: string;
  columns?: number;
  rows?: number;
  isInterlaced?: boolean;
  cropping?: readonly number[];
}

/** A sequence parameter set, with the bytes that encoders put in. */
function spsOf({ profile = 66, colours = '', order = ue(0) + ue(4), columns = 20, rows = 15, isInterlaced = false, cropping }: Fields): Uint8Array {
  const sides = ue(columns - 1) + ue(rows - 1) + (isInterlaced ? '01' : '1') + '1';
  const bits = u8(profile) + u8(0) + u8(30) + ue(0) + colours + ue(4) + order + ue(1) + '0' + sides + (cropping === undefined ? '0' : `1${cropping.map(ue).join('')}`) + '01';
  const bytes = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0').match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2));
  const escaped: number[] = [];
  for (const byte of bytes) escaped.push(...(byte <= 3 && escaped.length > 1 && escaped.at(-1) === 0 && escaped.at(-2) === 0 ? [3, byte] : [byte]));
  return Uint8Array.from([0x67, ...escaped]);
}

const sidesOf = (fields: Fields): string => {
  const { coded, shown } = readSps(spsOf(fields))!;
  return `${coded.width}x${coded.height} ${shown.width}x${shown.height}`;
};
const coloursOf = (chroma: number, more: { isSeparate?: boolean; scales?: string } = {}): string =>
  ue(chroma) + (chroma === 3 ? (more.isSeparate === true ? '1' : '0') : '') + ue(0) + ue(0) + '0' + (more.scales === undefined ? '0' : `1${more.scales}`);

describe('the sides in a sequence parameter set', () => {
  test('are those of its blocks, without the edges that are cut off', () => {
    expect(sidesOf({})).toBe('320x240 320x240');
    expect(sidesOf({ columns: 256, rows: 135 })).toBe('4096x2160 4096x2160');
    expect(sidesOf({ columns: 80, rows: 68, cropping: [1, 2, 3, 4] })).toBe('1280x1088 1274x1074');
    expect(sidesOf({ rows: 34, isInterlaced: true, cropping: [0, 0, 0, 2] })).toBe('320x1088 320x1080');
  });

  test('of high profiles are cut off by steps that depend on the colours', () => {
    const cropping = [1, 1, 1, 1];
    const sides = [coloursOf(0), coloursOf(1), coloursOf(2), coloursOf(3), coloursOf(3, { isSeparate: true })].map((colours) => sidesOf({ profile: 100, colours, cropping }).split(' ')[1]);
    expect(sides).toEqual(['318x238', '316x236', '316x238', '318x238', '318x238']);
  });

  test('are found behind lists of factors and any order of pictures', () => {
    const scales = `1${se(-8)}1${se(1).repeat(16)}${'0'.repeat(4)}1${se(-1).repeat(7)}${se(-1)}0`;
    expect(sidesOf({ profile: 100, colours: coloursOf(1, { scales }) })).toBe('320x240 320x240');
    expect(sidesOf({ order: ue(2) })).toBe('320x240 320x240');
    expect(sidesOf({ order: `${ue(1)}0${se(-3)}${se(70_000)}${ue(255)}${se(5).repeat(255)}` })).toBe('320x240 320x240');
    // This number has zeros between which encoders put a byte.
    expect(spsOf({ order: `${ue(1)}0${se(0)}${se(2 ** 26)}${ue(0)}` }).join(' ')).toContain('0 0 3 ');
    expect(sidesOf({ order: `${ue(1)}0${se(0)}${se(2 ** 26)}${ue(0)}` })).toBe('320x240 320x240');
  });

  test('are not found in damaged or endless sets, or those of other profiles', () => {
    const whole = spsOf({ profile: 100, colours: coloursOf(1), cropping: [0, 0, 0, 4] });
    for (let length = 0; length < whole.length - 1; length++) expect(readSps(whole.subarray(0, length))).toBeUndefined();
    const damaged: Fields[] = [{ profile: 118 }, { profile: 0 }, { cropping: [100, 100, 0, 0] }, { columns: 4097 }, { order: ue(3) }, { order: `${ue(1)}0${se(0)}${se(0)}${ue(256)}` }, { profile: 100, colours: ue(4) }];
    for (const fields of damaged) expect(readSps(spsOf(fields))).toBeUndefined();
    expect(readSps(Uint8Array.from({ length: 100_000 }, () => 0))).toBeUndefined();
  });
});
