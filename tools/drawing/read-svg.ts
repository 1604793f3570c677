import { readEllipse, readPath, type Outline } from './svg-path.ts';

/** One filled area of a picture. */
export interface Area {
  outlines: Outline[];
  /** Six hexadecimal digits. */
  fill: string;
  evenOdd: boolean;
  /** 0…1; absent if it is 1. */
  opacity?: number;
}

const TAG = /<(\/?)(\w+)([^>]*?)(\/?)>/g;
const ROTATE = /^rotate\(([-\d.]+) ([-\d.]+) ([-\d.]+)\)$/;
/** What is understood; anything else would be drawn wrongly, so it is refused. */
const ATTRIBUTES = new Set(['d', 'fill', 'fill-rule', 'clip-rule', 'cx', 'cy', 'r', 'rx', 'ry', 'transform', 'opacity', 'fill-opacity']);
/** Names of colours that pictures have beside numbers. */
const COLOURS: Readonly<Record<string, string>> = { azure: '#F0FFFF', green: '#008000', navy: '#000080', red: '#FF0000' };

function readFill(fill: string): string {
  const digits = /^#([\da-f]{3}|[\da-f]{6})$/i.exec(COLOURS[fill] ?? fill)?.[1];
  if (digits === undefined) throw new Error(`the fill ${fill} is not known`);
  return digits.length === 6 ? digits : Array.from(digits, (one) => one + one).join('');
}

function readOutlines(name: string, attributes: Record<string, string>): Outline[] {
  const { d, transform } = attributes;
  if (name === 'path' && d !== undefined && transform === undefined) return readPath(d);
  if (name !== 'circle' && name !== 'ellipse') throw new Error(`<${name}> is not drawn`);
  const [, degrees, x, y] = transform === undefined ? [] : (ROTATE.exec(transform) ?? []).map(Number);
  if (transform !== undefined && degrees === undefined) throw new Error(`the transform ${transform} is not known`);
  const [cx, cy] = [Number(attributes['cx'] ?? 0), Number(attributes['cy'] ?? 0)];
  const [rx, ry] = [Number(attributes['rx'] ?? attributes['r']), Number(attributes['ry'] ?? attributes['r'])];
  const turn = degrees === undefined ? undefined : { degrees, x: x!, y: y! };
  return [readEllipse({ cx, cy, rx, ry }, turn)];
}

/**
 * The areas of a Twemoji picture, the lowest first.
 * @throws Error where the picture has what would be drawn wrongly
 */
export function readSvg(svg: string): Area[] {
  const areas: Area[] = [];
  const fills = ['#000'];
  for (const [, end, name, text, isEmpty] of svg.matchAll(TAG)) {
    if (name === 'svg') continue;
    if (end) {
      if (name === 'g') fills.pop();
      continue;
    }
    const attributes = Object.fromEntries([...text!.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key, value]) => [key!, value!]));
    const unknown = Object.keys(attributes).find((key) => !ATTRIBUTES.has(key));
    if (unknown !== undefined) throw new Error(`the attribute ${unknown} is not known`);
    const fill = attributes['fill'] ?? fills.at(-1)!;
    if (name === 'g') {
      if (attributes['opacity'] !== undefined) throw new Error('the opacity of a group is not drawn');
      if (!isEmpty) fills.push(fill);
      continue;
    }
    if (fill === 'none') continue;
    const opacity = Number(attributes['opacity'] ?? 1) * Number(attributes['fill-opacity'] ?? 1);
    const area: Area = { outlines: readOutlines(name!, attributes), fill: readFill(fill), evenOdd: attributes['fill-rule'] === 'evenodd' };
    areas.push(opacity === 1 ? area : { ...area, opacity });
  }
  return areas;
}
