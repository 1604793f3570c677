/** Loudness is written as one of so many numbers, from 0. */
const LEVELS = 32;

/** Makes fewer or more values of a waveform, each the loudest of its stretch. Pure. */
export function resample(values: readonly number[], count: number): number[] {
  if (values.length === 0) return Array.from({ length: count }, () => 0);
  return Array.from({ length: count }, (_, index) => {
    const from = Math.floor((index * values.length) / count);
    const to = Math.max(from + 1, Math.floor(((index + 1) * values.length) / count));
    return Math.max(...values.slice(from, to));
  });
}

/** The waveform of a sound: the loudness of its stretches, from 0 to 31, in relation to the loudest. Pure. @param samples from -1 to 1 */
export function waveformOf(samples: Float32Array, count = 100): number[] {
  const peaks = Array.from({ length: count }, (_, index) => {
    const from = Math.floor((index * samples.length) / count);
    const to = Math.floor(((index + 1) * samples.length) / count);
    let peak = 0;
    for (let at = from; at < to; at++) peak = Math.max(peak, Math.abs(samples[at]!));
    return peak;
  });
  const loudest = Math.max(...peaks);
  return loudest === 0 ? peaks : peaks.map((peak) => Math.min(LEVELS - 1, Math.round((peak / loudest) * (LEVELS - 1))));
}
