import { rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';

import { findBannedPhone } from '../names/index.ts';
import { endAdminSessionsOfPhone } from './admin-store.ts';
import { cancelLoginCodes } from './spend-store.ts';

/**
 * Checks, in a transaction that logs a device in, that the number of the user is not banned. A ban that is made meanwhile waits for this transaction, so that the
 * device is among those that it logs out.
 * @throws RpcError 400 PHONE_NUMBER_BANNED
 */
export async function checkNotBanned(tx: Tx, userId: bigint): Promise<void> {
  const user = await tx.q.selectFrom('users').select('phone').where('user_id', '=', userId).forKeyShare().executeTakeFirst();
  if (user?.phone && (await findBannedPhone(tx, [user.phone])) !== undefined) throw rpcError('PHONE_NUMBER_BANNED');
}

/** Waits for the log-ins of a user that are being committed. */
export async function awaitLogIns(tx: Tx, userId: bigint): Promise<void> {
  await tx.q.selectFrom('users').select('user_id').where('user_id', '=', userId).forUpdate().executeTakeFirst();
}

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
