import { type Database, defineStatement, type SqlValue, type Tables, type Tx } from '@aerogram/storage';
import type { Selectable } from 'kysely';

import { LAST_PLACE } from '../shared/index.ts';

/** How many reactions a post has. */
export type ReactionTotals = Selectable<Tables['reaction_totals']>;

/** A reaction that somebody gave to a post. */
export type GivenReaction = Selectable<Tables['given_reactions']>;

/** What names a message of a group or channel for all who see it. */
export interface ReactedPost {
  /** The marked id of the supergroup, channel or basic group. */
  peerId: bigint;
  /** In a supergroup or channel the id of the message; in a basic group its `global_id`. */
  postId: bigint;
}

/** How many of the newest reactions a post shows. */
export const RECENT_MAX = 3;

const lockRow = defineStatement<ReactionTotals>('lock_reaction_totals', 'SELECT * FROM reaction_totals WHERE peer_id = $1 AND post_id = $2 FOR UPDATE');

// The lock of the message keeps it from being deleted before its totals are there, which are deleted with it.
const beginRow = (held: string): string => `WITH held AS (${held} FOR KEY SHARE)
   INSERT INTO reaction_totals (peer_id, post_id, author_id, version, place, seen_place, emoticons, counts, recent, has_unseen)
   SELECT $1::bigint, $2::bigint, $3::bigint, $4::integer, $5::integer, $6::integer, $7::text[], $8::integer[], $9::jsonb, $10::boolean FROM (SELECT FROM held LIMIT 1) AS h
   ON CONFLICT DO NOTHING`;

const beginInChannel = defineStatement('begin_reaction_totals', beginRow('SELECT FROM channel_messages WHERE channel_id = $11 AND msg_id = $12'));

const beginInGroup = defineStatement('begin_group_reaction_totals', beginRow('SELECT FROM messages WHERE owner_id = ANY ($11::bigint[]) AND global_id = $12'));

const valuesOf = ({ peer_id, post_id, author_id, version, place, seen_place, emoticons, counts, recent, has_unseen }: ReactionTotals): SqlValue[] => [
  peer_id, post_id, author_id, version, place, seen_place, emoticons, counts, JSON.stringify(recent), has_unseen,
];

/** Locks the totals of a message; undefined if there are none. */
export async function lockTotals(tx: Tx, { peerId, postId }: ReactedPost): Promise<ReactionTotals | undefined> {
  return (await tx.run(lockRow, [peerId, postId])).rows[0];
}

/** Begins the totals of a message of a supergroup or channel, unless they are there or the message was deleted. @param channelId the plain id */
export async function beginTotalsInChannel(tx: Tx, totals: ReactionTotals, channelId: bigint): Promise<void> {
  await tx.run(beginInChannel, [...valuesOf(totals), channelId, Number(totals.post_id)]);
}

/**
 * Begins the totals of a message of a basic group with the reactions that it has, unless they are there or the message was deleted.
 * @param holders members of whose copies one at least has to be there
 */
export async function beginTotalsInGroup(tx: Tx, totals: ReactionTotals, given: readonly GivenReaction[], holders: readonly bigint[]): Promise<void> {
  const { count } = await tx.run(beginInGroup, [...valuesOf(totals), holders, totals.post_id]);
  if (count > 0 && given.length > 0) await changeReactions(tx, { peerId: totals.peer_id, postId: totals.post_id }, { given, taken: [] });
}

const readOf = defineStatement<GivenReaction>(
  'read_reactions_of',
  'SELECT * FROM given_reactions WHERE peer_id = $1 AND post_id = $2 AND user_id = ANY ($3::bigint[]) ORDER BY place',
);

/** Lists what these accounts have given to a post, oldest first. */
export async function listGivenBy(tx: Tx, { peerId, postId }: ReactedPost, userIds: readonly bigint[]): Promise<GivenReaction[]> {
  return (await tx.run(readOf, [peerId, postId, userIds])).rows;
}

const changeRows = defineStatement(
  'change_given_reactions',
  `WITH taken AS (
     DELETE FROM given_reactions r USING unnest($3::bigint[], $4::text[]) AS t (user_id, emoticon)
      WHERE r.peer_id = $1 AND r.post_id = $2 AND r.user_id = t.user_id AND r.emoticon = t.emoticon
   )
   INSERT INTO given_reactions (peer_id, post_id, user_id, emoticon, as_id, place, date, big)
   SELECT $1::bigint, $2::bigint, g.user_id, g.emoticon, g.as_id, g.place, g.date, g.big
     FROM unnest($5::bigint[], $6::text[], $7::bigint[], $8::integer[], $9::integer[], $10::boolean[]) AS g (user_id, emoticon, as_id, place, date, big)`,
);

/** What one transaction changes of the reactions to a post. Nothing is both taken back and given. */
export interface ReactionChange {
  given: readonly GivenReaction[];
  taken: readonly Pick<GivenReaction, 'user_id' | 'emoticon' | 'place'>[];
}

/** Writes who gave what. The totals of the post must be locked, and {@link saveTotalsLast} must follow. */
export async function changeReactions(tx: Tx, { peerId, postId }: ReactedPost, { given, taken }: ReactionChange): Promise<void> {
  await tx.run(changeRows, [
    peerId,
    postId,
    taken.map((row) => row.user_id),
    taken.map((row) => row.emoticon),
    given.map((row) => row.user_id),
    given.map((row) => row.emoticon),
    given.map((row) => row.as_id),
    given.map((row) => row.place),
    given.map((row) => row.date),
    given.map((row) => row.big),
  ]);
}

const saveRow = defineStatement(
  'save_reaction_totals',
  'UPDATE reaction_totals SET version = $3, place = $4, seen_place = $5, emoticons = $6::text[], counts = $7::integer[], recent = $8::jsonb, has_unseen = $9, bot_news = $10 WHERE peer_id = $1 AND post_id = $2',
);

/** Writes the totals of a post, which are locked, together with the COMMIT. */
export function saveTotalsLast(tx: Tx, totals: ReactionTotals): void {
  const { peer_id, post_id, version, place, seen_place, emoticons, counts, recent, has_unseen, bot_news } = totals;
  tx.runLast(saveRow, [peer_id, post_id, version, place, seen_place, emoticons, counts, JSON.stringify(recent), has_unseen, bot_news]);
}

const takeNews = defineStatement<ReactionTotals>('take_bot_news_of_reactions', 'UPDATE reaction_totals SET bot_news = false WHERE peer_id = $1 AND post_id = $2 AND bot_news RETURNING *');

/** Ends that bots are to be told of the totals of a post. @returns the totals; undefined if they are gone, or bots were told already */
export async function takeBotNews(tx: Tx, { peerId, postId }: ReactedPost): Promise<ReactionTotals | undefined> {
  return (await tx.run(takeNews, [peerId, postId])).rows[0];
}

// The index has the places of one emoji in order, and a post has few different ones.
const readPage = defineStatement<GivenReaction>(
  'list_given_reactions',
  `SELECT r.* FROM unnest($3::text[]) AS e (emoticon)
    CROSS JOIN LATERAL (SELECT * FROM given_reactions c WHERE c.peer_id = $1 AND c.post_id = $2 AND c.emoticon = e.emoticon AND c.place < $4::integer ORDER BY c.place DESC LIMIT $5) AS r
    ORDER BY r.place DESC LIMIT $5`,
);

/** Lists the reactions to a post with one of these emoji, newest first. @param before only those with a lower place */
export async function listReactionPage(
  reads: Pick<Database, 'run'>,
  { peerId, postId }: ReactedPost,
  { emoticons, before = LAST_PLACE, limit }: { emoticons: readonly string[]; before?: number | undefined; limit: number },
): Promise<GivenReaction[]> {
  return (await reads.run(readPage, [peerId, postId, emoticons, before, limit])).rows;
}

const findUnseen = defineStatement<{ found: boolean }>(
  'find_unseen_reaction',
  `SELECT EXISTS (SELECT FROM unnest($3::text[]) AS e (emoticon) JOIN given_reactions c ON c.peer_id = $1 AND c.post_id = $2 AND c.emoticon = e.emoticon AND c.place > $4::integer
                   WHERE c.user_id <> $5::bigint) AS found`,
);

/** Whether somebody else than its author has given a reaction to a message that the author has not seen. */
export async function hasUnseen(tx: Tx, totals: ReactionTotals, authorId: bigint): Promise<boolean> {
  const { peer_id, post_id, emoticons, seen_place } = totals;
  return (await tx.run(findUnseen, [peer_id, post_id, emoticons, seen_place, authorId])).rows[0]!.found;
}

const readTotals = defineStatement<ReactionTotals>(
  'read_reaction_totals',
  'SELECT t.* FROM unnest($1::bigint[], $2::bigint[]) AS w (peer_id, post_id) JOIN reaction_totals t USING (peer_id, post_id)',
);

const readOwn = defineStatement<GivenReaction>(
  'read_own_reactions',
  'SELECT r.* FROM unnest($1::bigint[], $2::bigint[]) AS w (peer_id, post_id) JOIN given_reactions r USING (peer_id, post_id) WHERE r.user_id = $3 ORDER BY r.place',
);

/** What posts show of reactions, by {@link keyOfPost}. Posts without any are left out. */
export interface FoundReactions {
  totals: ReactionTotals;
  /** What the viewer has given, oldest first. */
  own: GivenReaction[];
}

/** Reads the reactions to posts. @param viewerId undefined: what a single viewer has given is not read */
export async function findReactions(reads: Pick<Database, 'run'>, posts: readonly ReactedPost[], viewerId: bigint | undefined): Promise<Map<string, FoundReactions>> {
  if (posts.length === 0) return new Map();
  const { rows } = await reads.run(readTotals, [posts.map((post) => post.peerId), posts.map((post) => post.postId)]);
  const found = new Map(rows.map((totals): [string, FoundReactions] => [keyOfPost(postOf(totals)), { totals, own: [] }]));
  if (viewerId === undefined || rows.length === 0) return found;
  const own = await reads.run(readOwn, [rows.map((row) => row.peer_id), rows.map((row) => row.post_id), viewerId]);
  for (const row of own.rows) found.get(keyOfPost(postOf(row)))?.own.push(row);
  return found;
}

/** The name of a post in maps. */
export const keyOfPost = ({ peerId, postId }: ReactedPost): string => `${peerId}:${postId}`;

/** What names the message of a row. Pure. */
export const postOf = ({ peer_id: peerId, post_id: postId }: Pick<GivenReaction, 'peer_id' | 'post_id'>): ReactedPost => ({ peerId, postId });

const markRead = defineStatement(
  'mark_reactions_seen',
  'UPDATE reaction_totals SET seen_place = place, has_unseen = false, version = version + 1 WHERE peer_id = $1 AND post_id = ANY ($2::bigint[]) AND has_unseen',
);

/** Marks all reactions to posts as seen by their author. What the author's account stores of it has to follow, see `settleUnseen`. */
export async function markReactionsSeen(tx: Tx, peerId: bigint, postIds: readonly bigint[]): Promise<void> {
  await tx.run(markRead, [peerId, postIds]);
}

/** So many reactions to a message, the newest, are judged. */
const NEWS_MAX = 10;

const newestUnseen = defineStatement<GivenReaction>(
  'list_newest_unseen_reactions',
  `SELECT r.* FROM unnest($2::bigint[]) AS w (post_id)
     JOIN reaction_totals t ON t.peer_id = $1 AND t.post_id = w.post_id AND t.author_id = $3 AND t.has_unseen
    CROSS JOIN LATERAL (
      SELECT given.* FROM unnest(t.emoticons) AS e (emoticon)
       CROSS JOIN LATERAL (SELECT c.* FROM given_reactions c WHERE c.peer_id = $1 AND c.post_id = t.post_id AND c.emoticon = e.emoticon AND c.place > t.seen_place AND c.user_id <> $3
                            ORDER BY c.place DESC LIMIT ${NEWS_MAX}) AS given
       ORDER BY given.place DESC LIMIT ${NEWS_MAX}) AS r
    ORDER BY r.post_id, r.place DESC`,
);

/** Lists the newest reactions of others to each of these messages of an author that the author has not seen, the newest first. */
export async function listNewestUnseen(reads: Pick<Database, 'run'>, { authorId, peerId, postIds }: { authorId: bigint; peerId: bigint; postIds: readonly bigint[] }): Promise<GivenReaction[]> {
  return (await reads.run(newestUnseen, [peerId, postIds, authorId])).rows;
}

const findShown = defineStatement<{ found: boolean }>(
  'find_shown_reactor',
  `SELECT EXISTS (SELECT FROM given_reactions WHERE peer_id = $1 AND post_id = $2 AND user_id = $3 AND as_id IS NULL)
       OR EXISTS (SELECT FROM given_reactions WHERE peer_id = $1 AND as_id = $3 AND post_id = $2) AS found`,
);

/** Whether somebody, by marked id, is shown as one who has reacted to a post. */
export async function hasShown(reads: Pick<Database, 'run'>, { peerId, postId }: ReactedPost, shownId: bigint): Promise<boolean> {
  return (await reads.run(findShown, [peerId, postId, shownId])).rows[0]!.found;
}

const readUnseen = defineStatement<{ post_id: bigint }>(
  'read_unseen_reactions',
  'SELECT post_id FROM reaction_totals WHERE peer_id = $1 AND post_id = ANY ($2::bigint[]) AND has_unseen ORDER BY post_id',
);

/** Lists those of these messages that have reactions which their author has to see. */
export async function listUnseenPosts(reads: Pick<Database, 'run'>, peerId: bigint, postIds: readonly bigint[]): Promise<bigint[]> {
  return (await reads.run(readUnseen, [peerId, postIds])).rows.map((row) => row.post_id);
}

const listUnseen = defineStatement<{ post_id: bigint }>(
  'list_unseen_reactions_of_author',
  'SELECT post_id FROM reaction_totals WHERE peer_id = $1 AND author_id = $2 AND has_unseen ORDER BY post_id DESC LIMIT $3',
);

/** Lists the newest messages of an author in a group that have reactions which the author has to see. */
export async function listUnseenPostsOf(reads: Pick<Database, 'run'>, peerId: bigint, authorId: bigint, limit: number): Promise<bigint[]> {
  return (await reads.run(listUnseen, [peerId, authorId, limit])).rows.map((row) => row.post_id);
}

/** Whose reactions are taken back: of an account, shown or not; or those that show an account or a channel as their author. */
export type ReactorQuery = { userId: bigint } | { peerId: bigint; shownId: bigint };

const findOfAccount = defineStatement<Pick<GivenReaction, 'peer_id' | 'post_id'>>(
  'list_reacted_posts_of_account',
  'SELECT DISTINCT peer_id, post_id FROM (SELECT peer_id, post_id FROM given_reactions WHERE user_id = $1 LIMIT $2) AS r',
);

const findOfMember = defineStatement<Pick<GivenReaction, 'peer_id' | 'post_id'>>(
  'list_reacted_posts_of_member',
  'SELECT DISTINCT peer_id, post_id FROM (SELECT peer_id, post_id FROM given_reactions WHERE user_id = $2 AND peer_id = $1 AND as_id IS NULL LIMIT $3) AS r',
);

const findAsChannel = defineStatement<Pick<GivenReaction, 'peer_id' | 'post_id'>>(
  'list_reacted_posts_as_channel',
  'SELECT DISTINCT peer_id, post_id FROM (SELECT peer_id, post_id FROM given_reactions WHERE peer_id = $1 AND as_id = $2 LIMIT $3) AS r',
);

/** Lists some posts to which somebody has reacted. */
export async function listReactedPosts(reads: Pick<Database, 'run'>, reactor: ReactorQuery, limit: number): Promise<ReactedPost[]> {
  const { rows } = await ('userId' in reactor
    ? reads.run(findOfAccount, [reactor.userId, limit])
    : reads.run(reactor.shownId > 0n ? findOfMember : findAsChannel, [reactor.peerId, reactor.shownId, limit]));
  return rows.map(postOf);
}

const takeOf = defineStatement<GivenReaction>(
  'take_reactions_of',
  `DELETE FROM given_reactions WHERE peer_id = $1 AND post_id = $2 AND (user_id = $3::bigint OR (user_id = $4::bigint AND as_id IS NULL) OR as_id = $4::bigint) RETURNING *`,
);

/** Takes back what somebody has given to a post. The totals must be locked, if there are any, and saved afterwards. @returns what was taken back */
export async function takeReactionsOf(tx: Tx, { peerId, postId }: ReactedPost, reactor: ReactorQuery): Promise<GivenReaction[]> {
  const [userId, shownId] = 'userId' in reactor ? [reactor.userId, null] : [null, reactor.shownId];
  return (await tx.run(takeOf, [peerId, postId, userId, shownId])).rows;
}
