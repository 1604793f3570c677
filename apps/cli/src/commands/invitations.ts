import { doInvite, doRevokeInvitation, findNormalPhone, listInvitations, type SignUpInvitation } from '@aerogram/domain';
import { systemClock, systemRandom } from '@aerogram/runtime';
import { withDatabase } from '../open-database.ts';
import { type CliOptions, formatDate } from '../options.ts';
import type { Output } from '../output.ts';

/** Digits of a number. @throws Error if it is no phone number */
function readPhone(text: string): string {
  const phone = findNormalPhone(text);
  if (phone === undefined) throw new Error(`"${text}" is no phone number`);
  return phone;
}

/** `aerogram invite create`: lets a number sign up. */
export function invite(options: CliOptions, wanted: { phone?: string; email?: string }): Promise<Output> {
  if (wanted.phone === undefined && wanted.email === undefined) throw new Error('name a number with --phone, or an address with --email');
  if (wanted.email !== undefined && options.config.smtpUrl === undefined) throw new Error('codes go out by mail only with AEROGRAM_SMTP_URL');
  const { signUp } = options.config;
  return withDatabase(options, async (db) => {
    const phone = wanted.phone === undefined ? undefined : readPhone(wanted.phone);
    const made = await doInvite(db, { phone, email: wanted.email }, { random: systemRandom, nowDate: systemClock.now() });
    if (made === 'has account') throw new Error(`+${phone} has an account already`);
    const lines = [`invited    ${made.wasInvited ? 'before with ' : ''}+${made.phone}${made.email === null ? '' : `, with codes by mail to ${made.email}`}`];
    if (made.accountId !== undefined) lines.push(`account ${made.accountId} gets its codes at this address already`);
    if (signUp !== 'invited') lines.push(`AEROGRAM_SIGN_UP is "${signUp}" here: ${signUp === 'open' ? 'everybody' : 'nobody'} may sign up`);
    return { value: { phone: made.phone, email: made.email, was_invited: made.wasInvited, account: made.accountId ?? null, sign_up: signUp }, lines };
  });
}

/** `aerogram invite list`: the invitations that were not used. */
export function showInvitations(options: CliOptions, limit: number): Promise<Output> {
  return withDatabase(options, async (db) => {
    const rows = await listInvitations(db, limit);
    const lines = rows.length === 0 ? ['no invitations wait'] : rows.map(describe);
    if (rows.length === limit) lines.push(`the newest ${limit}; more with --limit`);
    return { value: rows.map(project), lines };
  });
}

const describe = ({ phone, email, created_date }: SignUpInvitation): string => `+${phone}  ${formatDate(created_date)}${email === null ? '' : `  ${email}`}`;

const project = ({ phone, email, created_date }: SignUpInvitation): object => ({ phone, email, created_date: formatDate(created_date) });

/** `aerogram invite revoke`: takes an invitation back. */
export function revokeInvitation(options: CliOptions, given: string): Promise<Output> {
  return withDatabase(options, async (db) => {
    const phone = readPhone(given);
    if (!(await doRevokeInvitation(db, phone, systemClock.now()))) throw new Error(`+${phone} is not invited, or has signed up`);
    return { value: { phone }, lines: [`revoked    +${phone}`] };
  });
}
