import { doInvite, doRevokeInvitation, findNormalPhone, listInvitations, type SignUpInvitation } from '@aerogram/domain';
import { systemClock, systemRandom } from '@aerogram/runtime';
import { withDatabase } from '../open-database.ts';
import { type CliOptions, formatDate } from '../options.ts';

/** Digits of a number. @throws Error if it is no phone number */
function readPhone(text: string): string {
  const phone = findNormalPhone(text);
  if (phone === undefined) throw new Error(`"${text}" is no phone number`);
  return phone;
}

/** `aerogram invite create`: lets a number sign up. */
export function invite(options: CliOptions, wanted: { phone?: string | undefined; email?: string | undefined }, isJson: boolean): Promise<void> {
  if (wanted.phone === undefined && wanted.email === undefined) throw new Error('name a number with --phone, or an address with --email');
  if (wanted.email !== undefined && options.config.smtpUrl === undefined) throw new Error('codes go out by mail only with AEROGRAM_SMTP_URL');
  return withDatabase(options, async (db) => {
    const phone = wanted.phone === undefined ? undefined : readPhone(wanted.phone);
    const made = await doInvite(db, { phone, email: wanted.email }, { random: systemRandom, nowDate: systemClock.now() });
    if (made === 'has account') throw new Error(`+${phone} has an account already`);
    if (isJson) return options.print(JSON.stringify(made));
    options.print(`invited    +${made.phone}${made.email === null ? '' : `, with codes by mail to ${made.email}`}`);
    if (options.config.signUp !== 'invited') options.print(`AEROGRAM_SIGN_UP is "${options.config.signUp}" here: ${options.config.signUp === 'open' ? 'everybody' : 'nobody'} may sign up`);
  });
}

/** `aerogram invite list`: the invitations that were not used. */
export function showInvitations(options: CliOptions, limit: number, isJson: boolean): Promise<void> {
  return withDatabase(options, async (db) => {
    const rows = await listInvitations(db, limit);
    if (isJson) return options.print(JSON.stringify(rows));
    if (rows.length === 0) options.print('no invitations wait');
    for (const row of rows) options.print(describe(row));
    if (rows.length === limit) options.print(`the newest ${limit}; more with --limit`);
  });
}

const describe = ({ phone, email, created_date }: SignUpInvitation): string => `+${phone}  ${formatDate(created_date)}${email === null ? '' : `  ${email}`}`;

/** `aerogram invite revoke`: takes an invitation back. */
export function revokeInvitation(options: CliOptions, given: string): Promise<void> {
  return withDatabase(options, async (db) => {
    const phone = readPhone(given);
    if (!(await doRevokeInvitation(db, phone, systemClock.now()))) throw new Error(`+${phone} is not invited, or has signed up`);
    options.print(`revoked    +${phone}`);
  });
}
