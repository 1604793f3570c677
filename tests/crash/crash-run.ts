import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { RawClientError } from '@aerogram/mtproto/client';
import { findPostmaster, killTree, RawAccount, ServerProcess } from '@aerogram/dev-env/load';
import { seededRandom, silentLogger, type Random } from '@aerogram/runtime';
import { startEmbedded, type EmbeddedPostgres } from '@aerogram/storage';
import { Ledger } from './ledger.ts';

/**
 * What befalls a server under load. `kill`: SIGKILL for server and database, as a power cut. `worker`: for one worker. `database`: for
 * the database alone, which the server starts again. `term`: SIGTERM, which must drain. `stall`: nothing of the server runs for
 * three seconds; no call may fail for that.
 */
export type Blow = 'kill' | 'worker' | 'database' | 'term' | 'stall';

/** How the crash test runs. */
export interface CrashOptions {
  /** `embedded`: PostgreSQL 18 below the server; a major such as `15`: the system's, beside the server. */
  engine: 'embedded' | '15';
  kills: number;
  seed: number;
  /** Processes that serve. */
  workers?: number;
  /** Dealt in turn; by default `kill`, and with several workers every second time `worker`. */
  blows?: readonly Blow[];
  accounts?: number;
  /** Sends that each account keeps on the way. */
  window?: number;
  log?: (line: string) => void;
}

/** What was survived. */
export interface CrashReport {
  kills: number;
  sent: number;
  acknowledged: number;
  /** Sends without an answer that the server had kept all the same, over all crashes. */
  openKept: number;
}

/** The load runs this long before the blow; the exact moment comes from the seed. */
const MIN_LOAD_MS = 150;
const MAX_LOAD_MS = 1500;
/** How long clients may be told to try again after their database was killed. */
const RECOVERY_MS = 30_000;
const STALL_MS = 3000;
/** Sends that nobody waits for any more are committed by then. */
const QUIET_MS = 1000;

/**
 * Server and database under load are killed with SIGKILL at seeded random moments, started again and held to what
 * they acknowledged (see {@link Ledger.check}). Then every open send is repeated with its random_id, which must leave
 * exactly one message.
 *
 * @throws on the first broken promise
 */
export async function runCrashes(options: CrashOptions): Promise<CrashReport> {
  const { kills, seed, engine, log = () => {} } = options;
  const random = seededRandom(seed);
  const directory = await mkdtemp(join(tmpdir(), 'aerogram-crash-'));
  let external = engine === 'embedded' ? undefined : await startExternal(directory, engine);
  const workers = options.workers ?? 1;
  const blows = options.blows ?? (workers > 1 ? ['kill', 'worker'] : ['kill']);
  const server = new ServerProcess(join(directory, 'data'), false, {
    ...(external ? { databaseUrl: external.url } : {}),
    env: { AEROGRAM_WORKERS: String(workers) },
  });
  const ledger = new Ledger();
  const accounts: RawAccount[] = [];
  const report: CrashReport = { kills: 0, sent: 0, acknowledged: 0, openKept: 0 };
  try {
    await server.start();
    for (let i = 0; i < (options.accounts ?? 8); i++) {
      accounts.push(await RawAccount.signUp(server.info, { name: `Account ${i}`, phone: `99966${i % 10}${String(1000 + i)}`, code: String(i % 10).repeat(5) }));
    }
    for (const a of accounts) for (const b of accounts) if (a !== b) await a.meet(b);

    for (let round = 0; round < kills; round++) {
      const loadMs = MIN_LOAD_MS + (random.uint31() % (MAX_LOAD_MS - MIN_LOAD_MS));
      const cluster = external;
      const blow = blows[round % blows.length]!;
      const restarts = blow === 'kill' || blow === 'term';
      await runLoad(accounts, { ledger, random, round, window: options.window ?? 6 }, async (begins) => {
        await delay(loadMs);
        // Whoever is told to wait must wait for nothing: a stall is no reason to fail.
        if (blow !== 'stall') begins();
        await strike(blow, server, cluster, random);
      });
      if (external && blow === 'kill') {
        // The launcher would start it again by itself, with growing pauses; a new launcher needs none.
        await external.stop();
        external = await startExternal(directory, engine);
      }
      if (restarts) await server.start(external?.url);
      await Promise.all(accounts.map((account) => connectPatiently(account, server)));
      if (!restarts) await waitForQuiet(accounts);
      const { openKept } = await ledger.check(accounts);
      report.openKept += openKept;
      const open = ledger.open;
      for (const entry of open) entry.ackedId = (await entry.from.send(entry.to, entry.text, entry.randomId)).id;
      if (open.length > 0) await ledger.check(accounts);
      report.kills++;
      log(`blow ${round + 1} (${blow}) after ${loadMs} ms: ${ledger.size} sent, ${open.length} were open, ${openKept} of them kept`);
    }
    report.sent = ledger.size;
    report.acknowledged = ledger.acknowledged;
    return report;
  } catch (error) {
    throw new Error(`crash test, engine ${engine}, seed ${seed}, after ${report.kills} kills: ${(error as Error).message}\n--- server ---\n${server.output.slice(-4000)}`, { cause: error });
  } finally {
    for (const account of accounts) account.disconnect();
    await server[Symbol.asyncDispose]();
    await external?.stop();
    await rm(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

interface Load {
  ledger: Ledger;
  random: Random;
  round: number;
  /** Sends that an account has on the way at a time. */
  window: number;
}

/** Every account keeps `window` sends on the way until the server is gone. */
async function runLoad(accounts: RawAccount[], { ledger, random, round, window }: Load, strike: (begins: () => void) => Promise<void>): Promise<void> {
  let running = true;
  let striking = false;
  const sending = accounts.flatMap((from, index) => Array.from({ length: window }, async (_, lane) => {
    for (let n = 0; running; n++) {
      const to = accounts[(index + 1 + (random.uint31() % (accounts.length - 1))) % accounts.length]!;
      const entry = { from, to, text: `${round}.${index}.${lane}.${n}`, randomId: random.int63(), ackedId: undefined as number | undefined };
      ledger.add(entry);
      try {
        entry.ackedId = (await from.send(to, entry.text, entry.randomId)).id;
      } catch (error) {
        // Without its database the server may answer 500, or the connection is gone: the send stays open.
        if (!striking || !isRetryable(error)) throw error;
        return;
      }
    }
  }));
  const load = Promise.all(sending);
  try {
    const blow = strike(() => {
      striking = true;
    });
    await Promise.race([blow, load.then(() => (striking ? blow : Promise.reject(new Error('the load ended before the blow'))))]);
  } finally {
    running = false;
    for (const account of accounts) account.disconnect();
    await load.catch(() => {});
  }
}

async function strike(blow: Blow, server: ServerProcess, external: EmbeddedPostgres | undefined, random: Random): Promise<void> {
  switch (blow) {
    case 'kill':
      return killBoth(server, external, random);
    case 'worker':
      await server.killWorker(random.uint31());
      return;
    case 'database':
      return external ? killTree(external.pid) : server.killDatabase();
    case 'term': {
      const code = await server.stop();
      if (code !== 0) throw new Error(`SIGTERM ended the server with ${code}`);
      return;
    }
    case 'stall':
      for (const signal of ['SIGSTOP', 'SIGCONT'] as const) {
        process.kill(server.info.pid, signal);
        if (signal === 'SIGSTOP') await delay(STALL_MS);
      }
      // What had waited is answered before the load ends.
      await delay(MIN_LOAD_MS);
  }
}

/** As clients do: a connection that is closed, or an answer 5xx, is a reason to try again. */
async function connectPatiently(account: RawAccount, server: ServerProcess): Promise<void> {
  for (const deadline = performance.now() + RECOVERY_MS; ; await delay(100)) {
    try {
      return await account.connect(server.info);
    } catch (error) {
      if (!isRetryable(error) || performance.now() > deadline) throw error;
    }
  }
}

/** A server that was not ended still does what was asked over connections that are gone: the boxes are read when that is over. */
async function waitForQuiet(accounts: RawAccount[]): Promise<void> {
  const read = async (): Promise<string> => {
    const states = await Promise.all(accounts.map((account) => account.call<'updates.getState'>({ _: 'updates.getState' })));
    return states.map(({ pts }) => pts).join();
  };
  for (let before = '', now = await read(); now !== before; ) {
    await delay(QUIET_MS);
    [before, now] = [now, await read()];
  }
}

/** What clients repeat by themselves; anything else would lose a message. */
function isRetryable(error: unknown): boolean {
  return !(error instanceof RawClientError) || error.code >= 500;
}

/** SIGKILL for the server and its database: the database first or last by the dice, as a power cut has no order. */
async function killBoth(server: ServerProcess, external: EmbeddedPostgres | undefined, random: Random): Promise<void> {
  const postmaster = external ? external.pid : await findPostmaster(server.dataDir);
  const databaseFirst = random.uint31() % 2 === 0;
  if (databaseFirst && postmaster !== undefined) await killTree(postmaster);
  await server.kill('SIGKILL');
  if (!databaseFirst && postmaster !== undefined) await killTree(postmaster);
}

/** A cluster beside the server, of the system's PostgreSQL. */
async function startExternal(directory: string, major: string): Promise<EmbeddedPostgres> {
  return startEmbedded({ dataDir: join(directory, 'cluster'), log: silentLogger, engine: { binDir: `/usr/lib/postgresql/${major}/bin` } });
}
