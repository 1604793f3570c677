import { type Database, defineStatement, sql, type Tx } from '@aerogram/storage';

import { GAP_BUCKET } from '../shared/index.ts';
import type { ChannelView } from './channel-store.ts';
import { splitMarkedIds } from './chat-row.ts';
import { countReadAhead } from './read-ahead.ts';

/** A deleted message. */
export interface DeletedPost {
  ordinal: number;
  poster_id: bigint;
}

const insertGaps = defineStatement(
  'insert_channel_gaps',
  `INSERT INTO channel_gaps AS g (channel_id, bucket, ordinals, author_ids)
   SELECT $1, n.ordinal / ${GAP_BUCKET}, array_agg(n.ordinal), array_agg(n.author_id) FROM unnest($2::integer[], $3::bigint[]) AS n (ordinal, author_id) GROUP BY 2
   ON CONFLICT (channel_id, bucket) DO UPDATE SET ordinals = g.ordinals || excluded.ordinals, author_ids = g.author_ids || excluded.author_ids`,
);

/** Notes that messages of a channel were deleted. The caller must hold the lock of the channel's counter. */
export async function saveGaps(tx: Tx, channelId: bigint, deleted: readonly DeletedPost[]): Promise<void> {
  await tx.run(insertGaps, [channelId, deleted.map((post) => post.ordinal), deleted.map((post) => post.poster_id)]);
}

/** Counts the deleted messages of one author with ordinals in a range. */
export async function countDeletedOf(tx: Pick<Tx, 'q'>, channelId: bigint, authorId: bigint, { after, upTo }: { after: number; upTo: number }): Promise<number> {
  const [first, last] = [Math.floor(after / GAP_BUCKET), Math.floor(upTo / GAP_BUCKET)];
  // Only the rows at the ends are unnested: a channel may have millions of deleted messages.
  const { rows } = await sql<{ n: bigint }>`
    SELECT COALESCE(sum(CASE WHEN g.bucket > ${first} AND g.bucket < ${last} THEN cardinality(array_positions(g.author_ids, ${authorId}::bigint))
                             ELSE (SELECT count(*) FROM unnest(g.ordinals, g.author_ids) AS d (ordinal, author_id)
                                    WHERE d.ordinal > ${after} AND d.ordinal <= ${upTo} AND d.author_id = ${authorId}) END), 0)::bigint AS n
      FROM channel_gaps AS g WHERE g.channel_id = ${channelId} AND g.bucket BETWEEN ${first} AND ${last}`.execute(tx.q);
  return Number(rows[0]!.n);
}

/** Counts the deleted messages of a channel with ordinals above this one. */
export async function countDeleted(q: Database['q'], channelId: bigint, after = 0): Promise<number> {
  const { rows } = await sql<{ n: bigint }>`
    SELECT COALESCE(sum(CASE WHEN bucket > ${Math.floor(after / GAP_BUCKET)} THEN cardinality(ordinals)
                             ELSE (SELECT count(*) FROM unnest(ordinals) AS o WHERE o > ${after}) END), 0) AS n
      FROM channel_gaps WHERE channel_id = ${channelId} AND bucket >= ${Math.floor(after / GAP_BUCKET)}`.execute(q);
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
 * Counts the messages that a member has not read, by marked id of the channel. Own messages, deleted ones and those that the member has read in topics do not
 * count, so that of a forum this is the sum over its topics. The messages themselves are not read (rule S11, derived counts).
 */
export async function countUnreadPosts(
  q: Database['q'],
  userId: bigint,
  marks: readonly ReadMark[],
  views: ReadonlyMap<bigint, Pick<ChannelView, 'ordinal' | 'own_posts'>>,
): Promise<Map<bigint, number>> {
  const behind = marks.filter((mark) => (views.get(mark.peer_id)?.ordinal ?? 0) > mark.read_ordinal);
  const ownSince = (mark: ReadMark): number => views.get(mark.peer_id)!.own_posts - mark.own_at_read;
  const [deleted, ahead] = await Promise.all([countDeletedByOthers(q, userId, behind, ownSince), countReadAhead(q, userId, behind.map((mark) => mark.peer_id))]);
  return new Map(
    behind.map((mark) => {
      const view = views.get(mark.peer_id)!;
      return [mark.peer_id, Math.max(0, view.ordinal - mark.read_ordinal - ownSince(mark) - (deleted.get(mark.peer_id) ?? 0) - (ahead.get(mark.peer_id) ?? 0))];
    }),
  );
}

/**
 * Counts the deleted messages after each read mark that other users had written. A row holds the deleted messages of a range of ordinals, as arrays. A
 * channel may have millions of them, so only the arrays of the row that contains the mark are unnested. Of later rows, the length of the array is
 * counted, less the user's own messages if the user has written since the mark.
 */
async function countDeletedByOthers(q: Database['q'], userId: bigint, marks: readonly ReadMark[], ownSince: (mark: ReadMark) => number): Promise<Map<bigint, number>> {
  if (marks.length === 0) return new Map();
  const { channelIds } = splitMarkedIds(marks.map((mark) => mark.peer_id));
  const { rows } = await sql<{ peer_id: bigint; n: bigint }>`
    SELECT w.peer_id,
           sum(CASE WHEN g.bucket = w.after / ${sql.lit(GAP_BUCKET)}
                    THEN (SELECT count(*) FROM unnest(g.ordinals, g.author_ids) AS d (ordinal, author_id) WHERE d.ordinal > w.after AND d.author_id <> ${userId})
                    WHEN w.wrote THEN cardinality(g.ordinals) - cardinality(array_positions(g.author_ids, ${userId}::bigint))
                    ELSE cardinality(g.ordinals) END)::bigint AS n
      FROM unnest(${channelIds}::bigint[], ${marks.map((mark) => mark.peer_id)}::bigint[], ${marks.map((mark) => mark.read_ordinal)}::integer[],
                  ${marks.map((mark) => ownSince(mark) > 0)}::boolean[]) AS w (channel_id, peer_id, after, wrote)
      JOIN channel_gaps AS g ON g.channel_id = w.channel_id AND g.bucket >= w.after / ${sql.lit(GAP_BUCKET)}
     GROUP BY w.peer_id`.execute(q);
  return new Map(rows.map((row) => [row.peer_id, Number(row.n)]));
}
