import { drainNode, removeNode, showNodes } from './commands/nodes.ts';
import type { CliCommand } from './cli-command.ts';
import type { CliOptions } from './options.ts';

/** Adds the commands about the servers that serve from one database (docs/cluster.md). */
export function addNodeCommands(program: CliCommand, options: () => CliOptions): void {
  const node = program.command('node').description('the servers that serve from the database');
  node
    .command('list')
    .description('which there are, where they run, and whether they serve')
    .action(() => showNodes(options()));
  node
    .command('drain <name>')
    .description('have a node give its clients and work to the others and end, by its name or the beginning of it')
    .action((name: string) => drainNode(options(), name));
  node
    .command('remove <name>')
    .description('forget a node that ended and will never come back')
    .action((name: string) => removeNode(options(), name));
}
