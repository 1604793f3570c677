import { parseArgs } from 'node:util';
import { OPERATIONS, startControl, startKit, watchParent } from '@aerogram/kit';
import { createLogger, formatEndpoint, OperatorError } from '@aerogram/runtime';

/** A signal this long after the first one, in milliseconds, ends the process at once. */
const SAME_SIGNAL_MS = 1000;

/** A program that waits forever for something to stop would outlive the tests. */
const STOP_MS = 10_000;

const { values } = parseArgs({
  options: { 'data-dir': { type: 'string' }, limits: { type: 'boolean', default: false }, 'any-parent': { type: 'boolean', default: false } },
});

const log = createLogger({ level: 'error' });
process.stdout.on('error', () => {});
process.on('unhandledRejection', (reason) => log.error({ err: reason }, 'a rejection was not handled'));

let stoppedMs: number | undefined;
let stop: () => Promise<void> = () => Promise.resolve();

function end(code: number): void {
  if (stoppedMs !== undefined) {
    if (performance.now() - stoppedMs > SAME_SIGNAL_MS) process.exit(1);
    return;
  }
  stoppedMs = performance.now();
  setTimeout(() => process.exit(1), STOP_MS);
  // A startup under way finishes first, so that no database is left running.
  void started.then(() => stop()).then(() => process.exit(code), () => process.exit(1));
}

async function start(dataDir: string | undefined): Promise<void> {
  if (dataDir === undefined) throw new OperatorError('--data-dir is missing: a folder with a copy of the template, or an empty one');
  const running = await startKit({ dataDir, hasLimits: values.limits, log });
  stop = () => running.stop();
  const control = await startControl({ kit: running.kit, operations: OPERATIONS, log });
  stop = async () => {
    await control.stop().catch((error: unknown) => log.error({ err: error }, 'the control API did not stop'));
    await running.stop();
  };
  void running.failed.then((reason) => (console.error(`aerogram: ${reason.message}`), end(1)));
  const server = running.kit.server;
  console.log(JSON.stringify({ apiRoot: `http://${formatEndpoint(server.http)}`, controlUrl: control.url, secret: control.secret, server }));
}

process.on('SIGTERM', () => end(0));
process.on('SIGINT', () => end(0));
const started = start(values['data-dir']).catch((error: unknown) => {
  if (!(error instanceof OperatorError)) log.fatal({ err: error }, 'the cloud could not start');
  console.error(`aerogram: ${error instanceof Error ? error.message : String(error)}`);
  return stop().finally(() => process.exit(1));
});
if (!values['any-parent']) watchParent({ onGone: () => end(0) });
