/** The emoji of a slot machine, which is drawn of parts. */
const MACHINE = '🎰';
/** Where the parts of each reel begin in its set: the win, then the four signs, then what turns until the value is known. */
const REELS = [3, 9, 15] as const;
/** The value of three sevens. */
const WIN = 64;

/** The place of a sign within the parts of a reel. The set begins with the last one. */
const signAt = (digit: number): number => 1 + ((digit + 1) % 4);

/**
 * Which documents of the set of a die show a value, the lowest first; 0 until the value is known. Pure.
 * @see https://core.telegram.org/api/dice
 */
export function placesOfDie(emoji: string, value: number): number[] {
  if (emoji !== MACHINE) return [value];
  const [background, wonBackground, lever] = [0, 1, 2];
  if (value === 0) return [background, ...REELS.map((first) => first + 5), lever];
  if (value === WIN) return [wonBackground, ...REELS, lever];
  const digits = [0, 1, 2].map((at) => Math.floor((value - 1) / 4 ** at) % 4);
  const isRow = digits.every((digit) => digit === digits[0]);
  return [isRow ? wonBackground : background, ...REELS.map((first, at) => first + signAt(digits[at]!)), lever];
}
