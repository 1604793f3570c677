/**
 * Runs the database part of a server as its own process, for tests that kill it. Arguments: data directory, bin directory or '', log level
 * or '', optionally the WAL archive.
 */
import { createLogger, silentLogger, systemClock } from '@aerogram/runtime';
import { openDatabase, startEmbedded } from '../../src/index.ts';

const [dataDir, binDir, logLevel, archiveDir] = process.argv.slice(2);
const startedMs = performance.now();
const log = logLevel ? createLogger({ level: logLevel }) : silentLogger;
const postgres = await startEmbedded({ dataDir: dataDir!, log, engine: binDir ? { binDir } : 'embedded', archiveDir });
const startMs = performance.now() - startedMs;
const db = await openDatabase({ url: postgres.url, poolSize: 2, log: silentLogger, clock: systemClock });
await db.migrate();
process.once('SIGTERM', () => {
  void db[Symbol.asyncDispose]()
    .then(() => postgres.stop())
    .then(() => process.exit(0));
});
console.log(JSON.stringify({ url: postgres.url, pid: postgres.pid, version: postgres.version, startMs, readyMs: performance.now() - startedMs }));
// Ends when the parent process ends, however that happens.
process.stdin.resume().once('end', () => process.kill(process.pid, 'SIGKILL'));
