import { unmarkPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

import { reactionOfKey } from '../documents/index.ts';
import type { GivenReaction, ReactionTotals } from './post-reaction-store.ts';

/** Who sees the reactions to a post. */
export interface ReactionsSight {
  /** Undefined: it is shown to many at once, so nothing is said about a single viewer (`min`). */
  viewerId: bigint | undefined;
  /** Nobody learns who reacts to the posts of broadcast channels. */
  isBroadcast: boolean;
  /** The viewer wrote the message, so its reactions are unread until the viewer has seen them. */
  isAuthor: boolean;
}

/**
 * The reactions to a post, the most frequent ones first. Pure.
 * @param totals undefined: there are none
 * @param own what the viewer has given, oldest first
 */
export function projectPostReactions(totals: ReactionTotals | undefined, own: readonly Pick<GivenReaction, 'emoticon'>[], sight: ReactionsSight): tl.messageReactions {
  const chosen = new Map(own.map(({ emoticon }, at) => [emoticon, at]));
  const results = (totals?.emoticons ?? []).map((emoticon, at): tl.reactionCount => ({
    _: 'reactionCount',
    chosen_order: chosen.get(emoticon),
    reaction: reactionOfKey(emoticon),
    count: totals!.counts[at]!,
  }));
  const recent = sight.isBroadcast ? [] : (totals?.recent ?? []).map((one) => projectGiven({ ...one, user_id: BigInt(one.user), as_id: one.as === null ? null : BigInt(one.as) }, sight, totals!.seen_place));
  return {
    _: 'messageReactions',
    min: sight.viewerId === undefined || undefined,
    can_see_list: !sight.isBroadcast || undefined,
    results: results.toSorted((a, b) => b.count - a.count),
    recent_reactions: recent.length === 0 ? undefined : recent,
  };
}

/** One reaction to a message of a group. Only its giver learns who is behind the name of a channel. Pure. @param seenPlace up to which the author has seen the reactions */
export function projectGiven({ user_id, as_id, emoticon, place, date, big }: Omit<GivenReaction, 'peer_id' | 'post_id'>, { viewerId, isAuthor }: Omit<ReactionsSight, 'isBroadcast'>, seenPlace: number): tl.messagePeerReaction {
  const my = user_id === viewerId;
  return {
    _: 'messagePeerReaction',
    big: big || undefined,
    unread: (isAuthor && !my && place > seenPlace) || undefined,
    my: my || undefined,
    peer_id: unmarkPeer(as_id ?? user_id),
    date,
    reaction: reactionOfKey(emoticon),
  };
}
