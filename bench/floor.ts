import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { silentLogger } from '@aerogram/runtime';
import { startEmbedded } from '@aerogram/storage';
import pg from 'pg';
import { readMemory } from './cpu-time.ts';
import { runPaced } from './load/deliveries.ts';
import { GeneratorProcess } from './load/generator-process.ts';
import { sourceAddress } from './load/outcome.ts';
import { type Floor, measure } from './measure.ts';
import { quantiles, type Row } from './row.ts';

const CLIENTS = 128;
/** Unanswered calls per client. */
const WINDOWS = [1, 4] as const;
/** Messages per second at which deliveries are compared with plain commits; see `benchSend`. */
export const EASY_PER_SECOND = 900;
const COMMIT_CONNECTIONS = 8;

/** Measures the floor, in some ten seconds. @param seconds duration of each part */
export async function measureFloor(seconds: number): Promise<Floor> {
  const { callUs, rows } = await measureWire(seconds);
  const commits = await measureCommits(seconds);
  const commit = { p50Ms: commits.p50Ms!, p99Ms: commits.p99Ms! };
  return { callUs, commit, rows: [...rows, commits] };
}

/** A process that answers without dispatcher and database. */
export interface FloorServer extends Disposable {
  pid: number;
  port: number;
}

/** Starts a process that answers without dispatcher and database; disposing it ends it. @param clients number of keys that it knows */
export async function startFloorServer(clients = CLIENTS): Promise<FloorServer> {
  const server = fork(process.argv[1]!, ['--floor-server', String(clients)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const { port } = await new Promise<{ port: number }>((resolve, reject) => {
    server.once('message', (message) => resolve(message as { port: number }));
    server.once('exit', () => reject(new Error('the floor server ended')));
  });
  return { pid: server.pid!, port, [Symbol.dispose]: () => server.disconnect() };
}

/**
 * The minimum cost of the protocol: a call is answered, and a push goes to another client, all encrypted over TCP, without dispatcher and
 * database. What a send costs beyond this is the messenger's own cost.
 */
async function measureWire(seconds: number): Promise<Pick<Floor, 'callUs' | 'rows'>> {
  using server = await startFloorServer();
  await using generator = new GeneratorProcess();
  const pids = { server: server.pid, postgres: undefined, generator: generator.pid };
  const command = { do: 'floor', port: server.port, clients: CLIENTS } as const;
  await generator.run({ ...command, ms: 500, window: 1 });
  const rows: Row[] = [];
  const callUs = { 1: 0, 4: 0 };
  for (const window of WINDOWS) {
    const name = `${CLIENTS / 2} clients, ${window} on the way each: call in, answer and push out`;
    const { row } = await measure({ generator, pids }, name, 'calls', { ...command, ms: seconds * 1000, window });
    callUs[window] = row.cpuUs!.server!;
    rows.push(row);
  }
  return { callUs, rows };
}

/**
 * The minimum cost of a connection: the memory that a process uses for each idle one.
 * @param options `warm` connections are opened first, so that memory allocated once does not count
 * @returns bytes per connection
 */
export async function measureBareConnections({ warm, count, settleMs }: { warm: number; count: number; settleMs: number }): Promise<number> {
  using server = await startFloorServer();
  const sockets: Socket[] = [];
  const open = async (more: number): Promise<number> => {
    for (let n = 0; n < more; n++) {
      const socket = connect({ host: '127.0.0.1', port: server.port, localAddress: sourceAddress(n) });
      sockets.push(socket);
      await once(socket, 'connect');
    }
    await delay(settleMs);
    return readMemory(server.pid);
  };
  try {
    const before = await open(warm);
    return ((await open(count)) - before) / count;
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}

/** The minimum cost of storing something: one row of 100 bytes, inserted and committed with fsync into an empty table. */
async function measureCommits(seconds: number): Promise<Row> {
  const dataDir = mkdtempSync(join(tmpdir(), 'aerogram-bench-floor-'));
  try {
    await using postgres = await startEmbedded({ dataDir, log: silentLogger });
    const pool = new pg.Pool({ connectionString: postgres.url, max: COMMIT_CONNECTIONS });
    // The shutdown of the database may interrupt a connection that is closing.
    pool.on('error', () => {});
    try {
      await pool.query('CREATE TABLE floor (n integer PRIMARY KEY, words text)');
      const words = 'x'.repeat(100);
      const commitMs: number[] = [];
      let n = 0;
      const commit = async (): Promise<void> => {
        const at = performance.now();
        await pool.query({ name: 'floor', text: 'INSERT INTO floor (n, words) VALUES ($1, $2)', values: [n++, words] });
        commitMs.push(performance.now() - at);
      };
      await runPaced(performance.now() + 500, EASY_PER_SECOND, commit);
      commitMs.length = 0;
      const started = performance.now();
      await runPaced(started + seconds * 1000, EASY_PER_SECOND, commit);
      const rate = (commitMs.length * 1000) / (performance.now() - started);
      return { name: `a row of 100 bytes inserted and committed, ${EASY_PER_SECOND}/s`, unit: 'commits', rate, ...quantiles(commitMs) };
    } finally {
      await pool.end();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
