import { doBanPhone, findCompanyAccount, findNormalPhone } from '@aerogram/domain';
import { withDatabase } from '../open-database.ts';
import { type CliOptions, formatDate } from '../options.ts';
import { findAccount } from './find-account.ts';
import { describeStanding } from './marks.ts';

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
      // The service accounts also have numbers.
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

/** What `user show` says of people whom the company's provider names. */
const COMPANY_STATES = {
  in: 'may log in',
  unsure: 'unsure: has to log in at /enter again',
  ended: 'logged out, because the provider does not let the person in',
} as const;

/** `aerogram user show`: one account and its logged-in devices. */
export function showUser(options: CliOptions, wanted: string): Promise<void> {
  const { print } = options;
  return withDatabase(options, async (db) => {
    const found = await findAccount(db, wanted);
    const user = found && (await db.q.selectFrom('users').select(USER_COLUMNS).where('user_id', '=', found.user_id).executeTakeFirst());
    if (!user) throw new Error(`no account "${wanted}"`);
    print(`id        ${user.user_id}${user.deleted ? ' (deleted)' : ''}`);
    print(`name      ${describeName(user)}`);
    print(`phone     ${user.phone === null ? '-' : `+${user.phone}`}`);
    print(`username  ${user.username === null ? '-' : `@${user.username}`}`);
    print(`since     ${formatDate(user.created_date)}`);
    print(`online    ${user.online_date === 0 ? '-' : formatDate(user.online_date)}`);
    for (const line of await describeStanding(db, user.user_id)) print(line);
    const company = await findCompanyAccount(db, user.user_id);
    if (company) {
      print(`company   ${company.issuer}, subject ${JSON.stringify(company.subject)}`);
      print(`          ${COMPANY_STATES[company.state]}; entered ${formatDate(company.entered_date)}, checked ${company.next_check_date === null ? 'no more since' : 'last'} ${formatDate(company.checked_date)}`);
    }
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

/** `aerogram code`: the codes waiting to be entered for a phone number, or for the account with that number. */
export function showLoginCodes(options: CliOptions, phone: string): Promise<void> {
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
    for (const { code, expires_date, purpose } of waiting) {
      const use = purpose === 'login' ? '' : `, ${CODE_USES[purpose] ?? purpose}`;
      options.print(`${code}  valid for ${expires_date - now} s${use}`);
    }
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
export function banPhone(options: CliOptions, wanted: string, { isBanned, endsSessions }: { isBanned: boolean; endsSessions: boolean }): Promise<void> {
  return withDatabase(options, async (db) => {
    const account = await findAccount(db, wanted);
    const isNumber = wanted.trim().startsWith('+');
    const phone = account ? account.phone : isNumber ? findNormalPhone(wanted) : undefined;
    if (phone === null) throw new Error(`account ${account?.user_id} has no phone number`);
    if (phone === undefined && isNumber) throw new Error(`"${wanted}" is no phone number`);
    if (phone === undefined) throw new Error(`no account "${wanted}"; a phone number without an account is written with a plus, such as +15550001111`);
    await doBanPhone(db, { phone, userId: account?.user_id, isBanned, endsSessions, nowDate: Math.floor(Date.now() / 1000) });
    const whose = account ? `account ${account.user_id}` : 'no account has it';
    options.print(`+${phone} (${whose}) ${isBanned ? 'gets no log-in codes any more' : 'may log in'}`);
    if (endsSessions && account) options.print('the running server, or the next one that starts, logs out its devices and stops its scheduled messages');
  });
}
