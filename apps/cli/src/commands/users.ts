import { doBanPhone, findNormalPhone } from '@aerogram/domain';
import type { Database } from '@aerogram/storage';
import { withDatabase } from '../open-database.ts';
import { type CliOptions, findDate, formatDate } from '../options.ts';
import type { Output } from '../output.ts';
import { findAccount } from './find-account.ts';

const selectUsers = ({ q }: Pick<Database, 'q'>) => q.selectFrom('users').select(['user_id', 'phone', 'username', 'first_name', 'last_name', 'created_date', 'online_date', 'deleted']);

type UserRow = Awaited<ReturnType<ReturnType<typeof selectUsers>['executeTakeFirstOrThrow']>>;

/** What operators see of an account. */
const projectUser = (user: UserRow) => ({
  id: user.user_id,
  phone: user.phone,
  name: `${user.first_name} ${user.last_name}`.trim(),
  username: user.username,
  created_date: formatDate(user.created_date),
  online_date: findDate(user.online_date),
  deleted: user.deleted,
});

/** `aerogram user list`: accounts, the newest first. */
export function listUsers(options: CliOptions, limit: number): Promise<Output> {
  return withDatabase(options, async (db) => {
    const rows = await selectUsers(db)
      .where('phone', 'is not', null)
      // The service accounts also have numbers.
      .where('support', '=', false)
      .orderBy('created_date', 'desc')
      .orderBy('user_id', 'desc')
      .limit(limit)
      .execute();
    const users = rows.map(projectUser);
    const lines = users.map(({ id, phone, name, username, created_date: since }) => `${id}  +${phone}  ${name}${username === null ? '' : ` @${username}`}  since ${since}`);
    if (users.length === limit) lines.push(`(the newest ${limit}; --limit shows more)`);
    return { value: users, lines };
  });
}

/** `aerogram user show`: one account and its logged-in devices. */
export function showUser(options: CliOptions, wanted: string): Promise<Output> {
  return withDatabase(options, async (db) => {
    const found = await findAccount(db, wanted);
    const row = found && (await selectUsers(db).where('user_id', '=', found.user_id).executeTakeFirst());
    if (!row) throw new Error(`no account "${wanted}"`);
    const user = projectUser(row);
    const rows = await db.q
      .selectFrom('authorizations')
      .innerJoin('auth_keys', 'auth_keys.auth_key_id', 'authorizations.auth_key_id')
      .select(['device_model', 'system_version', 'app_version', 'layer', 'address', 'active_date'])
      .where('authorizations.user_id', '=', user.id)
      .orderBy('active_date', 'desc')
      .execute();
    const devices = rows.map((device) => ({
      program: [device.device_model, device.system_version, device.app_version].filter(Boolean).join(', ') || 'unknown',
      layer: device.layer,
      address: device.address,
      active_date: formatDate(device.active_date),
    }));
    const lines = [
      `id        ${user.id}${user.deleted ? ' (deleted)' : ''}`,
      `name      ${user.name}`,
      `phone     ${user.phone === null ? '-' : `+${user.phone}`}`,
      `username  ${user.username === null ? '-' : `@${user.username}`}`,
      `since     ${user.created_date}`,
      `online    ${user.online_date ?? '-'}`,
      ...devices.map((device) => `device    ${device.program}; layer ${device.layer ?? '-'}, ${device.address}, active ${device.active_date}`),
    ];
    return { value: { ...user, devices }, lines };
  });
}

/** `aerogram code`: the codes waiting to be entered for a phone number, or for the account with that number. */
export function showLoginCodes(options: CliOptions, phone: string): Promise<Output> {
  return withDatabase(options, async (db) => {
    const now = Math.floor(Date.now() / 1000);
    const digits = phone.replaceAll(/\D/g, '');
    const codes = await db.q
      .selectFrom('login_codes')
      .select(['code', 'expires_date', 'purpose'])
      .where('phone', '=', digits)
      .where('accepted_date', 'is', null)
      .where('cancelled', '=', false)
      .where('expires_date', '>', now)
      .orderBy('created_date', 'desc')
      .execute();
    const user = await db.q.selectFrom('users').select('user_id').where('phone', '=', digits).executeTakeFirst();
    const mailed = await db.q
      .selectFrom('email_codes')
      .select(['code', 'expires_date', 'purpose'])
      .where('owner', 'in', [`+${digits}`, String(user?.user_id ?? '')])
      .where('expires_date', '>', now)
      .orderBy('sent_date', 'desc')
      .execute();
    const waiting = [...codes, ...mailed];
    if (waiting.length === 0) throw new Error(`no code is waiting for ${phone}`);
    const lines = waiting.map(({ code, expires_date, purpose }) => `${code}  valid for ${expires_date - now} s${purpose === 'login' ? '' : `, ${CODE_USES[purpose] ?? purpose}`}`);
    return { value: waiting.map(({ code, expires_date, purpose }) => ({ code, purpose, expires_date: formatDate(expires_date) })), lines };
  });
}

/** Purposes of codes that are not for logging in. */
const CODE_USES: Readonly<Record<string, string>> = {
  change_phone: 'makes this the number of an account',
  confirm_phone: 'stops the deletion of the account',
  confirm_password_email: 'sent by e-mail, confirms a recovery address',
  recovery: 'sent by e-mail, recovers the password',
  login_change: 'sent by e-mail, changes the login e-mail',
  login_setup: 'sent by e-mail, confirms the login e-mail',
};

/** `aerogram user ban` and `unban`: sets whether a number gets log-in codes. A ban can also end the sessions of the number's account. */
export function banPhone(options: CliOptions, wanted: string, { isBanned, endsSessions }: { isBanned: boolean; endsSessions: boolean }): Promise<Output> {
  return withDatabase(options, async (db) => {
    const account = await findAccount(db, wanted);
    const isNumber = wanted.trim().startsWith('+');
    const phone = account ? account.phone : isNumber ? findNormalPhone(wanted) : undefined;
    if (phone === null) throw new Error(`account ${account?.user_id} has no phone number`);
    if (phone === undefined && isNumber) throw new Error(`"${wanted}" is no phone number`);
    if (phone === undefined) throw new Error(`no account "${wanted}"; a phone number without an account is written with a plus, such as +15550001111`);
    await doBanPhone(db, { phone, userId: account?.user_id, isBanned, endsSessions, nowDate: Math.floor(Date.now() / 1000) });
    const whose = account ? `account ${account.user_id}` : 'no account has it';
    const lines = [`+${phone} (${whose}) ${isBanned ? 'gets no log-in codes any more' : 'may log in'}`];
    if (endsSessions && account) lines.push('the running server, or the next one that starts, logs out its devices and stops its scheduled messages');
    return { value: { phone, id: account?.user_id ?? null, banned: isBanned, ends_sessions: endsSessions && account !== undefined }, lines };
  });
}
