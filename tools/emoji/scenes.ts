import { pictureLayer, projectAreas, shapeLayer, SIDE, type Key, type Moves, type Scene } from '../drawing/lottie.ts';
import type { Area } from '../drawing/read-svg.ts';
import { sequence } from '../drawing/sequence.ts';
import { readEllipse } from '../drawing/svg-path.ts';
import type { Motion } from './motions.ts';

const CENTRE = SIDE / 2;
/** Side of the coordinates of Twemoji. */
const TWEMOJI_SIDE = 36;
/** Side of the coordinates of Phosphor icons. */
const ICON_SIDE = 256;
/** Parts of the side that pictures take. Those of stickers have room to jump. */
const PART = { emoji: 0.88, icon: 0.94, sticker: 0.72 };

/** Colour of the eyes of faces. */
const EYES = '664500';

/** What flies around a sticker, and how: up beside it, down from it, or away from its middle. */
export interface Extra {
  areas: readonly Area[];
  way: 'rise' | 'fall' | 'burst';
}

const middleOf = ({ outlines: [outline] }: Area): readonly [x: number, y: number] => {
  const sum = (axis: 0 | 1): number => outline!.points.reduce((total, point) => total + point[axis], 0) / outline!.points.length;
  return [sum(0), sum(1)];
};

const widthOf = ({ outlines: [outline] }: Area): number => {
  const xs = outline!.points.map(([x]) => x);
  return Math.max(...xs) - Math.min(...xs);
};

/** The eyes of a face, if both are plain ellipses. */
function findEyes(areas: readonly Area[]): readonly Area[] {
  const isEye = (area: Area): boolean => {
    const [x, y] = middleOf(area);
    return area.fill.toLowerCase() === EYES && area.outlines.length === 1 && area.outlines[0]!.points.length === 4 && y > 9 && y < 20 && Math.abs(x - 18) > 2.5 && widthOf(area) < 8;
  };
  const found = areas.filter(isEye);
  return found.length === 2 && Math.abs(middleOf(found[0]!)[1] - middleOf(found[1]!)[1]) < 1 ? found : [];
}

/** The eyes close for a moment. */
function blinking(areas: readonly Area[], frames: number, part: number): (area: Area) => Moves | undefined {
  const eyes = new Set(findEyes(areas));
  const start = Math.round(frames * 0.7);
  const scale: Key[] = [[0, [100, 100]], [start, [100, 100]], [start + 5, [100, 10]], [start + 11, [100, 100]], [frames - 1, [100, 100]]];
  return (area) => {
    if (!eyes.has(area)) return undefined;
    const anchor = middleOf(area).map((value) => Math.round((value / TWEMOJI_SIDE - 0.5) * SIDE * part + CENTRE));
    return { anchor, scale: { course: scale } };
  };
}

/** A Twemoji picture that moves in its place. */
export function emojiScene(areas: readonly Area[], { frames, moves }: Motion): Scene {
  const shapes = projectAreas(areas, TWEMOJI_SIDE, PART.emoji, blinking(areas, frames, PART.emoji));
  return { frames, layers: [shapeLayer(1, shapes, moves, { from: 0, to: frames })] };
}

/** A Phosphor icon, in white. Clients draw it in the colour of what is around it. */
export function iconScene(areas: readonly Area[], { frames, moves }: Motion): Scene {
  const white = areas.map((area): Area => ({ ...area, fill: 'ffffff' }));
  return { frames, layers: [shapeLayer(1, projectAreas(white, ICON_SIDE, PART.icon), moves, { from: 0, to: frames })] };
}

const COPIES = 7;

/** Where a copy begins and ends, and how far from upright it stands. */
function pathOf(way: Extra['way'], index: number, next: () => number): { from: number[]; to: number[] } {
  if (way === 'burst') {
    const angle = ((index + next() * 0.5) / COPIES) * 2 * Math.PI;
    const at = (reach: number): number[] => [CENTRE + Math.cos(angle) * reach, CENTRE + Math.sin(angle) * reach].map(Math.round);
    return { from: at(110), to: at(205 + 15 * next()) };
  }
  const side = index % 2 === 0 ? -1 : 1;
  const near = CENTRE + side * (way === 'fall' ? 70 + 30 * next() : 115 + 75 * next());
  const far = near + side * 24 * next();
  const [start, end] = way === 'fall' ? [250 + 30 * next(), 450] : [330 + 60 * next(), 50 + 60 * next()];
  return { from: [near, start].map(Math.round), to: [far, end].map(Math.round) };
}

/** Small copies of a picture, which come and go between the first frame and the last one. */
function flyingLayers({ way }: Extra, frames: number, firstIndex: number, seed: number): object[] {
  const numbers = sequence(seed);
  const next = (): number => numbers.next().value;
  return Array.from({ length: COPIES }, (_, index) => {
    const { from: first, to: last } = pathOf(way, index, next);
    const from = Math.round((way === 'burst' ? 0.12 : (0.5 * index) / COPIES) * frames + 6 * next());
    const to = Math.min(frames - 1, from + Math.round(frames * 0.46));
    const size = Math.round(13 + 6 * next());
    const turn = way === 'fall' ? 0 : Math.round(50 * (next() - 0.5));
    return pictureLayer(firstIndex + index, 'extra', {
      position: { course: [[from, first], [to, last]] },
      scale: { course: [[from, 0], [from + 12, size], [to, way === 'burst' ? Math.round(size * 0.5) : size]] },
      rotation: { course: [[from, 0], [to, turn]] },
      opacity: { course: [[from, 100], [to - 14, 100], [to, 0]] },
    }, { from, to });
  });
}

/** A shadow on the ground under a picture, which shrinks while the picture is in the air. */
function shadowLayers(areas: readonly Area[], { frames, moves: { position, anchor } }: Motion): object[] {
  if (anchor === undefined || anchor[1] === CENTRE || position === undefined || typeof position === 'number' || !('course' in position)) return [];
  const points = areas.flatMap(({ outlines }) => outlines.flatMap((outline) => outline.points));
  const toSticker = (value: number): number => (value / TWEMOJI_SIDE - 0.5) * SIDE * PART.sticker + CENTRE;
  const [left, right] = [toSticker(Math.min(...points.map(([x]) => x))), toSticker(Math.max(...points.map(([x]) => x)))];
  const y = Math.round(toSticker(Math.max(...points.map((point) => point[1]))));
  const ground: Area = { outlines: [readEllipse({ cx: CENTRE, cy: y, rx: (right - left) * 0.34, ry: 15 })], fill: '000000', evenOdd: false, opacity: 0.16 };
  const keys = position.course.map(([frame, value]) => {
    const [px, py] = value as readonly number[];
    return { frame, x: Math.round((left + right) / 2 + px! - anchor[0]!), size: Math.round(100 - (anchor[1]! - py!) * 0.5) };
  });
  return [shapeLayer(2, projectAreas([ground], SIDE, 1), {
    anchor: [CENTRE, y],
    position: { course: keys.map(({ frame, x }) => [frame, [x, y]]) },
    scale: { course: keys.map(({ frame, size }) => [frame, size]) },
  }, { from: 0, to: frames })];
}

/** A sticker: a Twemoji picture that moves a lot, with what flies around it. */
export function stickerScene(areas: readonly Area[], motion: Motion, extra: Extra | undefined, seed: number): Scene {
  const { frames, moves } = motion;
  const shapes = projectAreas(areas, TWEMOJI_SIDE, PART.sticker, blinking(areas, frames, PART.sticker));
  const flying = extra ? flyingLayers(extra, frames, 10, seed) : [];
  const body = shapeLayer(1, shapes, moves, { from: 0, to: frames });
  const shadow = shadowLayers(areas, motion);
  const layers = extra?.way === 'burst' ? [body, ...shadow, ...flying] : [...flying, body, ...shadow];
  if (!extra) return { frames, layers };
  const picture = shapeLayer(1, projectAreas(extra.areas, TWEMOJI_SIDE, 1), {}, { from: 0, to: frames });
  return { frames, layers, assets: [{ id: 'extra', layers: [picture] }] };
}
