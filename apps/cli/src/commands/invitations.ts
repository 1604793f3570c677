import { doInvite, doRevokeInvitation, findNormalPhone, listInvitationLinks, listInvitations, type SignUpInvitation } from '@aerogram/domain';
import { systemClock, systemRandom } from '@aerogram/runtime';
import { withDatabase } from '../open-database.ts';
import { type CliOptions, formatDate } from '../options.ts';
import type { Output } from '../output.ts';
import { describeSignUp } from './describe-sign-up.ts';
import { describeLink, makeInvitationLink, projectLink, type WantedLink } from './invitation-links.ts';

/** Digits of a number. @throws Error if it is no phone number */
function readPhone(text: string): string {
  const phone = findNormalPhone(text);
  if (phone === undefined) throw new Error(`"${text}" is no phone number`);
  return phone;
}

/** Whom to invite, or what link to make. */
export interface WantedInvitation extends WantedLink {
  phone?: string | undefined;
  email?: string | undefined;
  link?: boolean | undefined;
}

/** `aerogram invite create`: lets a number sign up, or makes a link by which people invite themselves. */
export function invite(options: CliOptions, wanted: WantedInvitation): Promise<Output> {
  if (wanted.link === true) {
    if (wanted.phone !== undefined || wanted.email !== undefined) throw new Error('whoever has a link names a number or an address there: --link has neither --phone nor --email');
    return makeInvitationLink(options, wanted);
  }
  if (wanted.uses !== undefined || wanted.expires !== undefined) throw new Error('--uses and --expires are for --link');
  if (wanted.phone === undefined && wanted.email === undefined) throw new Error('name a number with --phone, or an address with --email, or make a link with --link');
  if (wanted.email !== undefined && options.config.smtpUrl === undefined) throw new Error('codes go out by mail only with AEROGRAM_SMTP_URL');
  const { signUp } = options.config;
  return withDatabase(options, async (db) => {
    const phone = wanted.phone === undefined ? undefined : readPhone(wanted.phone);
    const made = await doInvite(db, { phone, email: wanted.email }, { random: systemRandom, nowDate: systemClock.now() });
    if (made === 'has account') throw new Error(`+${phone} has an account already`);
    const lines = [`invited    ${made.wasInvited ? 'before with ' : ''}+${made.phone}${made.email === null ? '' : `, with codes by mail to ${made.email}`}`];
    if (made.email === null && options.config.codeHookUrl === undefined) lines.push(`nothing sends codes to phones here (AEROGRAM_CODE_HOOK_URL): when one has been asked for, "aerogram code +${made.phone}" shows it`);
    if (made.accountId !== undefined) lines.push(`account ${made.accountId} gets its codes at this address already`);
    return { value: { phone: made.phone, email: made.email, was_invited: made.wasInvited, account: made.accountId ?? null, sign_up: signUp }, lines: [...lines, ...describeSignUp(options.config)] };
  });
}

/** `aerogram invite list`: the invitations that were not used, and the links that have not expired. */
export function showInvitations(options: CliOptions, limit: number): Promise<Output> {
  return withDatabase(options, async (db) => {
    const rows = await listInvitations(db, limit);
    const links = await listInvitationLinks(db, { limit, nowDate: systemClock.now() });
    const lines = [...(rows.length === 0 ? ['no invitations wait'] : rows.map(describe)), ...links.map(describeLink)];
    if (rows.length === limit || links.length === limit) lines.push(`the newest ${limit}; more with --limit`);
    return { value: { invitations: rows.map(project), links: links.map(projectLink) }, lines };
  });
}

const describe = ({ phone, email, created_date, link_id: link }: SignUpInvitation): string => `+${phone}  ${formatDate(created_date)}${email === null ? '' : `  ${email}`}${link === null ? '' : `  by link ${link}`}`;

const project = ({ phone, email, created_date, link_id: link }: SignUpInvitation): object => ({ phone, email, created_date: formatDate(created_date), link });

/** `aerogram invite revoke`: takes an invitation back. */
export function revokeInvitation(options: CliOptions, given: string): Promise<Output> {
  return withDatabase(options, async (db) => {
    const phone = readPhone(given);
    if (!(await doRevokeInvitation(db, phone, systemClock.now()))) throw new Error(`+${phone} is not invited, or has signed up`);
    return { value: { phone }, lines: [`revoked    +${phone}`] };
  });
}
