import { type Database, defineStatement, sql, type Tx } from '@aerogram/storage';

import type { ChannelView } from './channel-store.ts';
import { splitMarkedIds } from './chat-row.ts';

/** Messages per row of `channel_gaps`. It is part of the stored keys, so it must never change. */
const BUCKET = 1024;

/** A deleted message. */
export interface DeletedPost {
  ordinal: number;
  poster_id: bigint;
}

const insertGaps = defineStatement(
  'insert_channel_gaps',
  `INSERT INTO channel_gaps AS g (channel_id, bucket, ordinals, author_ids)
   SELECT $1, n.ordinal / ${BUCKET}, array_agg(n.ordinal), array_agg(n.author_id) FROM unnest($2::integer[], $3::bigint[]) AS n (ordinal, author_id) GROUP BY 2
   ON CONFLICT (channel_id, bucket) DO UPDATE SET ordinals = g.ordinals || excluded.ordinals, author_ids = g.author_ids || excluded.author_ids`,
);

/** Notes that messages of a channel were deleted. The caller must hold the lock of the channel's counter. */
export async function saveGaps(tx: Tx, channelId: bigint, deleted: readonly DeletedPost[]): Promise<void> {
  await tx.run(insertGaps, [channelId, deleted.map((post) => post.ordinal), deleted.map((post) => post.poster_id)]);
}

/** Counts the deleted messages of one author with ordinals in a range. */
export async function countDeletedOf(tx: Pick<Tx, 'q'>, channelId: bigint, authorId: bigint, { after, upTo }: { after: number; upTo: number }): Promise<number> {
  const { rows } = await sql<{ n: bigint }>`
    SELECT count(*) AS n FROM channel_gaps AS g CROSS JOIN LATERAL unnest(g.ordinals, g.author_ids) AS d (ordinal, author_id)
     WHERE g.channel_id = ${channelId} AND g.bucket BETWEEN ${Math.floor(after / BUCKET)} AND ${Math.floor(upTo / BUCKET)}
       AND d.ordinal > ${after} AND d.ordinal <= ${upTo} AND d.author_id = ${authorId}`.execute(tx.q);
  return Number(rows[0]!.n);
}

/** Counts all deleted messages of a channel. */
export async function countDeleted(q: Database['q'], channelId: bigint): Promise<number> {
  const { rows } = await sql<{ n: bigint }>`SELECT COALESCE(sum(cardinality(ordinals)), 0) AS n FROM channel_gaps WHERE channel_id = ${channelId}`.execute(q);
  return Number(rows[0]!.n);
}

/** What a member had read and written when the read mark was set. */
export interface ReadMark {
  /** Marked id of the channel. */
  peer_id: bigint;
  read_ordinal: number;
  own_at_read: number;
}

/**
 * Counts the messages that a member has not read, by marked id of the channel. Own messages and deleted ones do not count. The messages themselves
 * are not read (rule S11).
 */
export async function countUnreadPosts(
  q: Database['q'],
  userId: bigint,
  marks: readonly ReadMark[],
  views: ReadonlyMap<bigint, Pick<ChannelView, 'ordinal' | 'own_posts'>>,
): Promise<Map<bigint, number>> {
  const behind = marks.filter((mark) => (views.get(mark.peer_id)?.ordinal ?? 0) > mark.read_ordinal);
  const deleted = await countDeletedByOthers(q, userId, behind);
  return new Map(
    behind.map((mark) => {
      const view = views.get(mark.peer_id)!;
      const own = view.own_posts - mark.own_at_read;
      return [mark.peer_id, Math.max(0, view.ordinal - mark.read_ordinal - own - (deleted.get(mark.peer_id) ?? 0))];
    }),
  );
}

async function countDeletedByOthers(q: Database['q'], userId: bigint, marks: readonly ReadMark[]): Promise<Map<bigint, number>> {
  if (marks.length === 0) return new Map();
  const { channelIds } = splitMarkedIds(marks.map((mark) => mark.peer_id));
  const { rows } = await sql<{ peer_id: bigint; n: bigint }>`
    SELECT w.peer_id, count(*) AS n
      FROM unnest(${channelIds}::bigint[], ${marks.map((mark) => mark.peer_id)}::bigint[], ${marks.map((mark) => mark.read_ordinal)}::integer[]) AS w (channel_id, peer_id, after)
      JOIN channel_gaps AS g ON g.channel_id = w.channel_id AND g.bucket >= w.after / ${sql.lit(BUCKET)}
     CROSS JOIN LATERAL unnest(g.ordinals, g.author_ids) AS d (ordinal, author_id)
     WHERE d.ordinal > w.after AND d.author_id <> ${userId}
     GROUP BY w.peer_id`.execute(q);
  return new Map(rows.map((row) => [row.peer_id, Number(row.n)]));
}
