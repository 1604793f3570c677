import type { tl } from '@aerogram/tl';
import type * as old from '../generated/old-forms.ts';

/** A reaction was an emoji; custom and paid ones have no old form. */
function emojiOf(reaction: tl.Reaction): string | undefined {
  return reaction._ === 'reactionEmoji' ? reaction.emoticon : undefined;
}

/**
 * The emoji that a chat allows as reactions. If all are allowed, the field is omitted: an old client then allows none, which is the safer
 * choice.
 */
export function allowedEmoji(allowed: tl.ChatReactions | undefined): string[] | undefined {
  return allowed?._ === 'chatReactionsSome' ? allowed.reactions.flatMap((r) => emojiOf(r) ?? []) : undefined;
}

export function lowerReactionCount(o: tl.reactionCount): old.reactionCount_6fb250d1 | undefined {
  const reaction = emojiOf(o.reaction);
  return reaction === undefined ? undefined : { _: 'reactionCount#6fb250d1', chosen: o.chosen_order !== undefined, reaction, count: o.count };
}

export function lowerPeerReaction(o: tl.messagePeerReaction): old.messagePeerReaction_51b67eff | undefined {
  const reaction = emojiOf(o.reaction);
  return reaction === undefined ? undefined : { _: 'messagePeerReaction#51b67eff', big: o.big, unread: o.unread, peer_id: o.peer_id, reaction };
}
