import { CHANNEL_OFFSET } from '@aerogram/cluster';
import { type Database, sql } from '@aerogram/storage';

import { GAP_BUCKET } from '../shared/index.ts';
import { splitMarkedIds } from './chat-row.ts';

/**
 * Counts the messages of others that a member has read in topics of forums beyond the read mark of the channel, by marked id of the channel. The read mark of the
 * channel stays before the first message that is unread in any topic, so these messages do not count as unread although they come after it. Deleted ones are
 * left out, and the messages themselves are not read.
 */
export async function countReadAhead(q: Database['q'], userId: bigint, markedIds: readonly bigint[]): Promise<Map<bigint, number>> {
  if (markedIds.length === 0) return new Map();
  const { channelIds } = splitMarkedIds(markedIds);
  // A topic whose messages are all deleted has no row in `channel_threads`, and nothing of it is left to count.
  const { rows } = await sql<{ peer_id: bigint; n: number }>`
    SELECT -u.channel_id - ${sql.lit(CHANNEL_OFFSET)} AS peer_id, sum(u.read_ordinal - u.ahead_from - u.ahead_own - COALESCE((
             SELECT sum((SELECT count(*) FROM unnest(g.ordinals, g.author_ids) AS d (ordinal, author_id) WHERE d.ordinal > u.ahead_from AND d.ordinal <= u.read_ordinal AND d.author_id <> ${userId}))
               FROM thread_gaps g
              WHERE g.channel_id = u.channel_id AND g.top_id = u.top_id AND g.bucket BETWEEN u.ahead_from / ${sql.lit(GAP_BUCKET)} AND u.read_ordinal / ${sql.lit(GAP_BUCKET)}), 0))::integer AS n
      FROM user_threads u JOIN channel_threads t ON t.channel_id = u.channel_id AND t.top_id = u.top_id
     WHERE u.owner_id = ${userId} AND u.channel_id = ANY (${channelIds}::bigint[]) AND u.ahead_from IS NOT NULL
     GROUP BY u.channel_id`.execute(q);
  return new Map(rows.map((row) => [row.peer_id, row.n]));
}
