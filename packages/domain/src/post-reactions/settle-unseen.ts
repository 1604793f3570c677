import { isMarkedChat, unmarkPeer } from '@aerogram/cluster';
import { type Database, defineJobKind, jsonCodec, type Tx } from '@aerogram/storage';

import { findChannelMembers, findChannelRows, findChatMembers, hiddenUpTo } from '../chats/index.ts';
import { channelIdOf } from '../events/index.ts';
import { addUnread, dropUnread, findCopies, type UnreadPlace, UNSEEN_REACTIONS_AGAIN } from '../messages/index.ts';
import { findPosts } from '../channel-state/index.ts';
import { type GivenReaction, hasUnseen, listNewestUnseen, listUnseenPosts, listUnseenPostsOf, type ReactionChange, type ReactionTotals } from './post-reaction-store.ts';

/** Maximum number of messages, the newest, with reactions of which somebody is told who returns to a group. */
const AGAIN_MAX = 500;

type SettleMeans = Pick<Database, 'q' | 'run' | 'transact'>;

/** Messages of one author in a group. */
export interface AuthoredPosts {
  authorId: bigint;
  /** The marked id of the group. */
  peerId: bigint;
  postIds: readonly bigint[];
}

/**
 * Finds out whether the author of a message has reactions to see after a change, which was written before. If that has changed, orders that the author's account
 * stores it. Many reactions one after the other are one order.
 * @param totals after the change
 */
export async function noteUnseen(tx: Tx, totals: ReactionTotals, { given, taken }: ReactionChange): Promise<boolean> {
  const { author_id: authorId, peer_id: peerId, post_id: postId } = totals;
  if (authorId === null) return false;
  const ofOthers = (rows: readonly Pick<GivenReaction, 'user_id'>[]): boolean => rows.some((one) => one.user_id !== authorId);
  const was = totals.has_unseen;
  const is = ofOthers(given) || (was && ofOthers(taken) ? await hasUnseen(tx, totals, authorId) : was);
  if (was !== is) await tx.job(settleUnseenJob.order(authorId, { peerId, postId }));
  return is;
}

/**
 * Makes what the account of an author stores equal to what the group says. It reads the group again after it has written, so that of several that run at the same time
 * the last one leaves the truth behind.
 */
export async function settleUnseen(db: SettleMeans, { authorId, peerId, postIds }: AuthoredPosts): Promise<void> {
  const places = await findPlaces(db, { authorId, peerId, postIds });
  for (let unseen = await listTold(db, { authorId, peerId, postIds }); ; ) {
    const written = unseen;
    await db.transact('settle-unseen-reactions', async (tx) => {
      await addUnread(tx, 'unread_reactions', places.filter((place) => written.includes(place.postId)));
      await dropUnread(tx, 'unread_reactions', places.filter((place) => !written.includes(place.postId)));
    });
    unseen = await listTold(db, { authorId, peerId, postIds });
    if (unseen.join() === written.join()) return;
  }
}

/** Lists the newest reactions to each of these messages of which their author may be told, the newest first. */
export async function listNewsOf(db: SettleMeans, authored: AuthoredPosts): Promise<GivenReaction[]> {
  return await listNewestUnseen(db, { ...authored, postIds: await listTold(db, authored) });
}

/** Where messages stand in the account of their author. */
async function findPlaces(db: SettleMeans, { authorId, peerId, postIds }: AuthoredPosts): Promise<(UnreadPlace & { postId: bigint })[]> {
  const placeOf = (postId: bigint, msg_id: number, top_id: number | null) => ({ owner_id: authorId, peer_id: peerId, msg_id, top_id, postId });
  if (isMarkedChat(peerId)) return (await findCopies(db.q, [authorId], postIds)).map((row) => placeOf(row.global_id, row.msg_id, null));
  const posts = await findPosts(db.q, channelIdOf(peerId), postIds.map(Number));
  return postIds.map((postId) => placeOf(postId, Number(postId), posts.get(Number(postId))?.top_id ?? null));
}

/** Lists those messages that have reactions of which their author is told; none for bots, for people who are not in the group, and of messages that they have cleared. */
async function listTold(db: SettleMeans, { authorId, peerId, postIds }: AuthoredPosts): Promise<bigint[]> {
  const peer = unmarkPeer(peerId);
  const unseen = await listUnseenPosts(db, peerId, postIds);
  if (peer._ === 'peerChat') {
    const [member] = await findChatMembers(db, [{ id: peer.chat_id, userId: authorId }]);
    return member?.status === 'member' && member.all_from === null ? unseen : [];
  }
  const channelId = channelIdOf(peerId);
  const [[row], [member]] = await Promise.all([findChannelRows(db, [channelId]), findChannelMembers(db, [{ id: channelId, userId: authorId }])]);
  if (row === undefined || member?.status !== 'member' || member.all_from !== null) return [];
  const hidden = BigInt(hiddenUpTo(row, member));
  return unseen.filter((postId) => postId > hidden);
}

/** Stores in the account of an author whether there are reactions to see. Safe to repeat. */
export const settleUnseenJob = defineJobKind<{ peerId: bigint; postId: bigint }>({
  kind: 'settle-unseen-reactions',
  codec: jsonCodec(),
  // If it gave up, the account would differ from the group until the author looks, because further reactions order nothing.
  maxAttempts: Number.POSITIVE_INFINITY,
  run: ({ peerId, postId }, { db, ownerId }) => settleUnseen(db, { authorId: ownerId, peerId, postIds: [postId] }),
});

/** Stores in the account of an author which reactions in a group there are to see. */
export async function settleUnseenAgain(db: Database, authorId: bigint, peerId: bigint): Promise<void> {
  await settleUnseen(db, { authorId, peerId, postIds: await listUnseenPostsOf(db, peerId, authorId, AGAIN_MAX) });
}

/** The same for an author who returns to the group. Safe to repeat. */
export const unseenAgainJob = defineJobKind({
  ...UNSEEN_REACTIONS_AGAIN,
  maxAttempts: Number.POSITIVE_INFINITY,
  run: ({ peerId }, { db, ownerId }) => settleUnseenAgain(db, ownerId, peerId),
});
