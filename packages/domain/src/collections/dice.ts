import { rpcError } from '@aerogram/errors';
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

/** The die that a client sends. Pure. @throws RpcError EMOTICON_EMPTY, EMOTICON_INVALID */
export function prepareDice(emoticon: string): tl.messageMediaDice {
  if (emoticon === '') throw rpcError('EMOTICON_EMPTY');
  const dice = findDice(emoticon);
  if (dice === undefined) throw rpcError('EMOTICON_INVALID');
  return dice;
}

/** Draws the value of a die, with equal probability for each outcome. */
function throwDice(random: Random, dice: tl.messageMediaDice): tl.messageMediaDice {
  const outcomes = DICE.get(dice.emoticon) ?? 1;
  const fair = 2 ** 31 - (2 ** 31 % outcomes);
  let number = random.uint31();
  while (number >= fair) number = random.uint31();
  return { ...dice, value: 1 + (number % outcomes) };
}

/** What becomes of a die when its message is sent: it is thrown. */
export const diceWork = {
  waits: ({ value }: tl.messageMediaDice): boolean => value === 0,
  start: (dice: tl.messageMediaDice, { random }: { random: Random }) => Promise.resolve({ media: throwDice(random, dice) }),
};
