import type { AdminCommand, AdminCommands, AdminMeans } from '@aerogram/node';
import { showAdmins } from './commands/admins.ts';
import { showOperatorLog } from './commands/operator-log.ts';
import { findUsers } from './commands/find-users.ts';
import { revokeInvitationLink } from './commands/invitation-links.ts';
import { invite, revokeInvitation, showInvitations } from './commands/invitations.ts';
import { closeReportsBy, showReports } from './commands/reports.ts';
import { showSettings } from './commands/settings.ts';
import { showState } from './commands/status.ts';
import { banPhone, showUser } from './commands/users.ts';
import { formatJson, type Output } from './output.ts';

type Args = Readonly<Record<string, unknown>>;

/** Characters of an argument. */
const TEXT_MAX = 256;

/** Rows of a list. */
const LISTED = 200;

const CLOSED_MAX = 100;

/** A text that must be there. @throws Error if it is not */
function text(args: Args, name: string): string {
  const value = optional(args, name);
  if (value === undefined) throw new Error(`"${name}" is missing`);
  return value;
}

/** A text; undefined if it is absent or empty. @throws Error if it is too long, or none */
function optional(args: Args, name: string): string | undefined {
  const value = args[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string' || value.length > TEXT_MAX) throw new Error(`"${name}" must be a text of at most ${TEXT_MAX} characters`);
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
  const isList = Array.isArray(value) && value.length > 0 && value.length <= CLOSED_MAX && value.every((id) => typeof id === 'string' && /^\d{1,18}$/.test(id));
  if (!isList) throw new Error(`"${name}" must be a list of at most ${CLOSED_MAX} ids`);
  return value.map(BigInt);
}

type Run = (means: AdminMeans, args: Args) => Output | Promise<Output>;

function command(isReading: boolean, run: Run): AdminCommand {
  return {
    isReading,
    async run(means, args) {
      const { value, failure } = await run(means, args);
      if (failure !== undefined) throw new Error(failure);
      return formatJson(value);
    },
  };
}

const reads = (run: Run): AdminCommand => command(true, run);
const changes = (run: Run): AdminCommand => command(false, run);

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
  'reports list': reads((means, args) => showReports(means, { all: args['all'] === true, limit: LISTED })),
  'reports close': changes((means, args) => closeReportsBy(means, ids(args, 'ids'))),
  'invite list': reads((means) => showInvitations(means, LISTED)),
  'invite create': changes((means, args) => invite(means, { phone: optional(args, 'phone'), email: optional(args, 'email'), link: args['link'] === true, uses: number(args, 'uses'), expires: number(args, 'expires') })),
  'invite revoke': changes((means, args) => (optional(args, 'link') === undefined ? revokeInvitation(means, text(args, 'phone')) : revokeInvitationLink(means, text(args, 'link'), args['withInvitations'] === true))),
};
