import { type AccountLimit, BADGES, MESSAGE_LENGTH_MAX, RESTRICTION_TEXT_MAX } from '@aerogram/domain';
import type { AdminCommand, AdminCommands, AdminMeans } from '@aerogram/node';
import { showAdmins } from './commands/admins.ts';
import { showOperatorLog } from './commands/operator-log.ts';
import { findUsers } from './commands/find-users.ts';
import { revokeInvitationLink } from './commands/invitation-links.ts';
import { invite, revokeInvitation, showInvitations } from './commands/invitations.ts';
import { limitUser, type MarkOptions, markUser } from './commands/marks.ts';
import { endNotice, sendNotice, showNotices } from './commands/notices.ts';
import { deleteUser, logOutUser } from './commands/operate-users.ts';
import { closeReportsBy, showReports } from './commands/reports.ts';
import { showSettings } from './commands/settings.ts';
import { showState } from './commands/status.ts';
import { banPhone, showUser } from './commands/users.ts';
import { formatJson, type Output } from './output.ts';

type Args = Readonly<Record<string, unknown>>;

/** Characters of an argument; few have more. */
const TEXT_MAX = 256;

/** Rows of a list. */
const LISTED = 200;

const CLOSED_MAX = 100;

const ID = /^\d{1,18}$/;

/** A text that must be there. @throws Error if it is not */
function text(args: Args, name: string, max = TEXT_MAX): string {
  const value = optional(args, name, max);
  if (value === undefined) throw new Error(`"${name}" is missing`);
  return value;
}

/** A text; undefined if it is absent or empty. @throws Error if it is too long, or none */
function optional(args: Args, name: string, max = TEXT_MAX): string | undefined {
  const value = args[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string' || value.length > max) throw new Error(`"${name}" must be a text of at most ${max} characters`);
  return value;
}

/** A number, which comes as a text; undefined if it is absent or empty. The command checks its range. */
function number(args: Args, name: string): number | undefined {
  const value = optional(args, name);
  return value === undefined ? undefined : Number(value);
}

/** Ids of 64 bits, which come as texts. @throws Error if they are none */
function ids(args: Args, name: string): bigint[] {
  const { [name]: value } = args;
  const isList = Array.isArray(value) && value.length > 0 && value.length <= CLOSED_MAX && value.every((id) => typeof id === 'string' && ID.test(id));
  if (!isList) throw new Error(`"${name}" must be a list of at most ${CLOSED_MAX} ids`);
  return value.map(BigInt);
}

/** An id of 64 bits. @throws Error if it is none */
function idOf(args: Args, name: string): bigint {
  const value = text(args, name);
  if (!ID.test(value)) throw new Error(`"${name}" must be an id`);
  return BigInt(value);
}

/** What to limit an account to; undefined: its limit is lifted. @throws Error if the end is no time */
function limitOf(args: Args): AccountLimit | undefined {
  if (args['lift'] === true) return undefined;
  const until = optional(args, 'until');
  const untilDate = until === undefined ? Infinity : Math.floor(Date.parse(until) / 1000);
  if (Number.isNaN(untilDate)) throw new Error('"until" must be a time such as 2026-01-31T18:00:00Z');
  return { untilDate, reason: optional(args, 'reason') ?? '' };
}

/** All marks that an account has from now on. @throws Error */
function marksOf(args: Args): MarkOptions {
  const badge = optional(args, 'badge');
  if (badge !== undefined && !BADGES.some((one) => one === badge)) throw new Error(`"badge" must be one of ${BADGES.join(', ')}`);
  return { clear: true, ...(badge !== undefined && { [badge]: true }), restrict: optional(args, 'restrict', RESTRICTION_TEXT_MAX), reason: optional(args, 'reason') ?? 'terms' };
}

type Run = (means: AdminMeans, args: Args) => Output | Promise<Output>;

function command(does: AdminCommand['does'], run: Run): AdminCommand {
  return {
    does,
    async run(means, args) {
      const { value, failure } = await run(means, args);
      if (failure !== undefined) throw new Error(failure);
      return formatJson(value);
    },
  };
}

const reads = (run: Run): AdminCommand => command('read', run);
const changes = (run: Run): AdminCommand => command('change', run);
const tells = (run: Run): AdminCommand => command('tell', run);

/** What admins can see and do on the admin page: the functions of the command line, by their names there. */
export const adminCommands: AdminCommands = {
  status: reads((means) => showState(means)),
  settings: reads((means) => showSettings(means, process.env)),
  'chats log': reads((means) => showOperatorLog(means, LISTED)),
  'admin list': reads((means) => showAdmins(means)),
  'user find': reads((means, args) => findUsers(means, optional(args, 'query') ?? '', optional(args, 'after'))),
  'user show': reads((means, args) => showUser(means, text(args, 'who'))),
  'user ban': changes((means, args) => banPhone(means, text(args, 'who'), { isBanned: true, endsSessions: args['endSessions'] === true })),
  'user unban': changes((means, args) => banPhone(means, text(args, 'who'), { isBanned: false, endsSessions: false })),
  'user logout': changes((means, args) => logOutUser(means, text(args, 'who'), { device: args['device'] === undefined ? undefined : idOf(args, 'device') })),
  'user delete': changes((means, args) => deleteUser(means, text(args, 'who'), { yes: args['yes'] === true })),
  'user limit': changes((means, args) => limitUser(means, text(args, 'who'), limitOf(args))),
  'user mark': changes((means, args) => markUser(means, text(args, 'who'), marksOf(args))),
  notice: tells((means, args) => sendNotice(means, text(args, 'text', MESSAGE_LENGTH_MAX), undefined)),
  'notice list': reads((means) => showNotices(means, LISTED)),
  'notice stop': changes((means, args) => endNotice(means, idOf(args, 'id'))),
  'reports list': reads((means, args) => showReports(means, { all: args['all'] === true, limit: LISTED })),
  'reports close': changes((means, args) => closeReportsBy(means, ids(args, 'ids'))),
  'invite list': reads((means) => showInvitations(means, LISTED)),
  'invite create': changes((means, args) => invite(means, { phone: optional(args, 'phone'), email: optional(args, 'email'), link: args['link'] === true, uses: number(args, 'uses'), expires: number(args, 'expires') })),
  'invite revoke': changes((means, args) => (optional(args, 'link') === undefined ? revokeInvitation(means, text(args, 'phone')) : revokeInvitationLink(means, text(args, 'link'), args['withInvitations'] === true))),
};
