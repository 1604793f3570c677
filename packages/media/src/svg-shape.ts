/** The sides of a picture, in its own units. */
export interface SvgShape {
  width: number;
  height: number;
}

/**
 * Elements that only draw, and are drawn once. All others are refused: those that run or load something, and those that repeat others (`use`, `pattern`, `mask`, `clipPath`,
 * `filter`, `marker`), with which a short file can take hours to draw.
 */
const ELEMENTS = new Set(['svg', 'g', 'path', 'rect', 'circle', 'ellipse', 'line', 'polyline', 'polygon', 'defs', 'linearGradient', 'radialGradient', 'stop', 'style', 'title', 'desc']);
/** Elements that may have text. */
const TEXTS = new Set(['style', 'title', 'desc']);
const ELEMENTS_MAX = 20_000;
const DEPTH_MAX = 32;
const SIDE_MAX = 10_000;

// Each pattern reads the next token at its place, and goes back over no character more than once.
const PROLOG = /^\uFEFF?\s*(?:<\?xml\s[^<>?]*\?>\s*)?/;
const COMMENT = /<!--[^-]*(?:-[^-]+)*-->/y;
const TAG = /<(\/?)([A-Za-z][\w.-]*)((?:\s+[A-Za-z_][\w:.-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
const ATTRIBUTE = /\s+([A-Za-z_][\w:.-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g;
const TEXT = /[^<]+/y;

/** `&` begins an entity, by which other words can be hidden; these five hide nothing that matters. */
const HIDDEN = /&(?!(?:amp|lt|gt|quot|apos);)/;
/** In a style sheet: imports, escapes, addresses that are not of this file, and old ways to run a program. */
const UNSAFE_STYLE = /[@\\]|url\s*\((?!#)|expression|javascript:|behavior|-moz-binding/i;

/**
 * Reads the sides of an SVG file that can do nothing but be drawn. It has no document type, no entities, no scripts, no addresses outside of itself, and no more than 20,000 elements. Pure.
 * @returns undefined if it is anything else
 */
export function readSvgShape(svg: string): SvgShape | undefined {
  const open: string[] = [];
  let shape: SvgShape | undefined;
  let elements = 0;
  for (let at = PROLOG.exec(svg)![0].length; at < svg.length; ) {
    const text = match(TEXT, svg, at) ?? match(COMMENT, svg, at);
    if (text !== undefined) {
      if (!text[0].startsWith('<!--') && !isTextAllowed(text[0], open.at(-1))) return undefined;
      at += text[0].length;
      continue;
    }
    const tag = match(TAG, svg, at);
    if (tag === undefined) return undefined;
    at += tag[0].length;
    const [, close, name = '', attributes = '', isEmpty] = tag;
    if (close === '/') {
      if (open.pop() !== name || attributes !== '' || isEmpty === '/') return undefined;
      continue;
    }
    // One element `svg`, and all others in it.
    if (!ELEMENTS.has(name) || (name === 'svg') !== (elements === 0) || (elements > 0 && open.length === 0)) return undefined;
    const values = readAttributes(attributes);
    if (values === undefined || ++elements > ELEMENTS_MAX || open.length >= DEPTH_MAX) return undefined;
    if (name === 'svg' && (shape = shapeOf(values)) === undefined) return undefined;
    if (isEmpty !== '/') open.push(name);
  }
  return open.length === 0 ? shape : undefined;
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function isTextAllowed(text: string, parent: string | undefined): boolean {
  if (text.trim() === '') return true;
  if (parent === undefined || !TEXTS.has(parent) || HIDDEN.test(text)) return false;
  return parent !== 'style' || !UNSAFE_STYLE.test(text);
}

/** @returns undefined if one of them does more than draw, or is there twice */
function readAttributes(text: string): Map<string, string> | undefined {
  const values = new Map<string, string>();
  for (const [, name = '', double, single] of text.matchAll(ATTRIBUTE)) {
    const value = double ?? single ?? '';
    if (values.has(name) || !isAttributeAllowed(name, value)) return undefined;
    values.set(name, value);
  }
  return values;
}

function isAttributeAllowed(name: string, value: string): boolean {
  if (HIDDEN.test(value)) return false;
  // Names of the languages that a file uses are written like addresses, but nobody loads them.
  if (name === 'xmlns' || name.startsWith('xmlns:')) return true;
  const local = name.slice(name.indexOf(':') + 1).toLowerCase();
  if (local.startsWith('on') || local === 'base' || local === 'src') return false;
  if (local === 'href') return value.startsWith('#');
  return !UNSAFE_STYLE.test(value);
}

function shapeOf(values: ReadonlyMap<string, string>): SvgShape | undefined {
  const [, , boxWidth, boxHeight] = (values.get('viewBox') ?? '').trim().split(/[\s,]+/).map(Number);
  const [width, height] = [sideOf(values.get('width')) ?? boxWidth, sideOf(values.get('height')) ?? boxHeight];
  const isSide = (side: number | undefined): side is number => side !== undefined && side >= 1 && side <= SIDE_MAX;
  return isSide(width) && isSide(height) ? { width: Math.round(width), height: Math.round(height) } : undefined;
}

/** A length in pixels; undefined for none, and for a share such as 100%. */
function sideOf(value: string | undefined): number | undefined {
  const found = value === undefined ? null : /^(\d{1,6}(?:\.\d{1,6})?)(?:px)?$/.exec(value.trim());
  return found === null ? undefined : Number(found[1]);
}
