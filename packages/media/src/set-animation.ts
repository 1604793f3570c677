import { unpackGzip } from './gzip.ts';
import type { Sides } from './protocol.ts';
import { LOTTIE_BYTES_MAX } from './sticker-shape.ts';

/** The side of an animated sticker of a set, in pixels (core.telegram.org/stickers#animated-stickers). */
const SIDE = 512;
/** How many frames a second it may have. */
const RATES: readonly unknown[] = [30, 60];
/** The longest one, in seconds. */
const SECONDS_MAX = 3;
/** How deep objects may stand in each other. Real animations need about twenty levels. */
const DEPTH_MAX = 64;

/**
 * The sides of an animation that may become part of a sticker set: 512 × 512 pixels, 30 or 60 frames a second, at most three seconds, without pictures and without expressions, which are programs. Pure.
 * @returns undefined if it is anything else
 * @see https://core.telegram.org/stickers#animated-stickers
 */
export async function readSetAnimation(bytes: Uint8Array): Promise<Sides | undefined> {
  try {
    const text = (await unpackGzip(bytes, LOTTIE_BYTES_MAX)).toString();
    if (isTooDeep(text) || hasDoubledKey(text)) return undefined;
    const animation: unknown = JSON.parse(text);
    return isObject(animation) && hasShape(animation) && !hasForbidden(animation) ? { width: SIDE, height: SIDE } : undefined;
  } catch {
    // Damaged, too long, or no JSON.
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasShape({ w, h, fr, ip, op, layers }: Record<string, unknown>): boolean {
  if (w !== SIDE || h !== SIDE || !RATES.includes(fr) || !Array.isArray(layers)) return false;
  return typeof ip === 'number' && typeof op === 'number' && op > ip && op - ip <= SECONDS_MAX * (fr as number);
}

/** Whether a picture or an expression stands anywhere in it: an expression is the text `x` of an animated value, a picture an asset with a path `p`. The text of JSON bounds the work. */
function hasForbidden(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasForbidden);
  if (!isObject(value)) return false;
  if (typeof value['x'] === 'string' || (typeof value['p'] === 'string' && ('u' in value || 'e' in value))) return true;
  return Object.values(value).some(hasForbidden);
}

/** A text of JSON, or a sign that opens or closes something. */
const TOKEN = /"(?:[^"\\]|\\.)*"(\s*:)?|[[\]{}]/gs;

/** Whether an object has two values of the same name: programs differ in which of them they take, so one of them could hide from this one. */
function hasDoubledKey(text: string): boolean {
  const open: (Set<string> | undefined)[] = [];
  for (const [token, colon] of text.matchAll(TOKEN)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (colon !== undefined) {
      const key = JSON.parse(token.slice(0, -colon.length)) as string;
      const keys = open.at(-1);
      if (keys?.has(key) === true) return true;
      keys?.add(key);
    }
  }
  return false;
}

/** Whether brackets stand deeper in each other than {@link DEPTH_MAX}, wherever they stand: JSON.parse has no bound of its own. */
function isTooDeep(text: string): boolean {
  let [depth, isText] = [0, false];
  for (let at = 0; at < text.length; at++) {
    const sign = text.charCodeAt(at);
    if (isText) {
      if (sign === 0x5c) at++;
      else if (sign === 0x22) isText = false;
    } else if (sign === 0x22) isText = true;
    else if (sign === 0x5b || sign === 0x7b) {
      if (++depth > DEPTH_MAX) return true;
    } else if (sign === 0x5d || sign === 0x7d) depth--;
  }
  return false;
}
