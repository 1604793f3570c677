/** Sticker sets and files that ship with the server. */
export { DICE, findDice, throwDice } from './dice.ts';
export { createFiles, type Files } from './files.ts';
export { DEFAULT_REACTION, findReaction, KNOWN_REACTIONS } from './known-reactions.ts';
