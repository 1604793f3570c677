import { allocateUserId } from '@aerogram/cluster';
import { sql, type Database, type Tx } from '@aerogram/storage';

import { confirmPhone, reservePhone } from '../users/directory-store.ts';

/** Reserves the number, with a fresh user id for it unless it has one already. First step of a sign-up. */
export async function reserveAccount(db: Database, phone: string, dcId: number, nowDate: number): Promise<bigint> {
  return db.transact('reserve-phone', async (tx) => {
    const known = await tx.q.selectFrom('phones').select('user_id').where('phone', '=', phone).executeTakeFirst();
    if (known) return known.user_id;
    const { rows } = await sql<{ seq: bigint }>`SELECT nextval('user_seq') AS seq`.execute(tx.q);
    const seq = rows[0]?.seq;
    if (seq === undefined) throw new Error('user_seq gave nothing');
    return reservePhone(tx, phone, allocateUserId(seq, dcId), nowDate);
  });
}

/**
 * Writes the account's row, if nobody did, and confirms the number.
 * @returns false when the account was there already
 */
export async function writeAccount(
  tx: Tx,
  account: { userId: bigint; phone: string; first_name: string; last_name: string; nowDate: number },
): Promise<boolean> {
  const { userId, phone, first_name, last_name, nowDate } = account;
  const written = await tx.q
    .insertInto('users')
    .values({ user_id: userId, phone, first_name, last_name, username: null, created_date: nowDate, online_date: nowDate })
    .onConflict((oc) => oc.column('user_id').doNothing())
    .returning('user_id')
    .executeTakeFirst();
  if (!written) return false;
  await confirmPhone(tx, phone, userId);
  return true;
}
