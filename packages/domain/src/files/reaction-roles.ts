import type { tl } from '@aerogram/tl';

/** What the documents of a reaction are for. */
export type ReactionRole = Exclude<keyof tl.availableReaction, '_' | 'inactive' | 'premium' | 'reaction' | 'title'>;
