import type { Database } from '@aerogram/storage';
import { withDatabase } from '../open-database.ts';
import { type CliOptions, formatDate } from '../options.ts';

const USER_COLUMNS = ['user_id', 'phone', 'username', 'first_name', 'last_name', 'created_date', 'online_date', 'deleted'] as const;

function describeName({ first_name, last_name }: { first_name: string; last_name: string }): string {
  return `${first_name} ${last_name}`.trim();
}

/** `aerogram user list`: accounts, the newest first. */
export function listUsers(options: CliOptions, limit: number): Promise<void> {
  return withDatabase(options, async (db) => {
    const users = await db.q
      .selectFrom('users')
      .select(USER_COLUMNS)
      .where('phone', 'is not', null)
      // The service accounts have numbers too.
      .where('support', '=', false)
      .orderBy('created_date', 'desc')
      .orderBy('user_id', 'desc')
      .limit(limit)
      .execute();
    for (const user of users) {
      const username = user.username === null ? '' : ` @${user.username}`;
      options.print(`${user.user_id}  +${user.phone}  ${describeName(user)}${username}  since ${formatDate(user.created_date)}`);
    }
    if (users.length === limit) options.print(`(the newest ${limit}; --limit shows more)`);
  });
}

/** Finds an account by its id, `+phone` or `@username`; a bare number is tried as an id first, then as a phone number. */
async function findUserId(db: Database, wanted: string): Promise<bigint | undefined> {
  const digits = wanted.replaceAll(/[\s+()-]/g, '');
  if (/^\d+$/.test(digits)) {
    const byPhone = db.q.selectFrom('users').select('user_id').where('phone', '=', digits);
    const byId = db.q.selectFrom('users').select('user_id').where('user_id', '=', BigInt(digits.slice(0, 18)));
    const first = wanted.startsWith('+') ? undefined : await byId.executeTakeFirst();
    return (first ?? (await byPhone.executeTakeFirst()))?.user_id;
  }
  const name = wanted.replace(/^@/, '').toLowerCase();
  const row = await db.q.selectFrom('usernames').select('peer_id').where('name', '=', name).executeTakeFirst();
  return row?.peer_id;
}

/** `aerogram user show`: one account and the devices that are logged in to it. */
export function showUser(options: CliOptions, wanted: string): Promise<void> {
  const { print } = options;
  return withDatabase(options, async (db) => {
    const userId = await findUserId(db, wanted);
    const user =
      userId === undefined
        ? undefined
        : await db.q.selectFrom('users').select(USER_COLUMNS).where('user_id', '=', userId).executeTakeFirst();
    if (!user) throw new Error(`no account "${wanted}"`);
    print(`id        ${user.user_id}${user.deleted ? ' (deleted)' : ''}`);
    print(`name      ${describeName(user)}`);
    print(`phone     ${user.phone === null ? '-' : `+${user.phone}`}`);
    print(`username  ${user.username === null ? '-' : `@${user.username}`}`);
    print(`since     ${formatDate(user.created_date)}`);
    print(`online    ${user.online_date === 0 ? '-' : formatDate(user.online_date)}`);
    const devices = await db.q
      .selectFrom('authorizations')
      .innerJoin('auth_keys', 'auth_keys.auth_key_id', 'authorizations.auth_key_id')
      .select(['device_model', 'system_version', 'app_version', 'layer', 'address', 'active_date'])
      .where('authorizations.user_id', '=', user.user_id)
      .orderBy('active_date', 'desc')
      .execute();
    for (const device of devices) {
      const program = [device.device_model, device.system_version, device.app_version].filter(Boolean).join(', ') || 'unknown';
      print(`device    ${program}; layer ${device.layer ?? '-'}, ${device.address}, active ${formatDate(device.active_date)}`);
    }
  });
}

/** `aerogram code`: the log-in codes that are waiting to be entered for a phone number. */
export function showLoginCodes(options: CliOptions, phone: string): Promise<void> {
  return withDatabase(options, async (db) => {
    const now = Math.floor(Date.now() / 1000);
    const codes = await db.q
      .selectFrom('login_codes')
      .select(['code', 'expires_date'])
      .where('phone', '=', phone.replaceAll(/\D/g, ''))
      .where('accepted_date', 'is', null)
      .where('cancelled', '=', false)
      .where('expires_date', '>', now)
      .orderBy('created_date', 'desc')
      .execute();
    if (codes.length === 0) throw new Error(`no log-in code is waiting for ${phone}`);
    for (const { code, expires_date } of codes) options.print(`${code}  valid for ${expires_date - now} s`);
  });
}

/** `aerogram user ban` and `unban`: whether a number gets log-in codes. Devices that are logged in stay so. */
export function banPhone(options: CliOptions, phone: string, isBanned: boolean): Promise<void> {
  const digits = phone.replaceAll(/\D/g, '');
  if (digits === '') throw new Error(`"${phone}" is no phone number`);
  return withDatabase(options, async (db) => {
    await db.transact('ban-phone', async (tx) => {
      await tx.q.deleteFrom('banned_phones').where('phone', '=', digits).execute();
      const row = { phone: digits, banned_date: Math.floor(Date.now() / 1000) };
      if (isBanned) await tx.q.insertInto('banned_phones').values(row).execute();
    });
    options.print(`+${digits} ${isBanned ? 'gets no log-in codes any more' : 'may log in'}`);
  });
}
