import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';
import { storedDecode, storedEncode } from '@aerogram/tl-compat';

import { findReaction } from '../documents/index.ts';

/** Which reactions a group or channel allows if nobody has set it. */
const DEFAULT: tl.ChatReactions = { _: 'chatReactionsAll' };

/**
 * Rebuilds the reactions that an admin allows, to be stored. Custom emoji do not exist, so all reactions are all known emoji.
 * @throws RpcError 400 REACTION_INVALID
 */
export function packAllowedReactions(wanted: tl.ChatReactions): Uint8Array {
  return storedEncode(rebuild(wanted));
}

function rebuild(wanted: tl.ChatReactions): tl.ChatReactions {
  if (wanted._ !== 'chatReactionsSome') return { _: wanted._ };
  const emoji = new Set(wanted.reactions.map((reaction) => {
    const emoticon = reaction._ === 'reactionEmoji' ? findReaction(reaction.emoticon) : undefined;
    if (emoticon === undefined) throw rpcError('REACTION_INVALID');
    return emoticon;
  }));
  if (emoji.size === 0) return { _: 'chatReactionsNone' };
  return { _: 'chatReactionsSome', reactions: [...emoji].map((emoticon) => ({ _: 'reactionEmoji', emoticon })) };
}

/** Whether the same reactions are stored already. Pure. */
export function sameReactions(stored: Uint8Array | null, packed: Uint8Array): boolean {
  return Buffer.compare(stored ?? storedEncode(DEFAULT), packed) === 0;
}

/** The reactions that a group or channel allows. Pure. */
export function projectAllowedReactions(stored: Uint8Array | null): tl.ChatReactions {
  // The cast is safe: packAllowedReactions stores only ChatReactions.
  return stored === null ? DEFAULT : (storedDecode(stored) as tl.ChatReactions);
}

/** Whether a group or channel allows all of these emoji as reactions. Pure. */
export function allowsReactions(stored: Uint8Array | null, wanted: readonly string[]): boolean {
  const allowed = projectAllowedReactions(stored);
  if (allowed._ === 'chatReactionsAll' || wanted.length === 0) return true;
  if (allowed._ === 'chatReactionsNone') return false;
  const emoji = new Set(allowed.reactions.map((reaction) => (reaction._ === 'reactionEmoji' ? reaction.emoticon : undefined)));
  return wanted.every((emoticon) => emoji.has(emoticon));
}
