import { CHANNEL_OFFSET } from '@aerogram/cluster';
import { defineStatement, type Tx } from '@aerogram/storage';

/** A user who begins to follow a channel. */
export interface NewFollower {
  userId: bigint;
  /** The id of the last message that counts as read. */
  readMaxId: number;
  /** How many messages of the channel count as read. */
  readOrdinal: number;
  /** How many of these the user has written. */
  ownAtRead: number;
}

/** Where in a channel's event sequence its new followers begin. */
export interface FollowStart {
  /** Marked id of the channel. */
  peerId: bigint;
  date: number;
  /** The channel's pts before they joined. */
  pts: number;
}

// A top message of 1 only marks the dialog as listed; the real top message is in `channel_heads`. The read date makes the next difference contain the read
// mark, because a device may still know the one from before its user left the channel.
const insertFollowers = defineStatement(
  'follow_channel',
  `INSERT INTO dialogs AS d (owner_id, peer_id, top_msg_id, top_date, read_inbox_pts, read_inbox_max_id, read_ordinal, own_at_read, read_date)
   SELECT n.owner_id, $1, 1, $2::integer, $3::integer, n.max_id, n.ordinal, n.own, $2::integer
     FROM unnest($4::bigint[], $5::integer[], $6::integer[], $7::integer[]) AS n (owner_id, max_id, ordinal, own)
   ON CONFLICT (owner_id, peer_id) DO UPDATE
      SET top_msg_id = 1, top_date = excluded.top_date, read_inbox_pts = excluded.read_inbox_pts, read_inbox_max_id = excluded.read_inbox_max_id,
          read_ordinal = excluded.read_ordinal, own_at_read = excluded.own_at_read, read_date = excluded.read_date`,
);

const removeFollower = defineStatement(
  'unfollow_channel',
  `WITH forgotten AS (DELETE FROM unread_mentions WHERE owner_id = $1 AND peer_id = $2),
   unseen AS (DELETE FROM unread_reactions WHERE owner_id = $1 AND peer_id = $2),
   votes AS (DELETE FROM unread_poll_votes WHERE owner_id = $1 AND peer_id = $2),
   unread AS (DELETE FROM user_threads WHERE owner_id = $1 AND channel_id = -$2::bigint - ${CHANNEL_OFFSET})
   UPDATE dialogs SET top_msg_id = 0, pinned_order = 0, unread_mark = false, as_messages = false WHERE owner_id = $1 AND peer_id = $2`,
);

const moveMark = defineStatement(
  'move_channel_mark',
  `UPDATE dialogs SET read_inbox_max_id = $3, read_ordinal = $4, own_at_read = $5, read_date = $6
    WHERE owner_id = $1 AND peer_id = $2 AND top_msg_id > 0 AND read_inbox_max_id < $3`,
);

const touchMark = defineStatement('touch_channel_mark', 'UPDATE dialogs SET read_date = $3 WHERE owner_id = $1 AND peer_id = $2 AND top_msg_id > 0');

const setView = defineStatement('view_forum_as_messages', 'UPDATE dialogs SET as_messages = $3 WHERE owner_id = $1 AND peer_id = $2 AND top_msg_id > 0 AND as_messages <> $3');

/** Adds a channel to the lists of chats of new members. Their counters must be locked. */
export async function followChannel(tx: Tx, { peerId, date, pts }: FollowStart, followers: readonly NewFollower[]): Promise<void> {
  await tx.run(insertFollowers, [
    peerId,
    date,
    pts,
    followers.map((one) => one.userId),
    followers.map((one) => one.readMaxId),
    followers.map((one) => one.readOrdinal),
    followers.map((one) => one.ownAtRead),
  ]);
}

/** Removes a channel from the chat list of somebody who is no longer a member, and forgets unseen mentions, reactions and votes and what they have read of threads. Drafts and notification settings stay. */
export async function unfollowChannel(tx: Tx, userId: bigint, peerId: bigint): Promise<void> {
  await tx.run(removeFollower, [userId, peerId]);
}

/** Stores whether a member sees a forum as one list of messages. @returns whether it changed; people who are no members store nothing */
export async function saveViewAsMessages(tx: Tx, userId: bigint, peerId: bigint, enabled: boolean): Promise<boolean> {
  return (await tx.run(setView, [userId, peerId, enabled])).count > 0;
}

/** Moves the read mark of a member forward. */
export async function saveChannelMark(tx: Tx, peerId: bigint, { userId, readMaxId, readOrdinal, ownAtRead }: NewFollower, date: number): Promise<void> {
  await tx.run(moveMark, [userId, peerId, readMaxId, readOrdinal, ownAtRead, date]);
}

/** Lets the next difference contain the unread count of a member, which has changed although the read mark of the channel has not moved. */
export async function touchChannelMark(tx: Tx, userId: bigint, peerId: bigint, date: number): Promise<void> {
  await tx.run(touchMark, [userId, peerId, date]);
}
