import { InvalidArgumentError, Option } from 'commander';
import { loadConfig, VERSION } from '@aerogram/runtime';
import { SCHEMA_VERSION } from '@aerogram/storage';
import { addAdminCommands } from './admin-program.ts';
import { addBotCommands } from './bots-program.ts';
import { CliCommand } from './cli-command.ts';
import { addCdnCommands } from './cdn-program.ts';
import { addDcCommands } from './dc-program.ts';
import { addChatCommands } from './chats-program.ts';
import { addInviteCommands } from './invite-program.ts';
import { addModerationCommands } from './blobs-program.ts';
import { adoptFiles, checkBlobs, confirmAllStrays, linkToFile, rotateMasterKey, showBlobs } from './commands/blobs.ts';
import { backUp, restore, startEpoch } from './commands/backup.ts';
import { verifyBackup } from './commands/verify-backup.ts';
import { adoptDatabase, checkMigration, createKey, migrateDatabase, showClientConfig, showKeys } from './commands/server-settings.ts';
import { addNodeCommands } from './nodes-program.ts';
import { addNoticeCommands } from './notices-program.ts';
import { addMarkCommands } from './marks-program.ts';
import { addStickerCommands } from './stickers-program.ts';
import { acceptClock } from './commands/clock.ts';
import { rebuild } from './commands/search.ts';
import { seed } from './commands/seed.ts';
import { showStatus } from './commands/status.ts';
import { showLoginCodes } from './commands/users.ts';
import type { CliOptions } from './options.ts';
import { addPushCommands } from './push-program.ts';
import { addUserCommands } from './users-program.ts';

function parseLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1) throw new InvalidArgumentError('must be a whole number above 0');
  return limit;
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 0) throw new InvalidArgumentError('must be a whole number');
  return count;
}

function parseMoment(text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new InvalidArgumentError('must be a time such as 2026-01-31T18:00:00Z');
  return ms;
}

/** Options of `aerogram dev seed`. */
interface SeedOptions {
  users: number;
  messages: number;
  devices: number;
  channelMembers: number;
  channels: number;
  channelsEach: number;
  channelPosts: number;
}

/**
 * Creates the `aerogram` command line.
 * @param print gets the output, line by line
 */
export function createProgram(env: Readonly<Record<string, string | undefined>>, print: (line: string) => void): CliCommand {
  const program = new CliCommand('aerogram', print)
    .description('Looks after an Aerogram server on this machine.')
    .version(`aerogram ${VERSION}, database schema ${SCHEMA_VERSION}`)
    .addOption(new Option('--data-dir <dir>', 'data directory of the server [AEROGRAM_DATA_DIR]'))
    .showHelpAfterError();

  const options = (): CliOptions => {
    const { dataDir } = program.opts<{ dataDir?: string }>();
    return { config: loadConfig(dataDir === undefined ? [] : ['--data-dir', dataDir], env) };
  };

  program.command('status').description('whether the server runs, and what it holds').action(() => showStatus(options()));

  addUserCommands(program, options, parseLimit);
  addChatCommands(program, options, parseLimit);
  addBotCommands(program, options, parseLimit);
  addMarkCommands(program, options);
  addStickerCommands(program, options, parseLimit);
  addPushCommands(program, options);
  addNoticeCommands(program, options, { parseLimit, parseMoment });

  addAdminCommands(program, options);
  addInviteCommands(program, options, parseLimit);
  program
    .command('code <phone>')
    .description('the codes that wait for this phone number, and those sent by e-mail to the account that has it')
    .action((phone: string) => showLoginCodes(options(), phone));

  const key = program.command('key').description('the keys of the server');
  key
    .command('show')
    .description('the public keys that clients must know')
    .action(() => showKeys(options()));
  key
    .command('create')
    .description('a new key where the old one is lost; clients must be given it')
    .action(() => createKey(options()));

  program
    .command('search')
    .description('what messages are found by')
    .command('rebuild')
    .description('make it anew from the messages; the server may run')
    .action(() => rebuild(options()));

  const blobs = program.command('blobs').description('the files of users');
  blobs
    .command('stats')
    .description('how many there are, and in which state')
    .action(() => showBlobs(options()));
  blobs
    .command('check')
    .description('look for every file, and name those that are missing or have another size; the server may run')
    .option('--content', 'also read every byte and compare it with the hashes', false)
    .action(({ content }: { content: boolean }) => checkBlobs(options(), content));
  blobs
    .command('link <document>')
    .description('a link by which you can look at a document that somebody reported, by the id of the document')
    .option('--minutes <n>', 'for how long it is valid, at most 10080 (a week)', parseLimit, 60)
    .action((document: string, { minutes }: { minutes: number }) => linkToFile(options(), document, minutes));
  blobs
    .command('rotate-key')
    .description('make a new master key for the files; the server may run')
    .action(() => rotateMasterKey(options()));

  blobs
    .command('adopt')
    .description('make the S3 bucket or directory with the files belong to this server, because the one to which it belonged never runs again')
    .option('--yes', 'the other server never runs again', false)
    .action(({ yes }: { yes: boolean }) => adoptFiles(options(), yes));
  blobs
    .command('confirm-strays')
    .description('let the server delete the many files in the store that its database does not know; "blobs stats" says how many')
    .option('--yes', 'nobody needs them', false)
    .action(({ yes }: { yes: boolean }) => confirmAllStrays(options(), yes));
  addModerationCommands(blobs, options, parseLimit);
  addCdnCommands(program, options);
  addNodeCommands(program, options);
  addDcCommands(program, options);

  program
    .command('backup <dir>')
    .description('copy the embedded database, the keys and the files of users into a new directory; the server may run')
    .option('--previous <dir>', 'an older backup on the same disk, whose files of users are linked instead of copied again')
    .addOption(new Option('--verify', 'check the backup in <dir>, to its last byte, and that a database starts from it, instead of making one').conflicts('previous'))
    .action((dir: string, { previous, verify }: { previous?: string; verify?: boolean }) => (verify === true ? verifyBackup(options(), dir) : backUp(options(), dir, previous)));
  program
    .command('restore <dir>')
    .description('make the data directory from a backup; it must be empty')
    .option('--to <time>', 'leave out what was committed after this moment (2026-01-31T18:00:00Z)', parseMoment)
    .option('--wal <dir>', "log of the lost database, where it can still be read: its postgres-…/pg_wal")
    .option('--blobs <dir>', 'files of the lost server, where they can still be read: its blobs')
    .option('--keys <file>', 'master keys of the lost server, if they are newer than the backup: its keys/files.master')
    .option('--without-keys', 'with --to: restore although master keys are missing, so that some files cannot be read', false)
    .option('--replace-server', 'the lost server never runs again: its files in S3 belong to the restored one', false)
    .action((dir: string, { to, wal, blobs, keys, withoutKeys, replaceServer }: { to?: number; wal?: string; blobs?: string; keys?: string; withoutKeys: boolean; replaceServer: boolean }) =>
      restore(options(), dir, { toMs: to, walDir: wal, blobsDir: blobs, keysFile: keys, withoutKeys, replacesServer: replaceServer }),
    );
  program
    .command('new-epoch')
    .description('after restoring an external database, before the server starts: number beyond what clients have seen')
    .option('--replace-server', 'the lost server never runs again: its files belong to the restored one', false)
    .action(({ replaceServer }: { replaceServer: boolean }) => startEpoch(options(), replaceServer));

  program
    .command('adopt-database')
    .description('make the data directory belong to the database that the settings name now, instead of the one that it remembers')
    .action(() => adoptDatabase(options()));
  program
    .command('accept-clock')
    .description("say that the server's clock is right after it has jumped, so that nothing waits any longer")
    .action(() => acceptClock(options()));

  program
    .command('migrate')
    .description('bring the database to the version of this program')
    .option('--check', 'only say what would be done, and whether the nodes that serve can go on; exits with 1 if they cannot; the server may run', false)
    .action(({ check }: { check: boolean }) => (check ? checkMigration(options()) : migrateDatabase(options())));

  program
    .command('dev')
    .description('for development')
    .command('seed')
    .description('fill an empty database with accounts and messages, the same each time; the keys of its devices are known to everybody')
    .option('--users <n>', 'accounts', parseLimit, 20_000)
    .option('--messages <n>', 'messages of private chats, each in two boxes', parseCount, 200_000)
    .option('--devices <n>', 'accounts with a device, whose messages can be searched', parseCount, 400)
    .option('--channel-members <n>', 'members of the largest channel, which are as many accounts; 0: no public channels', parseCount, 0)
    .option('--channels <n>', 'private channels', parseCount, 0)
    .option('--channels-each <n>', 'private channels in which each account with a device is', parseLimit, 200)
    .option('--channel-posts <n>', 'messages in each channel', parseLimit, 10)
    .action(({ channelMembers: members, channels: count, channelsEach: each, channelPosts: posts, ...size }: SeedOptions) =>
      seed(options(), members + count === 0 ? size : { ...size, channels: { members, count, each, posts } }),
    );

  program
    .command('client-config [client]')
    .description('settings for mtcute, gramjs, telethon, tdlib or tdesktop; without a name, for all')
    .action((client: string | undefined) => showClientConfig(options(), client));

  return program;
}
