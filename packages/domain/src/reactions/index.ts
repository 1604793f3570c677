/** Reactions to messages. */
export { accessReaction, accessReactions, createReactions, REACTIONS_OF_USER_MAX, type Reactions } from './reactions.ts';
