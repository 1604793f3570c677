import type { Tx } from '@aerogram/storage';

import type { MarkColumns } from '../peers/index.ts';

/** Writes the marks of an account that is not deleted. @returns whether there is one */
export async function saveUserMarks(tx: Tx, userId: bigint, marks: Partial<MarkColumns>): Promise<boolean> {
  const { numUpdatedRows } = await tx.q.updateTable('users').set(marks).where('user_id', '=', userId).where('deleted', '=', false).executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Limits an account that is not deleted until a date, or with 0 no longer. @returns whether there is one */
export async function saveAccountLimit(tx: Tx, userId: bigint, limit: { limited_until: number; limit_reason: string }): Promise<boolean> {
  const { numUpdatedRows } = await tx.q.updateTable('users').set(limit).where('user_id', '=', userId).where('deleted', '=', false).executeTakeFirst();
  return numUpdatedRows > 0n;
}
