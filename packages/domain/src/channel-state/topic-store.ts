import { markPeer } from '@aerogram/cluster';
import { defineStatement, sql, type Tables, type Tx } from '@aerogram/storage';
import type { Selectable } from 'kysely';

import type { Reader } from '../chats/index.ts';
import type { Queries } from '../events/index.ts';
import { newestOfSpans } from './general-spans.ts';

/** A topic of a forum as stored. */
export type TopicRow = Selectable<Tables['forum_topics']>;

/** The colours of topics that clients know, as RGB. */
export const TOPIC_COLORS: readonly number[] = [0x6fb9f0, 0xffd67e, 0xcb86db, 0x8eee98, 0xff93b2, 0xfb6f5f];

/** The topic that every forum has, and that holds what is written outside of all other topics. */
export const GENERAL_TOPIC_ID = 1;

const readTopics = defineStatement<TopicRow>('read_topics', 'SELECT * FROM forum_topics WHERE channel_id = $1 AND topic_id = ANY ($2::integer[])');

/** Finds topics of a forum by id, those that were deleted too. Ids without a topic are left out. */
export async function findTopics(reader: Reader, channelId: bigint, topicIds: readonly number[]): Promise<Map<number, TopicRow>> {
  if (topicIds.length === 0) return new Map();
  const { rows } = await reader.run(readTopics, [channelId, [...new Set(topicIds)]]);
  return new Map(rows.map((row) => [row.topic_id, row]));
}

/** Inserts a topic. The caller must hold the lock of the channel's counter. */
export async function insertTopic(tx: Tx, row: TopicRow): Promise<void> {
  await tx.q.insertInto('forum_topics').values(row).execute();
}

/** Updates columns of a topic. The caller must hold the lock of the channel's counter. */
export async function updateTopic(tx: Tx, { channel_id, topic_id }: Pick<TopicRow, 'channel_id' | 'topic_id'>, change: Partial<Omit<TopicRow, 'channel_id' | 'topic_id'>>): Promise<void> {
  await tx.q.updateTable('forum_topics').set(change).where('channel_id', '=', channel_id).where('topic_id', '=', topic_id).execute();
}

/** Lists the pinned topics of a forum, the highest first. */
export async function listPinnedTopics(q: Queries, channelId: bigint): Promise<TopicRow[]> {
  return q.selectFrom('forum_topics').selectAll().where('channel_id', '=', channelId).where('pinned_order', '>', 0).orderBy('pinned_order', 'desc').execute();
}

/** Sets which topics of a forum are pinned, the highest first. The caller must hold the lock of the channel's counter. */
export async function savePinnedTopics(tx: Tx, channelId: bigint, topicIds: readonly number[]): Promise<void> {
  const places = [...topicIds].reverse();
  await sql`
    UPDATE forum_topics SET pinned_order = COALESCE(array_position(${places}::integer[], topic_id), 0)
     WHERE channel_id = ${channelId} AND (pinned_order > 0 OR topic_id = ANY (${places}::integer[]))`.execute(tx.q);
}

/** Lists the newest messages of a topic other than General, its first one included, with who wrote them. */
export async function listTopicPostIds(q: Queries, channelId: bigint, topicId: number, limit: number): Promise<{ msg_id: number; poster_id: bigint }[]> {
  return q.selectFrom('channel_messages').select(['msg_id', 'poster_id']).where('channel_id', '=', channelId).where('top_id', '=', topicId).orderBy('msg_id', 'desc').limit(limit).execute();
}

/** A topic with its place in the list, and what a viewer has not read of it. */
export interface ListedTopic extends TopicRow {
  top_msg_id: number;
  read_max_id: number;
  unread: number;
  /** How many messages mention the viewer, who has not seen them. */
  mentions: number;
}

/** What {@link listTopics} is to find: which topics of a forum, and how many. */
export interface TopicQuery {
  channelId: bigint;
  viewerId: bigint;
  /** Only these, deleted ones included; undefined: all that exist. */
  topicIds?: readonly number[];
  /** Only topics whose titles contain this; '' for all. */
  title?: string;
  /** The last topic of the page before and the id of its newest message; undefined for the first page. */
  after?: { topicId: number; msgId: number } | undefined;
  limit: number;
}

// Somebody who has never read a topic begins where they joined. The messages themselves are never counted.
const readTopicPage = defineStatement<ListedTopic>(
  'list_topics',
  `WITH page AS (
     SELECT f.*, CASE WHEN f.topic_id = ${GENERAL_TOPIC_ID} THEN GREATEST(t.top_msg_id, (${newestOfSpans('f.channel_id')}), f.topic_id) ELSE COALESCE(NULLIF(t.top_msg_id, 0), f.topic_id) END AS top_msg_id, COALESCE(t.ordinal, 0) AS ordinal
       FROM forum_topics f LEFT JOIN channel_threads t ON t.channel_id = f.channel_id AND t.top_id = f.topic_id
      WHERE f.channel_id = $1 AND CASE WHEN $3::integer[] IS NULL THEN NOT f.deleted ELSE f.topic_id = ANY ($3::integer[]) END
        AND ($4::text = '' OR position(lower($4::text) IN lower(f.title)) > 0)
   ), listed AS (
     SELECT page.* FROM page
      WHERE $5::integer = 0
         OR (pinned_order, top_msg_id, topic_id) < (COALESCE((SELECT l.pinned_order FROM page l WHERE l.topic_id = $5), 0), $6::integer, $5::integer)
      ORDER BY pinned_order DESC, top_msg_id DESC, topic_id DESC LIMIT $7
   ), read AS (
     SELECT l.*, COALESCE(u.read_max_id, m.hidden_max_id, 0) AS read_max_id,
            COALESCE(u.read_ordinal, (SELECT p.top_ordinal FROM channel_messages p WHERE p.channel_id = l.channel_id AND p.top_id = l.topic_id AND p.top_id IS NOT NULL
                                         AND p.msg_id <= m.hidden_max_id ORDER BY p.msg_id DESC LIMIT 1), 0) AS read_ordinal,
            COALESCE(o.own_posts, 0) - COALESCE(u.own_at_read, 0) AS own
       FROM listed l
       LEFT JOIN user_threads u ON u.owner_id = $2 AND u.channel_id = l.channel_id AND u.top_id = l.topic_id
       LEFT JOIN thread_members o ON o.channel_id = l.channel_id AND o.top_id = l.topic_id AND o.user_id = $2
       LEFT JOIN channel_members m ON m.channel_id = l.channel_id AND m.user_id = $2
   )
   SELECT channel_id, topic_id, title, icon_color, from_id, creator_id, date, closed, hidden, deleted, pinned_order, top_msg_id, read_max_id,
          GREATEST(0, ordinal - read_ordinal - own - COALESCE((
            SELECT sum((SELECT count(*) FROM unnest(g.ordinals, g.author_ids) AS d (ordinal, author_id) WHERE d.ordinal > r.read_ordinal AND d.author_id <> $2))
              FROM thread_gaps g WHERE g.channel_id = r.channel_id AND g.top_id = r.topic_id AND g.bucket >= r.read_ordinal / 1024), 0))::integer AS unread,
          (SELECT count(*)::integer FROM unread_mentions n WHERE n.owner_id = $2 AND n.peer_id = $8 AND n.top_id = r.topic_id) AS mentions
     FROM read r ORDER BY pinned_order DESC, top_msg_id DESC, topic_id DESC`,
);

/** Lists topics of a forum as a viewer has read them: the pinned ones, then the others, those with the newest messages first. */
export async function listTopics(reader: Reader, { channelId, viewerId, topicIds, title = '', after, limit }: TopicQuery): Promise<ListedTopic[]> {
  const { rows } = await reader.run(readTopicPage, [channelId, viewerId, topicIds ?? null, title, after?.topicId ?? 0, after?.msgId ?? 0, limit, markPeer({ _: 'peerChannel', channel_id: channelId })]);
  return rows;
}
