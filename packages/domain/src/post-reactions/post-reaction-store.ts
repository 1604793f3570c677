import { type Database, defineStatement, type Tables, type Tx } from '@aerogram/storage';
import type { Selectable } from 'kysely';

/** How many reactions a post has. */
export type ReactionTotals = Selectable<Tables['reaction_totals']>;

/** A reaction that somebody gave to a post. */
export type GivenReaction = Selectable<Tables['channel_reactions']>;

/** A post of a supergroup or channel. */
export interface ReactedPost {
  /** The plain id. */
  channelId: bigint;
  msgId: number;
}

/** Maximum number of different reactions to one post; sent to clients in help.getAppConfig (`reactions_uniq_max`). */
export const UNIQUE_REACTIONS_MAX = 11;
/** How many of the newest reactions a post shows. */
export const RECENT_MAX = 3;
/** Above the place of every reaction. */
const LAST_PLACE = 2 ** 31 - 1;

const lockRow = defineStatement<ReactionTotals>('lock_reaction_totals', 'SELECT * FROM reaction_totals WHERE channel_id = $1 AND msg_id = $2 FOR UPDATE');

// The lock of the post keeps it from being deleted before its totals are there, which are deleted with it.
const insertRow = defineStatement(
  'begin_reaction_totals',
  `INSERT INTO reaction_totals (channel_id, msg_id, version, place, seen_place, emoticons, counts, recent, has_unseen)
   SELECT p.channel_id, p.msg_id, 0, 0, 0, '{}', '{}', '[]', false FROM channel_messages p WHERE p.channel_id = $1 AND p.msg_id = $2 FOR KEY SHARE
   ON CONFLICT DO NOTHING`,
);

/** Locks the totals of a post; undefined if there are none. */
export async function lockTotals(tx: Tx, { channelId, msgId }: ReactedPost): Promise<ReactionTotals | undefined> {
  return (await tx.run(lockRow, [channelId, msgId])).rows[0];
}

/** Locks the totals of a post, and begins them with its first reaction; undefined for a post that does not exist. */
export async function openTotals(tx: Tx, post: ReactedPost): Promise<ReactionTotals | undefined> {
  const known = await lockTotals(tx, post);
  if (known !== undefined) return known;
  await tx.run(insertRow, [post.channelId, post.msgId]);
  return lockTotals(tx, post);
}

const readOf = defineStatement<GivenReaction>(
  'read_reactions_of',
  'SELECT * FROM channel_reactions WHERE channel_id = $1 AND msg_id = $2 AND user_id = ANY ($3::bigint[]) ORDER BY place',
);

/** Lists what these accounts have given to a post, oldest first. */
export async function listGivenBy(tx: Tx, { channelId, msgId }: ReactedPost, userIds: readonly bigint[]): Promise<GivenReaction[]> {
  return (await tx.run(readOf, [channelId, msgId, userIds])).rows;
}

const changeRows = defineStatement(
  'change_channel_reactions',
  `WITH taken AS (
     DELETE FROM channel_reactions r USING unnest($3::bigint[], $4::text[]) AS t (user_id, emoticon)
      WHERE r.channel_id = $1 AND r.msg_id = $2 AND r.user_id = t.user_id AND r.emoticon = t.emoticon
   )
   INSERT INTO channel_reactions (channel_id, msg_id, user_id, emoticon, as_id, place, date, big)
   SELECT $1::bigint, $2::integer, g.user_id, g.emoticon, g.as_id, g.place, g.date, g.big
     FROM unnest($5::bigint[], $6::text[], $7::bigint[], $8::integer[], $9::integer[], $10::boolean[]) AS g (user_id, emoticon, as_id, place, date, big)`,
);

/** What one transaction changes of the reactions to a post. Nothing is both taken back and given. */
export interface ReactionChange {
  given: readonly GivenReaction[];
  taken: readonly Pick<GivenReaction, 'user_id' | 'emoticon' | 'place'>[];
}

/** Writes who gave what. The totals of the post must be locked, and {@link saveTotalsLast} must follow. */
export async function changeReactions(tx: Tx, { channelId, msgId }: ReactedPost, { given, taken }: ReactionChange): Promise<void> {
  await tx.run(changeRows, [
    channelId,
    msgId,
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
  'UPDATE reaction_totals SET version = $3, place = $4, seen_place = $5, emoticons = $6::text[], counts = $7::integer[], recent = $8::jsonb, has_unseen = $9, bot_news = $10 WHERE channel_id = $1 AND msg_id = $2',
);

/** Writes the totals of a post, which are locked, together with the COMMIT. */
export function saveTotalsLast(tx: Tx, totals: ReactionTotals): void {
  const { channel_id, msg_id, version, place, seen_place, emoticons, counts, recent, has_unseen, bot_news } = totals;
  tx.runLast(saveRow, [channel_id, msg_id, version, place, seen_place, emoticons, counts, JSON.stringify(recent), has_unseen, bot_news]);
}

const endNews = defineStatement<ReactionTotals>(
  'end_bot_news',
  'UPDATE reaction_totals SET bot_news = false WHERE channel_id = $1 AND msg_id = $2 AND bot_news RETURNING *',
);

/** Notes that bots are told of the totals of a post. @returns the totals; undefined if they are gone, or are told already */
export async function endBotNews(tx: Tx, { channelId, msgId }: ReactedPost): Promise<ReactionTotals | undefined> {
  return (await tx.run(endNews, [channelId, msgId])).rows[0];
}

// The index has the places of one emoji in order, and a post has few different ones.
const readPage = defineStatement<GivenReaction>(
  'list_channel_reactions',
  `SELECT r.* FROM unnest($3::text[]) AS e (emoticon)
    CROSS JOIN LATERAL (SELECT * FROM channel_reactions c WHERE c.channel_id = $1 AND c.msg_id = $2 AND c.emoticon = e.emoticon AND c.place < $4::integer ORDER BY c.place DESC LIMIT $5) AS r
    ORDER BY r.place DESC LIMIT $5`,
);

/** Lists the reactions to a post with one of these emoji, newest first. @param before only those with a lower place */
export async function listReactionPage(
  reads: Pick<Database, 'run'>,
  { channelId, msgId }: ReactedPost,
  { emoticons, before = LAST_PLACE, limit }: { emoticons: readonly string[]; before?: number | undefined; limit: number },
): Promise<GivenReaction[]> {
  return (await reads.run(readPage, [channelId, msgId, emoticons, before, limit])).rows;
}

const findUnseen = defineStatement<{ found: boolean }>(
  'find_unseen_reaction',
  `SELECT EXISTS (SELECT FROM unnest($3::text[]) AS e (emoticon) JOIN channel_reactions c ON c.channel_id = $1 AND c.msg_id = $2 AND c.emoticon = e.emoticon AND c.place > $4::integer
                   WHERE c.user_id <> $5::bigint) AS found`,
);

/** Whether somebody else than its author has given a reaction to a post that the author has not seen. */
export async function hasUnseen(tx: Tx, totals: ReactionTotals, authorId: bigint): Promise<boolean> {
  const { channel_id, msg_id, emoticons, seen_place } = totals;
  return (await tx.run(findUnseen, [channel_id, msg_id, emoticons, seen_place, authorId])).rows[0]!.found;
}

const readTotals = defineStatement<ReactionTotals>(
  'read_reaction_totals',
  'SELECT t.* FROM unnest($1::bigint[], $2::integer[]) AS w (channel_id, msg_id) JOIN reaction_totals t USING (channel_id, msg_id)',
);

const readOwn = defineStatement<GivenReaction>(
  'read_own_reactions',
  'SELECT r.* FROM unnest($1::bigint[], $2::integer[]) AS w (channel_id, msg_id) JOIN channel_reactions r USING (channel_id, msg_id) WHERE r.user_id = $3 ORDER BY r.place',
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
  const { rows } = await reads.run(readTotals, [posts.map((post) => post.channelId), posts.map((post) => post.msgId)]);
  const found = new Map(rows.map((totals): [string, FoundReactions] => [keyOfPost({ channelId: totals.channel_id, msgId: totals.msg_id }), { totals, own: [] }]));
  if (viewerId === undefined || rows.length === 0) return found;
  const own = await reads.run(readOwn, [rows.map((row) => row.channel_id), rows.map((row) => row.msg_id), viewerId]);
  for (const row of own.rows) found.get(keyOfPost({ channelId: row.channel_id, msgId: row.msg_id }))?.own.push(row);
  return found;
}

/** The name of a post in maps. */
export const keyOfPost = ({ channelId, msgId }: ReactedPost): string => `${channelId}:${msgId}`;

const markRead = defineStatement(
  'mark_reactions_seen',
  'UPDATE reaction_totals SET seen_place = place, has_unseen = false, version = version + 1 WHERE channel_id = $1 AND msg_id = ANY ($2::integer[]) AND has_unseen',
);

/** Marks all reactions to posts as seen by their author. What the author's account stores of it has to follow, see `settleUnseen`. */
export async function markReactionsSeen(tx: Tx, channelId: bigint, msgIds: readonly number[]): Promise<void> {
  await tx.run(markRead, [channelId, msgIds]);
}

const findShown = defineStatement<{ found: boolean }>(
  'find_shown_reactor',
  `SELECT EXISTS (SELECT FROM channel_reactions WHERE channel_id = $1 AND msg_id = $2 AND user_id = $3 AND as_id IS NULL)
       OR EXISTS (SELECT FROM channel_reactions WHERE channel_id = $1 AND as_id = $3 AND msg_id = $2) AS found`,
);

/** Whether somebody, by marked id, is shown as one who has reacted to a post. */
export async function hasShown(reads: Pick<Database, 'run'>, { channelId, msgId }: ReactedPost, shownId: bigint): Promise<boolean> {
  return (await reads.run(findShown, [channelId, msgId, shownId])).rows[0]!.found;
}

const readUnseen = defineStatement<{ msg_id: number; top_id: number | null }>(
  'read_unseen_reactions',
  `SELECT t.msg_id, p.top_id FROM reaction_totals t JOIN channel_messages p USING (channel_id, msg_id)
    WHERE t.channel_id = $1 AND t.msg_id = ANY ($2::integer[]) AND t.has_unseen
      AND EXISTS (SELECT FROM channel_members m WHERE m.channel_id = $1 AND m.user_id = $3 AND m.status = 'member' AND m.all_from IS NULL)`,
);

/** Lists those of an author's messages that have reactions which the author has to see; none for bots, and for people who are not in the group. */
export async function listUnseenPosts(reads: Pick<Database, 'run'>, channelId: bigint, msgIds: readonly number[], authorId: bigint): Promise<{ msg_id: number; top_id: number | null }[]> {
  return (await reads.run(readUnseen, [channelId, msgIds, authorId])).rows;
}

/** Whose reactions are taken back: of an account, shown or not; or those that show an account or a channel as their author. */
export type ReactorQuery = { userId: bigint } | { channelId: bigint; shownId: bigint };

const findOfAccount = defineStatement<{ channel_id: bigint; msg_id: number }>(
  'list_reacted_posts_of_account',
  'SELECT DISTINCT channel_id, msg_id FROM (SELECT channel_id, msg_id FROM channel_reactions WHERE user_id = $1 LIMIT $2) AS r',
);

const findOfMember = defineStatement<{ channel_id: bigint; msg_id: number }>(
  'list_reacted_posts_of_member',
  'SELECT DISTINCT channel_id, msg_id FROM (SELECT channel_id, msg_id FROM channel_reactions WHERE user_id = $2 AND channel_id = $1 AND as_id IS NULL LIMIT $3) AS r',
);

const findAsChannel = defineStatement<{ channel_id: bigint; msg_id: number }>(
  'list_reacted_posts_as_channel',
  'SELECT DISTINCT channel_id, msg_id FROM (SELECT channel_id, msg_id FROM channel_reactions WHERE channel_id = $1 AND as_id = $2 LIMIT $3) AS r',
);

/** Lists some posts to which somebody has reacted. */
export async function listReactedPosts(reads: Pick<Database, 'run'>, reactor: ReactorQuery, limit: number): Promise<ReactedPost[]> {
  const { rows } = await ('userId' in reactor
    ? reads.run(findOfAccount, [reactor.userId, limit])
    : reads.run(reactor.shownId > 0n ? findOfMember : findAsChannel, [reactor.channelId, reactor.shownId, limit]));
  return rows.map(({ channel_id: channelId, msg_id: msgId }) => ({ channelId, msgId }));
}

const takeOf = defineStatement<GivenReaction>(
  'take_reactions_of',
  `DELETE FROM channel_reactions WHERE channel_id = $1 AND msg_id = $2 AND (user_id = $3::bigint OR (user_id = $4::bigint AND as_id IS NULL) OR as_id = $4::bigint) RETURNING *`,
);

/** Takes back what somebody has given to a post. The totals must be locked, if there are any, and saved afterwards. @returns what was taken back */
export async function takeReactionsOf(tx: Tx, { channelId, msgId }: ReactedPost, reactor: ReactorQuery): Promise<GivenReaction[]> {
  const [userId, shownId] = 'userId' in reactor ? [reactor.userId, null] : [null, reactor.shownId];
  return (await tx.run(takeOf, [channelId, msgId, userId, shownId])).rows;
}
