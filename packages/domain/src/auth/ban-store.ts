import type { Tx } from '@aerogram/storage';

import { endAdminSessionsOfPhone } from './admin-store.ts';
import { cancelLoginCodes } from './spend-store.ts';

/** Inserts or deletes the ban of a phone number. A ban cancels the outstanding log-in codes for the number, and ends its sessions at the admin page. */
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
  await endAdminSessionsOfPhone(tx, phone);
}
