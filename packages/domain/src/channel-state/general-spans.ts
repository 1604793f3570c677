import { type Database, defineStatement } from '@aerogram/storage';

import { MessageFlag } from '../events/index.ts';
import { GAP_BUCKET } from '../shared/index.ts';

/** SQL: the row `m` of `channel_messages` was not written in a topic. */
export const NOT_IN_TOPIC = `(m.flags & ${MessageFlag.inTopic}) = 0`;

/** SQL: the id of the newest message of General from the times in which a channel was no forum. @param channelId an SQL expression */
export const newestOfSpans = (channelId: string): string =>
  `SELECT m.msg_id FROM general_spans s CROSS JOIN LATERAL (
     SELECT m.msg_id FROM channel_messages m
      WHERE m.channel_id = s.channel_id AND m.msg_id > s.after_id AND m.msg_id <= COALESCE(s.up_to_id, 2147483647) AND ${NOT_IN_TOPIC} ORDER BY m.msg_id DESC LIMIT 1) m
    WHERE s.channel_id = ${channelId} ORDER BY m.msg_id DESC LIMIT 1`;

/** SQL: how many messages of the spans `s` exist. The messages themselves are not read, so those of topics are not left out of spans that were joined. */
export const SPAN_POSTS = `COALESCE(sum(s.up_to_ordinal - s.after_ordinal - COALESCE((
    SELECT sum(CASE WHEN g.bucket > s.after_ordinal / ${GAP_BUCKET} AND g.bucket < s.up_to_ordinal / ${GAP_BUCKET} THEN cardinality(g.ordinals)
                    ELSE (SELECT count(*) FROM unnest(g.ordinals) AS o WHERE o > s.after_ordinal AND o <= s.up_to_ordinal) END)
      FROM channel_gaps g WHERE g.channel_id = s.channel_id AND g.bucket BETWEEN s.after_ordinal / ${GAP_BUCKET} AND s.up_to_ordinal / ${GAP_BUCKET}), 0)), 0)::integer`;

/** In how many of the newest unread messages of the spans those of the reader are looked for, who has written since the mark. */
const OWN_LOOKED_AT_MAX = 10_000;

const countUnread = defineStatement<{ n: number }>(
  'count_unread_in_general_spans',
  `WITH mark AS (
     SELECT d.read_inbox_max_id AS msg_id, d.read_ordinal AS ordinal, m.own_posts > d.own_at_read AS wrote
       FROM dialogs d JOIN channel_members m ON m.channel_id = $1 AND m.user_id = d.owner_id WHERE d.owner_id = $2 AND d.peer_id = $3 AND d.top_msg_id > 0
   ), s AS (
     SELECT s.channel_id, GREATEST(s.after_id, mark.msg_id) AS after_id, s.up_to_id, GREATEST(s.after_ordinal, mark.ordinal) AS after_ordinal, s.up_to_ordinal
       FROM general_spans s CROSS JOIN mark WHERE s.channel_id = $1 AND s.up_to_id > mark.msg_id AND s.up_to_ordinal > mark.ordinal
   ), own AS (
     SELECT count(*)::integer AS n FROM (
       SELECT m.poster_id FROM s CROSS JOIN LATERAL (
         SELECT m.poster_id FROM channel_messages m WHERE m.channel_id = s.channel_id AND m.msg_id > s.after_id AND m.msg_id <= s.up_to_id AND ${NOT_IN_TOPIC}
          ORDER BY m.msg_id DESC LIMIT ${OWN_LOOKED_AT_MAX}) m
        WHERE (SELECT wrote FROM mark) LIMIT ${OWN_LOOKED_AT_MAX}) AS newest
      WHERE newest.poster_id = $2
   )
   SELECT GREATEST(0, (SELECT ${SPAN_POSTS} FROM s) - (SELECT n FROM own)) AS n`,
);

/** Counts the messages of General from the times in which a forum was none that a member has not read. What it costs depends neither on them nor on the topics. */
export async function countUnreadInSpans(reads: Pick<Database, 'run'>, { channelId, peerId, userId }: { channelId: bigint; peerId: bigint; userId: bigint }): Promise<number> {
  return (await reads.run(countUnread, [channelId, userId, peerId])).rows[0]!.n;
}
