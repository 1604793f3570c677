import { readSvg } from '../drawing/read-svg.ts';
import type { Area } from '../drawing/read-svg.ts';
import type { Key, Moves, Scene } from '../drawing/lottie.ts';
import type { Drawing, DrawnSet } from './pack.ts';
import { box, CENTRE, disc, FALL_FRAMES, outline, type Part, round, stack } from './parts.ts';
import { drawSlotMachine, MACHINE } from './slot-machine.ts';

/** Clients kept the sets by these ids when they were empty. */
const FIRST_ID = 100n;
/** Frames of what moves until the value is known. */
const WAIT_FRAMES = 60;
/** Side of the coordinates of Twemoji. */
const TWEMOJI_SIDE = 36;
/** Where a ball lies before it is thrown. */
const GROUND = 432;

/** Animations by value; the first one, of value 0, runs until the value is known. */
type Throws = readonly Scene[];

/** How a picture of Twemoji is found. */
type SvgOf = (emoji: string) => string;

const keysOf = (course: readonly (readonly [frame: number, x: number, y: number])[]): { course: Key[] } => ({ course: course.map(([frame, x, y]) => [frame, [x, y]]) });

/** A value that changes at frames and then stays. */
const staying = (course: readonly Key[]): { course: Key[] } => {
  const [frame, value] = course.at(-1)!;
  return { course: frame < FALL_FRAMES - 1 ? [...course, [FALL_FRAMES - 1, value]] : [...course] };
};

const PIPS: Readonly<Record<number, readonly (readonly [number, number])[]>> = {
  1: [[0, 0]],
  2: [[-1, -1], [1, 1]],
  3: [[-1, -1], [0, 0], [1, 1]],
  4: [[-1, -1], [1, -1], [-1, 1], [1, 1]],
  5: [[-1, -1], [1, -1], [0, 0], [-1, 1], [1, 1]],
  6: [[-1, -1], [1, -1], [-1, 0], [1, 0], [-1, 1], [1, 1]],
};

const faceOf = (value: number): Area[] => [
  box([96, 96, 320, 320], 'cfd6dd', 64),
  box([106, 102, 300, 300], 'ffffff', 58),
  ...PIPS[value]!.map(([x, y]) => round(CENTRE + x * 88, CENTRE - 4 + y * 88, value === 1 ? 46 : 34, value === 1 ? 'dd2e44' : '31373d')),
];

/** How long each face shows while a die turns, in frames. */
const FACE_FRAMES = 10;
/** The faces in the order in which they show. */
const TURNING = [1, 5, 3, 6, 2, 4];

function drawDie(): Throws {
  const faces = (moves: Moves, until: number): Part[] =>
    Array.from({ length: until / FACE_FRAMES }, (_, at) => ({ areas: faceOf(TURNING[at % TURNING.length]!), moves, span: { from: at * FACE_FRAMES, to: (at + 1) * FACE_FRAMES } }));
  const waiting = stack(WAIT_FRAMES, faces({ rotation: { course: [[0, 0], [WAIT_FRAMES, 360]], isEven: true } }, WAIT_FRAMES));
  const moves: Moves = {
    rotation: staying([[0, 0], [30, 250], [60, 480], [96, 720]]),
    position: keysOf([[0, 256, 256], [24, 200, 190], [48, 300, 290], [72, 236, 240], [96, 256, 256], [106, 256, 246], [116, 256, 256], [FALL_FRAMES - 1, 256, 256]]),
    scale: staying([[0, 100], [24, 84], [48, 96], [72, 88], [96, 100], [106, 104], [116, 100]]),
  };
  const SHOWN = 80;
  return [waiting, ...[1, 2, 3, 4, 5, 6].map((value) => stack(FALL_FRAMES, [...faces(moves, SHOWN), { areas: faceOf(value), moves, span: { from: SHOWN, to: FALL_FRAMES } }]))];
}

const RINGS = [208, 168, 128, 88, 48].map((radius, at) => round(CENTRE, CENTRE, radius, at % 2 === 0 ? 'dd2e44' : 'ffffff'));
/** A dart whose point is in the middle. */
const DART = [outline('M256 256l24 6 88 88-18 18-88-88z', '66757f'), outline('M340 326l60 6 44 44-58 4z', '3b88c3'), outline('M326 340l6 60 44 44 4-58z', '226699'), outline('M338 352l14-14 62 62-14 14z', '31373d')];
/** Where darts hit, by value; the first one bounces off. */
const HITS = [[420, 360], [104, 150], [340, 134], [176, 328], [310, 215], [256, 256]] as const;

function drawDarts(): Throws {
  const sway: Moves = { scale: { course: [[0, 100], [30, 97], [WAIT_FRAMES - 1, 100]] } };
  const shake: Moves = { scale: staying([[0, 100], [36, 100], [42, 95], [50, 102], [62, 100]]) };
  const thrown = HITS.map(([x, y], at): Scene => {
    const missed = keysOf([[0, 640, 640], [38, x, y], [60, x + 50, y - 30], [110, x + 90, 760], [FALL_FRAMES - 1, x + 90, 760]]);
    const hit = keysOf([[0, 640, 640], [38, x, y], [FALL_FRAMES - 1, x, y]]);
    const dart: Moves = { position: at === 0 ? missed : hit, scale: staying([[0, 150], [38, 90]]), rotation: at === 0 ? staying([[0, 0], [38, 0], [110, 250]]) : staying([[0, 0], [38, 0], [44, 8], [50, -6], [56, 3], [62, 0]]) };
    return stack(FALL_FRAMES, [{ areas: DART, moves: dart }, { areas: RINGS, moves: shake }]);
  });
  return [stack(WAIT_FRAMES, [{ areas: RINGS, moves: sway }]), ...thrown];
}

/** A course of a ball: frame, place, and size in per cent. */
type Course = readonly (readonly [frame: number, x: number, y: number, size: number])[];

const moving = (course: Course, turn: number): Moves => ({
  position: { course: staying(course.map(([frame, x, y]) => [frame, [x, y]])).course },
  scale: staying(course.map(([frame, , , size]) => [frame, size])),
  rotation: staying([[0, 0], [course.at(-1)![0], turn]]),
});

/** A ball that jumps a little on its place. */
const waitingBall = (areas: readonly Area[], size: number): Part => ({
  areas,
  side: TWEMOJI_SIDE,
  moves: { position: keysOf([[0, 256, GROUND], [28, 256, GROUND - 60], [WAIT_FRAMES - 1, 256, GROUND]]), scale: size, rotation: { course: [[0, 0], [WAIT_FRAMES, 360]], isEven: true } },
});

/** A throw in which the ball is before what stands there until a frame, and behind it from then on. */
const throwBall = (ball: readonly Area[], { course, turn, from }: { course: Course; turn: number; from: number }, [front, back]: readonly [Part[], Part[]]): Scene => {
  const part = { areas: ball, side: TWEMOJI_SIDE, moves: moving(course, turn) };
  const behind = { ...part, span: { from, to: FALL_FRAMES } };
  const before = { ...part, span: { from: 0, to: from } };
  return stack(FALL_FRAMES, [before, ...front, ...(from < FALL_FRAMES ? [behind] : []), ...back]);
};

const NET = [0, 1, 2, 3, 4].map((at) => outline(`M${190 + at * 33} 196l${12 - at * 6} 84h5l${-10 + at * 6}-84z`, 'e1e8ed'));
const BOARD = [box([96, 30, 320, 196], 'ffac33', 18), box([108, 42, 296, 172], 'ffffff', 12), box([190, 104, 132, 88], 'dd2e44', 4), box([202, 116, 108, 64], 'ffffff')];
const HOOP: Part = { areas: [...NET, box([178, 186, 156, 14], 'f4900c', 7)] };

function drawBasketball(ball: readonly Area[]): Throws {
  const [big, far] = [26, 19];
  const start = [0, 256, GROUND, big] as const;
  const courses: readonly { course: Course; turn: number; from: number }[] = [
    { course: [start, [40, 340, 70, far], [60, 346, 176, far], [84, 440, 120, 22], [112, 610, 420, 30]], turn: 400, from: FALL_FRAMES },
    { course: [start, [44, 190, 96, far], [64, 186, 170, far], [90, 90, 150, 22], [116, -90, 430, 30]], turn: -500, from: FALL_FRAMES },
    { course: [start, [40, 290, 50, far], [58, 270, 140, far], [70, 256, 116, far], [82, 262, 148, far], [94, 256, 142, far]], turn: 300, from: FALL_FRAMES },
    { course: [start, [40, 310, 40, far], [58, 316, 156, far], [74, 290, 90, far], [90, 256, 180, 18], [108, 256, 330, far], [124, 256, GROUND, 22], [136, 256, GROUND - 40, 22], [148, 256, GROUND, 22]], turn: 500, from: 76 },
    { course: [start, [44, 256, 36, far], [66, 256, 180, 18], [84, 256, 330, far], [98, 256, GROUND, 22], [112, 256, GROUND - 70, 22], [126, 256, GROUND, 22]], turn: 720, from: 46 },
  ];
  const back: Part[] = [{ areas: BOARD }];
  return [stack(WAIT_FRAMES, [waitingBall(ball, big), HOOP, ...back]), ...courses.map((one) => throwBall(ball, one, [[HOOP], back]))];
}

const LINES = [...[110, 160, 210, 302, 352, 402].map((x) => box([x - 2, 96, 4, 240], 'ccd6dd')), ...[144, 192, 240, 288].map((y) => box([64, y - 2, 384, 4], 'ccd6dd'))];
const GOAL: Part = { areas: [...LINES, box([52, 84, 16, 260], 'e1e8ed', 6), box([444, 84, 16, 260], 'e1e8ed', 6), box([52, 84, 408, 16], 'f5f8fa', 6)] };
const GRASS: Part = { areas: [disc(CENTRE, 400, [250, 76], '77b255')] };

function drawFootball(ball: readonly Area[]): Throws {
  const [big, far] = [24, 13];
  const start = [0, 256, GROUND, big] as const;
  const courses: readonly Course[] = [
    [start, [50, 420, 20, far], [70, 560, -80, 10]],
    [start, [44, 256, 92, far], [70, 230, 330, 18], [100, 200, 620, 30]],
    [start, [48, 250, 236, far], [72, 250, 336, far], [86, 250, 316, far], [100, 250, 336, far]],
    [start, [42, 78, 210, far], [64, 180, 270, far], [84, 200, 336, far], [96, 206, 322, far], [108, 210, 336, far]],
    [start, [46, 400, 138, far], [56, 404, 146, far], [84, 392, 336, far], [96, 388, 318, far], [108, 386, 336, far]],
  ];
  const back = [GOAL, GRASS];
  return [stack(WAIT_FRAMES, [waitingBall(ball, big), ...back]), ...courses.map((course) => throwBall(ball, { course, turn: 600, from: FALL_FRAMES }, [[], back]))];
}

const PIN = [outline('M256 176c-16 0-26 14-26 32 0 20 10 28 6 52-4 26-16 44-16 68 0 20 8 34 12 38h48c4-4 12-18 12-38 0-24-12-42-16-68-4-24 6-32 6-52 0-18-10-32-26-32z', 'f5f8fa'), box([234, 226, 44, 10], 'dd2e44', 4), box([232, 242, 48, 8], 'dd2e44', 4)];
/** Where pins stand, the nearest first. */
const STANDS = [[256, 250], [212, 222], [300, 222], [168, 194], [256, 194], [344, 194]] as const;
/** Which pins fall, by value. */
const FALLEN: readonly (readonly number[])[] = [[], [5], [0, 1, 3], [0, 2, 4, 5], [0, 1, 2, 3, 4], [0, 1, 2, 3, 4, 5]];

const BOWL = [round(CENTRE, CENTRE, 128, '31373d'), round(CENTRE - 30, CENTRE - 50, 16, '66757f'), round(CENTRE + 26, CENTRE - 58, 16, '66757f'), round(CENTRE + 4, CENTRE - 14, 16, '66757f')];
const LANE = outline('M120 150h272l96 340H24z', 'f1c27d');

function drawBowling(): Throws {
  const size = 50;
  const targets = [490, 372, 214, 290, 244, 256];
  const standing = (fallen: readonly number[]): Part[] =>
    STANDS.map(([x, y], at) => {
      const way = x < CENTRE ? -1 : x > CENTRE ? 1 : at % 2 === 0 ? -1 : 1;
      const moves: Moves = { anchor: [CENTRE, 366], position: [x, y + 60], scale: 62 };
      if (!fallen.includes(at)) return { areas: PIN, moves };
      const from = 52 + at * 3;
      return {
        areas: PIN,
        moves: {
          ...moves,
          position: keysOf([[from, x, y + 60], [from + 22, x + way * 70, y + 10], [from + 44, x + way * 130, y + 70]]),
          rotation: { course: [[from, 0], [from + 34, way * 110]] },
          opacity: { course: [[from + 26, 100], [from + 50, 0]] },
        },
      };
    });
  const ballTo = (x: number): Part => ({ areas: BOWL, moves: { ...moving([[0, 256, GROUND, size], [54, x, 250, 30], [84, x, 150, 20]], 700), opacity: { course: [[60, 100], [80, 0]] } } });
  const lane: Part = { areas: [LANE] };
  const waiting: Part = { areas: BOWL, moves: { position: keysOf([[0, 256, GROUND], [15, 240, GROUND], [45, 272, GROUND], [WAIT_FRAMES - 1, 256, GROUND]]), scale: size, rotation: { course: [[0, 0], [15, -20], [45, 20], [WAIT_FRAMES - 1, 0]] } } };
  return [stack(WAIT_FRAMES, [waiting, ...standing([]), lane]), ...FALLEN.map((fallen, at) => stack(FALL_FRAMES, [ballTo(targets[at]!), ...standing(fallen), lane]))];
}

/** The emoji by which clients find the animation of a value. */
const emojiOf = (value: number): string => `${value === 0 ? '#' : value}\uFE0F\u20E3`;

/**
 * The sets of dice and of other things that are thrown: the animation that runs until the value is known, then one for each value. A slot machine is made of parts.
 * @see https://core.telegram.org/api/dice
 */
export function makeDice(svgOf: SvgOf): DrawnSet[] {
  const areasOf = (emoji: string): Area[] => readSvg(svgOf(emoji));
  const thrown: readonly (readonly [die: string, throws: Throws])[] = [
    ['🎲', drawDie()],
    ['🎯', drawDarts()],
    ['🏀', drawBasketball(areasOf('🏀'))],
    ['⚽', drawFootball(areasOf('⚽'))],
    ['🎳', drawBowling()],
  ];
  const drawings = thrown.map(([die, throws]): [string, Drawing[]] => [die, throws.map((scene, value) => ({ emoji: emojiOf(value), svg: svgOf(die), scene }))]);
  const all: readonly [string, Drawing[]][] = [...drawings, [MACHINE, drawSlotMachine(areasOf)]];
  return all.map(([die, drawn], at) => ({ id: FIRST_ID + BigInt(at), shortName: `Dice${at}`, title: die, kind: 'stickers', textColor: false, die, drawings: drawn }));
}
