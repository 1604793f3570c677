import { rpcError } from '@aerogram/errors';
import { pageSize } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

import { checkRight } from '../chats/index.ts';
import type { UserRow } from '../peers/index.ts';
import { queryWords, searchWords } from '../users/index.ts';
import { accessInvite, type InviteScope } from './change-invites.ts';
import { countInvites, type InviteCounts, type InviteOffset, type InviteRow, listInvites, listInvitingAdmins } from './invite-store.ts';
import { findPendingRequests, type ImporterRow, type JoinRequestRow, listImporters, listJoinRequests, type PeoplePage } from './request-store.ts';

/** A group or channel whose links somebody reads. */
export interface InviteView extends Pick<InviteScope, 'peerId' | 'actorId' | 'standing'> {
  db: Database;
}

/** Maximum number of links or users in one page. */
const PAGE_MAX = 100;
/** Maximum number of admins listed with the number of their links. */
const ADMINS_MAX = 500;
/** Maximum number of requests that a search by name reads, newest first. */
const SEARCHED_MAX = 2_000;
/** How many requests a search by name reads at once. */
const SEARCHED_SLICE = 500;

/** A page of links. */
export interface InvitePage {
  adminId: bigint;
  revoked: boolean;
  /** The last one of the page before; undefined for the first page. */
  offset: InviteOffset | undefined;
  limit: number;
}

/** Lists links of an admin, newest first: one's own, and as the owner also those of others. @throws RpcError 400 CHAT_ADMIN_REQUIRED, 403 CHAT_WRITE_FORBIDDEN */
export async function listInvitePage({ db, peerId, actorId, standing }: InviteView, { adminId, revoked, offset, limit }: InvitePage): Promise<{ rows: InviteRow[]; count: number }> {
  checkRight(standing, adminId === actorId ? 'manage_invites' : 'manage_invites_of_all');
  const after = offset ?? { date: 2 ** 31 - 1, hash: '' };
  const [rows, counts] = await Promise.all([listInvites(db, peerId, { adminId, revoked, after, limit: pageSize(limit, PAGE_MAX) }), countInvites(db, peerId, adminId)]);
  return { rows, count: Math.max(revoked ? counts.revoked : counts.active, rows.length) };
}

/** Lists the users who have made links, with their number; for the owner. @throws RpcError 400 CHAT_ADMIN_REQUIRED, 403 CHAT_WRITE_FORBIDDEN */
export async function listInviters({ db, peerId, standing }: InviteView): Promise<InviteCounts[]> {
  checkRight(standing, 'manage_invites_of_all');
  return listInvitingAdmins(db, peerId, ADMINS_MAX);
}

/** A page of the members who came by a link, or of the people who ask to be let in. */
export interface EntrantPage {
  requested: boolean;
  /** Of the link; undefined: of all links. */
  hash: string | undefined;
  /** Searches by name among those who ask. */
  q: string;
  /** The last one of the page before; undefined for the first page. */
  offset: { date: number; userId: bigint } | undefined;
  limit: number;
}

/** Somebody who came in or asks to be let in. */
export type Entrant = ({ requested: true } & JoinRequestRow) | ({ requested: false } & ImporterRow);

/**
 * Lists members who came by a link, or people who ask to be let in, newest first.
 * @param findUsers reads the rows of people, for a search by name
 * @throws RpcError 400 SEARCH_WITH_LINK_NOT_SUPPORTED, INVITE_HASH_EXPIRED, CHAT_ADMIN_REQUIRED, 403 CHAT_WRITE_FORBIDDEN
 */
export async function listEntrants(
  view: InviteView,
  { requested, hash, q, offset, limit }: EntrantPage,
  findUsers: (ids: readonly bigint[]) => Promise<Map<bigint, UserRow>>,
): Promise<{ rows: Entrant[]; count: number }> {
  const { db, peerId, standing } = view;
  if (q !== '' && hash !== undefined) throw rpcError('SEARCH_WITH_LINK_NOT_SUPPORTED');
  const page: PeoplePage = { after: offset ?? { date: 2 ** 31 - 1, userId: 0n }, limit: pageSize(limit, PAGE_MAX) };
  const invite = hash === undefined ? undefined : await accessInvite({ ...view, tx: db }, hash);
  if (!requested) {
    // Members who came in can only be listed for one link.
    if (invite === undefined) throw rpcError('INVITE_HASH_EXPIRED');
    const rows = await listImporters(db, peerId, invite.hash, page);
    return { rows: rows.map((row) => ({ ...row, requested: false as const })), count: Math.max(invite.usage, rows.length) };
  }
  checkRight(standing, 'manage_invites');
  if (q !== '') return searchRequests(view, q, page, findUsers);
  const [rows, { pending }] = await Promise.all([listJoinRequests(db, peerId, invite?.hash, page), findPendingRequests(db, peerId)]);
  return { rows: rows.map((row) => ({ ...row, requested: true as const })), count: Math.max(invite?.requested ?? pending, rows.length) };
}

async function searchRequests({ db, peerId }: InviteView, q: string, { after, limit }: PeoplePage, findUsers: (ids: readonly bigint[]) => Promise<Map<bigint, UserRow>>): Promise<{ rows: Entrant[]; count: number }> {
  const words = queryWords(q);
  // A text without words matches nobody.
  if (words.length === 0) return { rows: [], count: 0 };
  const found: Entrant[] = [];
  let next = after;
  for (let read = 0; read < SEARCHED_MAX && found.length < limit; read += SEARCHED_SLICE) {
    const rows = await listJoinRequests(db, peerId, undefined, { after: next, limit: SEARCHED_SLICE });
    const users = await findUsers(rows.map((row) => row.user_id));
    for (const row of rows) if (hasWords(users.get(row.user_id), words)) found.push({ ...row, requested: true });
    const last = rows.at(-1);
    if (last === undefined || rows.length < SEARCHED_SLICE) break;
    next = { date: last.date, userId: last.user_id };
  }
  const rows = found.slice(0, limit);
  return { rows, count: found.length };
}

/** Whether each word begins a word of the name or the username. In scripts without spaces, it may begin anywhere. */
function hasWords(user: UserRow | undefined, words: readonly string[]): boolean {
  if (user === undefined || user.deleted) return false;
  const own = searchWords(`${user.first_name} ${user.last_name} ${user.username ?? ''}`);
  return words.every((word) => own.some((one) => one.startsWith(word)));
}
