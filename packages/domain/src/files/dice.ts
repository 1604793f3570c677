import type { Random } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

/** Emoji that are thrown, and how many outcomes each has; clients learn the list from help.getAppConfig (`emojies_send_dice`). */
export const DICE: ReadonlyMap<string, number> = new Map([
  ['🎲', 6],
  ['🎯', 6],
  ['🏀', 5],
  ['⚽', 5],
  ['🎳', 6],
  ['🎰', 64],
]);

/** The die that an emoji means, with or without its variation selector; undefined when it is none. Not thrown yet. Pure. */
export function findDice(emoticon: string): tl.messageMediaDice | undefined {
  const emoji = emoticon.replaceAll('\uFE0F', '');
  return DICE.has(emoji) ? { _: 'messageMediaDice', value: 0, emoticon: emoji } : undefined;
}

/** Throws a die; every outcome is as likely as any other. */
export function throwDice(random: Random, dice: tl.messageMediaDice): tl.messageMediaDice {
  const outcomes = DICE.get(dice.emoticon) ?? 1;
  const fair = 2 ** 31 - (2 ** 31 % outcomes);
  let number = random.uint31();
  while (number >= fair) number = random.uint31();
  return { ...dice, value: 1 + (number % outcomes) };
}
