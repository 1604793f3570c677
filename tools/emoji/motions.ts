import { SIDE, type Key, type Moves } from '../drawing/lottie.ts';

const CENTRE = SIDE / 2;
/** What stands on a ground turns around this point. */
const FOOT = [CENTRE, 456];
/** Where the stick of a flag ends. */
const STICK = [80, 440];

/** How a picture moves as a whole. Its last frame is like its first one. */
export interface Motion {
  /** At 60 a second. */
  frames: number;
  moves: Moves;
}

/** Values at frames that are parts of the whole, so that a motion is as quick as its number of frames says. */
type Steps = readonly (readonly [part: number, value: number | readonly number[]])[];

const course = (frames: number, steps: Steps): { course: Key[] } => ({ course: steps.map(([part, value]) => [Math.round(part * (frames - 1)), value]) });

interface Steady {
  scale?: Steps;
  rotation?: Steps;
  /** Offsets from where the picture stands. */
  shift?: readonly (readonly [part: number, x: number, y: number])[];
  anchor?: readonly number[];
}

function motion(frames: number, { scale, rotation, shift, anchor = [CENTRE, CENTRE] }: Steady): Motion {
  const moves: Moves = { anchor };
  if (scale) moves.scale = course(frames, scale);
  if (rotation) moves.rotation = course(frames, rotation);
  if (shift) moves.position = course(frames, shift.map(([part, x, y]) => [part, [anchor[0]! + x, anchor[1]! + y]]));
  return { frames, moves };
}

/** Motions of emoji within a line of text: they draw no attention for long, and the picture stays where it is. */
export const CALM = {
  beat: motion(90, { scale: [[0, 100], [0.16, 108], [0.32, 100], [0.48, 108], [0.68, 100], [1, 100]] }),
  breathe: motion(150, { scale: [[0, 100], [0.45, 106], [1, 100]] }),
  nod: motion(120, { rotation: [[0, 0], [0.22, -7], [0.5, 6], [0.75, -3], [1, 0]] }),
  bob: motion(100, {
    scale: [[0, 100], [0.14, [104, 95]], [0.38, [97, 104]], [0.64, [103, 97]], [1, 100]],
    shift: [[0, 0, 0], [0.14, 0, 9], [0.38, 0, -18], [0.64, 0, 6], [1, 0, 0]],
  }),
  laugh: motion(100, {
    rotation: [[0, 0], [0.11, -6], [0.24, 6], [0.37, -6], [0.5, 6], [0.64, -3], [1, 0]],
    shift: [[0, 0, 0], [0.11, 0, -10], [0.24, 0, 4], [0.37, 0, -10], [0.5, 0, 4], [0.64, 0, -4], [1, 0, 0]],
  }),
  sink: motion(130, { scale: [[0, 100], [0.42, [104, 94]], [1, 100]], shift: [[0, 0, 0], [0.42, 0, 14], [1, 0, 0]] }),
  tremble: motion(100, { shift: [[0, 0, 0], [0.08, -8, 0], [0.16, 8, 0], [0.24, -8, 0], [0.32, 8, 0], [0.4, -8, 0], [0.48, 8, 0], [0.58, 0, 0], [1, 0, 0]] }),
  wave: motion(120, { anchor: FOOT, rotation: [[0, 0], [0.13, -6], [0.3, 6], [0.47, -6], [0.64, 5], [0.8, 0], [1, 0]] }),
  lift: motion(100, { anchor: FOOT, rotation: [[0, 0], [0.16, 6], [0.38, -7], [0.62, 3], [1, 0]], shift: [[0, 0, 0], [0.16, 0, 6], [0.38, 0, -14], [0.62, 0, 3], [1, 0, 0]] }),
  pokeLeft: motion(100, { shift: [[0, 0, 0], [0.2, -24, 0], [0.4, 0, 0], [0.6, -16, 0], [0.8, 0, 0], [1, 0, 0]] }),
  pokeRight: motion(100, { shift: [[0, 0, 0], [0.2, 24, 0], [0.4, 0, 0], [0.6, 16, 0], [0.8, 0, 0], [1, 0, 0]] }),
  pokeUp: motion(100, { shift: [[0, 0, 0], [0.2, 0, -24], [0.4, 0, 0], [0.6, 0, -16], [0.8, 0, 0], [1, 0, 0]] }),
  pokeDown: motion(100, { shift: [[0, 0, 0], [0.2, 0, 24], [0.4, 0, 0], [0.6, 0, 16], [0.8, 0, 0], [1, 0, 0]] }),
  sway: motion(150, { anchor: FOOT, rotation: [[0, 0], [0.25, -4], [0.72, 4], [1, 0]] }),
  hop: motion(100, {
    anchor: FOOT,
    scale: [[0, 100], [0.14, [105, 93]], [0.34, [98, 103]], [0.52, [104, 95]], [0.72, 100], [1, 100]],
    shift: [[0, 0, 0], [0.14, 0, 0], [0.34, 0, -20], [0.52, 0, 0], [1, 0, 0]],
  }),
  swim: motion(160, { rotation: [[0, 0], [0.25, 4], [0.72, -4], [1, 0]], shift: [[0, 0, 0], [0.25, -16, -4], [0.72, 16, 4], [1, 0, 0]] }),
  crawl: motion(140, {
    scale: [[0, 100], [0.18, [105, 97]], [0.36, [96, 103]], [0.56, [105, 97]], [0.76, [96, 103]], [1, 100]],
    shift: [[0, 0, 0], [0.36, -14, 0], [0.76, 10, 0], [1, 0, 0]],
  }),
  wobble: motion(120, { anchor: FOOT, rotation: [[0, 0], [0.16, -6], [0.36, 5], [0.56, -3], [0.76, 1], [1, 0]] }),
  flutter: motion(130, { anchor: STICK, rotation: [[0, 0], [0.25, -3], [0.7, 3], [1, 0]], scale: [[0, 100], [0.25, [97, 102]], [0.7, [101, 98]], [1, 100]] }),
  shine: motion(120, { rotation: [[0, 0], [0.25, 10], [0.6, -10], [1, 0]], scale: [[0, 100], [0.25, 106], [0.6, 98], [1, 100]] }),
  pop: motion(100, { scale: [[0, 100], [0.15, 90], [0.35, 108], [0.55, 97], [0.75, 100], [1, 100]] }),
} satisfies Record<string, Motion>;

/** Motions of stickers. */
export const STRONG = {
  jump: motion(110, {
    anchor: FOOT,
    scale: [[0, 100], [0.12, [116, 82]], [0.32, [93, 108]], [0.52, [114, 84]], [0.66, [97, 103]], [0.8, [103, 98]], [1, 100]],
    shift: [[0, 0, 0], [0.12, 0, 0], [0.32, 0, -38], [0.52, 0, 0], [0.66, 0, -12], [0.8, 0, 0], [1, 0, 0]],
  }),
  dance: motion(130, {
    rotation: [[0, 0], [0.14, -15], [0.32, 15], [0.5, -15], [0.68, 15], [0.84, -6], [1, 0]],
    shift: [[0, 0, 0], [0.07, -16, -30], [0.14, -38, 6], [0.23, 0, -34], [0.32, 38, 6], [0.41, 0, -34], [0.5, -38, 6], [0.59, 0, -34], [0.68, 38, 6], [0.84, -10, -14], [1, 0, 0]],
  }),
  giggle: motion(110, {
    rotation: [[0, 0], [0.1, -12], [0.2, 12], [0.3, -14], [0.4, 14], [0.5, -12], [0.6, 10], [0.74, -4], [1, 0]],
    shift: [[0, 0, 0], [0.1, 0, -26], [0.2, 0, 8], [0.3, 0, -30], [0.4, 0, 8], [0.5, 0, -26], [0.6, 0, 6], [0.74, 0, -8], [1, 0, 0]],
  }),
  wave: motion(130, { anchor: FOOT, rotation: [[0, 0], [0.1, 14], [0.24, -16], [0.38, 16], [0.52, -16], [0.66, 14], [0.82, -4], [1, 0]] }),
  shake: motion(100, {
    shift: [[0, 0, 0], [0.07, -34, 0], [0.15, 34, 0], [0.23, -34, 0], [0.31, 34, 0], [0.39, -28, 0], [0.47, 24, 0], [0.57, -8, 0], [0.68, 0, 0], [1, 0, 0]],
    scale: [[0, 100], [0.1, 110], [0.5, 110], [0.7, 100], [1, 100]],
  }),
  throb: motion(110, { scale: [[0, 100], [0.12, 90], [0.28, 122], [0.44, 96], [0.6, 116], [0.8, 99], [1, 100]], rotation: [[0, 0], [0.28, -8], [0.6, 8], [0.85, 0], [1, 0]] }),
  tilt: motion(160, { rotation: [[0, 0], [0.16, -18], [0.42, -18], [0.58, 16], [0.82, 16], [1, 0]], shift: [[0, 0, 0], [0.16, -20, 4], [0.42, -20, 4], [0.58, 20, 4], [0.82, 20, 4], [1, 0, 0]] }),
  sigh: motion(150, {
    anchor: FOOT,
    scale: [[0, 100], [0.22, [96, 107]], [0.52, [110, 84]], [0.76, [108, 86]], [1, 100]],
    rotation: [[0, 0], [0.22, 3], [0.52, -4], [1, 0]],
  }),
  start: motion(100, {
    scale: [[0, 100], [0.1, 80], [0.24, 124], [0.36, 114], [0.48, 120], [0.62, 112], [0.82, 100], [1, 100]],
    shift: [[0, 0, 0], [0.24, 0, -24], [0.3, -8, -20], [0.36, 8, -20], [0.42, -8, -20], [0.48, 8, -20], [0.54, -6, -16], [0.62, 0, -10], [0.82, 0, 0], [1, 0, 0]],
  }),
  snooze: motion(170, { scale: [[0, 100], [0.4, [107, 109]], [0.55, [107, 109]], [1, 100]], rotation: [[0, 0], [0.45, -9], [1, 0]], shift: [[0, 0, 0], [0.45, 6, -16], [1, 0, 0]] }),
  twirl: motion(120, { rotation: [[0, 0], [0.16, -28], [0.6, 384], [0.74, 360], [1, 360]], scale: [[0, 100], [0.16, 84], [0.42, 118], [0.74, 100], [1, 100]] }),
  stroll: motion(180, {
    anchor: FOOT,
    scale: [[0, 100], [0.4, 100], [0.48, [-100, 100]], [0.88, [-100, 100]], [0.96, 100], [1, 100]],
    shift: [[0, 0, 0], [0.06, -14, -30], [0.12, -28, 0], [0.2, -42, -30], [0.28, -56, 0], [0.4, -56, 0], [0.48, -56, 0], [0.56, -30, -30], [0.64, 0, 0], [0.72, 30, -30], [0.8, 56, 0],
      [0.88, 56, 0], [0.94, 28, -24], [1, 0, 0]],
    rotation: [[0, 0], [0.06, -6], [0.12, 3], [0.2, -6], [0.28, 0], [0.48, 0], [0.56, 6], [0.64, -3], [0.72, 6], [0.8, 0], [1, 0]],
  }),
  glide: motion(170, { rotation: [[0, 0], [0.25, 12], [0.5, -6], [0.75, -12], [1, 0]], shift: [[0, 0, 0], [0.25, -54, -30], [0.5, 0, 26], [0.75, 54, -20], [1, 0, 0]] }),
} satisfies Record<string, Motion>;
