/** Reactions to the messages of groups and channels. */
export { createPostReactions, type PostReactions } from './post-reactions.ts';
export type { PostReactionsDoor } from './post-reactions-door.ts';
export { createReactionFiller } from './reaction-filler.ts';
export { type NoteReaction, REACTION_NOTICES } from './reaction-pushes.ts';
export { listNewsOf } from './settle-unseen.ts';
