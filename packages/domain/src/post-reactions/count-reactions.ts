import type { Tx } from '@aerogram/storage';

import { noteUnseen } from './settle-unseen.ts';
import { type GivenReaction, listReactionPage, postOf, type ReactedPost, type ReactionChange, type ReactionTotals, RECENT_MAX, saveTotalsLast } from './post-reaction-store.ts';

/** The totals of a message without reactions. Pure. @param authorId see `reaction_totals.author_id` */
export function emptyTotals({ peerId, postId }: ReactedPost, authorId: bigint | null): ReactionTotals {
  return { peer_id: peerId, post_id: postId, author_id: authorId, version: 0, place: 0, seen_place: 0, emoticons: [], counts: [], recent: [], has_unseen: false, bot_news: false };
}

/** Totals of a message to which nobody had reacted, after these reactions, whose places ascend. Pure. */
export function withGiven(totals: ReactionTotals, given: readonly GivenReaction[]): ReactionTotals {
  const counts: Counts = new Map();
  for (const { emoticon } of given) addTo(counts, emoticon, 1);
  return { ...totals, place: given.at(-1)?.place ?? 0, emoticons: [...counts.keys()], counts: [...counts.values()], recent: given.slice(-RECENT_MAX).toReversed().map(recentOf) };
}

/** The number of reactions to a post by their key, in the order in which they were first given. */
export type Counts = Map<string, number>;

/** The counts of a post as its totals have them. Pure. */
export function countsOf({ emoticons, counts }: Pick<ReactionTotals, 'emoticons' | 'counts'>): Counts {
  return new Map(emoticons.map((emoticon, at) => [emoticon, counts[at]!]));
}

/** Adds to a count; what nobody has given any more is left out. */
export function addTo(counts: Counts, emoticon: string, by: number): void {
  const count = (counts.get(emoticon) ?? 0) + by;
  if (count > 0) counts.set(emoticon, count);
  else counts.delete(emoticon);
}

/**
 * Writes the totals of a post, which are locked, after what was given and taken back was written. They are never counted anew: only the newest reactions are read
 * if one of them was taken back.
 * @returns the new totals
 */
export async function saveChangedTotals(tx: Tx, before: ReactionTotals, { given, taken }: ReactionChange): Promise<ReactionTotals> {
  const counts = countsOf(before);
  for (const { emoticon } of taken) addTo(counts, emoticon, -1);
  for (const { emoticon } of given) addTo(counts, emoticon, 1);
  const emoticons = [...counts.keys()];
  const gone = new Set(taken.map((row) => row.place));
  const kept = before.recent.filter((one) => !gone.has(one.place));
  const added = given.toSorted((a, b) => b.place - a.place).map(recentOf);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const known = [...added, ...kept].slice(0, RECENT_MAX);
  const recent = known.length < Math.min(RECENT_MAX, total) ? (await listReactionPage(tx, postOf(before), { emoticons, limit: RECENT_MAX })).map(recentOf) : known;
  const place = given.reduce((highest, row) => Math.max(highest, row.place), before.place);
  const counted: ReactionTotals = { ...before, version: before.version + 1, place, emoticons, counts: [...counts.values()], recent };
  const totals = { ...counted, has_unseen: await noteUnseen(tx, counted, { given, taken }) };
  saveTotalsLast(tx, totals);
  return totals;
}

function recentOf({ user_id, as_id, emoticon, place, date, big }: GivenReaction): ReactionTotals['recent'][number] {
  return { user: String(user_id), as: as_id === null ? null : String(as_id), emoticon, place, date, big };
}
