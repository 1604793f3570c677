import type { CliCommand } from './cli-command.ts';
import { deleteSet, showSet } from './commands/stickers.ts';
import type { CliOptions } from './options.ts';

/** Adds the commands about sticker sets that people and bots have made. */
export function addStickerCommands(program: CliCommand, options: () => CliOptions): void {
  const stickers = program.command('stickers').description('sticker sets that people and bots have made');
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
