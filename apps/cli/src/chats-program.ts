import { Argument, InvalidArgumentError, Option } from 'commander';
import { CREATION_SUBJECTS, type CreationSubject, CREATORS, type Creators } from '@aerogram/domain';
import { closeReportsBy, showReports } from './commands/reports.ts';
import { deleteChat, rescueChat, retainChat, setCreators, setNewcomers, showChat, showChats, transferChat } from './commands/chats.ts';
import { showOperatorLog } from './commands/operator-log.ts';
import { showChatLinks } from './commands/chat-links.ts';
import type { CliCommand } from './cli-command.ts';
import type { CliOptions } from './options.ts';

/** Adds the commands about groups, channels and reports. @param parseLimit reads a whole number above 0 */
export function addChatCommands(program: CliCommand, options: () => CliOptions, parseLimit: (text: string) => number): void {
  const chats = program.command('chats').alias('chat').description('groups and channels; each is named by its id, such as -1001234, or by its @username');
  chats
    .command('list')
    .description('groups and channels, the newest first')
    .option('--limit <n>', 'how many', parseLimit, 100)
    .option('--ownerless', 'only those whose owner has left or has no account any more', false)
    .action((wanted: { limit: number; ownerless: boolean }) => showChats(options(), wanted));
  chats
    .command('show <chat>')
    .description('one group or channel, and its admins')
    .action((chat: string) => showChat(options(), chat));
  chats
    .command('links <chat>')
    .description('the invite links of one group or channel, the newest first')
    .option('--limit <n>', 'how many', parseLimit, 100)
    .action((chat: string, { limit }: { limit: number }) => showChatLinks(options(), chat, limit));
  chats
    .command('delete <chat>')
    .description('deletes a group or channel with everything in it, for everybody; this cannot be undone')
    .option('--yes', 'really delete it', false)
    .action((chat: string, sure: { yes: boolean }) => deleteChat(options(), chat, sure));
  chats
    .command('transfer <chat> <who>')
    .description('makes a member the owner; the old owner becomes an admin')
    .action((chat: string, who: string) => transferChat(options(), chat, who));
  chats
    .command('rescue <chat> [who]')
    .description('gives a group or channel without an owner a new one: the member named, or else the next admin, or else the oldest member')
    .action((chat: string, who: string | undefined) => rescueChat(options(), chat, who));
  chats
    .command('retention [chat] [days]')
    .description('for how many days messages are kept in one group or channel, in "all" of them, or in "private" chats; "forever" keeps them, "default" keeps them as in all')
    .action((chat: string | undefined, days: string | undefined) => retainChat(options(), chat, days));
  chats
    .command('creators')
    .description('who may create groups (and supergroups), channels, and public names of either')
    .addArgument(new Argument('[subject]', 'what').choices(CREATION_SUBJECTS))
    .addArgument(new Argument('[who]', 'by whom').choices(CREATORS))
    .option('--add <account>', 'puts an account on the list')
    .addOption(new Option('--remove <account>', 'takes an account off the list').conflicts('add'))
    .action((subject: CreationSubject | undefined, who: Creators | undefined, listed: { add?: string; remove?: string }) => setCreators(options(), subject, who, listed));
  chats
    .command('newcomers')
    .description('the supergroups and channels that people join when they sign up')
    .option('--add <chat>', 'people who sign up from now on join it')
    .addOption(new Option('--remove <chat>', 'nobody joins it by signing up any more').conflicts('add'))
    .action((changed: { add?: string; remove?: string }) => setNewcomers(options(), changed));
  chats
    .command('log')
    .description('what operators have done, the newest first')
    .option('--limit <n>', 'how many', parseLimit, 100)
    .action(({ limit }: { limit: number }) => showOperatorLog(options(), limit));

  const reports = program.command('reports').description('what users have reported');
  reports
    .command('list')
    .description('reports, the oldest first, with copies of the messages')
    .option('--limit <n>', 'how many', parseLimit, 100)
    .option('--all', 'also those that were closed lately', false)
    .action((wanted: { all: boolean; limit: number }) => showReports(options(), wanted));
  reports
    .command('close <id...>')
    .description('closes reports that were dealt with')
    .action((ids: string[]) => closeReportsBy(options(), ids.map(parseReportId)));
}

function parseReportId(text: string): bigint {
  if (!/^\d{1,18}$/.test(text)) throw new InvalidArgumentError('a report has a number');
  return BigInt(text);
}
