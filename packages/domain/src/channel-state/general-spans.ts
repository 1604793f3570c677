import { MessageFlag } from '../events/index.ts';

/** SQL: the row `m` of `channel_messages` was not written in a topic. */
export const NOT_IN_TOPIC = `(m.flags & ${MessageFlag.inTopic}) = 0`;

/** SQL: the id of the newest message of General from the times in which a channel was no forum. @param channelId an SQL expression */
export const newestOfSpans = (channelId: string): string =>
  `SELECT m.msg_id FROM general_spans s CROSS JOIN LATERAL (
     SELECT m.msg_id FROM channel_messages m
      WHERE m.channel_id = s.channel_id AND m.msg_id > s.after_id AND m.msg_id <= COALESCE(s.up_to_id, 2147483647) AND ${NOT_IN_TOPIC} ORDER BY m.msg_id DESC LIMIT 1) m
    WHERE s.channel_id = ${channelId} ORDER BY m.msg_id DESC LIMIT 1`;
