import { invite, revokeInvitation, showInvitations } from './commands/invitations.ts';
import type { CliCommand } from './cli-command.ts';
import type { CliOptions } from './options.ts';

/** Adds the commands about who may sign up (AEROGRAM_SIGN_UP). */
export function addInviteCommands(program: CliCommand, options: () => CliOptions, parseLimit: (text: string) => number): void {
  const group = program.command('invite').description('people who may sign up, for AEROGRAM_SIGN_UP=invited');
  group
    .command('create')
    .description('let a phone number sign up; people without one get a number from the server, and their codes by mail')
    .option('--phone <phone>', 'their number')
    .option('--email <address>', 'where their log-in codes are mailed to, in place of the phone')
    .action((wanted: { phone?: string; email?: string }) => invite(options(), wanted));
  group
    .command('list')
    .description('invitations that were not used, the newest first')
    .option('--limit <n>', 'how many', parseLimit, 100)
    .action(({ limit }: { limit: number }) => showInvitations(options(), limit));
  group
    .command('revoke <phone>')
    .description('take an invitation back; an account that was made with it stays')
    .action((phone: string) => revokeInvitation(options(), phone));
}
