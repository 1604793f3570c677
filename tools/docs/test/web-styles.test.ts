import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const STYLES = new URL('../../../apps/web/src/styles/', import.meta.url);
const SHEETS = new Map(readdirSync(STYLES).filter((file) => file.endsWith('.css')).map((file) => [file, readFileSync(new URL(file, STYLES), 'utf8')]));

type Rgb = readonly [red: number, green: number, blue: number];
/** Custom properties by name, without `--`. */
type Tokens = ReadonlyMap<string, string>;

const readTokens = (block: string): Tokens => new Map([...block.matchAll(/--([\w-]+): ([^;]+);/g)].map(([, name, value]) => [name!, value!]));

/** The declarations of a rule of base.css. @param selector as it stands there */
function ruleOf(selector: string): string {
  const css = SHEETS.get('base.css')!;
  const start = css.indexOf(`${selector} {`);
  if (start === -1) throw new Error(`base.css has no ${selector}`);
  return css.slice(start, css.indexOf('}', start));
}

const light = readTokens(ruleOf(':root'));
const chosenDark = readTokens(ruleOf(":root[data-theme='dark']"));
const MODES: [name: string, tokens: Tokens][] = [['light', light], ['dark', new Map([...light, ...chosenDark])]];

/** Reads `#rrggbb`, or `rgb(r g b / a%)` over a ground. */
function colourOf(tokens: Tokens, name: string, ground?: Rgb): Rgb {
  const value = tokens.get(name) ?? '';
  const [, hex] = /^#([\da-f]{6})$/.exec(value) ?? [];
  if (hex !== undefined) return [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;
  const [red, green, blue, percent] = (value.match(/\d+/g) ?? []).map(Number);
  if (percent === undefined || ground === undefined) throw new Error(`--${name} is no colour: ${value}`);
  return [red!, green!, blue!].map((part, at) => (part * percent + ground[at]! * (100 - percent)) / 100) as unknown as Rgb;
}

/** @see https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4)) as unknown as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: Rgb, other: Rgb): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** Texts, with the grounds on which they stand. `hover` is laid over the ground behind what is pointed at, quotes and code. */
const TEXTS: [ground: string, hover: string | undefined, texts: string[]][] = [
  ['paper', 'hover', ['ink', 'ink-soft', 'accent', 'stamp', 'success']],
  ['in', 'hover', ['ink', 'ink-soft', 'accent', 'stamp', ...Array.from({ length: 7 }, (_, n) => `author-${n}`)]],
  ['out', 'out-hover', ['out-ink', 'out-soft', 'link', 'out-stamp']],
  ['desk', undefined, ['ink', 'ink-soft', 'accent', 'stamp']],
  ['sky', 'label', ['ink', 'ink-soft']],
  ['sky-end', 'label', ['ink', 'ink-soft']],
  ['accent-soft', undefined, ['ink', 'ink-soft', 'accent']],
  ['accent', undefined, ['accent-ink']],
  ['link', undefined, ['accent-ink']],
  ['stamp', undefined, ['stamp-ink']],
  ['success', undefined, ['success-ink']],
  ...['stage-1', 'stage-2', 'stage-3'].map((ground): [string, string, string[]] => [ground, 'stage-button', ['stage-ink', 'stage-soft']]),
  ['hang', undefined, ['stage-ink']],
  ['answer', undefined, ['stage-ink']],
];

describe('colours of the web client', () => {
  test.each(MODES)('%s: all texts can be read on their grounds, and bubbles have an edge', (_, tokens) => {
    const faint: string[] = [];
    const check = (what: string, ratio: number, least: number): void => void (ratio < least && faint.push(`${what}: ${ratio.toFixed(2)}`));
    for (const [name, hover, texts] of TEXTS) {
      const plain = colourOf(tokens, name);
      const grounds = hover === undefined ? [plain] : [plain, colourOf(tokens, hover, plain)];
      for (const text of texts) grounds.forEach((ground, at) => check(`${text} on ${name}${at === 1 ? ` with ${hover}` : ''}`, contrast(colourOf(tokens, text), ground), 4.5));
    }
    for (const bubble of ['in', 'out']) for (const sky of ['sky', 'sky-end']) check(`${bubble} on ${sky}`, contrast(colourOf(tokens, bubble), colourOf(tokens, sky)), 1.12);
    expect(faint).toEqual([]);
  });

  test('dark is the same whether the system or the person has chosen it', () => {
    expect(readTokens(ruleOf(":root:not([data-theme='light'])"))).toEqual(chosenDark);
  });
});

test('what moves takes one of three times; only what waits repeats', () => {
  expect(['quick', 'open', 'slide'].map((name) => light.get(name))).toEqual(['120ms', '180ms', '240ms']);
  // The message to which one went stands out for two seconds.
  const OWN_TIME = new Set(['found 2s ease-out']);
  const others: string[] = [];
  for (const [file, css] of SHEETS) {
    for (const [, value] of css.matchAll(/\b(?:transition|animation): ([^;]+);/g)) {
      if (!/^none$|var\(--(?:quick|open|slide)\) var\(--curve\)$| infinite\b/.test(value!) && !OWN_TIME.has(value!)) others.push(`${file}: ${value}`);
    }
  }
  expect(others).toEqual([]);
});

describe('sizes of the web client', () => {
  test('texts have six sizes, and corners four', () => {
    const sizes = ['tiny', 'small', 'body', 'title', 'head', 'large'].map((name) => light.get(`text-${name}`));
    expect(sizes).toEqual([12, 13, 15, 17, 20, 24].map((pixels) => `${pixels / 16}rem`));
    expect(['corner-chip', 'corner', 'corner-card', 'pill'].map((name) => light.get(name))).toEqual(['6px', '10px', '16px', '20px']);
  });

  test('no style sheet has others', () => {
    const others: string[] = [];
    const SIZE = /^(?:var\(--(?:text|emoji|letters)-\w+\)|inherit|0|\d+%)$/;
    const CORNER = /^(?:(?:var\(--(?:corner(?:-\w+)?|pill)\)|inherit|50%|0)(?: |$))+$/;
    const WEIGHT = /^(?:400|600|normal|inherit)$/;
    const allowed = new Map([['font-size', SIZE], ['font-weight', WEIGHT]]);
    for (const [file, css] of SHEETS) {
      for (const [, property, value] of css.matchAll(/\b(font-size|font-weight|border[\w-]*radius): ([^;]+);/g)) {
        if (!(allowed.get(property!) ?? CORNER).test(value!)) others.push(`${file}: ${property}: ${value}`);
      }
      for (const [, value] of css.matchAll(/[\s;]font: ([^;]+);/g)) if (!/^(?:inherit|var\(--text-\w+\)(?: \/ [\d.]+)? var\(--\w+\))$/.test(value!)) others.push(`${file}: font: ${value}`);
      const known = new Set(light.keys());
      for (const [, name] of css.matchAll(/var\(--((?:text|emoji|letters|corner|pill|space)[\w-]*)\)/g)) if (!known.has(name!)) others.push(`${file}: --${name}`);
    }
    expect(others).toEqual([]);
  });
});
