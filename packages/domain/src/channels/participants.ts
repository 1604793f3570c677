import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { type ChannelMemberRow, findChannelMembers, projectAdminRights, projectBannedRights } from '../chats/index.ts';
import type { UserRow } from '../peers/index.ts';

/** Maximum number of members in one answer. */
const LIMIT_MAX = 200;
/** Clients are shown no more members than this, however many there are. */
const OFFSET_MAX = 10_000;
/** Maximum number of members that a search by name looks at. */
const SEARCHED_MAX = 2_000;

/** A list of the members of a channel. */
export type ParticipantFilter =
  | { kind: 'recent' | 'admins' | 'kicked' | 'banned' | 'nobody' }
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

/** Reads users, to search in their names. */
export type FindNames = (userIds: readonly bigint[]) => Promise<Map<bigint, UserRow>>;

/** Reads a page of a channel's members. @param memberCount of the channel */
export async function listParticipants(
  db: Database,
  channelId: bigint,
  { filter, offset, limit }: ParticipantPage,
  { memberCount, findNames }: { memberCount: number; findNames: FindNames },
): Promise<ParticipantSlice> {
  const [from, size] = [Math.min(Math.max(offset, 0), OFFSET_MAX), Math.min(Math.max(limit, 0), LIMIT_MAX)];
  const select = () => db.q.selectFrom('channel_members').selectAll().where('channel_id', '=', channelId);
  const cut = (rows: ChannelMemberRow[]): ParticipantSlice => ({ rows: rows.slice(from, from + size), count: rows.length });
  switch (filter.kind) {
    case 'nobody':
      return { rows: [], count: 0 };
    case 'recent': {
      const query = select().where('status', '=', 'member').orderBy('date', 'desc').orderBy('user_id').offset(from).limit(size);
      return { rows: await query.execute(), count: memberCount };
    }
    case 'admins':
      return cut(await select().where('role', '<>', 'member').where('status', '=', 'member').orderBy('user_id').limit(LIMIT_MAX).execute());
    case 'kicked':
      return cut(await select().where('banned_rights', '<>', 0).where('status', '=', 'banned').orderBy('user_id').limit(OFFSET_MAX).execute());
    case 'banned':
      return cut(await select().where('banned_rights', '<>', 0).where('status', '<>', 'banned').orderBy('user_id').limit(OFFSET_MAX).execute());
    case 'search': {
      const rows = await select().where('status', '=', 'member').orderBy('date', 'desc').orderBy('user_id').limit(SEARCHED_MAX).execute();
      return cut(await filterByName(rows, filter.q, findNames));
    }
    case 'contacts': {
      const rows = await findChannelMembers(db, filter.userIds.map((userId) => ({ id: channelId, userId })));
      return cut(await filterByName(rows.filter((row) => row.status === 'member'), filter.q, findNames));
    }
  }
}

/** Keeps those whose first name, last name or username begins with the text. */
async function filterByName(rows: ChannelMemberRow[], q: string, findNames: FindNames): Promise<ChannelMemberRow[]> {
  const wanted = q.trim().replace(/^@/, '').toLowerCase();
  if (wanted === '') return rows;
  const names = await findNames(rows.map((row) => row.user_id));
  return rows.filter(({ user_id: userId }) => {
    const name = names.get(userId);
    if (name === undefined) return false;
    const full = `${name.first_name} ${name.last_name}`.toLowerCase();
    return [full, ...full.split(/\s+/), (name.username ?? '').toLowerCase()].some((word) => word.startsWith(wanted));
  });
}

/**
 * A present or former member as the viewer sees them. Pure.
 * @param canEdit whether the viewer may change the rights of this admin
 */
export function projectParticipant(row: ChannelMemberRow, viewerId: bigint, creatorId: bigint, canEdit: boolean): tl.ChannelParticipant {
  const { user_id, date, inviter_id, promoted_by } = row;
  const rank = row.rank === '' ? undefined : row.rank;
  const self = user_id === viewerId;
  const isRestricted = row.banned_rights !== 0;
  if (row.status === 'banned' || (row.status === 'member' && row.role === 'member' && isRestricted)) {
    return {
      _: 'channelParticipantBanned',
      left: row.status === 'member' ? undefined : true,
      peer: { _: 'peerUser', user_id },
      kicked_by: row.banned_by ?? creatorId,
      date,
      banned_rights: projectBannedRights(row.banned_rights, row.until_date),
      rank,
    };
  }
  if (row.status === 'left') return { _: 'channelParticipantLeft', peer: { _: 'peerUser', user_id } };
  if (row.role === 'creator') return { _: 'channelParticipantCreator', user_id, admin_rights: projectAdminRights(row.admin_rights), rank };
  if (row.role === 'admin') {
    const by = promoted_by ?? creatorId;
    return {
      _: 'channelParticipantAdmin',
      can_edit: canEdit || undefined,
      self: self || undefined,
      user_id,
      inviter_id: self ? (inviter_id ?? by) : undefined,
      promoted_by: by,
      date,
      admin_rights: projectAdminRights(row.admin_rights),
      rank,
    };
  }
  if (self) return { _: 'channelParticipantSelf', user_id, inviter_id: inviter_id ?? creatorId, date, rank };
  return { _: 'channelParticipant', user_id, date, rank };
}
