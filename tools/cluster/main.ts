import { parseArgs } from 'node:util';
import { OperatorError } from '@aerogram/runtime';
import { RunningCluster } from './running-cluster.ts';

// npm run cluster -- [--nodes 3] --data-dir D [--port 4430] [--http-port 8080]: a cluster on loopback until Ctrl-C; port 0 picks a free one.
const { values } = parseArgs({
  options: { nodes: { type: 'string', default: '3' }, 'data-dir': { type: 'string' }, port: { type: 'string', default: '4430' }, 'http-port': { type: 'string', default: '8080' } },
});
const MAX_NODES = 16;
const log = (line: string): void => void process.stdout.write(`${line}\n`);
/** A whole number in a range. @throws OperatorError for anything else */
function readNumber(name: 'nodes' | 'port' | 'http-port', [min, max]: readonly [number, number]): number {
  const number = Number(values[name]);
  if (!Number.isInteger(number) || number < min || number > max) throw new OperatorError(`--${name} takes a whole number, ${min} … ${max}`);
  return number;
}

const end = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end.abort(signal));

try {
  const dataDir = values['data-dir'];
  if (dataDir === undefined) throw new OperatorError('--data-dir names the directory that keeps everything');
  const options = { dataDir, nodes: readNumber('nodes', [1, MAX_NODES]), port: readNumber('port', [0, 65_535]), httpPort: readNumber('http-port', [0, 65_535]) };
  // As with `npm start` on loopback, numbers 99966XYYYY log in with the code XXXXX.
  await using cluster = await RunningCluster.start({ ...options, env: { AEROGRAM_TEST_MODE: 'force' }, log }, end.signal);
  const { mtproto, http } = cluster.front;
  log(`serving on http://${http.host}:${http.port} (MTProto: ${mtproto.host}:${mtproto.port}); numbers 99966XYYYY log in with the code XXXXX; Ctrl-C ends all`);
  if (!end.signal.aborted) await new Promise((resolve) => end.signal.addEventListener('abort', resolve));
  log('stopping');
} catch (error) {
  if (!end.signal.aborted) {
    process.stderr.write(`${error instanceof OperatorError ? error.message : (error as Error).stack}\n`);
    process.exitCode = 1;
  }
}
