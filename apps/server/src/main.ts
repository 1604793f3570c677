import { startNode } from '@aerogram/node';
import { ConfigError, configUsage, createLogger, keepHeapRoom, loadConfig, raiseFileLimit } from '@aerogram/runtime';

/** Reads the settings, or ends the process with what is wrong with them. */
function readConfig(): ReturnType<typeof loadConfig> {
  const argv = process.argv.slice(2);
  if (argv.includes('--help')) {
    console.log(configUsage());
    process.exit(0);
  }
  try {
    return loadConfig(argv, process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

const config = readConfig();
const log = createLogger({ level: config.logLevel });
// A defect in one client's call must not end the connections of all others; the line is there to be found and mended.
process.on('unhandledRejection', (reason) => log.error({ err: reason }, 'a rejection was not handled'));

// Besides clients: the database's connections, log, files of the start.
const OTHER_FILES = 256;
raiseFileLimit(config.maxConnections + OTHER_FILES, log);
keepHeapRoom();

try {
  const node = await startNode(config, { log });
  console.log(`MTProto  ${node.mtproto.host}:${node.mtproto.port}  (DC ${config.homeDcId}; TCP, HTTP and WebSocket)`);
  console.log(`HTTP     http://${node.http.host.includes(':') ? `[${node.http.host}]` : node.http.host}:${node.http.port}/`);
  for (const { fingerprint, pem } of node.publicKeys) console.log(`Key      ${fingerprint}\n${pem.trim()}`);
  if (config.testMode) console.log('Test     numbers 99966XYYYY log in with the code XXXXX');

  const stop = (signal: NodeJS.Signals): void => {
    log.info({ signal }, 'stopping');
    // A second signal is an impatient one.
    process.once(signal, () => process.exit(1));
    node.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.fatal({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
} catch (error) {
  log.fatal({ err: error }, 'the server could not start');
  console.error(`aerogram: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
