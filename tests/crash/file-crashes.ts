import { setTimeout as delay } from 'node:timers/promises';
import type { RawAccount } from '@aerogram/dev-env/load';
import { seededRandom } from '@aerogram/runtime';
import { type FileCrashOptions, FileServer } from './file-server.ts';
import { loadUntilKilled } from './load-until-killed.ts';
import { SentFiles } from './sent-files.ts';
import { ageFiles, checkRows, countAged, type FilePlaces, orderCollection, withDatabase } from './stored-files.ts';

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
export async function runFileCrashes(options: FileCrashOptions): Promise<FileCrashReport> {
  const { engine, kills, seed, log = () => {} } = options;
  const random = seededRandom(seed);
  const report: FileCrashReport = { kills: 0, sent: 0, duringCollection: 0 };
  await using server = await FileServer.start(options, 2);
  try {
    const [first, second] = server.accounts as [RawAccount, RawAccount];
    await first.meet(second);
    const chats = [await SentFiles.inChannel(first, random), SentFiles.toAccount(first, second, random)];

    for (let round = 0; round < kills; round++) {
      const { places } = server;
      const waiting = await withDatabase(places, async (db) => {
        await ageFiles(places);
        await orderCollection(db);
        return countAged(db);
      });
      const timing = round % 2 === 1 && waiting > 1 ? 'collection' : 'any';
      let left: number | undefined;
      const actions = chats.flatMap((chat) => [...SEND_LANES.map(() => () => chat.send(random)), () => chat.abandon(random), () => chat.delete(random)]);
      await loadUntilKilled(server.accounts, actions, async (begins) => {
        if (timing === 'any') await delay(MIN_LOAD_MS + (random.uint31() % (MAX_LOAD_MS - MIN_LOAD_MS)));
        else left = await collectionIsUnderWay(places, waiting, random.uint31() % COLLECTION_MS);
        begins();
        await server.kill(random);
      });
      await server.restart();
      if (left !== undefined && left > 0) report.duringCollection++;
      await checkRows(server.places);
      for (const chat of chats) {
        await chat.check();
        await chat.repeatOpen();
        await chat.check();
      }
      report.kills++;
      log(`kill ${round + 1}: ${chats.map(({ count }) => count).join(' + ')} files sent${left === undefined ? '' : `, when ${left} of ${waiting} documents were still to be collected`}`);
    }
    await server.checkCollection();
    for (const chat of chats) await chat.check(Number.POSITIVE_INFINITY);
    report.sent = chats.reduce((sum, { count }) => sum + count, 0);
    return report;
  } catch (error) {
    throw new Error(`crash test of files, engine ${engine}, seed ${seed}, after ${report.kills} kills: ${(error as Error).message}\n--- server ---\n${server.output.slice(-4000)}`, { cause: error });
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
