import { pictureLayer, projectAreas, shapeLayer, SIDE, spot, type Key, type Scene } from '../drawing/lottie.ts';
import type { Area } from '../drawing/read-svg.ts';
import { sequence } from '../drawing/sequence.ts';

/** Side of the coordinates of Twemoji. */
const DRAWN_SIDE = 36;
/** Part of the sticker that a picture takes, so that it can grow without being cut. */
const PART = 0.8;
/**
 * The same for the icon in a row of reactions, whose picture stays in the middle half of the sticker: clients draw it twice as large as the place that it has, so that
 * an icon may move beyond it. This leaves room for the strongest beat.
 */
const CENTRE_PART = 0.43;

const CENTRE = SIDE / 2;
const COPIES = 9;
const SPOTS = 12;

/** Colours that stand out, those of the largest number of areas first. */
function mainColours(areas: readonly Area[]): string[] {
  const isDark = (fill: string): boolean => [0, 2, 4].every((at) => Number.parseInt(fill.slice(at, at + 2), 16) < 0x60);
  const counts = new Map<string, number>();
  for (const { fill } of areas) if (!isDark(fill)) counts.set(fill, (counts.get(fill) ?? 0) + 1);
  const sorted = [...counts].toSorted(([, x], [, y]) => y - x).map(([fill]) => fill);
  return sorted.length > 0 ? sorted.slice(0, 3) : ['ffac33'];
}

function moving(areas: readonly Area[], frames: number, moves: { scale?: readonly Key[]; rotation?: readonly Key[]; position?: readonly Key[] }, part = PART): Scene {
  const motion = Object.fromEntries(Object.entries(moves).map(([name, keys]) => [name, { course: keys }]));
  return { frames, layers: [shapeLayer(1, projectAreas(areas, DRAWN_SIDE, part), motion, { from: 0, to: frames })] };
}

/** It comes out of nothing and stays. */
const appear = (areas: readonly Area[]): Scene =>
  moving(areas, 45, { scale: [[0, 0], [20, 112], [32, 96], [44, 100]], rotation: [[0, -20], [20, 6], [44, 0]] });

/** It jumps once, for who points at it; its ends are alike. */
const select = (areas: readonly Area[]): Scene =>
  moving(areas, 60, {
    scale: [[0, 100], [10, [108, 90]], [24, [96, 106]], [40, [106, 93]], [59, 100]],
    position: [[0, [CENTRE, CENTRE]], [10, [CENTRE, CENTRE + 14]], [24, [CENTRE, CENTRE - 36]], [40, [CENTRE, CENTRE + 8]], [59, [CENTRE, CENTRE]]],
  });

/** What is shown in the middle of the effect: two strong beats. */
const activate = (areas: readonly Area[]): Scene =>
  moving(areas, 120, {
    scale: [[0, 60], [18, 118], [36, 96], [54, 114], [76, 98], [92, 100], [119, 100]],
    rotation: [[0, 0], [18, -9], [36, 9], [54, -6], [76, 0], [119, 0]],
  });

/** What is shown in a message's row of reactions: one beat; its ends are alike. */
const centre = (areas: readonly Area[]): Scene =>
  moving(areas, 60, { scale: [[0, 100], [12, 74], [28, 116], [44, 96], [59, 100]] }, CENTRE_PART);

/** Small copies fly out of the middle and vanish. */
function effect(areas: readonly Area[], seed: number): Scene {
  const frames = 150;
  const numbers = sequence(seed);
  const layers = Array.from({ length: COPIES }, (_, index) => {
    const angle = ((index + numbers.next().value * 0.6) / COPIES) * 2 * Math.PI;
    const reach = 150 + 60 * numbers.next().value;
    const from = Math.round(30 * numbers.next().value);
    const to = from + 90 + Math.round(28 * numbers.next().value);
    const size = 13 + 9 * numbers.next().value;
    const turn = Math.round(120 * (numbers.next().value - 0.5));
    const at = (part: number, fall: number): number[] =>
      [CENTRE + Math.cos(angle) * reach * part, CENTRE + Math.sin(angle) * reach * part + fall].map(Math.round);
    return pictureLayer(index + 1, 'emoji', {
      position: { course: [[from, at(0.15, 0)], [from + 50, at(1, 0)], [to, at(1.05, 40)]] },
      scale: { course: [[from, 0], [from + 24, Math.round(size)], [to, Math.round(size * 0.6)]] },
      rotation: { course: [[from, 0], [to, turn]] },
      opacity: { course: [[from, 100], [to - 30, 100], [to, 0]] },
    }, { from, to });
  });
  const picture = shapeLayer(1, projectAreas(areas, DRAWN_SIDE, 1), {}, { from: 0, to: frames });
  return { frames, layers, assets: [{ id: 'emoji', layers: [picture] }] };
}

/** Spots in the emoji's colours burst around a message's row of reactions. */
function around(areas: readonly Area[], seed: number): Scene {
  const frames = 60;
  const colours = mainColours(areas);
  const numbers = sequence(seed);
  const layers = Array.from({ length: SPOTS }, (_, index) => {
    const angle = ((index + numbers.next().value * 0.5) / SPOTS) * 2 * Math.PI;
    const reach = 140 + 90 * numbers.next().value;
    const from = Math.round(8 * numbers.next().value);
    const at = (part: number): number[] => [CENTRE + Math.cos(angle) * reach * part, CENTRE + Math.sin(angle) * reach * part].map(Math.round);
    const radius = Math.round(8 + 10 * numbers.next().value);
    return shapeLayer(index + 1, spot(colours[index % colours.length]!, radius), {
      position: { course: [[from, at(0.3)], [from + 48, at(1)]] },
      scale: { course: [[from, 30], [from + 18, 100], [from + 48, 0]] },
    }, { from, to: from + 50 });
  });
  return { frames, layers };
}

/** The animations of a reaction by what they are for. */
export function makeScenes(areas: readonly Area[], seed: number): Record<string, Scene> {
  return {
    appear_animation: appear(areas),
    select_animation: select(areas),
    activate_animation: activate(areas),
    effect_animation: effect(areas, seed),
    around_animation: around(areas, seed),
    center_icon: centre(areas),
  };
}
