import { projectAreas, shapeLayer, SIDE, type Moves, type Scene, type Span } from '../drawing/lottie.ts';
import type { Area } from '../drawing/read-svg.ts';
import { readEllipse, readPath } from '../drawing/svg-path.ts';

/** What is drawn in the middle moves from there. */
export const CENTRE = SIDE / 2;
/** Frames of an animation in which something falls: three seconds, as clients allow. */
export const FALL_FRAMES = 180;

/** A piece of an animation. */
export interface Part {
  areas: readonly Area[];
  /** Side of the coordinates of the areas; that of the sticker, if it is not said. */
  side?: number;
  moves?: Moves;
  /** From when to when it shows; all the time, if it is not said. */
  span?: Span;
}

/** Puts pieces above each other, the highest first. */
export function stack(frames: number, parts: readonly Part[]): Scene {
  return { frames, layers: parts.map(({ areas, side = SIDE, moves = {}, span }, at) => shapeLayer(at + 1, projectAreas(areas, side, 1), moves, span ?? { from: 0, to: frames })) };
}

/** An ellipse. */
export const disc = (cx: number, cy: number, [rx, ry]: readonly [number, number], fill: string): Area => ({ outlines: [readEllipse({ cx, cy, rx, ry })], fill, evenOdd: false });

/** A circle. */
export const round = (cx: number, cy: number, radius: number, fill: string): Area => disc(cx, cy, [radius, radius], fill);

/** What a path of SVG encloses. */
export const outline = (d: string, fill: string): Area => ({ outlines: readPath(d), fill, evenOdd: false });

/** A rectangle, with round corners if a radius is given. */
export function box([x, y, width, height]: readonly [x: number, y: number, width: number, height: number], fill: string, radius = 0): Area {
  if (radius === 0) return outline(`M${x} ${y}h${width}v${height}h${-width}z`, fill);
  const corner = (dx: number, dy: number): string => `a${radius} ${radius} 0 0 1 ${dx} ${dy}`;
  const [across, down] = [width - 2 * radius, height - 2 * radius];
  return outline(`M${x + radius} ${y}h${across}${corner(radius, radius)}v${down}${corner(-radius, radius)}h${-across}${corner(-radius, -radius)}v${-down}${corner(radius, -radius)}z`, fill);
}
