import { markPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

import { keyOfReaction } from '../documents/index.ts';

/**
 * The reactions of a private message as the owner of this copy sees them. Pure.
 * @param asTags true in Saved Messages, where reactions are the owner's tags
 */
export function projectReactions(ownerId: bigint, reactions: readonly tl.messagePeerReaction[], asTags: boolean): tl.messageReactions {
  const counts = new Map<string, tl.reactionCount>();
  let chosen = 0;
  for (const { reaction, peer_id: peer } of reactions) {
    const known = counts.get(keyOfReaction(reaction));
    const chosen_order = markPeer(peer) === ownerId ? chosen++ : known?.chosen_order;
    counts.set(keyOfReaction(reaction), { _: 'reactionCount', chosen_order, reaction, count: (known?.count ?? 0) + 1 });
  }
  const results = [...counts.values()].toSorted((x, y) => y.count - x.count);
  if (asTags) return { _: 'messageReactions', reactions_as_tags: true, results };
  return {
    _: 'messageReactions',
    can_see_list: true,
    results,
    recent_reactions: reactions.length === 0 ? undefined : listReactions(ownerId, reactions),
  };
}

/** Lists who reacted with what, newest first, as the owner of this copy sees it. Pure. */
export function listReactions(ownerId: bigint, reactions: readonly tl.messagePeerReaction[]): tl.messagePeerReaction[] {
  return reactions
    .toSorted((a, b) => b.date - a.date)
    .map((one) => ({ ...one, my: markPeer(one.peer_id) === ownerId ? true : undefined }));
}
