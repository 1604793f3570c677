/** A waveform has so many values. */
const VALUES = 100;
/** Bits of a value. */
const BITS = 5;

const VALUE_MAX = (1 << BITS) - 1;
/** Peaks below this count as quiet, so that a recording of silence does not look loud. */
const QUIET_PEAK = 2500;

const BYTES_PER_SAMPLE = 2;

/**
 * Makes the waveform of a voice message: 100 values of 5 bits, packed from the lowest bit on (core.telegram.org/constructor/documentAttributeAudio). Pure.
 * @param samples signed 16-bit little-endian, one channel
 */
export function makeWaveform(samples: Uint8Array): Uint8Array {
  const count = Math.floor(samples.length / BYTES_PER_SAMPLE);
  const view = new DataView(samples.buffer, samples.byteOffset, count * BYTES_PER_SAMPLE);
  const peaks = Array.from({ length: VALUES }, () => 0);
  for (let at = 0; at < count; at++) {
    const place = Math.floor((at * VALUES) / count);
    peaks[place] = Math.max(peaks[place]!, Math.abs(view.getInt16(at * BYTES_PER_SAMPLE, true)));
  }
  const highest = Math.max(QUIET_PEAK, ...peaks);
  return packValues(peaks.map((peak) => Math.round((peak * VALUE_MAX) / highest)));
}

/** Packs values of 5 bits. */
function packValues(values: readonly number[]): Uint8Array {
  const packed = new Uint8Array(Math.ceil((values.length * BITS) / 8));
  for (const [index, value] of values.entries()) {
    const bit = index * BITS;
    const shifted = value << (bit % 8);
    packed[bit >> 3]! |= shifted & 0xff;
    if (shifted > 0xff) packed[(bit >> 3) + 1]! |= shifted >> 8;
  }
  return packed;
}
