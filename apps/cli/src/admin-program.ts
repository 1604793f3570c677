import type { CliCommand } from './cli-command.ts';
import { grantAdmin, revokeAdmin, showAdmins } from './commands/admins.ts';
import type { CliOptions } from './options.ts';

/** Adds the commands about who may use the admin page. */
export function addAdminCommands(program: CliCommand, options: () => CliOptions): void {
  const group = program.command('admin').description('accounts that may use the admin page (/admin of the HTTP port)');
  group
    .command('grant <who>')
    .description('let an account use the admin page, by id, phone number or @username; it needs a two-step password')
    .action((who: string) => grantAdmin(options(), who));
  group
    .command('revoke <who>')
    .description('take that right away; the sessions of the account on the admin page end at once')
    .action((who: string) => revokeAdmin(options(), who));
  group
    .command('list')
    .description('the accounts that may use the admin page')
    .action(() => showAdmins(options()));
}
