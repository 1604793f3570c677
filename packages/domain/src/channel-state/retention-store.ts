import { CHANNEL_OFFSET } from '@aerogram/cluster';
import { type Database, defineStatement } from '@aerogram/storage';

import { ChannelFlag } from '../chats/index.ts';

/** The oldest message says that the channel was created; it stays, so that a channel always has a message. */
const FIRST_ID = 1;

/** A channel with messages that are older than its operator wants, and the moment before which they are. */
export interface OverdueChannel {
  channel_id: bigint;
  before_date: number;
}

const listOverdue = defineStatement<OverdueChannel>(
  'list_overdue_channels',
  `SELECT k.channel_id, k.before_date
     FROM (SELECT c.channel_id, GREATEST(0, $2::bigint - 86400 * COALESCE(own.days, common.days, 0)::bigint)::integer AS before_date
             FROM channels c
             LEFT JOIN chat_retention own ON own.peer_id = -${CHANNEL_OFFSET} - c.channel_id
             LEFT JOIN chat_retention common ON common.peer_id = 0
            WHERE c.channel_id > $1 AND c.flags & ${ChannelFlag.deleted} = 0 AND COALESCE(own.days, common.days, 0) > 0) AS k
     CROSS JOIN LATERAL (SELECT m.date FROM channel_messages m WHERE m.channel_id = k.channel_id AND m.msg_id > ${FIRST_ID} AND m.top_id IS DISTINCT FROM m.msg_id ORDER BY m.msg_id LIMIT 1) AS oldest
    WHERE oldest.date < k.before_date
    ORDER BY k.channel_id LIMIT $3`,
);

const listOld = defineStatement<{ msg_id: number }>(
  'list_old_posts',
  `SELECT msg_id FROM (SELECT msg_id, date FROM channel_messages WHERE channel_id = $1 AND msg_id > ${FIRST_ID} AND top_id IS DISTINCT FROM msg_id ORDER BY msg_id LIMIT $3) AS oldest WHERE date < $2 ORDER BY msg_id`,
);

/** Lists channels that keep messages for a number of days and have older ones, by id. @param afterId only channels with a higher id */
export async function listOverdueChannels(db: Pick<Database, 'run'>, afterId: bigint, nowDate: number, limit: number): Promise<readonly OverdueChannel[]> {
  return (await db.run(listOverdue, [afterId, nowDate, limit])).rows;
}

/** Lists the oldest messages of a channel, as far as they are from before a moment, without those with which topics begin. Messages are in the order of their dates. */
export async function listOldPosts(db: Pick<Database, 'run'>, channelId: bigint, beforeDate: number, limit: number): Promise<number[]> {
  return (await db.run(listOld, [channelId, beforeDate, limit])).rows.map((row) => row.msg_id);
}
