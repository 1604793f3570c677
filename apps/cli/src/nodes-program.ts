import type { Command } from 'commander';
import { drainNode, removeNode, showNodes } from './commands/nodes.ts';
import type { CliOptions } from './options.ts';

/** Adds the commands about the servers that serve from one database (docs/cluster.md). */
export function addNodeCommands(program: Command, options: () => CliOptions): void {
  const node = program.command('node').description('the servers that serve from the database');
  node
    .command('list')
    .description('which there are, where they run, and whether they serve')
    .option('--json', 'for programs', false)
    .action(({ json }: { json: boolean }) => showNodes(options(), json));
  node
    .command('drain <name>')
    .description('have a node give its clients and work to the others and end, by its name or the beginning of it')
    .action((name: string) => drainNode(options(), name));
  node
    .command('remove <name>')
    .description('forget a node that ended and will never come back')
    .action((name: string) => removeNode(options(), name));
}
