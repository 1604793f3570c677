import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { isBundledEmoji } from './bundled-emoji.ts';
import { findReaction } from './known-reactions.ts';

/** What messages have as reactions: an emoji, or a custom emoji by the id of its document. */
export type GivenEmoji = tl.reactionEmoji | tl.reactionCustomEmoji;

/** The key of a custom emoji. No emoji begins with a plain `#` and a digit. */
const CUSTOM_KEY = /^#[1-9]\d{0,18}$/;

/** The text by which a reaction is stored and compared: the emoji, or `#` and the id of the document of a custom emoji. Pure. */
export function keyOfReaction(reaction: tl.Reaction): string {
  if (reaction._ === 'reactionEmoji') return reaction.emoticon;
  return reaction._ === 'reactionCustomEmoji' ? `#${reaction.document_id}` : reaction._;
}

/** Whether this is the key of a custom emoji. Pure. */
export function isCustomKey(key: string): boolean {
  return key.startsWith('#') && CUSTOM_KEY.test(key);
}

/** The ids of the custom emoji among reactions. Pure. */
export function customEmojiIn(reactions: readonly tl.Reaction[]): bigint[] {
  return reactions.flatMap((reaction) => (reaction._ === 'reactionCustomEmoji' ? [reaction.document_id] : []));
}

/** Reactions by which somebody searches: whether the server has a custom emoji does not matter, because nothing is found otherwise. @throws RpcError 400 REACTION_INVALID */
export function wantedReactions(reactions: readonly tl.Reaction[]): GivenEmoji[] {
  return accessReactionSet(reactions, new Set(customEmojiIn(reactions)));
}

/** The reaction that has this key. Pure. */
export function reactionOfKey(key: string): GivenEmoji {
  return isCustomKey(key) ? { _: 'reactionCustomEmoji', document_id: BigInt(key.slice(1)) } : { _: 'reactionEmoji', emoticon: key };
}

/** Whether every server of this kind has what this reaction shows, so that it may travel to people of other data centres. Pure. */
export function isReactionEverywhere(reaction: GivenEmoji): boolean {
  return reaction._ === 'reactionEmoji' || isBundledEmoji(reaction.document_id);
}

/**
 * Rebuilds a reaction that a client names, if it is a known emoji or a custom emoji that the server has.
 * @param known the custom emoji that the server has, of those that are named ({@link customEmojiIn})
 * @throws RpcError 400 REACTION_INVALID
 */
export function accessReaction(reaction: tl.Reaction, known: ReadonlySet<bigint>): GivenEmoji {
  if (reaction._ === 'reactionCustomEmoji' && known.has(reaction.document_id)) return { _: 'reactionCustomEmoji', document_id: reaction.document_id };
  const emoticon = reaction._ === 'reactionEmoji' ? findReaction(reaction.emoticon) : undefined;
  if (emoticon === undefined) throw rpcError('REACTION_INVALID');
  return { _: 'reactionEmoji', emoticon };
}

/** The same for several reactions; each is listed once. */
export function accessReactionSet(reactions: readonly tl.Reaction[], known: ReadonlySet<bigint>): GivenEmoji[] {
  return [...new Map(reactions.map((reaction) => accessReaction(reaction, known)).map((reaction) => [keyOfReaction(reaction), reaction])).values()];
}
