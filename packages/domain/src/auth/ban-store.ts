import type { Tx } from '@aerogram/storage';

import { cancelLoginCodes } from './spend-store.ts';

/** Inserts or deletes the ban of a phone number. A ban cancels the outstanding log-in codes for the number. */
export async function saveBan(tx: Tx, phone: string, isBanned: boolean, nowDate: number): Promise<void> {
  if (!isBanned) {
    await tx.q.deleteFrom('banned_phones').where('phone', '=', phone).execute();
    return;
  }
  await tx.q
    .insertInto('banned_phones')
    .values({ phone, banned_date: nowDate })
    .onConflict((oc) => oc.column('phone').doNothing())
    .execute();
  await cancelLoginCodes(tx, [phone]);
}
