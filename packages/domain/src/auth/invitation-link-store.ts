import type { Database, Tables, Tx } from '@aerogram/storage';
import type { Insertable } from 'kysely';

import { cancelLoginCodes } from './spend-store.ts';

/** A link by which people invite themselves. */
export interface InvitationLink {
  link_id: bigint;
  /** How many people it was made for. */
  uses: number;
  uses_left: number;
  /** The admin who made it on the admin page; null: it was made at the command line. */
  by_user_id: bigint | null;
  created_date: number;
  expires_date: number;
}

const COLUMNS = ['link_id', 'uses', 'uses_left', 'by_user_id', 'created_date', 'expires_date'] as const;

/** Seconds for which the same form is answered alike, and not counted again. */
const REPEAT_S = 3600;

/** Stores a link. @returns its id; undefined if as many as `most` have not expired */
export async function insertInvitationLink(tx: Tx, row: Insertable<Tables['invitation_links']>, most: number): Promise<bigint | undefined> {
  const { count } = await tx.q.selectFrom('invitation_links').select(({ fn }) => fn.countAll<bigint>().as('count')).where('expires_date', '>', row.created_date).executeTakeFirstOrThrow();
  if (Number(count) >= most) return undefined;
  const { link_id: linkId } = await tx.q.insertInto('invitation_links').values(row).returning('link_id').executeTakeFirstOrThrow();
  return linkId;
}

/** Lists the links that have not expired, also those that are used up, the newest first. */
export function listInvitationLinks({ q }: Pick<Database, 'q'>, { limit, nowDate }: { limit: number; nowDate: number }): Promise<InvitationLink[]> {
  return q.selectFrom('invitation_links').select(COLUMNS).where('expires_date', '>', nowDate).orderBy('link_id', 'desc').limit(limit).execute();
}

/** Whether somebody can still use a link. */
export async function isInvitationLinkOpen({ q }: Pick<Database, 'q'>, tokenHash: Uint8Array, nowDate: number): Promise<boolean> {
  const row = await q.selectFrom('invitation_links').select('link_id').where('token_hash', '=', tokenHash).where('uses_left', '>', 0).where('expires_date', '>', nowDate).executeTakeFirst();
  return row !== undefined;
}

/** Finds and locks a link that has not expired, so that its uses are counted one after the other. */
export function lockInvitationLink(tx: Tx, tokenHash: Uint8Array, nowDate: number): Promise<InvitationLink | undefined> {
  return tx.q.selectFrom('invitation_links').select(COLUMNS).where('token_hash', '=', tokenHash).where('expires_date', '>', nowDate).forUpdate().executeTakeFirst();
}

/** What a form that was sent before was answered. */
export function findInvitationForm(tx: Tx, { linkId, formHash, nowDate }: { linkId: bigint; formHash: Uint8Array; nowDate: number }): Promise<{ given_phone: string | null } | undefined> {
  return tx.q.selectFrom('invitation_forms').select('given_phone').where('link_id', '=', linkId).where('form_hash', '=', formHash).where('sent_date', '>', nowDate - REPEAT_S).executeTakeFirst();
}

/** Counts a use of a link that is locked, and records the form. */
export async function spendInvitationLink(tx: Tx, row: Insertable<Tables['invitation_forms']>): Promise<void> {
  const { given_phone, sent_date } = row;
  await tx.q.updateTable('invitation_links').set(({ eb }) => ({ uses_left: eb('uses_left', '-', 1) })).where('link_id', '=', row.link_id).execute();
  await tx.q.insertInto('invitation_forms').values(row).onConflict((oc) => oc.columns(['link_id', 'form_hash']).doUpdateSet({ given_phone, sent_date })).execute();
}

/** Takes a link away. @returns false if there is none */
export async function deleteInvitationLink(tx: Tx, linkId: bigint): Promise<boolean> {
  const row = await tx.q.deleteFrom('invitation_links').where('link_id', '=', linkId).returning('link_id').executeTakeFirst();
  return row !== undefined;
}

/** Revokes the invitations that came out of a link and were not used; codes under way cannot be used any more. @returns how many */
export async function takeInvitationsOfLink(tx: Tx, linkId: bigint): Promise<number> {
  const rows = await tx.q.deleteFrom('invitations').where('link_id', '=', linkId).returning('phone').execute();
  if (rows.length > 0) await cancelLoginCodes(tx, rows.map(({ phone }) => phone));
  return rows.length;
}

/** Deletes expired links, and forms that are not answered again. */
export async function deleteOldInvitationLinks(tx: Tx, nowDate: number): Promise<void> {
  await tx.q.deleteFrom('invitation_links').where('expires_date', '<=', nowDate).execute();
  await tx.q.deleteFrom('invitation_forms').where('sent_date', '<=', nowDate - REPEAT_S).execute();
}
