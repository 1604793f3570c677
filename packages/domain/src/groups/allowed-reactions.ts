import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';
import { storedDecode, storedEncode } from '@aerogram/tl-compat';

import { accessReactionSet, customEmojiIn, isCustomKey, keyOfReaction } from '../documents/index.ts';

/** Maximum number of different reactions to one message; sent to clients in help.getAppConfig (`reactions_uniq_max`). */
export const UNIQUE_REACTIONS_MAX = 11;

/** Which reactions a group or channel allows if nobody has set it. */
const DEFAULT: tl.ChatReactions = { _: 'chatReactionsAll' };

/**
 * Rebuilds the reactions that an admin allows: those that are named, or all known emoji, with or without all custom emoji.
 * @throws RpcError 400 REACTION_INVALID
 */
function rebuild(wanted: tl.ChatReactions, known: ReadonlySet<bigint>): tl.ChatReactions {
  if (wanted._ === 'chatReactionsAll') return { _: 'chatReactionsAll', allow_custom: wanted.allow_custom || undefined };
  const reactions = wanted._ === 'chatReactionsNone' ? [] : accessReactionSet(wanted.reactions, known);
  return reactions.length === 0 ? { _: 'chatReactionsNone' } : { _: 'chatReactionsSome', reactions };
}

/** The ids of the custom emoji that an admin allows by name. Pure. */
export function customEmojiAllowed(wanted: tl.ChatReactions): bigint[] {
  return wanted._ === 'chatReactionsSome' ? customEmojiIn(wanted.reactions) : [];
}

/** What admins decide about the reactions to the messages of a group or channel. */
export interface ReactionSettings {
  available_reactions: Uint8Array | null;
  /** Maximum number of different reactions to one message; null: as many as the server allows. */
  reactions_limit: number | null;
}

/**
 * Rebuilds what an admin decides, to be stored.
 * @param limit undefined: as many different reactions to one message as the server allows
 * @param known the custom emoji that the server has, of those that are named ({@link customEmojiAllowed})
 * @throws RpcError 400 REACTION_INVALID, LIMIT_PER_POST_INVALID
 */
export function packReactionSettings(wanted: tl.ChatReactions, limit: number | undefined, known: ReadonlySet<bigint>): ReactionSettings {
  if (limit !== undefined && (limit < 1 || limit > UNIQUE_REACTIONS_MAX)) throw rpcError('LIMIT_PER_POST_INVALID');
  return { available_reactions: storedEncode(rebuild(wanted, known)), reactions_limit: limit ?? null };
}

/** Whether the same is stored already. Pure. */
export function sameReactions(stored: ReactionSettings, packed: ReactionSettings): boolean {
  return stored.reactions_limit === packed.reactions_limit && Buffer.compare(stored.available_reactions ?? storedEncode(DEFAULT), packed.available_reactions!) === 0;
}

/** The reactions that a group or channel allows. Pure. */
export function projectAllowedReactions(stored: Uint8Array | null): tl.ChatReactions {
  // The cast is safe: packAllowedReactions stores only ChatReactions.
  return stored === null ? DEFAULT : (storedDecode(stored) as tl.ChatReactions);
}

/** Whether a group or channel allows all of these reactions. Pure. @param wanted their keys */
export function allowsReactions(stored: Uint8Array | null, wanted: readonly string[]): boolean {
  const allowed = projectAllowedReactions(stored);
  if (wanted.length === 0) return true;
  if (allowed._ === 'chatReactionsNone') return false;
  if (allowed._ === 'chatReactionsAll') return allowed.allow_custom === true || !wanted.some(isCustomKey);
  const keys = new Set(allowed.reactions.map(keyOfReaction));
  return wanted.every((key) => keys.has(key));
}
