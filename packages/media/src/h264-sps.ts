/** The sides of pictures, in pixels. */
export interface Sides {
  width: number;
  height: number;
}

/** What a sequence parameter set of H.264 says about the pictures. */
export interface SpsShape {
  /** As they are decoded. */
  coded: Sides;
  /** As they are shown, without the edges that are cut off. */
  shown: Sides;
}

/** The profiles whose sets are read, by their numbers (ITU-T H.264, annex A), and those of them whose sets say more about colours. */
const PROFILES: readonly number[] = [66, 77, 88, 100, 110, 122, 244, 44];

const HIGH_PROFILES: readonly number[] = [100, 110, 122, 244, 44];
/** The longest set that is read, in bytes. */
const SPS_BYTES_MAX = 1024;

const BLOCK = 16;
/** The most blocks of a side, so that all numbers stay exact. */
const BLOCKS_MAX = 4096;
/** The most zeros before a number, so that all numbers stay exact. */
const ZEROS_MAX = 30;
/** The most offsets of the order of pictures. */
const OFFSETS_MAX = 255;

const CHROMA_444 = 3;

/** Reads the sides out of a sequence parameter set. Pure. @param unit with its header @returns undefined if it is damaged, or of a profile that clients do not play */
export function readSps(unit: Uint8Array): SpsShape | undefined {
  if (unit.length > SPS_BYTES_MAX) return undefined;
  try {
    return readShape(new BitReader(withoutEscapes(unit.subarray(1))));
  } catch (error) {
    if (error instanceof DamagedSps) return undefined;
    throw error;
  }
}

class DamagedSps extends Error {}

/** Where three bytes could be taken for the beginning of a unit, encoders put in a 3, which is not part of the data. */
function withoutEscapes(bytes: Uint8Array): Uint8Array {
  let zeros = 0;
  return bytes.filter((byte) => {
    const isEscape = zeros >= 2 && byte === 3;
    zeros = byte === 0 ? zeros + 1 : 0;
    return !isEscape;
  });
}

/** Reads bits, the highest one first. Throws DamagedSps past the end. */
class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  flag(): boolean {
    return this.bits(1) === 1;
  }

  bits(count: number): number {
    let value = 0;
    for (let n = 0; n < count; n++, this.#at++) {
      const byte = this.#bytes[this.#at >> 3];
      if (byte === undefined) throw new DamagedSps();
      value = value * 2 + ((byte >> (7 - (this.#at & 7))) & 1);
    }
    return value;
  }

  /** A number in the code of Exp-Golomb: zeros, and as many bits behind the first 1. */
  number(max = 2 ** 31): number {
    let zeros = 0;
    while (!this.flag()) if (++zeros > ZEROS_MAX) throw new DamagedSps();
    const value = 2 ** zeros - 1 + this.bits(zeros);
    if (value > max) throw new DamagedSps();
    return value;
  }

  /** The same with a sign: 1, -1, 2, -2 and so on stand for 1, 2, 3, 4. */
  signed(): number {
    const value = this.number();
    return value % 2 === 1 ? (value + 1) / 2 : -value / 2;
  }
}

function readShape(bits: BitReader): SpsShape {
  const profile = bits.bits(8);
  if (!PROFILES.includes(profile)) throw new DamagedSps();
  // The constraints and the level.
  bits.bits(16);
  bits.number(31);
  const chroma = HIGH_PROFILES.includes(profile) ? readColours(bits) : 1;
  // The length of numbers of pictures.
  bits.number(12);
  skipOrder(bits);
  // How many pictures others refer to, and whether numbers may be left out.
  bits.number(BLOCK);
  bits.flag();
  const [columns, rows] = [bits.number(BLOCKS_MAX - 1) + 1, bits.number(BLOCKS_MAX - 1) + 1];
  const fields = bits.flag() ? 1 : 2;
  if (fields === 2) bits.flag();
  bits.flag();
  const coded = { width: columns * BLOCK, height: rows * BLOCK * fields };
  return { coded, shown: bits.flag() ? readCropping(bits, coded, { width: chroma === 1 || chroma === 2 ? 2 : 1, height: (chroma === 1 ? 2 : 1) * fields }) : coded };
}

/** Reads how the colours are stored. @returns for how many pixels there is a colour: 0 none, 1 four, 2 two, 3 one */
function readColours(bits: BitReader): number {
  const chroma = bits.number(CHROMA_444);
  const isSeparate = chroma === CHROMA_444 && bits.flag();
  // The depths of brightness and colour, and whether a transformation is left out.
  bits.number(6);
  bits.number(6);
  bits.flag();
  if (bits.flag()) for (let list = 0; list < (chroma === CHROMA_444 ? 12 : 8); list++) if (bits.flag()) skipScales(bits, list < 6 ? 16 : 64);
  return isSeparate ? 0 : chroma;
}

/** Skips a list of factors. Once a factor would be 0, the rest of the list is not there. */
function skipScales(bits: BitReader, count: number): void {
  let last = 8;
  for (let n = 0; n < count && last !== 0; n++) last = (last + bits.signed() + 256) & 0xff;
}

/** Skips how the order is told in which pictures are shown. */
function skipOrder(bits: BitReader): void {
  const type = bits.number(2);
  if (type === 0) bits.number(12);
  if (type !== 1) return;
  bits.flag();
  bits.signed();
  bits.signed();
  const offsets = bits.number(OFFSETS_MAX);
  for (let n = 0; n < offsets; n++) bits.signed();
}

/** Reads how much of each edge is cut off. @param unit the pixels of one step */
function readCropping(bits: BitReader, coded: Sides, unit: Sides): Sides {
  const [left, right, top, bottom] = [bits.number(), bits.number(), bits.number(), bits.number()];
  const shown = { width: coded.width - unit.width * (left + right), height: coded.height - unit.height * (top + bottom) };
  if (shown.width <= 0 || shown.height <= 0) throw new DamagedSps();
  return shown;
}
