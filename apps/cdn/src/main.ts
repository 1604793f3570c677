import { Command, InvalidArgumentError, Option } from 'commander';
import { MIN_MEMORY_BYTES, parseSize, type RunningCdn, startCdn } from '@aerogram/cdn';
import { createLogger, formatEndpoint, switchLevelBySignal, systemClock, systemRandom } from '@aerogram/runtime';

interface ServeOptions {
  dataDir: string;
  host: string;
  port: number;
  pushHost: string;
  pushPort: number;
  memory: number;
  logLevel: string;
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('must be a port, or 0 for a free one');
  return port;
}

function parseMemory(text: string): number {
  const bytes = parseSize(text);
  if (bytes === undefined) throw new InvalidArgumentError('must be a size such as 256MB or 1GiB');
  if (bytes < MIN_MEMORY_BYTES) throw new InvalidArgumentError(`must be at least ${MIN_MEMORY_BYTES / 1e6}MB`);
  return bytes;
}

/** Ends the node on the first signal, and the process at once on a later one. */
function stopOnSignals(running: RunningCdn): void {
  let isStopping = false;
  const onSignal = (): void => {
    if (isStopping) process.exit(1);
    isStopping = true;
    void running.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

async function serve(options: ServeOptions): Promise<void> {
  const log = createLogger({ level: options.logLevel });
  switchLevelBySignal(log);
  process.on('unhandledRejection', (reason) => log.error({ err: reason }, 'a rejection was not handled'));
  const running = await startCdn({
    dataDir: options.dataDir,
    client: { host: options.host, port: options.port },
    push: { host: options.pushHost, port: options.pushPort },
    memory: options.memory,
    clock: systemClock,
    random: systemRandom,
    log,
  });
  stopOnSignals(running);
  const { id, client, push } = running.info;
  console.log(`CDN node ${id}\nClients  ${formatEndpoint(client)}\nOrigin   ${formatEndpoint(push)}`);
}

const program = new Command('aerogram').showHelpAfterError();
program
  .command('cdn')
  .command('serve')
  .description('serves files of public channels to clients from memory, without being able to read them')
  .requiredOption('--data-dir <dir>', 'directory for the keys of this node')
  .option('--host <address>', 'address of the port for clients', '127.0.0.1')
  .option('--port <port>', 'port for clients; 0: a free one, another one at each start', parsePort, 0)
  .option('--push-host <address>', 'address of the private port for the server', '127.0.0.1')
  .option('--push-port <port>', 'private port for the server; 0: as with --port', parsePort, 0)
  .addOption(new Option('--memory <size>', 'memory for content, keys and answers').argParser(parseMemory).default(256_000_000, '256MB'))
  .option('--log-level <level>', 'trace, debug, info, warn, error or fatal', 'info')
  .action((options: ServeOptions) => serve(options));

process.stdout.on('error', () => {});
try {
  await program.parseAsync();
} catch (error) {
  console.error(`aerogram: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
