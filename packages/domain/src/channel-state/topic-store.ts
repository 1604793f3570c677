import { markPeer } from '@aerogram/cluster';
import { defineStatement, sql, type Tables, type Tx } from '@aerogram/storage';
import type { Selectable } from 'kysely';

import type { Reader } from '../chats/index.ts';
import { DRAFT_MAX_BYTES } from '../dialogs/index.ts';
import type { Queries } from '../events/index.ts';
import type { UnreadTable } from '../messages/index.ts';
import { type TopicSettings } from '../notifications/index.ts';
import { GAP_BUCKET } from '../shared/index.ts';
import { countUnreadInSpans, newestOfSpans } from './general-spans.ts';

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

const countRows = defineStatement<{ n: number }>(
  'count_topics',
  `SELECT count(*)::integer AS n FROM forum_topics f WHERE f.channel_id = $1 AND NOT f.deleted AND ($2::text = '' OR position(lower($2::text) IN lower(f.title)) > 0)`,
);

/** Counts the topics of a forum. @param title only those whose titles contain this; '' for all */
export async function countTopics(reader: Reader, channelId: bigint, title = ''): Promise<number> {
  return (await reader.run(countRows, [channelId, title])).rows[0]!.n;
}

/** A topic with its place in the list, and what a viewer has not read of it. */
export interface ListedTopic extends TopicRow, TopicSettings {
  top_msg_id: number;
  /** Up to which message the viewer has read it. */
  read_max_id: number;
  /** Up to which message another person has read it. */
  read_outbox_max_id: number;
  unread: number;
  /** General may have messages that the viewer has not read from a time in which the group was no forum. */
  has_unread_spans: boolean;
  /** A draftMessage, stored by `storedEncode`; null: there is none. */
  draft: Uint8Array | null;
  /** How many messages mention the viewer, who has not seen them. */
  mentions: number;
  /** How many messages of the viewer have reactions that the viewer has not seen. */
  reactions: number;
  /** How many messages have polls of the viewer, who has not seen all votes. */
  votes: number;
}

/** The last topic of a page, and the id of its newest message. Topic 0: all topics that are not pinned and whose newest messages are below this id follow. */
export interface TopicOffset {
  topicId: number;
  msgId: number;
}

/** Which topics of a forum {@link listTopics} finds, and how many. */
export interface TopicQuery {
  channelId: bigint;
  viewerId: bigint;
  /** Only these, deleted ones included; undefined: all that exist. */
  topicIds?: readonly number[];
  /** Only topics whose titles contain this; '' for all. */
  title?: string;
  /** Where the page before ended; undefined for the first page. */
  after?: TopicOffset | undefined;
  limit: number;
}

/** Counts, for each topic, the messages with something that the viewer has not seen. */
const unseenByTopic = (table: UnreadTable): string =>
  `SELECT COALESCE(f.topic_id, ${GENERAL_TOPIC_ID}) AS topic_id, count(*)::integer AS n
     FROM ${table} m LEFT JOIN forum_topics f ON f.channel_id = $1 AND f.topic_id = m.top_id
    WHERE m.owner_id = $2 AND m.peer_id = $8 GROUP BY 1`;

// Who has no row for a topic has read it as far as the channel, which begins where they joined. The messages themselves are never counted. People who are no members
// have read nothing, and nothing is unread.
const readPage = (name: string, which: string) =>
  defineStatement<ListedTopic>(
    name,
    `WITH page AS (
     SELECT f.*, CASE WHEN f.topic_id = ${GENERAL_TOPIC_ID} THEN GREATEST(t.top_msg_id, (${newestOfSpans('f.channel_id')}), f.topic_id) ELSE COALESCE(NULLIF(t.top_msg_id, 0), f.topic_id) END AS top_msg_id, COALESCE(t.ordinal, 0) AS ordinal,
            COALESCE(CASE WHEN t.read_by = $2 THEN t.second_read_max_id ELSE t.read_max_id END, 0) AS read_outbox_max_id
       FROM forum_topics f LEFT JOIN channel_threads t ON t.channel_id = f.channel_id AND t.top_id = f.topic_id
      WHERE f.channel_id = $1 AND ${which}
        AND ($4::text = '' OR position(lower($4::text) IN lower(f.title)) > 0)
   ), listed AS (
     SELECT page.* FROM page
      WHERE ($5::integer = 0 AND $6::integer = 0)
         OR (pinned_order, top_msg_id, topic_id) < (COALESCE((SELECT l.pinned_order FROM page l WHERE l.topic_id = $5), 0), $6::integer, $5::integer)
      ORDER BY pinned_order DESC, top_msg_id DESC, topic_id DESC LIMIT $7
   ), read AS (
     SELECT l.*, d.owner_id IS NOT NULL AS follows, COALESCE(d.read_inbox_max_id, 0) AS channel_mark, GREATEST(COALESCE(u.read_max_id, 0), COALESCE(d.read_inbox_max_id, 0)) AS read_max_id,
            GREATEST(COALESCE(u.read_ordinal, 0), CASE
              WHEN l.top_msg_id <= d.read_inbox_max_id THEN l.ordinal
              ELSE COALESCE((SELECT p.top_ordinal FROM channel_messages p WHERE p.channel_id = l.channel_id AND p.top_id = l.topic_id AND p.top_id IS NOT NULL
                                AND p.msg_id <= d.read_inbox_max_id ORDER BY p.msg_id DESC LIMIT 1), 0) END) AS read_ordinal,
            COALESCE(o.own_posts, 0) - COALESCE(u.own_at_read, 0) AS own, CASE WHEN octet_length(u.draft) <= ${DRAFT_MAX_BYTES} THEN u.draft END AS draft,
            u.show_previews, u.silent, u.mute_until, u.sound
       FROM listed l
       LEFT JOIN dialogs d ON d.owner_id = $2 AND d.peer_id = $8 AND d.top_msg_id > 0
       LEFT JOIN user_threads u ON u.owner_id = $2 AND u.channel_id = l.channel_id AND u.top_id = l.topic_id
       LEFT JOIN thread_members o ON o.channel_id = l.channel_id AND o.top_id = l.topic_id AND o.user_id = $2
   ), mentions AS (${unseenByTopic('unread_mentions')}), reactions AS (${unseenByTopic('unread_reactions')}), votes AS (${unseenByTopic('unread_poll_votes')})
   SELECT channel_id, r.topic_id, title, icon_color, icon_emoji_id, from_id, creator_id, date, closed, hidden, deleted, pinned_order, top_msg_id, read_max_id, read_outbox_max_id,
          draft, show_previews, silent, mute_until, sound, COALESCE(n.n, 0) AS mentions, COALESCE(x.n, 0) AS reactions, COALESCE(v.n, 0) AS votes,
          CASE WHEN NOT follows OR ordinal <= read_ordinal THEN 0 ELSE GREATEST(0, ordinal - read_ordinal - own - COALESCE((
            SELECT sum(CASE WHEN g.bucket = r.read_ordinal / ${GAP_BUCKET}
                            THEN (SELECT count(*) FROM unnest(g.ordinals, g.author_ids) AS d (ordinal, author_id) WHERE d.ordinal > r.read_ordinal AND d.author_id <> $2)
                            ELSE cardinality(g.ordinals) - cardinality(array_positions(g.author_ids, $2::bigint)) END)
              FROM thread_gaps g WHERE g.channel_id = r.channel_id AND g.top_id = r.topic_id AND g.bucket >= r.read_ordinal / ${GAP_BUCKET}), 0)) END::integer AS unread,
          r.topic_id = ${GENERAL_TOPIC_ID} AND follows AND channel_mark < COALESCE((SELECT max(s.up_to_id) FROM general_spans s WHERE s.channel_id = $1), 0) AS has_unread_spans
     FROM read r LEFT JOIN mentions n ON n.topic_id = r.topic_id LEFT JOIN reactions x ON x.topic_id = r.topic_id LEFT JOIN votes v ON v.topic_id = r.topic_id ORDER BY pinned_order DESC, top_msg_id DESC, r.topic_id DESC`,
  );

// Two statements, because only the first one passes over deleted topics without reading them.
const readTopicPage = readPage('list_topics', '$3::integer[] IS NULL AND NOT f.deleted');
const readNamedTopics = readPage('list_named_topics', 'f.topic_id = ANY ($3::integer[])');

/** Lists topics of a forum as a viewer has read them: the pinned ones, then the others, those with the newest messages first. */
export async function listTopics(reader: Reader, { channelId, viewerId, topicIds, title = '', after, limit }: TopicQuery): Promise<ListedTopic[]> {
  const peerId = markPeer({ _: 'peerChannel', channel_id: channelId });
  const statement = topicIds === undefined ? readTopicPage : readNamedTopics;
  const { rows: topics } = await reader.run(statement, [channelId, viewerId, topicIds ?? null, title, after?.topicId ?? 0, after?.msgId ?? 0, limit, peerId]);
  const general = topics.find((topic) => topic.has_unread_spans);
  if (general === undefined) return topics;
  // Only members who have not read the group since it became a forum come here.
  const older = await countUnreadInSpans(reader, { channelId, peerId, userId: viewerId });
  return topics.map((topic) => (topic === general ? { ...topic, unread: topic.unread + older } : topic));
}
