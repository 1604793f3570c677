import { Command, InvalidArgumentError, Option } from 'commander';
import { loadConfig } from '@aerogram/runtime';
import { migrateDatabase, showClientConfig, showKeys } from './commands/server-settings.ts';
import { showStatus } from './commands/status.ts';
import { listUsers, showLoginCodes, showUser } from './commands/users.ts';
import type { CliOptions } from './options.ts';

function parseLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1) throw new InvalidArgumentError('must be a whole number above 0');
  return limit;
}

/**
 * The `aerogram` command line.
 * @param print where results go, a line at a time
 */
export function createProgram(env: Readonly<Record<string, string | undefined>>, print: (line: string) => void): Command {
  const program = new Command('aerogram')
    .description('Looks after an Aerogram server on this machine.')
    .addOption(new Option('--data-dir <dir>', 'data directory of the server [AEROGRAM_DATA_DIR]'))
    .showHelpAfterError();

  const options = (): CliOptions => {
    const { dataDir } = program.opts<{ dataDir?: string }>();
    return { config: loadConfig(dataDir === undefined ? [] : ['--data-dir', dataDir], env), print };
  };

  program.command('status').description('whether the server runs, and what it holds').action(() => showStatus(options()));

  const user = program.command('user').description('accounts');
  user
    .command('list')
    .description('accounts, the newest first')
    .option('--limit <n>', 'how many', parseLimit, 100)
    .action(({ limit }: { limit: number }) => listUsers(options(), limit));
  user
    .command('show <who>')
    .description('one account and its devices, by id, phone number or @username')
    .action((who: string) => showUser(options(), who));

  program
    .command('code <phone>')
    .description('the log-in code that waits for this phone number')
    .action((phone: string) => showLoginCodes(options(), phone));

  program
    .command('key')
    .description('the keys of the server')
    .command('show')
    .description('the public keys that clients must know')
    .action(() => showKeys(options()));

  program.command('migrate').description('bring the database to the version of this program').action(() => migrateDatabase(options()));

  program
    .command('client-config [client]')
    .description('settings for mtcute, gramjs, telethon, tdlib or tdesktop; without a name, for all')
    .action((client: string | undefined) => showClientConfig(options(), client));

  return program;
}
