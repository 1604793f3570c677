import type { Database, Tx } from '@aerogram/storage';

import { cancelLoginCodes } from './spend-store.ts';

/** A phone number that may sign up. */
export interface SignUpInvitation {
  phone: string;
  /** Where its codes are mailed to, and its login e-mail once it has signed up; null: they go to the phone. */
  email: string | null;
  created_date: number;
  /** The link by which somebody invited themselves; null: an operator named the number or the address. */
  link_id: bigint | null;
}

const COLUMNS = ['phone', 'email', 'created_date', 'link_id'] as const;

/** Finds the invitation of a number that has not signed up with it. */
export function findInvitation(q: Database['q'] | Tx['q'], phone: string): Promise<SignUpInvitation | undefined> {
  return q.selectFrom('invitations').select(COLUMNS).where('phone', '=', phone).executeTakeFirst();
}

/** Finds the invitation of an address, in capital or small letters; the first, if there are several. */
export function findInvitationOfEmail(tx: Tx, email: string): Promise<SignUpInvitation | undefined> {
  const ofEmail = tx.q.selectFrom('invitations').select(COLUMNS).where(({ fn }) => fn<string>('lower', ['email']), '=', email.toLowerCase());
  return ofEmail.orderBy('created_date').orderBy('phone').limit(1).executeTakeFirst();
}

/** Lists the invitations that were not used, the newest first. */
export function listInvitations({ q }: Pick<Database, 'q'>, limit: number): Promise<SignUpInvitation[]> {
  return q.selectFrom('invitations').select(COLUMNS).orderBy('created_date', 'desc').orderBy('phone').limit(limit).execute();
}

/** Invites a number, or changes the address of its invitation. Codes that were issued before cannot be used, because they were sent elsewhere, or to nobody. */
export async function saveInvitation(tx: Tx, invitation: SignUpInvitation): Promise<void> {
  const { email, link_id } = invitation;
  await tx.q.insertInto('invitations').values(invitation).onConflict((oc) => oc.column('phone').doUpdateSet({ email, link_id })).execute();
  await cancelLoginCodes(tx, [invitation.phone]);
}

/** Invites a number, unless it is invited already. Codes that were issued before cannot be used, because they were sent to nobody. */
export async function addInvitation(tx: Tx, invitation: SignUpInvitation): Promise<void> {
  const row = await tx.q.insertInto('invitations').values(invitation).onConflict((oc) => oc.doNothing()).returning('phone').executeTakeFirst();
  if (row !== undefined) await cancelLoginCodes(tx, [invitation.phone]);
}

/** Takes an invitation away, because it was used or revoked. @returns undefined if there is none */
export function takeInvitation(tx: Tx, phone: string): Promise<SignUpInvitation | undefined> {
  return tx.q.deleteFrom('invitations').where('phone', '=', phone).returning(COLUMNS).executeTakeFirst();
}
