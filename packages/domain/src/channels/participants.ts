import { pageSize } from '@aerogram/runtime';
import { type Database, sql } from '@aerogram/storage';

import { listUnmet } from '../acceptance/index.ts';
import { type ChannelMemberRow, findChannelMembers } from '../chats/index.ts';
import type { UserRow } from '../peers/index.ts';
import { searchWords, wordsOf } from '../users/index.ts';
import { anonymousBeside, type ChannelIds, countOnlineIn, isAnonymousBeside, OFFSET_MAX, type RecentMembers, type RecentOrder } from '../channel-state/index.ts';

/** Maximum number of members in one answer. */
const LIMIT_MAX = 200;
/** Maximum number of members whose names a search reads. Other members are found by the index of public users, and by the contacts of the viewer. */
const SEARCHED_MAX = 2_000;
/** Maximum number of words of a search. */
const WANTED_MAX = 16;

/** A list of the members of a channel. */
export type ParticipantFilter =
  | { kind: 'recent' | 'admins' | 'kicked' | 'banned' | 'bots' }
  | { kind: 'search'; q: string }
  | { kind: 'contacts'; q: string; userIds: readonly bigint[] };

export interface ParticipantPage {
  filter: ParticipantFilter;
  offset: number;
  limit: number;
}

export interface ParticipantSlice {
  rows: ChannelMemberRow[];
  /** Number of all that match. */
  count: number;
}

/** How members are found by name. */
export interface NameSearch {
  /** Reads users, to search in their names. */
  findNames(userIds: readonly bigint[]): Promise<Map<bigint, UserRow>>;
  /** Lists contacts of the viewer and public users, whether members or not, whose names match the text. */
  findByName(q: string): Promise<readonly bigint[]>;
}

/**
 * Counts the members who are online, without those who have not accepted their places and to whom the viewer is a stranger. Of a large group, only the
 * {@link OFFSET_MAX} members who joined last are counted, and nobody is left out: the list is the same for all viewers.
 */
export async function countOnlineMembers(db: Database, { channelId, peerId }: ChannelIds, viewerId: bigint, context: Omit<ListContext, keyof NameSearch>): Promise<number> {
  const { nowDate, ordinaryId } = context;
  if (isLarge(context)) return countOnlineIn(await findRecent(channelId, context), nowDate);
  const { rows } = await sql<{ user_id: bigint }>`
    SELECT user_id
      FROM channel_members JOIN users USING (user_id)
     WHERE channel_id = ${channelId} AND status = 'member' ${ordinaryId === undefined ? sql`` : sql`AND NOT ${anonymousBeside(ordinaryId)}`} AND users.online_date > ${nowDate}`.execute(db.q);
  const unmet = await listUnmet(db, peerId, rows.map((row) => row.user_id), viewerId);
  return rows.length - unmet.size;
}

/** What a list of members depends on, besides the rows. */
export interface ListContext extends NameSearch {
  /** Number of members of the channel. */
  memberCount: number;
  /** Id of a viewer from whom the anonymous admins (except themselves) are hidden; undefined if the viewer may see them. */
  ordinaryId: bigint | undefined;
  recent: Pick<RecentMembers, 'find'>;
  nowDate: number;
}

/** Whether the sorted list of members is taken from the cache {@link RecentMembers}. For smaller groups it is read from the database each time. */
function isLarge({ memberCount }: Pick<ListContext, 'memberCount'>): boolean {
  return memberCount > LIMIT_MAX;
}

function findRecent(channelId: bigint, { memberCount, ordinaryId, recent, nowDate }: Omit<ListContext, keyof NameSearch>): Promise<RecentOrder> {
  return recent.find(channelId, { memberCount, isOrdinary: ordinaryId !== undefined, nowDate });
}

/** Finds the users with these ids who are members now and whom the viewer may see, in no order. */
async function findShown(db: Database, channelId: bigint, userIds: readonly bigint[], { ordinaryId }: ListContext): Promise<ChannelMemberRow[]> {
  const rows = await findChannelMembers(db, userIds.map((userId) => ({ id: channelId, userId })));
  return rows.filter((row) => row.status === 'member' && (ordinaryId === undefined || !isAnonymousBeside(row, ordinaryId)));
}

/** Finds the users with these ids who are members now and whom the viewer may see, in the order of the ids. */
async function findInOrder(db: Database, channelId: bigint, userIds: readonly bigint[], context: ListContext): Promise<ChannelMemberRow[]> {
  const rows = new Map((await findShown(db, channelId, userIds, context)).map((row) => [row.user_id, row]));
  return userIds.flatMap((userId) => rows.get(userId) ?? []);
}

/** Reads a page of a channel's members. */
export async function listParticipants(
  db: Database,
  channelId: bigint,
  { filter, offset, limit }: ParticipantPage,
  context: ListContext,
): Promise<ParticipantSlice> {
  const { memberCount, ordinaryId } = context;
  const [from, size] = [Math.min(Math.max(offset, 0), OFFSET_MAX), pageSize(limit, LIMIT_MAX)];
  const isHidden = anonymousBeside(ordinaryId ?? 0n);
  const select = () => db.q.selectFrom('channel_members').selectAll().where('channel_id', '=', channelId).$if(ordinaryId !== undefined, (query) => query.where(sql<boolean>`NOT ${isHidden}`));
  const members = () => select().where('status', '=', 'member').orderBy('date', 'desc').orderBy('user_id');
  /** The members who joined last, in the order in which they were last online. */
  const seen = () =>
    db.q
      .selectFrom(members().limit(OFFSET_MAX).as('newest'))
      .leftJoin('users', 'users.user_id', 'newest.user_id')
      .selectAll('newest')
      .orderBy(sql`coalesce(users.online_date, 0)`, 'desc')
      .orderBy('newest.user_id');
  const countAll = async (): Promise<number> => {
    if (ordinaryId === undefined) return memberCount;
    const query = db.q.selectFrom('channel_members').select(sql<bigint>`count(*)`.as('hidden')).where('channel_id', '=', channelId).where(isHidden);
    return memberCount - Number((await query.executeTakeFirstOrThrow()).hidden);
  };
  const cut = (rows: ChannelMemberRow[]): ParticipantSlice => ({ rows: rows.slice(from, from + size), count: rows.length });
  const pageOf = async (query: ReturnType<typeof select>): Promise<ParticipantSlice> => {
    const counted = db.q.selectFrom(query.limit(OFFSET_MAX).as('m')).select((eb) => eb.fn.countAll<bigint>().as('n'));
    const [rows, { n }] = await Promise.all([query.orderBy('user_id').offset(from).limit(size).execute(), counted.executeTakeFirstOrThrow()]);
    return { rows, count: Number(n) };
  };
  switch (filter.kind) {
    case 'bots':
      return cut(await seen().where('users.bot', '=', true).limit(LIMIT_MAX).execute());
    case 'recent':
      if (isLarge(context)) {
        const { userIds } = await findRecent(channelId, context);
        return { rows: await findInOrder(db, channelId, [...userIds.subarray(from, from + size)], context), count: await countAll() };
      }
      return { rows: await seen().offset(from).limit(size).execute(), count: await countAll() };
    case 'admins':
      return cut(await select().where('role', '<>', 'member').where('status', '=', 'member').orderBy('user_id').limit(LIMIT_MAX).execute());
    case 'kicked':
      return pageOf(select().where('banned_rights', '<>', 0).where('status', '=', 'banned'));
    case 'banned':
      return pageOf(select().where('banned_rights', '<>', 0).where('status', '<>', 'banned'));
    case 'search': {
      // Clients read the whole list with an empty search, page by page. So the order must not depend on who is online.
      if (filter.q.trim() === '') return { rows: await members().offset(from).limit(Math.min(size, OFFSET_MAX - from)).execute(), count: await countAll() };
      const foundIds = await context.findByName(filter.q);
      const [found, newest] = await Promise.all([
        foundIds.length === 0 ? [] : members().where('user_id', 'in', foundIds).limit(LIMIT_MAX).execute(),
        members().limit(SEARCHED_MAX).execute(),
      ]);
      const known = new Set(found.map((row) => row.user_id));
      const others = await filterByName(newest.filter((row) => !known.has(row.user_id)), filter.q, context);
      return cut([...found, ...others].slice(0, LIMIT_MAX));
    }
    case 'contacts': {
      const own = await findShown(db, channelId, filter.userIds, context);
      if (filter.q.trim() === '') return cut(own);
      const known = new Set(await context.findByName(filter.q));
      const others = await filterByName(own.filter((row) => !known.has(row.user_id)), filter.q, context);
      return cut([...own.filter((row) => known.has(row.user_id)), ...others]);
    }
  }
}

/** Keeps those in whose names and username every word of the text is the beginning of a word. */
async function filterByName(rows: ChannelMemberRow[], q: string, { findNames }: Pick<NameSearch, 'findNames'>): Promise<ChannelMemberRow[]> {
  const wanted = [...new Set(wordsOf(q))].slice(0, WANTED_MAX);
  if (wanted.length === 0) return [];
  const names = await findNames(rows.map((row) => row.user_id));
  return rows.filter(({ user_id: userId }) => {
    const name = names.get(userId);
    if (name === undefined || name.deleted) return false;
    const words = searchWords(`${name.username ?? ''} ${name.first_name} ${name.last_name}`);
    return wanted.every((one) => words.some((word) => word.startsWith(one)));
  });
}
