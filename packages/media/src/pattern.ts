import { promisify } from 'node:util';
import { gunzip as gunzipCallback } from 'node:zlib';

import type { PatternResult } from './protocol.ts';
import { readSvgShape, type SvgShape } from './svg-shape.ts';

/** The type of a pattern that is an SVG file, compressed with gzip (core.telegram.org/api/wallpapers#pattern-wallpapers). */
export const PATTERN_TYPE = 'application/x-tgwallpattern';
/** The longest pattern, in bytes. Those of Telegram have up to 300 KiB. */
export const PATTERN_BYTES_MAX = 1024 * 1024;
/** The longest one when it is unpacked, in bytes. */
const SVG_BYTES_MAX = 1024 * 1024;

const GZIP_HEAD = [0x1f, 0x8b];
/** How many bytes of a file, from its start, {@link mayBePattern} needs. */
export const PATTERN_HEAD_BYTES = GZIP_HEAD.length;

const gunzip = promisify<Uint8Array, { maxOutputLength: number }, Buffer>(gunzipCallback);

/** Whether a file can be a pattern by its length and its first bytes, of which {@link PATTERN_HEAD_BYTES} are needed. Pure. */
export function mayBePattern(size: number, head: Uint8Array): boolean {
  return size <= PATTERN_BYTES_MAX && GZIP_HEAD.every((byte, at) => head[at] === byte);
}

/** As {@link readPattern}, as the result of a process. */
export async function checkPattern(bytes: Uint8Array): Promise<PatternResult> {
  const shape = await readPattern(bytes);
  return shape === undefined ? { outcome: 'refused', reason: 'unreadable' } : { outcome: 'allowed', shape };
}

/**
 * Looks into a pattern before anybody gets it.
 * @returns its sides; undefined if it is no compressed SVG file, is damaged or too long, or has anything that could run a program, load something else, or take a client
 * much longer to draw than to read
 */
export async function readPattern(bytes: Uint8Array): Promise<SvgShape | undefined> {
  if (!mayBePattern(bytes.length, bytes)) return undefined;
  try {
    const svg = await gunzip(bytes, { maxOutputLength: SVG_BYTES_MAX });
    return readSvgShape(new TextDecoder('utf-8', { fatal: true }).decode(svg));
  } catch {
    // Damaged, too long, or no UTF-8.
    return undefined;
  }
}
