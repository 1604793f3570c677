import { type Database, sql } from '@aerogram/storage';

/** The most accounts that are listed at once. */
export const ACCOUNTS_LISTED_MAX = 1000;

/** Longest text that is searched for, in UTF-16 units. */
const TEXT_MAX = 100;

/** An account as operators see it. */
export interface AccountRow {
  user_id: bigint;
  phone: string | null;
  username: string | null;
  first_name: string;
  last_name: string;
  created_date: number;
  /** Unix seconds until which the person counts as online, or last did; 0: never. */
  online_date: number;
  bot: boolean;
  deleted: boolean;
}

const COLUMNS = ['user_id', 'phone', 'username', 'first_name', 'last_name', 'created_date', 'online_date', 'bot', 'deleted'] as const;

const selectAccounts = ({ q }: Pick<Database, 'q'>) => q.selectFrom('users').select(COLUMNS);

/** Finds an account by its id. */
export function findAccountRow(db: Pick<Database, 'q'>, userId: bigint): Promise<AccountRow | undefined> {
  return selectAccounts(db).where('user_id', '=', userId).executeTakeFirst();
}

/** Lists people, the newest first. Service accounts, which also have numbers, and bots are no people. */
export function listAccounts(db: Pick<Database, 'q'>, limit: number): Promise<AccountRow[]> {
  return selectAccounts(db)
    .where('phone', 'is not', null)
    .where('support', '=', false)
    .orderBy('created_date', 'desc')
    .orderBy('user_id', 'desc')
    .limit(limit)
    .execute();
}

/**
 * Searches for accounts that are not deleted, by part of the name, of the @username or of the mail address for codes or for the password, by the beginning of the
 * phone number, or by the id.
 * @returns the newest of them
 * @throws RangeError if the text is empty or too long, or the limit too high
 */
export async function searchAccounts(db: Pick<Database, 'q'>, text: string, limit: number): Promise<AccountRow[]> {
  const wanted = text.trim().replace(/^@/, '');
  if (wanted === '' || wanted.length > TEXT_MAX || wanted.includes('\0')) throw new RangeError(`the text to search for has 1 to ${TEXT_MAX} characters`);
  checkLimit(limit);
  const part = `%${wanted.replaceAll(/[\\%_]/g, '\\$&')}%`;
  const digits = /^[\d\s+().-]+$/.test(wanted) ? wanted.replaceAll(/\D/g, '').slice(0, 18) : '';
  return selectAccounts(db)
    .where('deleted', '=', false)
    .where('support', '=', false)
    .where((eb) =>
      eb.or([
        eb(sql`first_name || ' ' || last_name`, 'ilike', part),
        eb('username', 'ilike', part),
        eb.exists(eb.selectFrom('account_security').select('account_security.user_id').whereRef('account_security.user_id', '=', 'users.user_id').where('login_email', 'ilike', part)),
        eb.exists(eb.selectFrom('passwords').select('passwords.user_id').whereRef('passwords.user_id', '=', 'users.user_id').where('email', 'ilike', part)),
        ...(digits === '' ? [] : [eb('phone', 'like', `${digits}%`), eb('user_id', '=', BigInt(digits))]),
      ]),
    )
    .orderBy('created_date', 'desc')
    .orderBy('user_id', 'desc')
    .limit(limit)
    .execute();
}

/** People who are online. */
export interface OnlineAccounts {
  count: number;
  /** Those who were active last. */
  accounts: AccountRow[];
}

/**
 * Counts and lists people who are online. Changes show within seconds, because they are written together.
 * @throws RangeError if the limit is too high
 */
export async function listOnline(db: Pick<Database, 'q'>, limit: number, nowDate: number): Promise<OnlineAccounts> {
  checkLimit(limit);
  const { count } = await db.q
    .selectFrom('users')
    .select((eb) => eb.fn.countAll<bigint>().as('count'))
    .where('online_date', '>', nowDate)
    .where('bot', '=', false)
    .where('deleted', '=', false)
    .executeTakeFirstOrThrow();
  const accounts = await selectAccounts(db)
    .where('online_date', '>', nowDate)
    .where('bot', '=', false)
    .where('deleted', '=', false)
    .orderBy('online_date', 'desc')
    .orderBy('user_id', 'desc')
    .limit(limit)
    .execute();
  return { count: Number(count), accounts };
}

/** A device that is logged in. */
export interface AccountDevice {
  /** Names the device for operators. */
  number: bigint;
  program: string;
  layer: number | null;
  address: string;
  created_date: number;
  active_date: number;
}

/** The most devices that are listed of one account. */
const DEVICES_MAX = 200;

/** Lists the devices of an account, those that were active last first. Those to which it was taken for files belong to them. */
export async function listAccountDevices({ q }: Pick<Database, 'q'>, userId: bigint): Promise<AccountDevice[]> {
  const rows = await q
    .selectFrom('authorizations')
    .innerJoin('auth_keys', 'auth_keys.auth_key_id', 'authorizations.auth_key_id')
    .select(['login_seq', 'device_model', 'system_version', 'app_version', 'layer', 'address', 'authorizations.created_date', 'active_date'])
    .where('authorizations.user_id', '=', userId)
    .where('main_auth_key_id', 'is', null)
    .orderBy('active_date', 'desc')
    .orderBy('login_seq', 'desc')
    .limit(DEVICES_MAX)
    .execute();
  return rows.map(({ login_seq: number, device_model: model, system_version: system, app_version: version, ...row }) => ({
    ...row,
    number,
    program: [model, system, version].filter(Boolean).join(', ') || 'unknown',
  }));
}

function checkLimit(limit: number): void {
  if (limit > ACCOUNTS_LISTED_MAX) throw new RangeError(`at most ${ACCOUNTS_LISTED_MAX} accounts are listed at once`);
}
