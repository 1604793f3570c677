import { defineStatement, sql, type Tx } from '@aerogram/storage';

import { MessageFlag, type Queries } from '../events/index.ts';
import { isInPart, type ThreadPart } from './thread-part.ts';

/** The condition of the partial index on pinned messages. The planner recognises it only with the number in the text of the statement. */
export const IS_PINNED = sql<boolean>`flags & ${sql.lit(MessageFlag.pinned)} <> 0`;

const markPosts = defineStatement(
  'mark_pinned_posts',
  `UPDATE channel_messages SET flags = CASE WHEN $3::boolean THEN flags | ${MessageFlag.pinned} ELSE flags & ~${MessageFlag.pinned} END
    WHERE channel_id = $1 AND msg_id = ANY ($2::integer[])`,
);

/** Marks messages of a channel as pinned or not. The caller must hold the lock of the channel's counter. */
export async function savePinned(tx: Tx, channelId: bigint, msgIds: readonly number[], pinned: boolean): Promise<void> {
  await tx.run(markPosts, [channelId, msgIds, pinned]);
}

/** Which pinned messages {@link listPinnedIds} lists: those with ids above `after`, of a channel or of a part of it. */
export interface PinnedQuery {
  limit: number;
  after?: number;
  part?: ThreadPart | undefined;
}

/** Lists the ids of a channel's pinned messages, newest first. */
export async function listPinnedIds(q: Queries, channelId: bigint, { limit, after = 0, part }: PinnedQuery): Promise<number[]> {
  const rows = await q
    .selectFrom('channel_messages')
    .select('msg_id')
    .where('channel_id', '=', channelId)
    .where('msg_id', '>', after)
    .where(IS_PINNED)
    .$if(part !== undefined, (query) => query.where(isInPart(part!)))
    .orderBy('msg_id', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => row.msg_id);
}

/** Counts a channel's pinned messages with ids above this one. */
export async function countPinnedPosts(q: Queries, channelId: bigint, after: number): Promise<number> {
  const { count } = await q
    .selectFrom('channel_messages')
    .select(({ fn }) => fn.countAll<bigint>().as('count'))
    .where('channel_id', '=', channelId)
    .where('msg_id', '>', after)
    .where(IS_PINNED)
    .executeTakeFirstOrThrow();
  return Number(count);
}
