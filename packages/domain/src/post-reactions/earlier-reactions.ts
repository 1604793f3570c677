import { markPeer } from '@aerogram/cluster';

import { keyOfReaction } from '../documents/index.ts';
import { type MessageRow, unpackMessageExtra } from '../events/index.ts';
import { emptyTotals, withGiven } from './count-reactions.ts';
import type { GivenReaction, ReactionTotals } from './post-reaction-store.ts';

/**
 * The reactions to a message of a basic group that older versions stored in every copy of it, as rows; none for most messages. Pure.
 * @param copy any copy
 * @param authors the author's copy, which says what the author has not seen; undefined if the author has deleted it
 */
export function earlierReactions(copy: MessageRow, authors: MessageRow | undefined): { totals: ReactionTotals; given: GivenReaction[] } {
  const post = { peerId: copy.peer_id, postId: copy.global_id };
  // They are stored in the order in which they were given, so the index becomes their place.
  const given = (unpackMessageExtra(copy.extra).reactions ?? []).map(
    ({ peer_id, reaction, date, big }, at): GivenReaction => ({ peer_id: post.peerId, post_id: post.postId, user_id: markPeer(peer_id), emoticon: keyOfReaction(reaction), as_id: null, place: at + 1, date, big: big === true }),
  );
  const unseen = (unpackMessageExtra(authors?.extra ?? null).reactions ?? []).filter((one) => one.unread === true).map(({ peer_id }) => markPeer(peer_id));
  const firstUnseen = given.find((one) => unseen.includes(one.user_id))?.place ?? given.length + 1;
  const totals = withGiven(emptyTotals(post, copy.from_id), given);
  return { totals: { ...totals, seen_place: firstUnseen - 1, has_unseen: firstUnseen <= given.length }, given };
}
