import type { Area } from './read-svg.ts';
import { readEllipse, type Outline } from './svg-path.ts';

/** Side of an animated sticker. @see https://core.telegram.org/stickers#animated-stickers-and-emoji */
export const SIDE = 512;
/** Frames a second. */
export const RATE = 60;

const CENTRE = SIDE / 2;

/** A value at a frame. */
export type Key = readonly [frame: number, value: number | readonly number[]];

/** How something moves: a value that stays, or a course, which is slow before and after each key unless it is even. */
type Motion = number | readonly number[] | { course: readonly Key[]; isEven?: boolean };

/** Where something stands, how large it is (100 is as drawn), how it is turned (degrees) and how it shows (0…100). */
export interface Moves {
  /** The point of the picture that stands at the position, and around which it turns and grows. */
  anchor?: readonly number[];
  position?: Motion;
  scale?: Motion;
  rotation?: Motion;
  opacity?: Motion;
}

export interface Scene {
  frames: number;
  layers: object[];
  assets?: object[];
}

const round = (value: number): number => Math.round(value * 10) / 10 + 0;

function projectMotion(motion: Motion): object {
  if (typeof motion === 'number' || !('course' in motion)) return { a: 0, k: motion };
  const list = (value: number | readonly number[]): readonly number[] => (typeof value === 'number' ? [value] : value);
  const pace = motion.isEven === true ? { i: { x: [1], y: [1] }, o: { x: [0], y: [0] } } : { i: { x: [0.6], y: [1] }, o: { x: [0.4], y: [0] } };
  const k = motion.course.map(([t, value], index) => (index === motion.course.length - 1 ? { t, s: list(value) } : { t, s: list(value), ...pace }));
  return { a: 1, k };
}

const scaleOf = (motion: Motion): Motion => {
  const both = (value: number | readonly number[]): readonly number[] => (typeof value === 'number' ? [value, value] : value);
  if (typeof motion === 'number' || !('course' in motion)) return both(motion);
  return { ...motion, course: motion.course.map(([frame, value]) => [frame, both(value)] as const) };
};

function projectMoves({ anchor = [CENTRE, CENTRE], position = anchor, scale = 100, rotation = 0, opacity = 100 }: Moves): object {
  return {
    o: projectMotion(opacity), r: projectMotion(rotation), p: projectMotion(position),
    a: projectMotion(anchor), s: projectMotion(scaleOf(scale)),
  };
}

/** From when to when something shows. */
export interface Span {
  from: number;
  to: number;
}

/** A layer of shapes. */
export function shapeLayer(ind: number, shapes: object[], moves: Moves, { from, to }: Span): object {
  return { ddd: 0, ind, ty: 4, nm: `shape ${ind}`, sr: 1, ks: projectMoves(moves), ao: 0, shapes, ip: from, op: to, st: 0, bm: 0 };
}

/** A layer that shows the asset `refId`, a picture of its own. */
export function pictureLayer(ind: number, refId: string, moves: Moves, { from, to }: Span): object {
  return { ddd: 0, ind, ty: 0, nm: `copy ${ind}`, refId, sr: 1, ks: projectMoves(moves), ao: 0, w: SIDE, h: SIDE, ip: from, op: to, st: 0, bm: 0 };
}

function projectOutline({ points, ins, outs, closed }: Outline, grow: (point: readonly [number, number]) => number[], factor: number): object {
  const turn = (list: readonly [number, number][]): number[][] => list.map(([x, y]) => [round(x * factor), round(y * factor)]);
  return { ty: 'sh', ks: { a: 0, k: { i: turn(ins), o: turn(outs), v: points.map((point) => grow(point)), c: closed } } };
}

const NO_MOVE = { ty: 'tr', p: { a: 0, k: [0, 0] }, a: { a: 0, k: [0, 0] }, s: { a: 0, k: [100, 100] }, r: { a: 0, k: 0 }, o: { a: 0, k: 100 } };

function projectFill({ fill, evenOdd, opacity = 1 }: Area): object {
  const colour = [0, 2, 4].map((at) => Math.round((Number.parseInt(fill.slice(at, at + 2), 16) / 255) * 1000) / 1000);
  return { ty: 'fl', c: { a: 0, k: [...colour, 1] }, o: { a: 0, k: Math.round(opacity * 100) }, r: evenOdd ? 2 : 1 };
}

/**
 * The areas of a picture as groups of shapes, the highest first, as Lottie has them.
 * @param side of the picture's coordinates
 * @param part of the sticker's side that the picture takes
 * @param movesOf how an area moves within the picture, in coordinates of the sticker; undefined if it keeps its place
 */
export function projectAreas(areas: readonly Area[], side: number, part: number, movesOf: (area: Area) => Moves | undefined = () => undefined): object[] {
  const factor = (SIDE * part) / side;
  const margin = (SIDE * (1 - part)) / 2;
  const grow = ([x, y]: readonly [number, number]): number[] => [round(x * factor + margin), round(y * factor + margin)];
  return areas
    .map((area) => {
      const moves = movesOf(area);
      const transform = moves === undefined ? NO_MOVE : { ty: 'tr', ...projectMoves(moves) };
      return { ty: 'gr', it: [...area.outlines.map((outline) => projectOutline(outline, grow, factor)), projectFill(area), transform] };
    })
    .toReversed();
}

/** A round spot in the middle. */
export function spot(fill: string, radius: number): object[] {
  return projectAreas([{ outlines: [readEllipse({ cx: CENTRE, cy: CENTRE, rx: radius, ry: radius })], fill, evenOdd: false }], SIDE, 1);
}

/** The whole animation. @see https://lottiefiles.github.io/lottie-docs/animation/ */
export function projectScene(name: string, { frames, layers, assets = [] }: Scene): object {
  return { tgs: 1, v: '5.5.2', fr: RATE, ip: 0, op: frames, w: SIDE, h: SIDE, nm: name, ddd: 0, assets, layers };
}
