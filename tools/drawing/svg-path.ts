/** A closed or open line of cubic curves: points and, relative to each, where its curve comes in and goes out. */
export interface Outline {
  points: [number, number][];
  ins: [number, number][];
  outs: [number, number][];
  closed: boolean;
}

/** How many numbers each command of a path takes. */
const ARGUMENTS: Readonly<Record<string, number>> = { m: 2, l: 2, h: 1, v: 1, c: 6, s: 4, q: 4, t: 2, a: 7, z: 0 };

const NUMBER = /\s*,?\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)/iy;
/** In an arc the two flags may stand together, and before the next number, without a space. */
const FLAG = /\s*,?\s*([01])/y;

const COMMAND = /\s*,?\s*([a-z])/iy;

type Point = readonly [x: number, y: number];

/** An arc of an ellipse, as the command `A` of a path has it. */
interface Arc {
  rx: number;
  ry: number;
  degrees: number;
  large: boolean;
  sweep: boolean;
}

export interface Ellipse {
  cx: number;
  cy: number;
  rx: number;
  ry: number;
}

/** Draws outlines as a pen does, in coordinates of the picture. */
class Pen {
  readonly outlines: Outline[] = [];
  x = 0;
  y = 0;

  moveTo(x: number, y: number): void {
    this.outlines.push({ points: [[x, y]], ins: [[0, 0]], outs: [[0, 0]], closed: false });
    [this.x, this.y] = [x, y];
  }

  /** Draws a cubic curve with two handles to an end. */
  curveTo([x1, y1]: Point, [x2, y2]: Point, [x, y]: Point): void {
    let line = this.outlines.at(-1);
    if (line === undefined || line.closed) {
      this.moveTo(this.x, this.y);
      line = this.outlines.at(-1)!;
    }
    line.outs[line.outs.length - 1] = [x1 - this.x, y1 - this.y];
    line.points.push([x, y]);
    line.ins.push([x2 - x, y2 - y]);
    line.outs.push([0, 0]);
    [this.x, this.y] = [x, y];
  }

  /** Draws a quadratic curve with one handle to an end. */
  quadraticTo([x1, y1]: Point, [x, y]: Point): void {
    const toHandle = (from: number, handle: number): number => from + (handle - from) * (2 / 3);
    this.curveTo([toHandle(this.x, x1), toHandle(this.y, y1)], [toHandle(x, x1), toHandle(y, y1)], [x, y]);
  }

  lineTo(x: number, y: number): void {
    this.curveTo([this.x, this.y], [x, y], [x, y]);
  }

  close(): void {
    const line = this.outlines.at(-1);
    if (line === undefined) return;
    line.closed = true;
    [this.x, this.y] = line.points[0]!;
    const last = line.points.at(-1)!;
    // The line comes back to its first point by itself: that point must not stand there twice.
    if (line.points.length > 1 && Math.hypot(last[0] - this.x, last[1] - this.y) < 1e-3) {
      line.ins[0] = line.ins.at(-1)!;
      for (const list of [line.points, line.ins, line.outs]) list.pop();
    }
  }

  /** @see https://www.w3.org/TR/SVG11/implnote.html#ArcImplementationNotes */
  arcTo({ rx, ry, degrees, large, sweep }: Arc, [x, y]: Point): void {
    const [x0, y0] = [this.x, this.y];
    if (rx === 0 || ry === 0) return this.lineTo(x, y);
    const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    const [dx, dy] = [(x0 - x) / 2, (y0 - y) / 2];
    const [ux, uy] = [cos * dx + sin * dy, cos * dy - sin * dx];
    const grow = Math.max(1, Math.hypot(ux / rx, uy / ry));
    const [a, b] = [Math.abs(rx) * grow, Math.abs(ry) * grow];
    const rest = (a * b) ** 2 / ((a * uy) ** 2 + (b * ux) ** 2) - 1;
    const factor = Math.sqrt(Math.max(0, rest)) * (large === sweep ? -1 : 1);
    const [cu, cv] = [(factor * a * uy) / b, (-factor * b * ux) / a];
    const [cx, cy] = [cos * cu - sin * cv + (x0 + x) / 2, sin * cu + cos * cv + (y0 + y) / 2];
    const from = Math.atan2((uy - cv) / b, (ux - cu) / a);
    let turn = Math.atan2((-uy - cv) / b, (-ux - cu) / a) - from;
    if (sweep && turn < 0) turn += 2 * Math.PI;
    if (!sweep && turn > 0) turn -= 2 * Math.PI;
    const steps = Math.max(1, Math.ceil(Math.abs(turn) / (Math.PI / 2) - 1e-6));
    const step = turn / steps;
    const handle = (4 / 3) * Math.tan(step / 4);
    const at = (u: number, v: number): [number, number] => [cx + cos * a * u - sin * b * v, cy + sin * a * u + cos * b * v];
    for (let index = 0; index < steps; index++) {
      const [s, e] = [from + index * step, from + (index + 1) * step];
      const one = at(Math.cos(s) - handle * Math.sin(s), Math.sin(s) + handle * Math.cos(s));
      const two = at(Math.cos(e) + handle * Math.sin(e), Math.sin(e) - handle * Math.cos(e));
      const end: [number, number] = index === steps - 1 ? [x, y] : at(Math.cos(e), Math.sin(e));
      this.curveTo(one, two, end);
    }
  }
}

/**
 * The `d` of an SVG path as outlines.
 * @throws Error where it has a command that is not known, or a number is missing
 * @see https://www.w3.org/TR/SVG11/paths.html#PathDataBNF
 */
export function readPath(d: string): Outline[] {
  const pen = new Pen();
  let pos = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = pos;
    const found = pattern.exec(d);
    if (found) pos = pattern.lastIndex;
    return found?.[1];
  };
  let command: string | undefined;
  let handle: [number, number] | undefined;
  while (d.slice(pos).trim() !== '') {
    const next = take(COMMAND);
    // Numbers that follow without a command repeat the last one; after a move they are lines.
    command = next ?? (command === 'm' ? 'l' : command === 'M' ? 'L' : command);
    const kind = command?.toLowerCase() ?? '';
    const count = ARGUMENTS[kind];
    if (command === undefined || count === undefined || (next === undefined && count === 0)) throw new Error(`path: ${d.slice(pos, pos + 20)}`);
    const n = Array.from({ length: count }, (_, index) => {
      const text = take(kind === 'a' && (index === 3 || index === 4) ? FLAG : NUMBER);
      if (text === undefined) throw new Error(`path: a number is missing at ${d.slice(pos, pos + 20)}`);
      return Number(text);
    });
    const [ox, oy] = command === kind ? [pen.x, pen.y] : [0, 0];
    const at = (index: number): [number, number] => [ox + n[index]!, oy + n[index + 1]!];
    const before = handle;
    handle = undefined;
    if (kind === 'm') pen.moveTo(...at(0));
    else if (kind === 'l') pen.lineTo(...at(0));
    else if (kind === 'h') pen.lineTo(ox + n[0]!, pen.y);
    else if (kind === 'v') pen.lineTo(pen.x, oy + n[0]!);
    else if (kind === 'z') pen.close();
    else if (kind === 'a') pen.arcTo({ rx: n[0]!, ry: n[1]!, degrees: n[2]!, large: n[3] === 1, sweep: n[4] === 1 }, at(5));
    else if (kind === 'c') {
      handle = at(2);
      pen.curveTo(at(0), handle, at(4));
    } else if (kind === 's') {
      handle = at(0);
      const first: [number, number] = before ? [2 * pen.x - before[0], 2 * pen.y - before[1]] : [pen.x, pen.y];
      pen.curveTo(first, handle, at(2));
    } else if (kind === 'q') pen.quadraticTo(at(0), at(2));
    else throw new Error(`path: ${command} is not drawn`);
  }
  return pen.outlines;
}

/** An ellipse as an outline, turned around a point. */
export function readEllipse({ cx, cy, rx, ry }: Ellipse, turn?: { degrees: number; x: number; y: number }): Outline {
  const pen = new Pen();
  const { degrees, x, y } = turn ?? { degrees: 0, x: cx, y: cy };
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const at = (px: number, py: number): [number, number] => [x + cos * (px - x) - sin * (py - y), y + sin * (px - x) + cos * (py - y)];
  pen.moveTo(...at(cx + rx, cy));
  pen.arcTo({ rx, ry, degrees, large: false, sweep: true }, at(cx - rx, cy));
  pen.arcTo({ rx, ry, degrees, large: false, sweep: true }, at(cx + rx, cy));
  pen.close();
  return pen.outlines[0]!;
}
