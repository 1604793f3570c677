import { Argument, InvalidArgumentError, Option } from 'commander';
import { systemClock } from '@aerogram/runtime';
import type { CliCommand } from './cli-command.ts';
import { limitUser, markChat, markSupport, markUser, type MarkOptions } from './commands/marks.ts';
import type { CliOptions } from './options.ts';
import type { Output } from './output.ts';

const UNIT_S: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Reads a duration such as `30m`, `12h`, `7d` or `2w`. @returns seconds, at most about 10 years */
export function parseDuration(text: string): number {
  const [, count, unit] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  const seconds = Number(count) * (UNIT_S[unit ?? ''] ?? 0);
  if (!(seconds > 0) || seconds > 3660 * 86_400) throw new InvalidArgumentError('must be a duration such as 30m, 12h, 7d or 2w');
  return seconds;
}

/** The command with this name, to which others are added. */
function commandOf(program: CliCommand, name: string): CliCommand {
  return program.commands.find((command) => command.name() === name) as CliCommand;
}

/** Adds the commands about marks and limits of accounts, groups and channels to `user` and `chats`. */
export function addMarkCommands(program: CliCommand, options: () => CliOptions): void {
  const addMark = (parent: CliCommand, name: string, description: string, run: (who: string, marks: MarkOptions) => Promise<Output>): void => {
    parent
      .command(name)
      .description(description)
      .addOption(new Option('--verified', 'the name is followed by a badge').conflicts(['scam', 'fake']))
      .addOption(new Option('--scam', 'the name is followed by the word SCAM').conflicts('fake'))
      .option('--fake', 'the name is followed by the word FAKE')
      .option('--restrict <text>', 'clients show this text instead of the messages')
      .option('--reason <word>', 'the kind of restriction, for apps', 'terms')
      .option('--clear', 'takes away all marks that are not named')
      .action(run);
  };
  const user = commandOf(program, 'user');
  addMark(user, 'mark <who>', 'what all clients say of a person or bot beside the name', (who, marks) => markUser(options(), who, marks));
  addMark(commandOf(program, 'chats'), 'mark <chat>', 'what all clients say of a supergroup or channel beside the title', (chat, marks) => markChat(options(), chat, marks));
  user
    .command('support <who>')
    .description('marks a person as support: apps show it, people are led to the account, and it can note things about them')
    .addArgument(new Argument('<mark>').choices(['on', 'off']))
    .action((who: string, mark: string) => markSupport(options(), who, mark === 'on'));
  user
    .command('limit <who>')
    .description('keeps an account from writing to people who do not know it and from joining public groups, and tells its user; less than a ban')
    .option('--for <duration>', 'such as 30m, 12h, 7d or 2w; otherwise until it is lifted', parseDuration)
    .option('--reason <text>', 'as the user is told', '')
    .addOption(new Option('--lift', 'ends the limit now').conflicts(['for', 'reason']))
    .action((who: string, { for: forS = Infinity, reason, lift = false }: { for?: number; reason: string; lift?: boolean }) => limitUser(options(), who, lift ? undefined : { untilDate: systemClock.now() + forS, reason }));
}
