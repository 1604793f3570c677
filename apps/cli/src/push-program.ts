import { InvalidArgumentError } from 'commander';
import type { CliCommand } from './cli-command.ts';
import { type RelayChoice, runRelay } from './commands/push-relay.ts';
import { forgetDevices, showDevices, showDeviceCounts, testDevices } from './commands/push.ts';
import type { CliOptions } from './options.ts';

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('must be a port, or 0 for a free one');
  return port;
}

/** Adds the commands about notices for devices whose app is closed. */
export function addPushCommands(program: CliCommand, options: () => CliOptions): void {
  const push = program.command('push').description('notices for devices whose app is closed (docs/push.md)');
  push
    .command('list <who>')
    .description('the devices of an account that get notices, by its id, phone number or @username')
    .action((who: string) => showDevices(options(), who));
  push
    .command('stats')
    .description('how many devices get notices, by the type of push service, and how many fail')
    .action(() => showDeviceCounts(options()));
  push
    .command('test <who>')
    .description('sends a test to each device of an account, and says which push services took it; a server must run')
    .action((who: string) => testDevices(options(), who));
  push
    .command('forget <who>')
    .description('deletes the tokens of an account: its apps are told of nothing until they register again')
    .action((who: string) => forgetDevices(options(), who));
  push
    .command('relay')
    .description('sends notices of other servers to an app that you build, with the keys of AEROGRAM_FCM_KEY_FILE and AEROGRAM_APNS_KEY_FILE; needs no database')
    .requiredOption('--servers <file>', 'who may use it: a file with a line for each server, its name and its key')
    .option('--host <address>', 'address to listen on; put a proxy with TLS before it', '127.0.0.1')
    .option('--port <port>', 'port to listen on', parsePort, 8090)
    .action((choice: RelayChoice) => runRelay(options(), choice));
}
