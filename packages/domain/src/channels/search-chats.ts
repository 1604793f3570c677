import { CHANNEL_OFFSET } from '@aerogram/cluster';
import { type Database, sql } from '@aerogram/storage';

import { type ChannelRow, ChannelFlag, type ChatRow, type Chats, isChatRow, markedIdOf, mayDo, standingIn } from '../chats/index.ts';
import { listFollowedChats } from '../dialogs/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { CHANNEL_WORDS, queryWords, rankWords, selectByWords, wordsOf } from '../users/index.ts';

/** Maximum number of the viewer's own groups and channels whose names are searched. */
const OWN_MAX = 1000;
/** Maximum number of index rows examined for a single word. */
const CANDIDATES_MAX = 2000;

/** Which groups and channels to find by name. */
export interface ChatNameQuery {
  text: string;
  limit: number;
  /** Only broadcast channels. */
  broadcasts: boolean;
}

/** The groups and channels that a search found, by marked id: those with exactly that username first, then those with the most members. */
export interface FoundChats {
  /** Those that the viewer is in. */
  own: bigint[];
  /** Other public ones, which the viewer may read. */
  others: bigint[];
}

/** The dependencies of {@link searchChats}. */
export interface SearchChatsDeps extends Pick<DomainDeps, 'clock'> {
  db: Database;
  chats: Pick<Chats, 'findRows' | 'findMember'>;
}

/** Finds groups and channels in whose titles and usernames every word of the query is the beginning of a word. */
export async function searchChats(deps: SearchChatsDeps, viewerId: bigint, query: ChatNameQuery): Promise<FoundChats> {
  const words = queryWords(query.text);
  if (words.length === 0) return { own: [], others: [] };
  const [own, found] = await Promise.all([searchOwn(deps, viewerId, words, query), searchPublic(deps, viewerId, words, query)]);
  return { own, others: found.slice(0, query.limit) };
}

/** Searches the names of the groups and channels that the viewer is in. */
async function searchOwn({ db, chats, clock }: SearchChatsDeps, viewerId: bigint, words: readonly string[], { text, limit, broadcasts }: ChatNameQuery): Promise<bigint[]> {
  const peerIds = await listFollowedChats(db.q, viewerId, OWN_MAX);
  const rows = [...(await chats.findRows(peerIds)).values()].filter((row) => (!broadcasts || isBroadcast(row)) && fits(row, words));
  const members = await Promise.all(rows.map((row) => chats.findMember(markedIdOf(row), viewerId)));
  const mine = rows.filter((row, at) => {
    const { status, closed } = standingIn(row, members[at], clock.now());
    return status === 'member' && !closed;
  });
  const exact = usernameIn(text);
  const rank = (row: ChatRow | ChannelRow): number => (!isChatRow(row) && row.username?.toLowerCase() === exact ? 1 : 0);
  return mine
    .toSorted((a, b) => rank(b) - rank(a) || b.members - a.members)
    .slice(0, limit)
    .map(markedIdOf);
}

/** The username that a query may be, in lower case. Pure. */
export const usernameIn = (query: string): string => query.trim().replace(/^@/, '').toLowerCase();

const isBroadcast = (row: ChatRow | ChannelRow): boolean => !isChatRow(row) && row.kind === 'broadcast';

function fits(row: ChatRow | ChannelRow, words: readonly string[]): boolean {
  const own = wordsOf(isChatRow(row) ? row.title : `${row.username ?? ''} ${row.title}`);
  return words.every((word) => own.some((one) => one.startsWith(word)));
}

/** Searches the words of public channels. Channels from which the viewer was banned are left out. */
async function searchPublic({ db, chats, clock }: SearchChatsDeps, viewerId: bigint, words: readonly string[], { text, limit, broadcasts }: ChatNameQuery): Promise<bigint[]> {
  const candidates = selectByWords(CHANNEL_WORDS, await rankWords(db.q, CHANNEL_WORDS, words), CANDIDATES_MAX);
  if (candidates === undefined) return [];
  const exact = usernameIn(text);
  const { rows } = await sql<{ peer_id: bigint }>`
    SELECT ${-CHANNEL_OFFSET}::bigint - n.channel_id AS peer_id
      FROM (SELECT DISTINCT id FROM (${candidates}) AS c) AS f
      JOIN channels n ON n.channel_id = f.id AND n.username IS NOT NULL AND n.flags & ${ChannelFlag.deleted} = 0
      JOIN channel_heads h ON h.channel_id = f.id
     WHERE NOT ${broadcasts} OR n.kind = 'broadcast'
     ORDER BY lower(n.username) = ${exact} DESC, h.members DESC, n.channel_id LIMIT ${2 * limit}`.execute(db.q);
  const peerIds = rows.map((row) => row.peer_id);
  const [found, members] = await Promise.all([chats.findRows(peerIds), Promise.all(peerIds.map((peerId) => chats.findMember(peerId, viewerId)))]);
  return peerIds.filter((peerId, at) => {
    const row = found.get(peerId);
    if (row === undefined) return false;
    const standing = standingIn(row, members[at], clock.now());
    return standing.status !== 'member' && mayDo(standing, 'view_messages');
  });
}
