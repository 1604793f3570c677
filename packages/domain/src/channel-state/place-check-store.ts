import { type Database, defineStatement, type Tx } from '@aerogram/storage';

import type { ChargedPosts } from '../acceptance/index.ts';

const saveOrdinal = defineStatement(
  'save_check_ordinal',
  'UPDATE channel_heads SET check_ordinal = LEAST(CASE WHEN $2::boolean THEN NULL ELSE check_ordinal END, $3::integer) WHERE channel_id = $1',
);

const planOrdinal = defineStatement<{ ordinal: number }>(
  'plan_check_ordinal',
  'UPDATE channel_heads SET check_ordinal = LEAST(check_ordinal, $2::integer) WHERE channel_id = $1 RETURNING ordinal',
);

/** Maximum number of messages that are looked at. Nobody's budget outlives so many in a row, and earlier ones have had time to come back. */
const POSTS_MAX = 500;

const readPosts = defineStatement<{ ordinal: number; date: number; poster_id: bigint }>(
  'list_charged_posts',
  `SELECT ordinal, date, poster_id FROM channel_messages WHERE channel_id = $1 ORDER BY msg_id DESC LIMIT ${POSTS_MAX}`,
);

const readOrdinal = defineStatement<{ ordinal: number }>('read_channel_ordinal', 'SELECT ordinal FROM channel_heads WHERE channel_id = $1');

/**
 * Writes, together with the COMMIT, at which message the places in a channel that are not accepted are looked at.
 * @param plan.isOrdered a look was ordered just now, so that no message must order another one until it was done
 * @param plan.next the message at which they are looked at in any case; null for none
 */
export function saveCheckOrdinal(tx: Tx, channelId: bigint, { isOrdered, next }: { isOrdered: boolean; next: number | null }): void {
  tx.runLast(saveOrdinal, [channelId, isOrdered, next]);
}

/** Writes at which message the places in a channel are looked at again. @returns how many messages the channel has had by now */
export async function planCheck(tx: Tx, channelId: bigint, ordinal: number): Promise<number> {
  return (await tx.run(planOrdinal, [channelId, ordinal])).rows[0]?.ordinal ?? 0;
}

/** The newest messages of a channel, in ascending order. Those that were deleted after the last one are represented by one that nobody wrote. */
export async function listChargedPosts(db: Pick<Database, 'run'>, channelId: bigint, nowDate: number): Promise<ChargedPosts & { ordinal: number }> {
  // Read before the messages, so that a message that is posted in between is not taken for a deleted one.
  const head = (await db.run(readOrdinal, [channelId])).rows[0]?.ordinal ?? 0;
  const posts = (await db.run(readPosts, [channelId])).rows.toReversed();
  const last = posts.at(-1)?.ordinal ?? 0;
  const afterOrdinal = posts.length < POSTS_MAX ? 0 : posts[0]!.ordinal - 1;
  if (head > last) posts.push({ ordinal: head, date: nowDate, poster_id: 0n });
  return { afterOrdinal, posts, ordinal: Math.max(head, last) };
}
