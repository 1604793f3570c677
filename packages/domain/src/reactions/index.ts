/** Reactions to messages. */
export { createReactionHandler } from './apply-reactions.ts';
export { accessReactions, createReactions, REACTIONS_OF_USER_MAX, type Reactions } from './reactions.ts';
