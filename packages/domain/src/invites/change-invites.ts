import { rpcError } from '@aerogram/errors';
import type { Random } from '@aerogram/runtime';
import type { Tx } from '@aerogram/storage';

import { checkRight, type Standing } from '../chats/index.ts';
import { newInviteHash } from './invite-hash.ts';
import {
  countInvites,
  deleteInvites,
  findExportedInvite,
  findInvite,
  findPermanentInvite,
  insertInvite,
  type InviteRow,
  listRevokedInvites,
  updateInvite,
} from './invite-store.ts';
import { checkedTerms, type InviteTerms, NO_TERMS } from './invite-terms.ts';

/** Maximum number of links of one admin in one group or channel, revoked ones included: enough for a link for each campaign, and one answer can count them. */
export const INVITES_MAX = 1000;

/** A group or channel whose counter is locked, and who acts in it. */
export interface InviteScope {
  tx: Tx;
  date: number;
  /** Marked id of the group or channel. */
  peerId: bigint;
  actorId: bigint;
  /** Of the actor, read under the lock. */
  standing: Standing;
}

/** What new links are made from. */
export interface InviteMeans {
  random: Random;
  /** The data centre that knows the links. */
  homeDcId: number;
}

/** A link that an admin wants. */
export interface NewInvite extends InviteTerms {
  /** It takes the place of the admin's permanent link, which is revoked. */
  permanent: boolean;
  /** The same for a repeat of the same call, which returns the same link. */
  exportId: bigint;
}

/** The result of changing a link. */
export interface InviteChange {
  /** The link as it was. */
  before: InviteRow;
  invite: InviteRow;
  /** The permanent link that replaces it, if it was permanent. */
  replacement: InviteRow | undefined;
  /** The revoked link that was deleted because the admin had {@link INVITES_MAX} links already. */
  dropped?: InviteRow | undefined;
}

/** Makes the permanent link of the actor, if there is none. The caller has checked that the actor may have links. */
export async function ensurePermanentInvite(scope: Omit<InviteScope, 'standing'>, means: InviteMeans): Promise<void> {
  if ((await findPermanentInvite(scope.tx, scope.peerId, scope.actorId)) !== undefined) return;
  await addInvite(scope, means, { ...NO_TERMS, permanent: true, admin_id: scope.actorId, export_id: means.random.int63() });
}

/**
 * Makes a link, or a new permanent one.
 * @returns the link, the permanent link that it replaces, and the revoked link that was deleted because the admin had {@link INVITES_MAX} links already
 * @throws RpcError 400 CHAT_ADMIN_REQUIRED, EXPIRE_DATE_INVALID, USAGE_LIMIT_INVALID, INVITES_TOO_MUCH, 403 CHAT_WRITE_FORBIDDEN
 */
export async function exportInvite(scope: InviteScope, means: InviteMeans, { permanent, exportId, ...terms }: NewInvite): Promise<{ invite: InviteRow; revoked: InviteRow | undefined; dropped?: InviteRow | undefined }> {
  checkRight(scope.standing, 'manage_invites');
  if (permanent && (terms.usageLimit ?? 0) !== 0) throw rpcError('USAGE_LIMIT_INVALID');
  if (permanent && (terms.expireDate ?? 0) !== 0) throw rpcError('EXPIRE_DATE_INVALID');
  const { tx, peerId, actorId } = scope;
  const earlier = await findExportedInvite(tx, peerId, actorId, exportId);
  if (earlier !== undefined) return { invite: earlier, revoked: undefined };
  const columns = permanent ? NO_TERMS : checkedTerms(terms, NO_TERMS, scope.date);
  const old = permanent ? await findPermanentInvite(tx, peerId, actorId) : undefined;
  const revoked = old && { ...old, revoked: true };
  if (revoked !== undefined) await updateInvite(tx, revoked);
  return { ...(await addInvite(scope, means, { ...columns, permanent, admin_id: actorId, export_id: exportId })), revoked };
}

/** Adds a link. If the admin has {@link INVITES_MAX} links already, their oldest revoked link is deleted. */
async function addInvite(
  { tx, peerId, date }: Omit<InviteScope, 'standing'>,
  { random, homeDcId }: InviteMeans,
  columns: Pick<InviteRow, 'title' | 'expire_date' | 'usage_limit' | 'request_needed' | 'permanent' | 'admin_id' | 'export_id'>,
): Promise<{ invite: InviteRow; dropped: InviteRow | undefined }> {
  const { active, revoked, oldest_revoked } = await countInvites(tx, peerId, columns.admin_id);
  const isFull = active + revoked >= INVITES_MAX;
  if (isFull && oldest_revoked === null) throw rpcError('INVITES_TOO_MUCH');
  const dropped = isFull ? await findInvite(tx, peerId, oldest_revoked!) : undefined;
  if (dropped !== undefined) await deleteInvites(tx, peerId, [dropped.hash]);
  const invite: InviteRow = { ...columns, owner_id: peerId, hash: newInviteHash(random, homeDcId), date, start_date: null, usage: 0, requested: 0, revoked: false };
  await insertInvite(tx, invite);
  return { invite, dropped };
}

/** Reads a link that the actor may manage: one's own, and as the owner also those of other admins. @throws RpcError 400 CHAT_ADMIN_REQUIRED, INVITE_HASH_EXPIRED */
export async function accessInvite({ tx, peerId, actorId, standing }: Omit<InviteScope, 'tx' | 'date'> & { tx: Pick<Tx, 'run'> }, hash: string): Promise<InviteRow> {
  checkRight(standing, 'manage_invites');
  const row = await findInvite(tx, peerId, hash);
  if (row === undefined) throw rpcError('INVITE_HASH_EXPIRED');
  if (row.admin_id !== actorId) checkRight(standing, 'manage_invites_of_all');
  return row;
}

/**
 * Changes the terms of a link.
 * @throws RpcError 400 INVITE_HASH_EXPIRED (it does not exist, or was revoked), CHAT_INVITE_PERMANENT, CHAT_ADMIN_REQUIRED, EXPIRE_DATE_INVALID,
 *   USAGE_LIMIT_INVALID, 403 CHAT_WRITE_FORBIDDEN
 */
export async function editInvite(scope: InviteScope, hash: string, terms: InviteTerms): Promise<InviteChange> {
  const before = await accessInvite(scope, hash);
  if (before.revoked) throw rpcError('INVITE_HASH_EXPIRED');
  if (before.permanent) throw rpcError('CHAT_INVITE_PERMANENT');
  const invite = { ...before, ...checkedTerms(terms, before, scope.date), start_date: scope.date };
  await updateInvite(scope.tx, invite);
  return { before, invite, replacement: undefined };
}

/**
 * Revokes a link: nobody comes in by it any more. A permanent one is replaced. A repeat changes nothing, and returns the same.
 * @throws RpcError 400 INVITE_HASH_EXPIRED (it does not exist), CHAT_ADMIN_REQUIRED, 403 CHAT_WRITE_FORBIDDEN
 */
export async function revokeInvite(scope: InviteScope, means: InviteMeans, hash: string): Promise<InviteChange> {
  const before = await accessInvite(scope, hash);
  const { tx, peerId } = scope;
  if (before.revoked) return { before, invite: before, replacement: before.permanent ? await findPermanentInvite(tx, peerId, before.admin_id) : undefined };
  const invite = { ...before, revoked: true };
  await updateInvite(tx, invite);
  if (!before.permanent) return { before, invite, replacement: undefined };
  const added = await addInvite(scope, means, { ...NO_TERMS, permanent: true, admin_id: before.admin_id, export_id: means.random.int63() });
  return { before, invite, replacement: added.invite, dropped: added.dropped };
}

/** Deletes a revoked link. @throws RpcError 400 INVITE_HASH_EXPIRED, INVITE_REVOKED_MISSING (it was not revoked), CHAT_ADMIN_REQUIRED, 403 CHAT_WRITE_FORBIDDEN */
export async function deleteInvite(scope: InviteScope, hash: string): Promise<InviteRow> {
  const row = await accessInvite(scope, hash);
  if (!row.revoked) throw rpcError('INVITE_REVOKED_MISSING');
  await deleteInvites(scope.tx, scope.peerId, [hash]);
  return row;
}

/** Deletes all revoked links of an admin. A repeat changes nothing. @returns the links @throws RpcError 400 CHAT_ADMIN_REQUIRED, 403 CHAT_WRITE_FORBIDDEN */
export async function deleteRevokedInvites({ tx, peerId, actorId, standing }: InviteScope, adminId: bigint): Promise<InviteRow[]> {
  checkRight(standing, adminId === actorId ? 'manage_invites' : 'manage_invites_of_all');
  const rows = await listRevokedInvites(tx, peerId, adminId);
  await deleteInvites(tx, peerId, rows.map((row) => row.hash));
  return rows;
}
