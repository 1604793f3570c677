import { revokeInvitationLink } from './commands/invitation-links.ts';
import { invite, revokeInvitation, showInvitations, type WantedInvitation } from './commands/invitations.ts';
import type { CliCommand } from './cli-command.ts';
import type { CliOptions } from './options.ts';

/** Adds the commands about who may sign up (AEROGRAM_SIGN_UP). */
export function addInviteCommands(program: CliCommand, options: () => CliOptions, parseLimit: (text: string) => number): void {
  const group = program.command('invite').description('people who may sign up, for AEROGRAM_SIGN_UP=invited');
  group
    .command('create')
    .description('let a phone number sign up; people without one get a number from the server, and their codes by mail. Or make a link, on whose page people name themselves')
    .option('--phone <phone>', 'their number')
    .option('--email <address>', 'where their log-in codes are mailed to, in place of the phone')
    .option('--link', 'make a link in place of naming somebody')
    .option('--uses <n>', 'how many people may use the link, at most 10000 (default: 1)', parseLimit)
    .option('--expires <days>', 'for how many days, at most 365 (default: 7)', parseLimit)
    .action((wanted: WantedInvitation) => invite(options(), wanted));
  group
    .command('list')
    .description('invitations that were not used, and links that have not expired, the newest first')
    .option('--limit <n>', 'how many', parseLimit, 100)
    .action(({ limit }: { limit: number }) => showInvitations(options(), limit));
  group
    .command('revoke [phone]')
    .description('take an invitation back, or a link; an account that was made with it stays')
    .option('--link <id>', 'the link to take back; invitations that came out of it stay')
    .option('--with-invitations', 'take these back, too')
    .action((phone: string | undefined, { link, withInvitations }: { link?: string; withInvitations?: boolean }) => {
      if ((phone === undefined) === (link === undefined)) throw new Error('name a number, or a link with --link');
      if (withInvitations === true && link === undefined) throw new Error('--with-invitations is for --link');
      return phone === undefined ? revokeInvitationLink(options(), link!, withInvitations === true) : revokeInvitation(options(), phone);
    });
}
