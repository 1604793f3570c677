import { CHANNEL_OFFSET } from '@aerogram/cluster';
import { type Database, defineStatement, type Tx } from '@aerogram/storage';

import { ChannelFlag } from '../chats/index.ts';

/** A channel, and how much it resembles another one, from 0 to 1,000,000. */
export interface SimilarChannel {
  /** As TL has it, not marked. */
  similarId: bigint;
  score: number;
}

type Reader = Pick<Database, 'run'>;

const IS_PUBLIC_BROADCAST = `c.kind = 'broadcast' AND c.username IS NOT NULL AND c.flags & ${ChannelFlag.deleted} = 0`;

const readDue = defineStatement<{ channel_id: bigint }>(
  'list_channels_without_similar',
  `SELECT c.channel_id FROM channels AS c LEFT JOIN similar_runs AS r USING (channel_id)
    WHERE ${IS_PUBLIC_BROADCAST} AND COALESCE(r.date, 0) < $1
    ORDER BY COALESCE(r.date, 0), c.channel_id LIMIT $2`,
);

const readNewestMembers = defineStatement<{ user_id: bigint }>(
  'list_newest_members',
  `SELECT user_id FROM channel_members WHERE channel_id = $1 AND status = 'member' ORDER BY date DESC, user_id LIMIT $2`,
);

const countFollowed = defineStatement<{ channel_id: bigint; shared: bigint }>(
  'count_followed_channels',
  `SELECT ${-CHANNEL_OFFSET} - d.peer_id AS channel_id, count(*) AS shared
     FROM unnest($1::bigint[]) AS o (user_id)
    CROSS JOIN LATERAL (SELECT peer_id FROM dialogs WHERE owner_id = o.user_id AND peer_id < ${-CHANNEL_OFFSET} AND top_msg_id > 0
                         ORDER BY peer_id LIMIT $2) AS d
    GROUP BY d.peer_id`,
);

const readMembers = defineStatement<{ channel_id: bigint; members: number }>(
  'read_public_members',
  `SELECT c.channel_id, h.members FROM channels AS c JOIN channel_heads AS h USING (channel_id)
    WHERE c.channel_id = ANY ($1::bigint[]) AND ${IS_PUBLIC_BROADCAST}`,
);

const dropSimilar = defineStatement('drop_similar_channels', 'DELETE FROM similar_channels WHERE channel_id = $1 AND similar_id <> ALL ($2::bigint[])');

const writeSimilar = defineStatement(
  'write_similar_channels',
  `INSERT INTO similar_channels (channel_id, similar_id, score) SELECT $1::bigint, n.* FROM unnest($2::bigint[], $3::integer[]) AS n
   ON CONFLICT (channel_id, similar_id) DO UPDATE SET score = excluded.score`,
);

const writeRun = defineStatement('write_similar_run', 'INSERT INTO similar_runs (channel_id, date) VALUES ($1, $2) ON CONFLICT (channel_id) DO UPDATE SET date = excluded.date');

const readSimilar = defineStatement<{ similar_id: bigint }>(
  'list_similar_channels',
  'SELECT similar_id FROM similar_channels WHERE channel_id = ANY ($1::bigint[]) GROUP BY similar_id ORDER BY sum(score) DESC, similar_id LIMIT $2',
);

/** Lists public broadcast channels whose similar channels were not computed since a date, longest ago first. */
export async function listDueChannels(db: Reader, sinceDate: number, limit: number): Promise<bigint[]> {
  return (await db.run(readDue, [sinceDate, limit])).rows.map((row) => row.channel_id);
}

/** Lists the members of a channel who joined last. */
export async function listNewestMembers(db: Reader, channelId: bigint, limit: number): Promise<bigint[]> {
  return (await db.run(readNewestMembers, [channelId, limit])).rows.map((row) => row.user_id);
}

/** Counts in how many of these users' lists of chats each channel is. @param limit maximum number of channels of one user */
export async function countFollowedBy(db: Reader, userIds: readonly bigint[], limit: number): Promise<{ channelId: bigint; shared: number }[]> {
  return (await db.run(countFollowed, [userIds, limit])).rows.map((row) => ({ channelId: row.channel_id, shared: Number(row.shared) }));
}

/** Reads the member counts of those of these channels that are public broadcast channels. */
export async function findPublicMembers(db: Reader, channelIds: readonly bigint[]): Promise<Map<bigint, number>> {
  return new Map((await db.run(readMembers, [channelIds])).rows.map((row) => [row.channel_id, row.members]));
}

/** Replaces the similar channels of a channel. */
export async function saveSimilar(tx: Tx, channelId: bigint, similar: readonly SimilarChannel[], nowDate: number): Promise<void> {
  const ids = similar.map((one) => one.similarId);
  await tx.run(dropSimilar, [channelId, ids]);
  await tx.run(writeSimilar, [channelId, ids, similar.map((one) => one.score)]);
  await tx.run(writeRun, [channelId, nowDate]);
}

/** Lists the channels that are most similar to these. @returns plain ids */
export async function listSimilar(db: Reader, channelIds: readonly bigint[], limit: number): Promise<bigint[]> {
  return (await db.run(readSimilar, [channelIds, limit])).rows.map((row) => row.similar_id);
}
