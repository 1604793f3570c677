/** Reactions to messages. */
export { accessReaction, accessReactions, createReactions, type Reactions } from './reactions.ts';
