import { markPeer } from '@aerogram/cluster';
import { defineStatement, sql, type Tables, type Tx } from '@aerogram/storage';
import type { Selectable } from 'kysely';

import type { ChannelRow, Reader } from '../chats/index.ts';
import type { Queries } from '../events/index.ts';

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

const insertGeneral = defineStatement(
  'insert_general_topic',
  `INSERT INTO forum_topics (channel_id, topic_id, title, icon_color, from_id, creator_id, date) VALUES ($1, ${GENERAL_TOPIC_ID}, 'General', ${TOPIC_COLORS[0]!}, $2, $3, $4)
   ON CONFLICT (channel_id, topic_id) DO NOTHING`,
);

/** Adds the topic General to a group that becomes a forum, unless it was one before. The caller must hold the lock of the channel's counter. */
export async function openGeneral(tx: Tx, { channel_id, creator_id, date }: Pick<ChannelRow, 'channel_id' | 'creator_id' | 'date'>): Promise<void> {
  await tx.run(insertGeneral, [channel_id, markPeer({ _: 'peerChannel', channel_id }), creator_id, date]);
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
