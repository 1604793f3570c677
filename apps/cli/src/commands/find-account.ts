import type { Database } from '@aerogram/storage';

/** The columns by which an account is found. */
export interface FoundAccount {
  user_id: bigint;
  phone: string | null;
  deleted: boolean;
}

/**
 * Finds an account by its id, `+phone` or `@username`. A bare number may be an id or a phone number.
 * @throws Error when it is the id of one account and the phone number of another
 */
export async function findAccount(db: Database, wanted: string): Promise<FoundAccount | undefined> {
  const accounts = db.q.selectFrom('users').select(['user_id', 'phone', 'deleted']);
  const digits = wanted.replaceAll(/[\s+().-]/g, '');
  if (/^\d{1,18}$/.test(digits)) {
    const byPhone = await accounts.where('phone', '=', digits).executeTakeFirst();
    if (wanted.trim().startsWith('+')) return byPhone;
    const byId = await accounts.where('user_id', '=', BigInt(digits)).executeTakeFirst();
    if (byId && byPhone && byId.user_id !== byPhone.user_id) {
      throw new Error(`${digits} is the id of one account and the phone number of account ${byPhone.user_id}; write +${digits} for the number, or the @username`);
    }
    return byId ?? byPhone;
  }
  const name = wanted.replace(/^@/, '').toLowerCase();
  return accounts.where('user_id', '=', db.q.selectFrom('usernames').select('peer_id').where('name', '=', name)).executeTakeFirst();
}

/** Finds an account as {@link findAccount}. @throws Error if there is none, or if it was deleted */
export async function requireLivingAccount(db: Database, wanted: string): Promise<FoundAccount> {
  const account = await requireAccount(db, wanted);
  if (account.deleted) throw new Error(`account ${account.user_id} was deleted: nothing is left of it`);
  return account;
}

/** Finds an account as {@link findAccount}. @throws Error if there is none */
export async function requireAccount(db: Database, wanted: string): Promise<FoundAccount> {
  const account = await findAccount(db, wanted);
  if (account === undefined) throw new Error(`no account "${wanted}"`);
  return account;
}
