import type { tl } from '@mtcute/core';
import Long from 'long';
import { type AllowedReactions, CUSTOM_REACTION, customIdOf, type Reaction } from '../../protocol/index.ts';

/** The key of a reaction; undefined if it is none that pages show. Pure. */
export function keyOfReaction(reaction: tl.TypeReaction): string | undefined {
  if (reaction._ === 'reactionEmoji') return reaction.emoticon;
  return reaction._ === 'reactionCustomEmoji' ? CUSTOM_REACTION + reaction.documentId.toString() : undefined;
}

/** The reaction of a key. Pure. */
export function writeReaction(key: string): tl.TypeReaction {
  const custom = customIdOf(key);
  return custom === undefined ? { _: 'reactionEmoji', emoticon: key } : { _: 'reactionCustomEmoji', documentId: Long.fromString(custom) };
}

/** Reads which reactions are allowed in a group or channel. Pure. */
export function readAllowed({ availableReactions: allowed, reactionsLimit }: Pick<tl.TypeChatFull, 'availableReactions' | 'reactionsLimit'>): AllowedReactions {
  const limit = reactionsLimit === undefined ? {} : { limit: reactionsLimit };
  switch (allowed?._) {
    case 'chatReactionsAll':
      return { kind: 'all', ...(allowed.allowCustom ? { custom: true } : {}), ...limit };
    case 'chatReactionsSome':
      return { kind: 'some', emoji: allowed.reactions.flatMap((reaction) => keyOfReaction(reaction) ?? []), ...limit };
    default:
      return { kind: 'none', ...limit };
  }
}

/** Writes which reactions are to be allowed. Pure. */
export function writeAllowed(allowed: AllowedReactions): tl.TypeChatReactions {
  if (allowed.kind === 'some') return { _: 'chatReactionsSome', reactions: allowed.emoji.map(writeReaction) };
  return allowed.kind === 'all' ? { _: 'chatReactionsAll', ...(allowed.custom ? { allowCustom: true } : {}) } : { _: 'chatReactionsNone' };
}

/** The reactions of the account to a message, oldest first. Pure. */
export const ownReactions = (reactions: readonly Reaction[] | undefined): string[] =>
  (reactions ?? []).filter(({ isChosen }) => isChosen).sort((first, second) => (first.order ?? 0) - (second.order ?? 0)).map((reaction) => reaction.emoji);

/**
 * The reactions of the account to a message after one was chosen, oldest first: it is added, or taken back if it was given. If there are too many then, the oldest ones go. Pure.
 * @param max reactions of one account to one message
 */
export function toggledReactions(own: readonly string[], emoji: string, max: number): string[] {
  return own.includes(emoji) ? own.filter((each) => each !== emoji) : [...own, emoji].slice(-max);
}
