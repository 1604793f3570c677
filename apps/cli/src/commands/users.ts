import { homeDcOf } from '@aerogram/cluster';
import { type AccountRow, doBanPhone, findAccountRow, findCompanyAccount, findInvitation, findNormalPhone, findPassword, findSecurity, listAccountDevices, listAccounts, listOnline, noteOperator, searchAccounts } from '@aerogram/domain';
import { systemClock } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import { withDatabase } from '../open-database.ts';
import { type CliOptions, findDate, formatDate } from '../options.ts';
import type { Output } from '../output.ts';
import { findAccount, requireAccount } from './find-account.ts';
import { describeStanding } from './marks.ts';

/** An account as programs see it. */
export const projectAccount = (row: AccountRow) => ({
  id: row.user_id,
  phone: row.phone,
  name: `${row.first_name} ${row.last_name}`.trim(),
  username: row.username,
  created_date: formatDate(row.created_date),
  online_date: findDate(row.online_date),
  bot: row.bot,
  deleted: row.deleted,
});

/** Accounts, one a line. @param rest what to say if there may be more */
function describeAccounts(rows: readonly AccountRow[], rest: string | undefined): Pick<Output, 'lines'> & { value: ReturnType<typeof projectAccount>[] } {
  const value = rows.map(projectAccount);
  const lines = value.map(({ id, phone, bot, name, username, created_date: since }) => `${id}  ${bot ? 'bot' : `+${phone}`}  ${name}${username === null ? '' : ` @${username}`}  since ${since}`);
  return { value, lines: rest === undefined ? lines : [...lines, rest] };
}

/** `aerogram user list`: accounts, the newest first. */
export function listUsers(options: CliOptions, limit: number): Promise<Output> {
  return withDatabase(options, async (db) => {
    const rows = await listAccounts(db, limit);
    return describeAccounts(rows, rows.length === limit ? `(the newest ${limit}; --limit shows more)` : undefined);
  });
}

/** `aerogram user search`: accounts by part of their name, @username or mail address, by the beginning of their number, or by their id. */
export function searchUsers(options: CliOptions, text: string, limit: number): Promise<Output> {
  return withDatabase(options, async (db) => {
    const rows = await searchAccounts(db, text, limit);
    const { value, lines } = describeAccounts(rows, rows.length === limit ? `(the newest ${limit}; --limit shows more)` : undefined);
    return { value, lines: rows.length === 0 ? ['no account matches'] : lines };
  });
}

/** `aerogram user online`: how many people are online, and who. */
export function showOnline(options: CliOptions, limit: number): Promise<Output> {
  return withDatabase(options, async (db) => {
    const { count, accounts } = await listOnline(db, limit, systemClock.now());
    const { value, lines } = describeAccounts(accounts, count > accounts.length ? `(those who were active last; --limit shows more)` : undefined);
    return { value: { count, accounts: value }, lines: [`${count} online`, ...lines] };
  });
}

/** What `user show` says of people whom the company's provider names. */
const COMPANY_STATES = {
  in: 'may log in',
  unsure: 'unsure: has to log in at /enter again',
  ended: 'logged out, because the provider does not let the person in',
} as const;

/** Which person of the company an account belongs to, if any. */
async function describeCompany(db: Database, userId: bigint): Promise<Output> {
  const company = await findCompanyAccount(db, userId);
  if (company === undefined) return { value: null, lines: [] };
  const { issuer, subject, state } = company;
  const [entered, checked] = [formatDate(company.entered_date), formatDate(company.checked_date)];
  return {
    value: { issuer, subject, state, entered_date: entered, checked_date: checked, goes_on: company.next_check_date !== null },
    lines: [`company   ${issuer}, subject ${JSON.stringify(subject)}`, `          ${COMPANY_STATES[state]}; entered ${entered}, checked ${company.next_check_date === null ? 'no more since' : 'last'} ${checked}`],
  };
}

/** When somebody was seen. The date of a person who is online lies ahead: it holds unless more comes. */
function describePresence(date: number): string {
  if (date === 0) return 'online    -';
  return date > systemClock.now() ? `online    until ${formatDate(date)}` : `seen      ${formatDate(date)}`;
}

/** `aerogram user show`: one account and its logged-in devices. */
export function showUser(options: CliOptions, wanted: string): Promise<Output> {
  return withDatabase(options, async (db) => {
    const row = await findAccountRow(db, (await requireAccount(db, wanted)).user_id);
    if (row === undefined) throw new Error(`no account "${wanted}"`);
    const user = projectAccount(row);
    const devices = (await listAccountDevices(db, user.id)).map((device) => ({ ...device, created_date: formatDate(device.created_date), active_date: formatDate(device.active_date) }));
    const standing = await describeStanding(db, user.id);
    const company = await describeCompany(db, user.id);
    const bannedDate = (await db.q.selectFrom('banned_phones').select('banned_date').where('phone', '=', user.phone ?? '').executeTakeFirst())?.banned_date;
    const { login_email: email } = await findSecurity(db.q, user.id);
    const hasPassword = (await findPassword(db.q, user.id)) !== undefined;
    const lines = [
      `id        ${user.id}${user.deleted ? ' (deleted)' : ''}`,
      `name      ${user.name}`,
      `phone     ${user.phone === null ? '-' : `+${user.phone}`}`,
      `username  ${user.username === null ? '-' : `@${user.username}`}`,
      `since     ${user.created_date}`,
      describePresence(row.online_date),
      `e-mail    ${email === null ? '-' : `${email}, gets the log-in codes`}`,
      `password  ${hasPassword ? 'of two steps' : '-'}`,
      ...(bannedDate === undefined ? [] : [`banned    since ${formatDate(bannedDate)}: its number gets no log-in codes`]),
      ...standing.lines,
      ...company.lines,
      ...devices.map((device) => `device    ${device.number}: ${device.program}; layer ${device.layer ?? '-'}, ${device.address}, active ${device.active_date}`),
    ];
    return { value: { ...user, login_email: email, has_password: hasPassword, banned: bannedDate !== undefined, banned_date: findDate(bannedDate), ...(standing.value as object), company: company.value, devices }, lines };
  });
}

/** `aerogram code`: the codes waiting to be entered for a phone number, or for the account with that number. */
export function showLoginCodes(options: CliOptions, phone: string): Promise<Output> {
  return withDatabase(options, async (db) => {
    const now = systemClock.now();
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
    const { signUp } = options.config;
    const isAdmitted = user !== undefined || signUp === 'open' || (signUp === 'invited' && (await findInvitation(db.q, digits)) !== undefined);
    const refusal = `+${digits} has no account and ${signUp === 'invited' ? 'is not invited' : 'may not sign up'}: no code lets it in (AEROGRAM_SIGN_UP is "${signUp}" here)`;
    if (waiting.length === 0) throw new Error(`no code is waiting for ${phone}${isAdmitted ? '' : `; ${refusal}`}`);
    const whose = user === undefined ? 'a number without an account' : `account ${user.user_id}`;
    await db.transact('note-shown-codes', (tx) => noteOperator(tx, `show the codes of ${whose}`, now));
    const lines = waiting.map(({ code, expires_date, purpose }) => `${code}  valid for ${expires_date - now} s${purpose === 'login' ? '' : `, ${CODE_USES[purpose] ?? purpose}`}`);
    const value = waiting.map(({ code, purpose, expires_date }) => ({ code, purpose, expires_date: formatDate(expires_date), usable: isAdmitted || purpose !== 'login' }));
    return { value, lines: isAdmitted ? lines : [...lines, refusal] };
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

/** Who has a number that no account of this data centre has. */
async function describeOwner(db: Database, phone: string): Promise<string> {
  const owner = await db.q.selectFrom('phones').select('user_id').where('phone', '=', phone).where('confirmed', '=', true).executeTakeFirst();
  const dc = owner && homeDcOf(owner.user_id);
  return dc === undefined ? 'no account has it' : `account ${owner!.user_id} of data centre ${dc}: what is done to its devices is done there`;
}

/** `aerogram user ban` and `unban`: sets whether a number gets log-in codes. A ban also ends the sessions of the number's account, unless it keeps them. */
export function banPhone(options: CliOptions, wanted: string, { isBanned, endsSessions }: { isBanned: boolean; endsSessions: boolean }): Promise<Output> {
  return withDatabase(options, async (db) => {
    const account = await findAccount(db, wanted);
    const isNumber = wanted.trim().startsWith('+');
    const phone = account ? account.phone : isNumber ? findNormalPhone(wanted) : undefined;
    if (phone === null) throw new Error(`account ${account?.user_id} has no phone number`);
    if (phone === undefined && isNumber) throw new Error(`"${wanted}" is no phone number`);
    if (phone === undefined) throw new Error(`no account "${wanted}"; a phone number without an account is written with a plus, such as +15550001111`);
    const ends = endsSessions && account !== undefined;
    await doBanPhone(db, { phone, userId: account?.user_id, isBanned, endsSessions: ends, nowDate: systemClock.now() });
    const whose = account ? `account ${account.user_id}` : await describeOwner(db, phone);
    const lines = [`+${phone} (${whose}) ${isBanned ? 'gets no log-in codes any more' : 'may log in'}`];
    if (ends) lines.push('the running server, or the next one that starts, logs out its devices and stops its scheduled messages');
    return { value: { phone, id: account?.user_id ?? null, banned: isBanned, ends_sessions: ends }, lines };
  });
}
