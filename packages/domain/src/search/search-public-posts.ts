import { markPeer } from '@aerogram/cluster';
import { pageSize } from '@aerogram/runtime';
import { type Database, defineStatement, type Queries, sql } from '@aerogram/storage';

import { ChannelFlag } from '../chats/index.ts';
import { channelIdOf, type PostRow } from '../events/index.ts';
import { listPostsAt } from '../channel-state/index.ts';
import { projectPublicQuery, projectPublicTerms, type PublicTermsQuery } from './message-terms.ts';
import { useIndexes, useTermIndex } from './planner.ts';
import { LIMIT_MAX } from './search-messages.ts';
import type { WidePlace } from './search-everywhere.ts';
import { TermsOfTexts } from './text-terms.ts';

/** No more matches than this are counted and sorted, because that reads each of them. */
export const PUBLIC_COUNTED_MAX = 5000;
/** If there are more matches, the newest posts are examined in slices, until a page is full or this many posts were examined. */
const EXAMINED_MAX = 50_000;
/** Posts in the first slice. */
const FIRST_SLICE = 2000;

/** A search in the posts of all public broadcast channels, and the requested page. */
export interface PublicPostQuery extends PublicTermsQuery {
  /** Channels from which this user was banned are left out. */
  viewerId: bigint;
  nowDate: number;
  limit: number;
  /** The last post of the previous page; undefined for the first page. */
  after: WidePlace | undefined;
}

/** The result of a search in public posts. */
export interface PublicMatches {
  /** The posts as they are now, newest first. */
  rows: PostRow[];
  count: number;
  /** There are more matches than were counted. */
  inexact?: true;
}

interface Place {
  date: number;
  channel_id: bigint;
  msg_id: number;
}

/**
 * Searches the posts of all public channels. It costs at most the reading of a word's list in the index, of {@link PUBLIC_COUNTED_MAX} matches,
 * and of {@link EXAMINED_MAX} posts, however many posts have the word. Channels and posts are read as they are now, whatever the index says.
 */
export async function searchPublicPosts(db: Database, query: PublicPostQuery): Promise<PublicMatches> {
  const terms = projectPublicQuery(query);
  if (terms === undefined) return { rows: [], count: 0 };
  const { places, count, inexact } = await db.readRepeatable('search-public-posts', async (reads) => {
    await reads.run(useTermIndex, []);
    return findPlaces(reads, terms, query);
  });
  const rows = await findRows(db, terms, places);
  return inexact ? { rows, count, inexact } : { rows, count };
}

async function findPlaces(reads: Queries, terms: string, query: PublicPostQuery): Promise<{ places: Place[]; count: number; inexact?: true }> {
  const limit = pageSize(query.limit, LIMIT_MAX);
  const after = query.after && (await findPlace(reads, query, query.after));
  const { rows } = await sql<{ found: bigint; count: bigint; page: string[] }>`
    WITH found AS MATERIALIZED (
      SELECT channel_id, msg_id, date FROM public_posts WHERE terms @@ ${terms}::tsquery LIMIT ${PUBLIC_COUNTED_MAX + 1}),
    shown AS MATERIALIZED (SELECT p.* FROM found AS p WHERE ${isShown(query)})
    SELECT (SELECT count(*) FROM found) AS found, (SELECT count(*) FROM shown) AS count,
           ARRAY(SELECT date || ' ' || channel_id || ' ' || msg_id FROM shown WHERE ${isOlder(after)}
                  ORDER BY date DESC, channel_id DESC, msg_id DESC LIMIT ${limit}) AS page`.execute(reads.q);
  const { found, count, page } = rows[0]!;
  const places = page.map(parsePlace);
  if (found <= PUBLIC_COUNTED_MAX) return { places, count: Number(count) };
  await reads.run(useIndexes, []);
  const newest = await examineNewest(reads, { terms, query, after, limit });
  const known = new Set(newest.map(keyOf));
  const all = [...newest, ...places.filter((place) => !known.has(keyOf(place)))].toSorted(byDate).slice(0, limit);
  return { places: all, count: PUBLIC_COUNTED_MAX, inexact: true };
}

/** Finds the newest matches among the newest posts. The more posts have a word, the fewer are examined. */
async function examineNewest(reads: Queries, { terms, query, after, limit }: { terms: string; query: PublicPostQuery; after: Place | undefined; limit: number }): Promise<Place[]> {
  const places: Place[] = [];
  let from = after;
  for (let examined = 0, slice = FIRST_SLICE; examined < EXAMINED_MAX && places.length < limit; examined += slice, slice *= 2) {
    const { rows } = await sql<{ size: bigint; last: string | null; page: string[] }>`
      WITH slice AS MATERIALIZED (
        SELECT channel_id, msg_id, date, terms FROM public_posts WHERE ${isOlder(from)}
         ORDER BY date DESC, channel_id DESC, msg_id DESC LIMIT ${Math.min(slice, EXAMINED_MAX - examined)})
      SELECT (SELECT count(*) FROM slice) AS size,
             (SELECT date || ' ' || channel_id || ' ' || msg_id FROM slice ORDER BY date, channel_id, msg_id LIMIT 1) AS last,
             ARRAY(SELECT date || ' ' || channel_id || ' ' || msg_id FROM slice AS p WHERE terms @@ ${terms}::tsquery AND ${isShown(query)}
                    ORDER BY date DESC, channel_id DESC, msg_id DESC LIMIT ${limit - places.length}) AS page`.execute(reads.q);
    const { size, last, page } = rows[0]!;
    places.push(...page.map(parsePlace));
    if (last === null || size < slice) break;
    from = parsePlace(last);
  }
  return places;
}

/** Whether a stranger could read the post `p` now, and the viewer was not banned from its channel. */
function isShown({ viewerId, nowDate }: PublicPostQuery) {
  return sql<boolean>`
    EXISTS (SELECT FROM channels AS c WHERE c.channel_id = p.channel_id AND c.username IS NOT NULL AND c.flags & ${ChannelFlag.deleted} = 0)
    AND NOT EXISTS (SELECT FROM channel_members AS m
                     WHERE m.channel_id = p.channel_id AND m.user_id = ${viewerId} AND m.status = 'banned' AND (m.until_date = 0 OR m.until_date > ${nowDate}))`;
}

function isOlder(place: Place | undefined) {
  if (place === undefined) return sql<boolean>`true`;
  return sql<boolean>`(date, channel_id, msg_id) < (${place.date}::integer, ${place.channel_id}::bigint, ${place.msg_id}::integer)`;
}

/** Where the next page begins. Clients say the date of the last post, which is its rate; if one does not, it is looked up. */
async function findPlace(reads: Queries, query: PublicPostQuery, { owner, msgId, date }: WidePlace): Promise<Place> {
  const channel_id = channelIdOf(owner);
  if (date > 0) return { date, channel_id, msg_id: msgId };
  const { rows } = await sql<{ date: number }>`
    SELECT date FROM public_posts AS p WHERE channel_id = ${channel_id} AND msg_id = ${msgId} AND ${isShown(query)}`.execute(reads.q);
  return { date: rows[0]?.date ?? 0, channel_id, msg_id: msgId };
}

const matchTerms = defineStatement<{ fits: boolean }>(
  'match_public_terms',
  'SELECT t::tsvector @@ $2::tsquery AS fits FROM unnest($1::text[]) WITH ORDINALITY AS n (t, i) ORDER BY i',
);

/** Reads the posts at these places. Posts that were deleted, or edited so that they do not match any more, are left out. */
async function findRows(db: Database, terms: string, places: readonly Place[]): Promise<PostRow[]> {
  const at = places.map(({ channel_id, msg_id }) => ({ peerId: markPeer({ _: 'peerChannel', channel_id }), msgId: msg_id }));
  const found = new Map((await listPostsAt(db, at)).map((row) => [`${row.owner_id} ${row.msg_id}`, row]));
  const rows = at.flatMap(({ peerId, msgId }) => found.get(`${peerId} ${msgId}`) ?? []);
  const edited = rows.filter((row) => row.edit_date !== null);
  if (edited.length === 0) return rows;
  const texts = new TermsOfTexts();
  const fits = (await db.run(matchTerms, [edited.map((row) => projectPublicTerms(row, texts)), terms])).rows;
  const gone = new Set(edited.filter((_row, index) => !fits[index]!.fits));
  return rows.filter((row) => !gone.has(row));
}

function parsePlace(text: string): Place {
  const [date, channelId, msgId] = text.split(' ') as [string, string, string];
  return { date: Number(date), channel_id: BigInt(channelId), msg_id: Number(msgId) };
}

const keyOf = ({ channel_id, msg_id }: Place): string => `${channel_id} ${msg_id}`;

/** Newest first. */
function byDate(a: Place, b: Place): number {
  if (a.date !== b.date) return b.date - a.date;
  if (a.channel_id !== b.channel_id) return a.channel_id > b.channel_id ? -1 : 1;
  return b.msg_id - a.msg_id;
}
