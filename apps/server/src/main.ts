import { existsSync } from 'node:fs';
import { adminCommands } from '@aerogram/cli/admin-commands';
import { Drained, keysDirectory, listWebAddresses, readHomePorts, type RunningNode, SCHEMA_VERSION, startNode } from '@aerogram/node';
import { type Config, ConfigError, configUsage, createLogger, explainFileFault, formatEndpoint, formatOrigin, keepHeapRoom, loadConfig, OperatorError, raiseFileLimit, switchLevelBySignal, VERSION, WordsLog } from '@aerogram/runtime';
import { HOMES_USAGE, readHomesFlag } from './homes-flag.ts';
import { READY, runHomes } from './run-homes.ts';

/** What was asked for: one server, or several data centres. Exits with what is wrong with the settings. */
function readConfig(): { config: Config; homes?: NonNullable<ReturnType<typeof readHomesFlag>> } {
  const argv = process.argv.slice(2);
  if (argv.includes('--help')) {
    console.log(`${configUsage()}\n${HOMES_USAGE}`);
    process.exit(0);
  }
  if (argv.includes('--version')) {
    console.log(`aerogram ${VERSION}`);
    process.exit(0);
  }
  try {
    const homes = readHomesFlag(argv);
    const config = loadConfig(homes?.rest ?? argv, process.env);
    if (homes !== undefined) return { config, homes };
    // A data centre is known to others by its ports.
    const { port, httpPort } = readHomePorts(config.dataDir) ?? {};
    const defaults = { ...(port !== undefined && { port: String(port) }), ...(httpPort !== undefined && { httpPort: String(httpPort) }) };
    return { config: loadConfig(argv, process.env, defaults) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

/** Says why the data centres could not be started. @returns the exit code */
function explainEnd(error: unknown): number {
  console.error(`aerogram: ${error instanceof OperatorError ? error.message : (error as Error).stack}`);
  return 1;
}

// A closed output, as in `npm start | head`, is no reason to stop serving.
process.stdout.on('error', () => {});

const { config, homes } = readConfig();
if (homes !== undefined) process.exit(await runHomes(homes.count, homes.rest, process.env).catch(explainEnd));

// A person at a terminal reads where the server is reached before anything else.
const words = config.logFormat === 'words' || (config.logFormat === 'auto' && process.stderr.isTTY) ? new WordsLog((text) => process.stderr.write(text)) : undefined;
const log = createLogger({ level: config.logLevel, ...(words && { destination: words }) });
if (words && !existsSync(keysDirectory(config.dataDir))) console.error('The first start takes about a minute.');
switchLevelBySignal(log);
// A defect in one client's call must not close the connections of all others; the log line shows it.
process.on('unhandledRejection', (reason) => log.error({ err: reason }, 'a rejection was not handled'));

// In addition to clients: database connections, log, files opened at startup.
const OTHER_FILES = 256;
raiseFileLimit(config.maxConnections + OTHER_FILES, log);
keepHeapRoom();

/**
 * A signal this long after the first one, in milliseconds, ends the process at once. Ctrl-C under npm arrives twice within milliseconds:
 * from the terminal and from npm.
 */
const SAME_SIGNAL_MS = 1000;

let node: RunningNode | undefined;
let signalled: NodeJS.Signals | undefined;
let signalledMs: number | undefined;

const onSignal = (signal: NodeJS.Signals): void => {
  if (signalledMs !== undefined) {
    if (performance.now() - signalledMs > SAME_SIGNAL_MS) process.exit(1);
    return;
  }
  signalledMs = performance.now();
  signalled = signal;
  words?.release();
  log.info({ signal }, 'stopping');
  // A startup under way finishes first, so that no database is left running.
  if (node) void stop(node, signal);
};

async function stop(running: RunningNode, signal: NodeJS.Signals): Promise<void> {
  try {
    await running.stop();
    log.info({ event: 'stopped', reason: signal }, 'stopped');
    process.exit(0);
  } catch (error) {
    log.fatal({ err: error }, 'stopping failed');
    process.exit(1);
  }
}

process.on('SIGTERM', onSignal);
process.on('SIGINT', onSignal);
// One of several data centres stops with the process that started it, also if that one is killed.
if (process.send !== undefined) process.once('disconnect', () => onSignal('SIGTERM'));

try {
  node = await startNode(config, { log, adminCommands });
} catch (reason) {
  const error = explainFileFault(reason);
  // Errors that an operator can fix are printed in one plain line; all others need their stack.
  words?.release();
  if (!(error instanceof OperatorError)) log.fatal({ err: error }, 'the server could not start');
  console.error(`aerogram: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
const { http, mtproto, public_keys: keys, dc_id: dc, link } = node.server;
log.info({ event: 'ready', version: VERSION, schema: SCHEMA_VERSION, mtproto: formatEndpoint(mtproto), http: formatOrigin(http) }, 'serving');
for (const address of listWebAddresses(http)) console.log(`Web      ${address}`);
console.log(`MTProto  ${mtproto.host}:${mtproto.port}  (DC ${dc}; TCP, HTTP and WebSocket)`);
if (link !== undefined) console.log(`Link     ${link.host}:${link.port}  (for the other data centres)`);
for (const { fingerprint, pem } of keys) console.log(`Key      ${fingerprint}\n${pem.trim()}`);
console.log(`Admin    ${listWebAddresses(http)[0]!}admin/  (\`aerogram admin grant <number>\` lets an account in)`);
if (config.testMode) console.log('Test     numbers 99966XYYYY log in with the code XXXXX');
words?.release();
process.send?.(READY);
if (signalled !== undefined) await stop(node, signalled);
const reason = await node.failed;
log[reason instanceof Drained ? 'info' : 'fatal']({ event: 'stopped', reason: reason.message }, 'stopped');
console.error(`aerogram: ${reason.message}`);
// A service manager starts again what failed.
process.exit(reason instanceof Drained ? 0 : 1);
