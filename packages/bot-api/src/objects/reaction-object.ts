import type { tl } from '@aerogram/tl';

import type { JsonObject } from './json-object.ts';

/** The ReactionType object. */
export function projectReaction(reaction: tl.Reaction): JsonObject {
  switch (reaction._) {
    case 'reactionEmoji':
      return { type: 'emoji', emoji: reaction.emoticon };
    case 'reactionCustomEmoji':
      return { type: 'custom_emoji', custom_emoji_id: reaction.document_id.toString() };
    default:
      return { type: 'paid' };
  }
}
