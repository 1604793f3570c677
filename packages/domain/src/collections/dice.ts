import type { Random } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

/** Emoji that clients send as dice, with the number of outcomes; sent to clients in help.getAppConfig (`emojies_send_dice`). */
export const DICE: ReadonlyMap<string, number> = new Map([
  ['🎲', 6],
  ['🎯', 6],
  ['🏀', 5],
  ['⚽', 5],
  ['🎳', 6],
  ['🎰', 64],
]);

/** The die for an emoji, with or without its variation selector; undefined if the emoji is not a die. Its value is not drawn yet. Pure. */
export function findDice(emoticon: string): tl.messageMediaDice | undefined {
  const emoji = emoticon.replaceAll('\uFE0F', '');
  return DICE.has(emoji) ? { _: 'messageMediaDice', value: 0, emoticon: emoji } : undefined;
}

/** Draws the value of a die, with equal probability for each outcome. */
export function throwDice(random: Random, dice: tl.messageMediaDice): tl.messageMediaDice {
  const outcomes = DICE.get(dice.emoticon) ?? 1;
  const fair = 2 ** 31 - (2 ** 31 % outcomes);
  let number = random.uint31();
  while (number >= fair) number = random.uint31();
  return { ...dice, value: 1 + (number % outcomes) };
}
