import type { CliCommand } from './cli-command.ts';
import { changeDefaultSets, deleteSet, listInSearch, listSets, showSet } from './commands/stickers.ts';
import type { CliOptions } from './options.ts';

/** Adds the commands about sticker sets that people and bots have made. @param parseLimit reads a whole number above 0 */
export function addStickerCommands(program: CliCommand, options: () => CliOptions, parseLimit: (text: string) => number): void {
  const stickers = program.command('stickers').description('sticker sets that people and bots have made');
  stickers
    .command('list')
    .description('the sets that were made last, and whose they are')
    .option('--limit <n>', 'how many', parseLimit, 100)
    .action(({ limit }: { limit: number }) => listSets(options(), limit));
  stickers
    .command('list-in-search <name>')
    .description('let everybody find a set in a search')
    .action((name: string) => listInSearch(options(), name, true));
  stickers
    .command('unlist <name>')
    .description('let only who has a set, or writes its whole name, find it')
    .action((name: string) => listInSearch(options(), name, false));
  stickers
    .command('default')
    .description('show or change the sets that people have who have not changed their list')
    .option('--add <name>', 'a set to put at the end of the list')
    .option('--remove <name>', 'a set to take off the list')
    .action((change: { add?: string; remove?: string }) => changeDefaultSets(options(), change));
  stickers
    .command('show <name>')
    .description('whose a set is, and what is in it')
    .action((name: string) => showSet(options(), name));
  stickers
    .command('delete <name>')
    .description('delete a set; messages keep its stickers')
    .option('--yes', 'really delete it', false)
    .action((name: string, { yes }: { yes: boolean }) => deleteSet(options(), name, yes));
}
