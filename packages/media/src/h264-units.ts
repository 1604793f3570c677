/** What the MP4 box `avcC` says about the pictures of a video. */
export interface AvcConfig {
  /** How many bytes say the length of each unit. */
  lengthBytes: number;
  /** The sequence parameter sets, which have the sides of the pictures. */
  sps: readonly Uint8Array[];
}

const VERSION = 1;
const LENGTH_AT = 4;
const SETS_AT = 5;
/** The low bits of the first byte of a unit are its type. */
const TYPE_BITS = 0x1f;
/** Supplemental information about pictures. Decoders can do without it; cameras write dates and places into it. */
const SEI = 6;

const SPS = 7;
const PPS = 8;

/** Reads the box `avcC`. Pure. @returns undefined if it is damaged or has other units than parameter sets */
export function readAvcConfig(box: Uint8Array): AvcConfig | undefined {
  const [version, lengthBits, counts] = [box[0], box[LENGTH_AT], box[SETS_AT]];
  if (version !== VERSION || lengthBits === undefined || counts === undefined) return undefined;
  const sps = readSets(box, { at: SETS_AT + 1, count: counts & 0x1f, type: SPS });
  const pps = sps && readSets(box, { at: sps.end + 1, count: box[sps.end] ?? 0, type: PPS });
  return sps === undefined || pps === undefined || sps.sets.length === 0 ? undefined : { lengthBytes: (lengthBits & 3) + 1, sps: sps.sets };
}

function readSets(box: Uint8Array, { at, count, type }: { at: number; count: number; type: number }): { sets: Uint8Array[]; end: number } | undefined {
  const sets: Uint8Array[] = [];
  let end = at;
  for (let n = 0; n < count; n++) {
    const from = end + 2;
    end = from + readNumber(box, end, 2);
    const set = box.subarray(from, end);
    if (!(end <= box.length) || typeOf(set) !== type) return undefined;
    sets.push(set);
  }
  return { sets, end };
}

/** What the box `avcC` of a video says, which stands in what decoders are told. @returns undefined as {@link readAvcConfig} */
export function avcConfigOf({ description }: { description?: ArrayBufferLike | ArrayBufferView | undefined }): AvcConfig | undefined {
  return description && readAvcConfig(ArrayBuffer.isView(description) ? new Uint8Array(description.buffer, description.byteOffset, description.byteLength) : new Uint8Array(description));
}

/**
 * Copies a picture without its supplemental information. Pure.
 * @param sample the units of the picture, each behind its length
 * @returns undefined if a length is wrong, nothing else is in it, or it has a sequence parameter set that `avcC` does not have: it could change the sides
 */
export function withoutSei(sample: Uint8Array, { lengthBytes, sps }: AvcConfig): Uint8Array | undefined {
  const kept: Uint8Array[] = [];
  for (let at = 0; at < sample.length; ) {
    const from = at + lengthBytes;
    const end = from + readNumber(sample, at, lengthBytes);
    if (!(end <= sample.length)) return undefined;
    const unit = sample.subarray(from, end);
    if (typeOf(unit) === SPS && !sps.some((known) => Buffer.compare(known, unit) === 0)) return undefined;
    if (end > from && typeOf(unit) !== SEI) kept.push(sample.subarray(at, end));
    at = end;
  }
  return kept.length === 0 ? undefined : Buffer.concat(kept);
}

function typeOf(unit: Uint8Array): number {
  return unit[0] === undefined ? -1 : unit[0] & TYPE_BITS;
}

/** A number of some bytes, the highest one first; NaN if they are not all there. */
function readNumber(bytes: Uint8Array, at: number, length: number): number {
  return at + length > bytes.length ? Number.NaN : bytes.subarray(at, at + length).reduce((sum, byte) => sum * 256 + byte, 0);
}
