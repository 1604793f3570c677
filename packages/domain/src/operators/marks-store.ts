import type { Tx } from '@aerogram/storage';

import type { MarkColumns } from '../peers/index.ts';

/** The columns with what the operator says of a user. */
export type UserMarkColumns = MarkColumns & { gives_support: boolean };

/** Writes the marks of an account that is not deleted. @returns whether there is one */
export async function saveUserMarks(tx: Tx, userId: bigint, marks: Partial<UserMarkColumns>): Promise<boolean> {
  const { numUpdatedRows } = await tx.q.updateTable('users').set(marks).where('user_id', '=', userId).where('deleted', '=', false).executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Limits an account that is not deleted until a date, or with 0 no longer. @returns whether there is one */
export async function saveAccountLimit(tx: Tx, userId: bigint, limit: { limited_until: number; limit_reason: string }): Promise<boolean> {
  const { numUpdatedRows } = await tx.q.updateTable('users').set(limit).where('user_id', '=', userId).where('deleted', '=', false).executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Keeps the limit of an account that ends, and forgets those that are over. @param numberMac names the phone number */
export async function keepLimit(tx: Tx, numberMac: Uint8Array, limit: { limited_until: number; limit_reason: string }, nowDate: number): Promise<void> {
  await tx.q.deleteFrom('kept_limits').where('limited_until', '<=', nowDate).execute();
  await tx.q.insertInto('kept_limits').values({ number_mac: numberMac, ...limit }).onConflict((oc) => oc.column('number_mac').doUpdateSet(limit)).execute();
}

/** Removes the limit that is kept for a phone number. @returns it; undefined if there was none */
export function takeKeptLimit(tx: Tx, numberMac: Uint8Array): Promise<{ limited_until: number; limit_reason: string } | undefined> {
  return tx.q.deleteFrom('kept_limits').where('number_mac', '=', numberMac).returning(['limited_until', 'limit_reason']).executeTakeFirst();
}
