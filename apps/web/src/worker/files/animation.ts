import { Refused } from '../refusal.ts';

/** The longest animation when it is unpacked, in bytes. */
const UNPACKED_MAX = 2 * 1024 * 1024;

const SIDE_MAX = 1024;
const FRAMES_MAX = 1800;
const FRAME_RATE_MAX = 120;
/** Layers that are drawn, counting a composition each time it is used. */
const LAYERS_MAX = 2000;

const COMPOSITIONS_MAX = 200;
const DEPTH_MAX = 60;
const COLOURS_MAX = 64;
/** Compositions, plain areas, layers that only move others, and shapes. Pictures, texts and sounds are not among them. */
const LAYER_TYPES = new Set([0, 1, 3, 4]);
/** Shapes that cost no more than they are long. Those that repeat others or count their points are not among them. */
const SHAPE_TYPES = new Set(['gr', 'sh', 'el', 'rc', 'fl', 'st', 'gf', 'gs', 'tr', 'tm', 'rd']);

type Json = Record<string, unknown>;

/** Unpacks gzip, as far as it is not too long. @throws Error if it is damaged or too long */
async function unpack(packed: Blob): Promise<string> {
  const reader = packed.stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let [text, length] = ['', 0];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    length += value.length;
    if (length > UNPACKED_MAX) {
      await reader.cancel().catch(() => undefined);
      throw new Error('too long');
    }
    text += decoder.decode(value, { stream: true });
  }
}

/**
 * Unpacks the animation of a sticker, and checks that it only draws shapes, of which there are not too many.
 * @returns its JSON
 * @throws Refused otherwise
 */
export async function unpackAnimation(packed: Blob): Promise<string> {
  let json: string;
  let animation: unknown;
  try {
    json = await unpack(packed);
    animation = JSON.parse(json);
  } catch {
    throw new Refused({ code: 'STICKER_INVALID' });
  }
  if (!isHarmlessAnimation(animation)) throw new Refused({ code: 'STICKER_INVALID' });
  return json;
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const isWithin = (value: unknown, min: number, max: number): boolean => typeof value === 'number' && value >= min && value <= max;
const objectsOf = (value: unknown): Json[] | undefined => (Array.isArray(value) && value.every(isObject) ? value : undefined);

/** Whether a Lottie animation is one that can be drawn without running, loading or repeating anything. Pure. */
export function isHarmlessAnimation(animation: unknown): boolean {
  if (!isObject(animation)) return false;
  const { w, h, fr, ip, op, fonts, chars, layers, assets = [] } = animation;
  if (!isWithin(w, 1, SIDE_MAX) || !isWithin(h, 1, SIDE_MAX) || !isWithin(fr, 1, FRAME_RATE_MAX)) return false;
  if (!isWithin(ip, -FRAMES_MAX, FRAMES_MAX) || !isWithin(op, (ip as number) + 1, (ip as number) + FRAMES_MAX)) return false;
  if (fonts !== undefined || chars !== undefined) return false;
  const compositions = new Map<unknown, Json[]>();
  for (const asset of objectsOf(assets) ?? [{}]) {
    // What is no composition would be loaded from an address.
    const own = objectsOf(asset['layers']);
    if (!own || asset['p'] !== undefined || asset['u'] !== undefined || asset['e'] !== undefined) return false;
    compositions.set(asset['id'], own);
  }
  const top = objectsOf(layers);
  return top !== undefined && compositions.size <= COMPOSITIONS_MAX && countLayers(top, compositions) <= LAYERS_MAX && hasHarmlessParts(animation);
}

/** How many layers are drawn; infinite if a composition contains itself. Pure. */
function countLayers(layers: Json[], compositions: ReadonlyMap<unknown, Json[]>): number {
  const counts = new Map<unknown, number>();
  const count = (list: Json[]): number =>
    list.reduce((sum, { ty, refId }) => {
      if (!LAYER_TYPES.has(ty as number)) return Infinity;
      return sum + 1 + (refId === undefined ? 0 : countOf(refId));
    }, 0);
  const countOf = (id: unknown): number => {
    const known = counts.get(id);
    if (known !== undefined) return known;
    // Until it is counted: a composition that is met again within itself has no end.
    counts.set(id, Infinity);
    const found = count(compositions.get(id) ?? []);
    counts.set(id, found);
    return found;
  };
  return [...compositions.keys()].reduce((sum: number, id) => sum + countOf(id), 0) < Infinity ? count(layers) : Infinity;
}

/** Whether everything inside is of a kind that only draws. Pure. */
function hasHarmlessParts(animation: Json): boolean {
  const waiting: { value: unknown; depth: number }[] = [{ value: animation, depth: 0 }];
  for (let at = waiting.pop(); at; at = waiting.pop()) {
    const { value, depth } = at;
    if (typeof value !== 'object' || value === null) continue;
    if (depth > DEPTH_MAX) return false;
    if (!Array.isArray(value) && !isHarmlessPart(value as Json)) return false;
    for (const child of Object.values(value)) waiting.push({ value: child, depth: depth + 1 });
  }
  return true;
}

function isHarmlessPart(part: Json): boolean {
  // An expression is a program in the place of a number.
  if (typeof part['x'] === 'string' || Object.hasOwn(part, '__proto__')) return false;
  for (const name of ['shapes', 'it']) {
    if (part[name] === undefined) continue;
    const shapes = objectsOf(part[name]);
    if (!shapes || !shapes.every(isHarmlessShape)) return false;
  }
  return true;
}

function isHarmlessShape({ ty, g, d }: Json): boolean {
  if (!SHAPE_TYPES.has(ty as string)) return false;
  if (isObject(g) && !isWithin(g['p'], 0, COLOURS_MAX)) return false;
  // Very short dashes take very long to draw.
  return ty !== 'st' || d === undefined || (objectsOf(d)?.every(({ n, v }) => n === 'o' || (isObject(v) && isWithin(v['k'], 1, Infinity))) ?? false);
}
