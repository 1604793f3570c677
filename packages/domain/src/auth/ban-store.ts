import type { Tx } from '@aerogram/storage';

import { cancelLoginCodes } from './spend-store.ts';

/** Writes or removes the ban of a number, and ends the log-in codes that are on their way to it. */
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
