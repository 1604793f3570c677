import { InvalidArgumentError } from 'commander';
import { addCdnNode, type CdnNodeChoice, listNodes, removeCdnNode } from './commands/cdn.ts';
import type { CliCommand } from './cli-command.ts';
import type { CliOptions } from './options.ts';

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new InvalidArgumentError('must be a port');
  return port;
}

/** Adds the commands by which operators say which CDN nodes the server has. `aerogram cdn serve` is a program of its own. */
export function addCdnCommands(program: CliCommand, options: () => CliOptions): void {
  const cdn = program.command('cdn').description('the CDN nodes of the server ("aerogram cdn serve --data-dir <dir>" runs a node)');
  cdn
    .command('add <directory>')
    .description('make the server know a node that runs, or what has changed about it, by the directory of the node or a copy of its cdn.json and push.secret')
    .option('--region <name>', 'its country, as two capital letters such as DE; clients there are sent to it first', '')
    .option('--client-host <address>', 'IP address that clients are told, if it is not the one in cdn.json')
    .option('--client-port <port>', 'port that clients are told', parsePort)
    .option('--push-host <host>', 'host of the private port, as the server reaches it')
    .option('--push-port <port>', 'private port, as the server reaches it', parsePort)
    .action((directory: string, choice: CdnNodeChoice) => addCdnNode(options(), directory, choice));
  cdn
    .command('list')
    .description('the nodes, whether they answer, and how much content they have')
    .action(() => listNodes(options()));
  cdn
    .command('remove <id>')
    .description('make the server forget a node, by its id or its DC id; it stops serving within 45 seconds')
    .action((id: string) => removeCdnNode(options(), id));
}
