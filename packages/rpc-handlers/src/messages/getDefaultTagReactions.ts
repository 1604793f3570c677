import { KNOWN_REACTIONS } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { answerReactions } from './answer-reactions.ts';

/** Returns the emoji offered as tags: all available reactions. */
export const getDefaultTagReactions = defineMethod({
  method: 'messages.getDefaultTagReactions',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: (_ctx, { hash }) => Promise.resolve(answerReactions(KNOWN_REACTIONS, KNOWN_REACTIONS.length, hash)),
});
