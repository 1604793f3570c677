import { randomUserId } from '@aerogram/cluster';
import type { Random } from '@aerogram/runtime';
import type { Database, Tx } from '@aerogram/storage';

import { confirmPhone, releasePhone, reservePhone } from '../names/index.ts';

/** First step of a sign-up: reserves the phone number with a new user id, unless it has one already. The id may be one of another data centre. */
export async function reserveAccount(
  db: Database,
  wanted: { phone: string; dcId: number; random: Random; nowDate: number },
): Promise<bigint> {
  const { phone, dcId, random, nowDate } = wanted;
  return db.transact('reserve-phone', async (tx) => {
    const known = await tx.q.selectFrom('phones').select('user_id').where('phone', '=', phone).executeTakeFirst();
    if (known) return known.user_id;
    return reservePhone(tx, phone, randomUserId(random.int63(), dcId), nowDate);
  });
}

/**
 * `written`: the account was created. `exists`: it had been created before. `id_taken`: the reserved user id belongs to another account, so
 * the reservation was deleted, and the next one will get another id. `number_taken`: the phone number went to another account meanwhile.
 */
export type WriteOutcome = 'written' | 'exists' | 'id_taken' | 'number_taken';

/**
 * Creates the account's row if it does not exist and confirms the phone number. The caller must commit unless the outcome is
 * `number_taken`.
 */
export async function writeAccount(
  tx: Tx,
  account: { userId: bigint; phone: string; first_name: string; last_name: string; nowDate: number },
): Promise<WriteOutcome> {
  const { userId, phone, first_name, last_name, nowDate } = account;
  const written = await tx.q
    .insertInto('users')
    .values({ user_id: userId, phone, first_name, last_name, username: null, created_date: nowDate, online_date: nowDate })
    .onConflict((oc) => oc.column('user_id').doNothing())
    .returning('user_id')
    .executeTakeFirst();
  if (written) return (await confirmPhone(tx, phone, userId)) ? 'written' : 'number_taken';
  const owner = await tx.q.selectFrom('users').select('phone').where('user_id', '=', userId).executeTakeFirst();
  if (owner?.phone === phone) return 'exists';
  return (await releasePhone(tx, phone, userId)) ? 'id_taken' : 'number_taken';
}
