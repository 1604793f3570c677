import type { Sides } from './protocol.ts';
import { isAttributeAllowed, isSheetAllowed } from './svg-values.ts';

/**
 * Elements that only draw, and are drawn once. All others are refused: those that run or load something, and those that repeat others (`use`, `pattern`, `mask`, `clipPath`,
 * `filter`, `marker`), with which a short file can take hours to draw.
 */
const ELEMENTS = new Set(['svg', 'g', 'path', 'rect', 'circle', 'ellipse', 'line', 'polyline', 'polygon', 'defs', 'linearGradient', 'radialGradient', 'stop', 'style', 'title', 'desc']);
/** Elements that may have text. */
const TEXTS = new Set(['style', 'title', 'desc']);

const ELEMENTS_MAX = 5000;
const DEPTH_MAX = 32;
const SIDE_MAX = 10_000;
const TEXT_MAX = 10_000;

// Each expression reads the next token at its place, and goes back over no character more than once. The numbers keep short what has no shape to draw.
/** Other encodings than UTF-8 would show other text to clients than was looked at here. */
const PROLOG = /^\s{0,100}(?:<\?xml\s+version\s*=\s*["']1\.\d["'](?:\s+encoding\s*=\s*["']utf-8["'])?(?:\s+standalone\s*=\s*["'](?:yes|no)["'])?\s*\?>\s{0,100})?/i;
/** Without other markup in it: what reads HTML may see the end of a comment earlier. */
const COMMENT = /<!--[^-<>]{0,1000}(?:-[^-<>]{1,1000}){0,100}-->/y;

const TAG = /<(\/?)([A-Za-z]{1,20})((?:\s{1,100}[A-Za-z][\w:.-]{0,50}\s{0,10}=\s{0,10}(?:"[^"<]*"|'[^'<]*')){0,32})\s{0,100}(\/?)>/y;
const ATTRIBUTE = /\s+([A-Za-z][\w:.-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g;
const TEXT = /[^<]+/y;

/** `&` begins an entity, by which other words can be hidden; these five hide nothing that matters. */
const HIDDEN = /&(?!(?:amp|lt|gt|quot|apos);)/;
/** Characters that no text has. With some of them, other encodings begin. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\uffff]/;

/**
 * Reads the sides of an SVG file that can do nothing but be drawn. It has no document type, no entities, no scripts, no addresses outside of itself, nothing in another encoding, and no more than 5000 elements. It stops at the first fault. Pure.
 * @returns undefined if it is anything else
 */
export function readSvgShape(svg: string): Sides | undefined {
  const open: string[] = [];
  let shape: Sides | undefined;
  let elements = 0;
  if (CONTROL.test(svg)) return undefined;
  for (let at = PROLOG.exec(svg)![0].length; at < svg.length; ) {
    const parent = open.at(-1);
    // A style sheet is one text: a comment would split it into parts that say something else together.
    const text = match(TEXT, svg, at) ?? (parent === 'style' ? undefined : match(COMMENT, svg, at));
    if (text !== undefined) {
      if (!text[0].startsWith('<!--') && !isTextAllowed(text[0], parent)) return undefined;
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
    // One element `svg`, all others in it, and none in texts.
    if (!ELEMENTS.has(name) || (name === 'svg') !== (elements === 0) || (elements > 0 && parent === undefined) || TEXTS.has(parent ?? '')) return undefined;
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
  if (!/\S/.test(text)) return true;
  if (parent === undefined || !TEXTS.has(parent) || text.length > TEXT_MAX || HIDDEN.test(text)) return false;
  return parent !== 'style' || isSheetAllowed(text);
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

function shapeOf(values: ReadonlyMap<string, string>): Sides | undefined {
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
