/** Sets of stickers and files that come with the server. */
export { DICE, findDice, throwDice } from './dice.ts';
export { createFiles, type Files } from './files.ts';
export { DEFAULT_REACTION, findReaction, KNOWN_REACTIONS } from './known-reactions.ts';
