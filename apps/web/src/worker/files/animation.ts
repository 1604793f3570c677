import { Refused } from '../refusal.ts';

/** The longest animation when it is unpacked, in bytes. */
const UNPACKED_MAX = 2 * 1024 * 1024;

const SIDE_MAX = 1024;
const FRAMES_MAX = 1800;
const FRAME_RATE_MAX = 120;
/** What is drawn in a frame at most. A composition counts each time it is used. */
const MOST: Amount = { layers: 2000, length: UNPACKED_MAX, strokes: 40_000 };
/** Points of a path that take as long to draw as filling it. */
const POINTS_OF_PAINT = 20;

const PAINTS = new Set(['fl', 'st', 'gf', 'gs']);

const COMPOSITIONS_MAX = 200;
const DEPTH_MAX = 60;
const COLOURS_MAX = 64;
/** Compositions, plain areas, layers that only move others, and shapes. Pictures, texts and sounds are not among them. */
const LAYER_TYPES = new Set([0, 1, 3, 4]);
/** Shapes that cost no more than they are long. Those that repeat others or count their points are not among them. */
const SHAPE_TYPES = new Set(['gr', 'sh', 'el', 'rc', 'fl', 'st', 'gf', 'gs', 'tr', 'tm', 'rd']);

type Json = Record<string, unknown>;

/** How much layers are: their number, the length of their JSON, which is copied for each use, and how many points are drawn. */
interface Amount {
  layers: number;
  length: number;
  strokes: number;
}

const NOTHING: Amount = { layers: 0, length: 0, strokes: 0 };
const ENDLESS: Amount = { layers: Infinity, length: Infinity, strokes: Infinity };
const plus = (first: Amount, second: Amount): Amount => ({ layers: first.layers + second.layers, length: first.length + second.length, strokes: first.strokes + second.strokes });

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
  // Depth is checked before anything is counted by going into it.
  if (top === undefined || compositions.size > COMPOSITIONS_MAX || !hasHarmlessParts(animation)) return false;
  const drawn = countDrawn(top, compositions);
  return drawn.layers <= MOST.layers && drawn.length <= MOST.length && drawn.strokes <= MOST.strokes;
}

/** How much is drawn; endless if a composition contains itself. Pure. */
function countDrawn(layers: Json[], compositions: ReadonlyMap<unknown, Json[]>): Amount {
  const amounts = new Map<unknown, Amount>();
  const count = (list: Json[]): Amount =>
    list.reduce((sum, layer) => {
      const { ty, refId } = layer;
      if (!LAYER_TYPES.has(ty as number)) return ENDLESS;
      const own = { layers: 1, length: JSON.stringify(layer).length, strokes: countStrokes(layer) };
      return plus(plus(sum, own), refId === undefined ? NOTHING : countOf(refId));
    }, NOTHING);
  const countOf = (id: unknown): Amount => {
    const known = amounts.get(id);
    if (known !== undefined) return known;
    // Until it is counted: a composition that is met again within itself has no end.
    amounts.set(id, ENDLESS);
    const found = count(compositions.get(id) ?? []);
    amounts.set(id, found);
    return found;
  };
  const isEndless = [...compositions.keys()].some((id) => countOf(id).layers === Infinity);
  return isEndless ? ENDLESS : count(layers);
}

/** The points that are drawn in a frame, and what it takes to fill them. Of a path that changes, that is its longest form. Pure. */
function countStrokes(value: unknown, name?: string): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inside = Object.entries(value).map(([key, child]) => countStrokes(child, key));
  const sum = inside.reduce((total, each) => total + each, 0);
  if (Array.isArray(value)) return name === 'k' ? inside.reduce((most, each) => Math.max(most, each), 0) : sum;
  const { v, ty } = value as Json;
  return sum + (Array.isArray(v) ? v.length : 0) + (PAINTS.has(ty as string) ? POINTS_OF_PAINT : 0);
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
