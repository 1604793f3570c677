import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { RawAccount, ServerProcess } from '@aerogram/dev-env/load';
import { type Random, seededRandom } from '@aerogram/runtime';
import { connectPatiently, type Engine, isRetryable, killBoth, startExternal } from './power-cut.ts';
import { SentFiles } from './sent-files.ts';
import { ageFiles, checkNothingLeft, checkRows, collectWithMovedClock, countAged, type FilePlaces, orderCollection, withDatabase } from './stored-files.ts';

/** Options of the crash test of files. */
export interface FileCrashOptions {
  engine: Engine;
  kills: number;
  seed: number;
  workers?: number;
  log?: (line: string) => void;
}

/** Result of a run. */
export interface FileCrashReport {
  kills: number;
  /** Files that were sent, all of them acknowledged in the end. */
  sent: number;
  /** Kills that came when the collection had deleted some of the documents that waited for it, and not yet all. */
  duringCollection: number;
}

/** The load runs at least this long before the kill, in milliseconds; the exact time depends on the seed. */
const MIN_LOAD_MS = 150;
const MAX_LOAD_MS = 1500;
/** How long after the first deletion of a document a kill comes that is to meet the collection, in milliseconds at most. */
const COLLECTION_MS = 40;
/** How long such a kill waits for the collection. */
const COLLECTION_BEGINS_MS = 10_000;
/** Sends of each chat at once. */
const SEND_LANES = [0, 1];
const POLL_MS = 5;

/**
 * Kills server and database with SIGKILL while accounts upload and send files, leave uploads behind and delete messages, and while the collection deletes the files
 * of earlier rounds. After each start it checks messages ({@link SentFiles.check}) and rows ({@link checkRows}); unanswered sends are then repeated. In the end the
 * collection runs with a clock that moves ahead, and nothing may be left that no message refers to.
 *
 * @throws on the first violation
 */
export async function runFileCrashes({ engine, kills, seed, workers = 1, log = () => {} }: FileCrashOptions): Promise<FileCrashReport> {
  const random = seededRandom(seed);
  const directory = await mkdtemp(join(tmpdir(), 'aerogram-crash-files-'));
  let external = engine === 'embedded' ? undefined : await startExternal(directory, engine);
  const dataDir = join(directory, 'data');
  const server = new ServerProcess(dataDir, false, { ...(external ? { databaseUrl: external.url } : {}), env: { AEROGRAM_WORKERS: String(workers) } });
  const places = (): FilePlaces => ({ dataDir, databaseUrl: external?.url });
  const accounts: RawAccount[] = [];
  const report: FileCrashReport = { kills: 0, sent: 0, duringCollection: 0 };
  const restart = async (): Promise<void> => {
    if (external) {
      await external.stop();
      external = await startExternal(directory, engine);
    }
    await server.start(external?.url);
    for (const account of accounts) await connectPatiently(account, server);
  };
  try {
    await server.start();
    for (let n = 0; n < 2; n++) accounts.push(await RawAccount.signUp(server.info, { name: `Account ${n}`, phone: `99966${n}${String(1000 + n)}`, code: String(n).repeat(5) }));
    const [first, second] = accounts as [RawAccount, RawAccount];
    await first.meet(second);
    const chats = [await SentFiles.inChannel(first, random), SentFiles.toAccount(first, second, random)];

    for (let round = 0; round < kills; round++) {
      const waiting = await withDatabase(places(), async (db) => {
        await ageFiles(places());
        await orderCollection(db);
        return countAged(db);
      });
      const timing = round % 2 === 1 && waiting > 1 ? 'collection' : 'any';
      let left: number | undefined;
      await runLoad({ accounts, chats, random }, async (begins) => {
        if (timing === 'any') await delay(MIN_LOAD_MS + (random.uint31() % (MAX_LOAD_MS - MIN_LOAD_MS)));
        else left = await collectionIsUnderWay(places(), waiting, random.uint31() % COLLECTION_MS);
        begins();
        await killBoth(server, external, random);
      });
      await restart();
      if (left !== undefined && left > 0) report.duringCollection++;
      await checkRows(places());
      for (const chat of chats) {
        await chat.check();
        await chat.repeatOpen();
        await chat.check();
      }
      report.kills++;
      log(`kill ${round + 1}: ${chats.map(({ count }) => count).join(' + ')} files sent${left === undefined ? '' : `, when ${left} of ${waiting} documents were still to be collected`}`);
    }
    await server.kill('SIGKILL');
    for (const account of accounts) account.disconnect();
    await server.killDatabase();
    await collectWithMovedClock(places());
    await restart();
    await checkNothingLeft(places());
    await checkRows(places());
    for (const chat of chats) await chat.check(Number.POSITIVE_INFINITY);
    report.sent = chats.reduce((sum, { count }) => sum + count, 0);
    return report;
  } catch (error) {
    throw new Error(`crash test of files, engine ${engine}, seed ${seed}, after ${report.kills} kills: ${(error as Error).message}\n--- server ---\n${server.output.slice(-4000)}`, { cause: error });
  } finally {
    for (const account of accounts) account.disconnect();
    await server[Symbol.asyncDispose]();
    await external?.stop();
    await rm(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/** Waits until the collection has deleted the first document, and a moment longer. @returns how many documents are left to be deleted */
async function collectionIsUnderWay(places: FilePlaces, waiting: number, longerMs: number): Promise<number> {
  return withDatabase(places, async (db) => {
    for (const deadline = performance.now() + COLLECTION_BEGINS_MS; (await countAged(db)) === waiting; await delay(POLL_MS)) {
      if (performance.now() > deadline) throw new Error('the collection of files does not begin');
    }
    await delay(longerMs);
    return countAged(db);
  });
}

/** Sends, abandons and deletes files until the server is gone. */
async function runLoad({ accounts, chats, random }: { accounts: readonly RawAccount[]; chats: readonly SentFiles[]; random: Random }, strike: (begins: () => void) => Promise<void>): Promise<void> {
  let running = true;
  let striking = false;
  const repeat = async (change: () => Promise<void>): Promise<void> => {
    try {
      // The pause gives the other actions their turn if there is nothing to do.
      for (; running; await delay(1)) await change();
    } catch (error) {
      // Without its database the server may answer 500, or the connection is gone: the call counts as unanswered.
      if (!striking || !isRetryable(error)) throw error;
    }
  };
  const load = Promise.all(
    chats.flatMap((chat) => [...SEND_LANES.map(() => repeat(() => chat.send(random))), repeat(() => chat.abandon(random)), repeat(() => chat.delete(random))]),
  );
  try {
    const blow = strike(() => {
      striking = true;
    });
    await Promise.race([blow, load.then(() => (striking ? blow : Promise.reject(new Error('the load ended before the kill'))))]);
  } finally {
    running = false;
    for (const account of accounts) account.disconnect();
    await load.catch(() => {});
  }
}
