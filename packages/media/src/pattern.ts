import { isGzip, unpackGzip } from './gzip.ts';
import type { Sides } from './protocol.ts';
import { readSvgShape } from './svg-shape.ts';

/** The type of a pattern that is an SVG file, compressed with gzip (core.telegram.org/api/wallpapers#pattern-wallpapers). */
export const PATTERN_TYPE = 'application/x-tgwallpattern';
/** The longest pattern, in bytes. Those of Telegram have up to 300 KiB. */
export const PATTERN_BYTES_MAX = 1024 * 1024;
/** The longest one when it is unpacked, in bytes. */
const SVG_BYTES_MAX = 1024 * 1024;

/**
 * Looks into a pattern before anybody gets it.
 * @returns its sides; undefined if it is no compressed SVG file, is damaged or too long, or has anything that could run a program, load something else, or take a client
 * much longer to draw than to read
 */
export async function readPattern(bytes: Uint8Array): Promise<Sides | undefined> {
  if (bytes.length > PATTERN_BYTES_MAX || !isGzip(bytes)) return undefined;
  try {
    const svg = await unpackGzip(bytes, SVG_BYTES_MAX);
    return readSvgShape(new TextDecoder('utf-8', { fatal: true }).decode(svg));
  } catch {
    // Damaged, too long, or no UTF-8.
    return undefined;
  }
}
