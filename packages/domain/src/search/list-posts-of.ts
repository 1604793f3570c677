import { type Database, defineStatement, sql } from '@aerogram/storage';

import { channelIdOf } from '../events/index.ts';
import { projectQuery } from './message-terms.ts';
import { useTermIndex } from './planner.ts';
import { listIndexStates } from './search-store.ts';

const readUnindexed = defineStatement<{ msg_id: number }>(
  'list_unindexed_posts_of',
  'SELECT msg_id FROM channel_messages WHERE channel_id = $1 AND pts > $2 AND from_id = $3 AND top_id IS DISTINCT FROM msg_id ORDER BY msg_id LIMIT $4',
);

/**
 * Lists ids of messages of a channel that show somebody as their author, in any order. The search index finds them, however large the channel is;
 * only messages that are not indexed yet are looked at one by one. The first messages of topics are left out: a topic is deleted as a whole.
 * @param peerId marked id of the channel
 * @param authorId marked
 */
export async function listPostsOf(db: Database, peerId: bigint, authorId: bigint, limit: number): Promise<number[]> {
  // The position is read first: what is not indexed then is found by the first statement, although it may be indexed meanwhile.
  const [state] = await listIndexStates(db, [peerId]);
  const recent = (await db.run(readUnindexed, [channelIdOf(peerId), state?.indexed_pts ?? 0, authorId, limit])).rows.map((row) => row.msg_id);
  if (recent.length === limit) return recent;
  const terms = projectQuery(peerId, { text: '', fromId: authorId });
  const { rows } = await db.readRepeatable('list-posts-of', async (reads) => {
    await reads.run(useTermIndex, []);
    return sql<{ msg_id: number }>`
      SELECT msg_id FROM message_search AS s
       WHERE owner_id = ${peerId} AND terms @@ ${terms}::tsquery
         AND EXISTS (SELECT FROM channel_messages AS p WHERE p.channel_id = ${channelIdOf(peerId)} AND p.msg_id = s.msg_id AND p.top_id IS DISTINCT FROM p.msg_id) LIMIT ${limit}`.execute(reads.q);
  });
  return [...new Set([...recent, ...rows.map((row) => row.msg_id)])].slice(0, limit);
}
