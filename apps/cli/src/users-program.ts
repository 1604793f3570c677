import { InvalidArgumentError } from 'commander';
import { exportUser } from './commands/export-user.ts';
import type { CliCommand } from './cli-command.ts';
import { changeUserPhone, deleteUser, logOutUser, resetUserPassword } from './commands/operate-users.ts';
import { banPhone, listUsers, searchUsers, showOnline, showUser } from './commands/users.ts';
import type { CliOptions } from './options.ts';

/** Adds the commands about accounts. @param parseLimit reads a whole number above 0 */
export function addUserCommands(program: CliCommand, options: () => CliOptions, parseLimit: (text: string) => number): void {
  const user = program.command('user').description('accounts; each is named by its id, +phone or @username');
  user
    .command('list')
    .description('accounts, the newest first')
    .option('--limit <n>', 'how many', parseLimit, 100)
    .action(({ limit }: { limit: number }) => listUsers(options(), limit));
  user
    .command('search <text>')
    .description('accounts by part of their name, @username or mail address, by the beginning of their number, or by their id')
    .option('--limit <n>', 'how many, at most 1000', parseLimit, 100)
    .action((text: string, { limit }: { limit: number }) => searchUsers(options(), text, limit));
  user
    .command('online')
    .description('how many people are online, and who')
    .option('--limit <n>', 'how many are listed, at most 1000', parseLimit, 100)
    .action(({ limit }: { limit: number }) => showOnline(options(), limit));
  user
    .command('show <who>')
    .description('one account and its devices')
    .action((who: string) => showUser(options(), who));
  user
    .command('logout <who>')
    .description('logs out all devices of an account, or one')
    .option('--device <number>', 'only this one, by its number in "user show"', parseDevice)
    .action((who: string, which: { device?: bigint }) => logOutUser(options(), who, which));
  user
    .command('ban <who>')
    .description('sends no more log-in codes to a number, logs out all devices of its account, and stops its scheduled messages')
    .option('--keep-sessions', 'leaves devices that are logged in as they are', false)
    .action((who: string, { keepSessions }: { keepSessions: boolean }) => banPhone(options(), who, { isBanned: true, endsSessions: !keepSessions }));
  user
    .command('export <who> <dir>')
    .description('write the data of an account into a new directory, for programs (JSON) and for a browser (HTML), and tells its owner; the server may run')
    .option('--no-files', 'without the bytes of files')
    .action((who: string, dir: string, { files }: { files: boolean }) => exportUser(options(), who, { dir, withFiles: files }));
  user
    .command('unban <who>')
    .description('lets a number log in again')
    .action((who: string) => banPhone(options(), who, { isBanned: false, endsSessions: false }));
  user
    .command('reset-password <who>')
    .description('takes the password of the two-step verification off, and tells the owner')
    .action((who: string) => resetUserPassword(options(), who));
  user
    .command('change-phone <who> <phone>')
    .description('gives an account another number, such as +15550001111, and tells the owner')
    .action((who: string, phone: string) => changeUserPhone(options(), who, phone));
  user
    .command('delete <who>')
    .description('deletes an account and forgets its number; this cannot be undone')
    .option('--yes', 'really delete it', false)
    .action((who: string, sure: { yes: boolean }) => deleteUser(options(), who, sure));
}

function parseDevice(text: string): bigint {
  if (!/^\d{1,18}$/.test(text)) throw new InvalidArgumentError('a device has a number');
  return BigInt(text);
}
