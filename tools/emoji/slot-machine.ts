import type { Area } from '../drawing/read-svg.ts';
import type { Key, Moves, Scene } from '../drawing/lottie.ts';
import type { Drawing } from './pack.ts';
import { box, CENTRE, FALL_FRAMES, outline, type Part, round, stack } from './parts.ts';

/** The emoji of the machine. */
export const MACHINE = '🎰';

const TWEMOJI_SIDE = 36;
/** Where the reels are, from left to right. */
const REELS = [152, 248, 344] as const;
/** How high the reels are in the picture. */
const MIDDLE = 262;
/** Frames of what turns until the value is known. */
const TURN_FRAMES = 60;
/** When the first reel stops, and how much later each further one does. */
const STOP = { first: 60, later: 22 };
/** Clients celebrate at this frame if all reels show the same. */
const WON = 110;
/** How long a sign needs to pass by, in frames. */
const PASS = 12;

/** An empty picture: a part of the machine has no still picture of its own, because only all parts together show something. */
const NOTHING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 36"></svg>';

interface Sign {
  areas: readonly Area[];
  side?: number;
  /** Per cent. */
  size: number;
}

const SEVEN = outline('M110 96h292v72L284 430h-96l112-252H110z', 'dd2e44');
const BAR = [box([56, 166, 400, 180], '31373d', 36), box([80, 190, 352, 132], 'ffcc4d', 20)];
/** The three letters of the sign with a bar. */
const LETTERS = [
  outline('M116 204h56c40 0 40 48 12 52 34 4 34 52-10 52h-58z', '31373d'),
  outline('M226 308l38-104h24l38 104h-28l-7-22h-32l-7 22z', '31373d'),
  outline('M346 204h44c44 0 44 58 14 62l24 42h-28l-22-40h-6v40h-26z', '31373d'),
];

const LAMPS = [0, 1, 2, 3, 4, 5, 6].map((at) => [104 + at * 48, 150] as const);
const BODY = [
  box([56, 112, 384, 330], 'a0041e', 44),
  box([68, 124, 360, 306], 'dd2e44', 36),
  box([84, 180, 328, 164], 'ffac33', 24),
  ...REELS.map((x) => box([x - 44, 192, 88, 140], 'ffffff', 12)),
  box([130, 376, 236, 30], 'a0041e', 15),
];

const lamps = (fill: string): Area[] => LAMPS.map(([x, y]) => round(x, y, 10, fill));

function drawBody(hasWon: boolean): Scene {
  const body: Part = { areas: [...BODY, ...lamps('a0041e')] };
  if (!hasWon) return stack(FALL_FRAMES, [body]);
  const blink: Key[] = [[0, 0], [WON - 1, 0], ...[0, 1, 2, 3, 4, 5].map((at): Key => [WON + at * 11, at % 2 === 0 ? 100 : 20]), [FALL_FRAMES - 1, 100]];
  return stack(FALL_FRAMES, [{ areas: lamps('ffe8b6'), moves: { opacity: { course: blink } } }, body]);
}

function drawLever(): Scene {
  const moves: Moves = { anchor: [CENTRE, 330], position: [452, 300], scale: { course: [[0, 100], [16, [100, -60]], [44, [100, -60]], [64, 100], [FALL_FRAMES - 1, 100]] } };
  return stack(FALL_FRAMES, [{ areas: [box([248, 196, 16, 134], '66757f', 8), round(CENTRE, 186, 26, 'dd2e44')], moves }, { areas: [box([436, 278, 30, 44], '31373d', 10)] }]);
}

/** A sign that passes by in a reel. */
const passing = (sign: Sign, x: number, from: number): Part => ({
  ...sign,
  moves: {
    position: { course: [[from, [x, MIDDLE - 40]], [from + PASS, [x, MIDDLE + 40]]], isEven: true },
    scale: { course: [[from, [sign.size, sign.size * 0.4]], [from + PASS / 2, sign.size], [from + PASS, [sign.size, sign.size * 0.4]]] },
    opacity: { course: [[from, 0], [from + PASS / 2, 100], [from + PASS, 0]] },
  },
  span: { from, to: from + PASS },
});

function turning(signs: readonly Sign[], x: number, until: number): Part[] {
  const parts: Part[] = [];
  for (let from = 0; from + PASS <= until; from += PASS / 2) parts.push(passing(signs[(from / (PASS / 2)) % signs.length]!, x, from));
  return parts;
}

/** A reel that turns, and stops at a sign. */
function stopping(signs: readonly Sign[], stopped: Sign, [reel, hasWon]: readonly [reel: number, hasWon: boolean]): Scene {
  const x = REELS[reel]!;
  const from = STOP.first + reel * STOP.later - (STOP.later * reel) % (PASS / 2);
  const { size } = stopped;
  const joy: Key[] = hasWon ? [[WON, size], [WON + 14, size * 1.25], [WON + 28, size], [WON + 42, size * 1.25], [WON + 56, size]] : [];
  const moves: Moves = {
    position: { course: [[from, [x, MIDDLE - 30]], [from + 8, [x, MIDDLE + 8]], [from + 16, [x, MIDDLE]]] },
    scale: { course: [[from, [size, size * 0.5]], [from + 8, size], ...joy, [FALL_FRAMES - 1, size]] },
  };
  return stack(FALL_FRAMES, [{ ...stopped, moves, span: { from, to: FALL_FRAMES } }, ...turning(signs, x, from)]);
}

/**
 * The parts of a slot machine, in the order in which clients name them: the machine, the machine of a win, the lever; for each reel three sevens, seven, bar, grapes,
 * lemon, and the reel that turns until the value is known.
 */
export function drawSlotMachine(areasOf: (emoji: string) => Area[]): Drawing[] {
  const seven: Sign = { areas: [SEVEN], size: 15 };
  const bar: Sign = { areas: [...BAR, ...LETTERS], size: 17 };
  const [grapes, lemon] = ['🍇', '🍋'].map((emoji): Sign => ({ areas: areasOf(emoji), side: TWEMOJI_SIDE, size: 14 })) as [Sign, Sign];
  const signs = [seven, bar, grapes, lemon];
  const reels = REELS.flatMap((x, reel) => [
    stopping(signs, seven, [reel, true]),
    ...signs.map((sign) => stopping(signs, sign, [reel, false])),
    stack(TURN_FRAMES, turning(signs, x, TURN_FRAMES)),
  ]);
  return [drawBody(false), drawBody(true), drawLever(), ...reels].map((scene) => ({ emoji: MACHINE, svg: NOTHING, scene }));
}
