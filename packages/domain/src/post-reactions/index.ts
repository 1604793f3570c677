/** Reactions to the messages of supergroups and channels. */
export { UNIQUE_REACTIONS_MAX } from './post-reaction-store.ts';
export { createPostReactions, type PostReactions } from './post-reactions.ts';
export type { PostReactionsDoor } from './post-reactions-door.ts';
export { createReactionFiller } from './reaction-filler.ts';
