import { type Database, defineJobKind, jsonCodec, type Tx } from '@aerogram/storage';

import type { ChannelRow } from '../chats/index.ts';
import type { PostRow } from '../events/index.ts';
import { addUnread, dropUnread } from '../messages/index.ts';
import { channelIdsOf } from '../channel-state/index.ts';
import { type GivenReaction, hasUnseen, listUnseenPosts, type ReactionChange, type ReactionTotals } from './post-reaction-store.ts';

/** A message whose reactions change, and its channel. */
export interface ChangedPost {
  row: Pick<ChannelRow, 'channel_id' | 'kind' | 'bots'>;
  post: Pick<PostRow, 'msg_id' | 'poster_id'>;
}

/** Messages of one author in a channel. */
interface AuthoredPosts {
  authorId: bigint;
  /** The plain id. */
  channelId: bigint;
  msgIds: readonly number[];
}

/**
 * Finds out whether the author of a message has reactions to see after a change, which was written before. If that has changed, orders that the author's account
 * stores it. Many reactions one after the other are one order.
 * @param totals after the change
 */
export async function noteUnseen(tx: Tx, { row, post }: ChangedPost, totals: ReactionTotals, { given, taken }: ReactionChange): Promise<boolean> {
  const { poster_id: authorId, msg_id: msgId } = post;
  if (row.kind === 'broadcast' || authorId <= 0n) return false;
  const ofOthers = (rows: readonly Pick<GivenReaction, 'user_id'>[]): boolean => rows.some((one) => one.user_id !== authorId);
  const was = totals.has_unseen;
  const is = ofOthers(given) || (was && ofOthers(taken) ? await hasUnseen(tx, totals, authorId) : was);
  if (was !== is) await tx.job(settleUnseenJob.order(authorId, { channelId: row.channel_id, msgId }));
  return is;
}

/**
 * Makes what the account of an author stores equal to what the channel says. It reads the channel again after it has written, so that of several that run at the
 * same time the last one leaves the truth behind.
 */
export async function settleUnseen(db: Pick<Database, 'run' | 'transact'>, { authorId, channelId, msgIds }: AuthoredPosts): Promise<void> {
  const { peerId } = channelIdsOf(channelId);
  const placeOf = (msg_id: number) => ({ owner_id: authorId, peer_id: peerId, msg_id });
  const keyOf = (rows: readonly { msg_id: number }[]): string => rows.map((row) => row.msg_id).sort((a, b) => a - b).join();
  for (let unseen = await listUnseenPosts(db, channelId, msgIds, authorId); ; ) {
    const written = unseen;
    const kept = new Set(written.map((row) => row.msg_id));
    await db.transact('settle-unseen-reactions', async (tx) => {
      await addUnread(tx, 'unread_reactions', written.map(({ msg_id, top_id }) => ({ ...placeOf(msg_id), top_id })));
      await dropUnread(tx, 'unread_reactions', msgIds.filter((id) => !kept.has(id)).map(placeOf));
    });
    unseen = await listUnseenPosts(db, channelId, msgIds, authorId);
    if (keyOf(unseen) === keyOf(written)) return;
  }
}

/** Stores in the account of an author whether there are reactions to see. Safe to repeat. */
export const settleUnseenJob = defineJobKind<{ channelId: bigint; msgId: number }>({
  kind: 'settle-unseen-reactions',
  codec: jsonCodec(),
  run: ({ channelId, msgId }, { db, ownerId }) => settleUnseen(db, { authorId: ownerId, channelId, msgIds: [msgId] }),
});
