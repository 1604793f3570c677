import { Option } from 'commander';
import { type BotChoice, type BotSettingChoice, createBot, deleteBot, revokeBot, setBot, showBots } from './commands/bots.ts';
import type { CliCommand } from './cli-command.ts';
import type { CliOptions } from './options.ts';

/** Adds the commands by which operators make bots and look after them. */
export function addBotCommands(program: CliCommand, options: () => CliOptions, parseLimit: (text: string) => number): void {
  const bot = program.command('bot').description('bots and their tokens');
  const describeBot = (command: CliCommand): CliCommand =>
    command
      .requiredOption('--name <name>', 'its name')
      .requiredOption('--username <username>', 'its username, which ends in "bot"')
      .option('--owner <who>', 'the account that looks after it, by id, phone number or @username');
  describeBot(bot.command('create').description('make a bot and print its token'))
    .action((choice: BotChoice) => createBot(options(), choice));
  describeBot(bot.command('import <token>').description('make a bot with the id and token that it has elsewhere'))
    .action((token: string, choice: BotChoice) => createBot(options(), choice, token));
  bot
    .command('list')
    .description('the bots, the oldest first')
    .option('--limit <n>', 'how many', parseLimit, 100)
    .action(({ limit }: { limit: number }) => showBots(options(), limit));
  bot
    .command('revoke <who>')
    .description('give a bot another token and end its sessions, by its id or @username')
    .action((who: string) => revokeBot(options(), who));
  const onOrOff = (flags: string, description: string): Option => new Option(flags, description).choices(['on', 'off']);
  bot
    .command('set <who>')
    .description('change what a bot may do, by its id or @username')
    .addOption(onOrOff('--privacy <mode>', 'on: in groups it sees only what is meant for it; off: everything, in groups to which it is added from now on'))
    .addOption(onOrOff('--groups <mode>', 'whether it can be added to groups and channels'))
    .option('--inline <placeholder>', 'people may use it inline; what their empty text field then says ("off": they may not)')
    .addOption(onOrOff('--inline-geo <mode>', 'whether clients offer to tell it where the person is'))
    .option('--inline-feedback <percent>', 'of how many percent of the sent results it is told, 0 to 100')
    .action((who: string, choice: BotSettingChoice) => setBot(options(), who, choice));
  bot
    .command('delete <who>')
    .description('delete a bot, by its id or @username')
    .action((who: string) => deleteBot(options(), who));
}
