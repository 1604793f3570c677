/** Reactions to messages. */
export { accessReaction, createReactions, type Reactions } from './reactions.ts';
