import type { Database, Tables, Tx } from '@aerogram/storage';
import type { Selectable, Updateable } from 'kysely';

import { findBannedPhone } from '../names/index.ts';

export type CompanyAccountRow = Selectable<Tables['company_accounts']>;

/** Who a person is: the provider, and the name that the provider has for the person. */
export interface CompanyIdentity {
  issuer: string;
  subject: string;
}

/** Finds what is known of a person, and locks it until the transaction ends. */
export function lockCompanyAccount(tx: Tx, { issuer, subject }: CompanyIdentity): Promise<CompanyAccountRow | undefined> {
  return tx.q.selectFrom('company_accounts').selectAll().where('issuer', '=', issuer).where('subject', '=', subject).forUpdate().executeTakeFirst();
}

/** Finds which person of a company has an account; undefined for accounts of others. */
export function findCompanyAccount({ q }: Pick<Database, 'q'> | Pick<Tx, 'q'>, userId: bigint): Promise<CompanyAccountRow | undefined> {
  return q.selectFrom('company_accounts').selectAll().where('user_id', '=', userId).executeTakeFirst();
}

/** The state of a company's account, which does not change until the transaction ends; undefined for accounts of others. */
export async function holdCompanyState(tx: Tx, userId: bigint): Promise<CompanyAccountRow['state'] | undefined> {
  return (await tx.q.selectFrom('company_accounts').select('state').where('user_id', '=', userId).forShare().executeTakeFirst())?.state;
}

/** Records which account a person has; a person whose account was deleted gets another one. @returns false if the person has got one meanwhile */
export async function insertCompanyAccount(tx: Tx, row: Omit<CompanyAccountRow, 'token_seq' | 'banned_phone'>, formerId: bigint | undefined): Promise<boolean> {
  if (formerId !== undefined) await tx.q.deleteFrom('company_accounts').where('user_id', '=', formerId).execute();
  const written = await tx.q.insertInto('company_accounts').values(row).onConflict((oc) => oc.columns(['issuer', 'subject']).doNothing()).returning('user_id').executeTakeFirst();
  return written !== undefined;
}

/** Changes columns of a company's account. */
export async function saveCompanyAccount(tx: Tx, userId: bigint, change: Updateable<Tables['company_accounts']>): Promise<void> {
  await tx.q.updateTable('company_accounts').set(change).where('user_id', '=', userId).execute();
}

/** Lists the accounts of a provider whose check is due, the longest due first. */
export async function listDueAccounts({ q }: Pick<Database, 'q'>, { issuer, nowDate, limit }: { issuer: string; nowDate: number; limit: number }): Promise<bigint[]> {
  const rows = await q
    .selectFrom('company_accounts')
    .select('user_id')
    .where('issuer', '=', issuer)
    .where('next_check_date', '<=', nowDate)
    .orderBy('next_check_date')
    .limit(limit)
    .execute();
  return rows.map((row) => row.user_id);
}

/**
 * Forgets whose account it was, when it is deleted. Who was banned stays known, without a token: otherwise a person would come back with another number.
 */
export async function forgetCompanyAccount(tx: Tx, userId: bigint, phones: readonly string[]): Promise<void> {
  await tx.q.deleteFrom('company_sessions').where('user_id', '=', userId).execute();
  await tx.q.deleteFrom('company_web_tokens').where('user_id', '=', userId).execute();
  const banned = await findBannedPhone(tx, phones);
  if (banned === undefined) await tx.q.deleteFrom('company_accounts').where('user_id', '=', userId).execute();
  else await saveCompanyAccount(tx, userId, { banned_phone: banned, email: null, sealed_token: null, next_check_date: null, trying_date: null });
}
