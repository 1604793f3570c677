import { markPeer } from '@aerogram/cluster';
import { type Database, defineStatement, sql, type Tx } from '@aerogram/storage';

import type { ChannelRow, Reader } from '../chats/index.ts';
import { type PostRow, postOf, type Queries, type StoredPost } from '../events/index.ts';
import { listWindow } from '../messages/index.ts';
import { NOT_IN_TOPIC, SPAN_POSTS } from './general-spans.ts';
import type { PostWindow } from './post-store.ts';
import { GENERAL_TOPIC_ID, TOPIC_COLORS } from './topic-store.ts';

/** Maximum number of times without topics that are kept apart for one group. */
const SPANS_MAX = 32;

/** A place in the history of a channel: after its newest message. */
export interface HistoryPlace {
  msgId: number;
  /** How many messages there were so far, deleted ones included. */
  ordinal: number;
}

const insertGeneral = defineStatement(
  'insert_general_topic',
  `INSERT INTO forum_topics (channel_id, topic_id, title, icon_color, from_id, creator_id, date) VALUES ($1, ${GENERAL_TOPIC_ID}, 'General', ${TOPIC_COLORS[0]!}, $2, $3, $4)
   ON CONFLICT (channel_id, topic_id) DO NOTHING`,
);

const insertFirstSpan = defineStatement('insert_first_general_span', 'INSERT INTO general_spans (channel_id, after_id, after_ordinal, up_to_id, up_to_ordinal) VALUES ($1, 0, 0, $2, $3)');

const closeSpan = defineStatement(
  'close_general_span',
  `WITH empty AS (DELETE FROM general_spans WHERE channel_id = $1 AND up_to_id IS NULL AND after_id >= $2::integer)
   UPDATE general_spans SET up_to_id = $2, up_to_ordinal = $3 WHERE channel_id = $1 AND up_to_id IS NULL AND after_id < $2::integer`,
);

// If nothing was written while the group was a forum, the last span is opened again instead of a new one.
const openSpan = defineStatement(
  'open_general_span',
  `WITH reopened AS (UPDATE general_spans SET up_to_id = NULL, up_to_ordinal = NULL WHERE channel_id = $1 AND up_to_id = $2::integer RETURNING 1)
   INSERT INTO general_spans (channel_id, after_id, after_ordinal) SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT FROM reopened)
   ON CONFLICT (channel_id, after_id) DO UPDATE SET up_to_id = NULL, up_to_ordinal = NULL`,
);

// The oldest two become one, with what lies between them. A span may contain messages of topics; whoever reads it leaves them out.
const joinSpans = defineStatement(
  'join_general_spans',
  `WITH ordered AS (SELECT after_id, up_to_id, up_to_ordinal, row_number() OVER (ORDER BY after_id) AS n, count(*) OVER () AS spans FROM general_spans WHERE channel_id = $1),
   second AS (DELETE FROM general_spans s USING ordered o WHERE s.channel_id = $1 AND s.after_id = o.after_id AND o.n = 2 AND o.spans > ${SPANS_MAX} RETURNING s.up_to_id, s.up_to_ordinal)
   UPDATE general_spans s SET up_to_id = second.up_to_id, up_to_ordinal = second.up_to_ordinal
     FROM second, ordered o WHERE o.n = 1 AND s.channel_id = $1 AND s.after_id = o.after_id`,
);

/**
 * Adds the topic General to a group that becomes a forum, with all that was written while it was none. The caller must hold the lock of the channel's counter.
 * @param newest where the history of the group ends
 */
export async function beginForum(tx: Tx, { channel_id, creator_id, date }: Pick<ChannelRow, 'channel_id' | 'creator_id' | 'date'>, newest: HistoryPlace): Promise<void> {
  const { count: isFirst } = await tx.run(insertGeneral, [channel_id, markPeer({ _: 'peerChannel', channel_id }), creator_id, date]);
  await tx.run(isFirst > 0 ? insertFirstSpan : closeSpan, [channel_id, newest.msgId, newest.ordinal]);
}

/** Notes that what is written from now on in a group belongs to General if it is a forum again. The caller must hold the lock of the channel's counter. */
export async function endForum(tx: Tx, channelId: bigint, newest: HistoryPlace): Promise<void> {
  await tx.run(openSpan, [channelId, newest.msgId, newest.ordinal]);
  await tx.run(joinSpans, [channelId]);
}

// Each span is read from its end and up to the limit, so what lies between the spans is not read: there may be 100,000 messages of other topics.
const pageOf = (order: 'ASC' | 'DESC'): string => `
  SELECT * FROM (
    (SELECT m.* FROM channel_messages m
      WHERE m.channel_id = $1 AND m.top_id = ${GENERAL_TOPIC_ID} AND m.msg_id > $2::integer AND m.msg_id < $3::integer ORDER BY m.msg_id ${order} LIMIT $4::integer)
    UNION ALL
    (SELECT p.* FROM general_spans s CROSS JOIN LATERAL (
       SELECT m.* FROM channel_messages m
        WHERE m.channel_id = $1 AND m.msg_id > GREATEST(s.after_id, $2::integer) AND m.msg_id <= COALESCE(s.up_to_id, 2147483647) AND m.msg_id < $3::integer AND ${NOT_IN_TOPIC}
        ORDER BY m.msg_id ${order} LIMIT $4::integer) p
      WHERE s.channel_id = $1)) AS found
   ORDER BY msg_id ${order} LIMIT $4::integer - $5::integer OFFSET $5::integer`;

const readOlder = defineStatement<StoredPost>('list_older_general_posts', pageOf('DESC'));
const readNewer = defineStatement<StoredPost>('list_newer_general_posts', pageOf('ASC'));

/** Reads a page of the history of General of a forum, newest first. */
export function listGeneralPosts(reader: Reader & { q: Queries }, channelId: bigint, window: PostWindow): Promise<readonly PostRow[]> {
  const { minId, maxId } = window;
  const end = maxId > 0 ? maxId : 2 ** 31 - 1;
  return listWindow<PostRow>(reader.q, window, {
    async listOlder(before = end, { offset, limit }) {
      const { rows } = await reader.run(readOlder, [channelId, minId, Math.min(before, end), offset + limit, offset]);
      return rows.map(postOf);
    },
    listNewer: async (from, limit) => (await reader.run(readNewer, [channelId, Math.max(minId, from - 1), end, limit, 0])).rows.map(postOf),
    newestUpTo: (id) => sql`SELECT msg_id, date FROM channel_messages WHERE channel_id = ${channelId} AND msg_id <= ${id} ORDER BY msg_id DESC LIMIT 1`,
  });
}

const countSpans = defineStatement<{ n: number }>(
  'count_general_spans',
  `SELECT ${SPAN_POSTS} AS n FROM general_spans s WHERE s.channel_id = $1 AND s.up_to_id IS NOT NULL`,
);

/** Counts the messages of General from the times in which a forum was none. The messages themselves are not read. */
export async function countSpanPosts(db: Pick<Database, 'run'>, channelId: bigint): Promise<number> {
  return (await db.run(countSpans, [channelId])).rows[0]!.n;
}
