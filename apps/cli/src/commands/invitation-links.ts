import { doMakeInvitationLink, doRevokeInvitationLink, INVITATION_LINK_MOST, type InvitationLink } from '@aerogram/domain';
import { readServerFile, systemClock, systemRandom, webAddressOf } from '@aerogram/runtime';
import { withDatabase } from '../open-database.ts';
import { type CliOptions, formatDate } from '../options.ts';
import type { Output } from '../output.ts';
import { describeSignUp } from './describe-sign-up.ts';

/** How many days a link can be used, unless somebody says otherwise. */
const DAYS = 7;

/** What a link is to be; what is absent has a default. */
export interface WantedLink {
  uses?: number | undefined;
  /** Days until it expires. */
  expires?: number | undefined;
}

/** @throws Error if a number is not whole, or out of its range */
function checkRange(name: string, value: number, most: number): void {
  if (!Number.isInteger(value) || value < 1 || value > most) throw new Error(`${name} must be a whole number from 1 to ${most}`);
}

/** `aerogram invite create --link`: makes a link by which people invite themselves. */
export function makeInvitationLink(options: CliOptions, { uses = 1, expires: days = DAYS }: WantedLink): Promise<Output> {
  checkRange('--uses', uses, INVITATION_LINK_MOST.uses);
  checkRange('--expires', days, INVITATION_LINK_MOST.days);
  const { config } = options;
  return withDatabase(options, async (db) => {
    const made = await doMakeInvitationLink(db, { uses, days }, { random: systemRandom, nowDate: systemClock.now() });
    if (made === undefined) throw new Error(`there are ${INVITATION_LINK_MOST.links} links already; revoke some with "aerogram invite revoke --link ID"`);
    const url = `${webAddressOf(config, readServerFile(config.dataDir)?.http.port)}/invite/${made.token}`;
    const expires = formatDate(made.expiresDate);
    const lines = [url, `link ${made.linkId} for ${uses === 1 ? '1 person' : `${uses} people`}, until ${expires}; it is shown only now`];
    if (config.webAddress === undefined) lines.push('AEROGRAM_WEB_ADDRESS is not set: the link works on this machine only');
    return { value: { link: made.linkId, url, uses, expires_date: expires, sign_up: config.signUp }, lines: [...lines, ...describeSignUp(config)] };
  });
}

/** `aerogram invite revoke --link`: takes a link back, on demand with the invitations that came out of it. */
export function revokeInvitationLink(options: CliOptions, id: string, withInvitations: boolean): Promise<Output> {
  if (!/^\d{1,18}$/.test(id)) throw new Error('a link has a number, which "aerogram invite list" shows');
  const linkId = BigInt(id);
  return withDatabase(options, async (db) => {
    const invitations = await doRevokeInvitationLink(db, linkId, withInvitations, systemClock.now());
    if (invitations === undefined) throw new Error(`there is no link ${linkId}${withInvitations ? ', and no invitation of it waits' : ''}`);
    return { value: { link: linkId, invitations }, lines: [`revoked    link ${linkId}${withInvitations ? `, and ${invitations} invitations that came out of it` : ''}`] };
  });
}

/** A line about a link. Pure. */
export function describeLink({ link_id: id, uses, uses_left: left, by_user_id: by, created_date: made, expires_date: expires }: InvitationLink): string {
  return `link ${id}  ${left} of ${uses} uses left, until ${formatDate(expires)}, made ${formatDate(made)} ${by === null ? 'at the command line' : `by account ${by}`}`;
}

/** A link for programs. Pure. */
export function projectLink({ link_id: link, uses, uses_left, by_user_id: made_by, created_date: made, expires_date: expires }: InvitationLink): object {
  return { link, uses, uses_left, made_by, created_date: formatDate(made), expires_date: formatDate(expires) };
}
