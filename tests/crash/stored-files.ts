import { readdir, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type BlobEntry, verifyBlob, MasterKeys } from '@aerogram/blob';
import { findRunningDatabase } from '@aerogram/cli/seed';
import { createShiftedClock } from '@aerogram/dev-env';
import { masterKeySource, openBlobStore, startNode } from '@aerogram/node';
import { type Clock, type Config, loadConfig, pageThrough, silentLogger, systemClock, systemRandom } from '@aerogram/runtime';
import { type Database, openDatabase, sql } from '@aerogram/storage';

const DAY_S = 86_400;
/** More than the week for which unused documents are kept. */
const AGED_DAYS = 8;
const POLL_MS = 10;
const COLLECTED_WITHIN_MS = 120_000;
const JOBS = ['collect-files', 'collect-stray-blobs'];

/** Where the files of a server are. */
export interface FilePlaces {
  dataDir: string;
  /** An external database; undefined if the server starts its own one. */
  databaseUrl: string | undefined;
}

/** Uses the database of the running server, over connections of its own. */
export async function withDatabase<T>({ dataDir, databaseUrl }: FilePlaces, use: (db: Database) => Promise<T>): Promise<T> {
  const url = databaseUrl ?? findRunningDatabase(dataDir)!;
  await using db = await openDatabase({ url, poolSize: 1, log: silentLogger, clock: systemClock });
  return await use(db);
}

/** Makes everything that the collection may delete eight days older, as if the server had not run for that time. Nothing may be sent meanwhile. */
export async function ageFiles(places: FilePlaces): Promise<void> {
  const oldDate = Math.floor(Date.now() / 1000) - AGED_DAYS * DAY_S;
  await withDatabase(places, async ({ q }) => {
    await sql`UPDATE file_releases SET since_date = ${oldDate}`.execute(q);
    await sql`UPDATE stray_blobs SET since_date = ${oldDate}`.execute(q);
    await sql`UPDATE finished_uploads SET created_date = ${oldDate}`.execute(q);
  });
  for (const upload of await listUploads(places)) {
    for (const name of ['', 'map']) await utimes(join(upload, name), oldDate, oldDate).catch(() => {});
  }
}

/** Makes the jobs of the collection due. The server sees that within a second. */
export async function orderCollection({ q }: Database): Promise<void> {
  await sql`UPDATE jobs SET run_ms = 0 WHERE kind = ANY (${JOBS})`.execute(q);
}

/** How many documents wait for their deletion. */
export async function countAged({ q }: Database): Promise<number> {
  const before = Math.floor(Date.now() / 1000) - (AGED_DAYS - 1) * DAY_S;
  const { rows } = await sql<{ count: number }>`SELECT count(DISTINCT document_id)::integer AS count FROM file_releases WHERE since_date BETWEEN 1 AND ${before}`.execute(q);
  return rows[0]!.count;
}

/**
 * Runs the stopped server in this process, three times, with a clock that is eight days ahead of the last time, and waits each time until the collection has run.
 * Unfinished uploads are deleted when the server starts.
 */
export async function collectWithMovedClock(places: FilePlaces): Promise<void> {
  const clock = createShiftedClock();
  for (let round = 0; round < 3; round++) {
    const node = await startNode(configOf(places), { log: silentLogger, clock });
    try {
      await withDatabase(places, async (db) => {
        if (round === 0) await orderCollection(db);
        await waitForCollection(db, clock);
      });
    } finally {
      await node.stop();
    }
    clock.shift(1000 * DAY_S * AGED_DAYS);
  }
}

async function waitForCollection({ q }: Database, clock: Clock): Promise<void> {
  for (const deadline = performance.now() + COLLECTED_WITHIN_MS; ; await delay(POLL_MS)) {
    const { rows } = await sql`SELECT FROM jobs WHERE kind = ANY (${JOBS}) AND run_ms > ${clock.nowMs()}`.execute(q);
    if (rows.length === JOBS.length) return;
    if (performance.now() > deadline) throw new Error('the collection of files does not run');
  }
}

function configOf({ dataDir, databaseUrl }: FilePlaces): Config {
  return loadConfig(['--data-dir', dataDir, '--port', '0', '--http-port', '0', '--host', '127.0.0.1'], databaseUrl === undefined ? {} : { AEROGRAM_DATABASE_URL: databaseUrl });
}

/**
 * Checks that no row lacks what it refers to: each reference of a message has its document, each document its blob, and each blob its bytes, which are read and
 * compared with their SHA-256.
 * @throws with all violations
 */
export async function checkRows(places: FilePlaces): Promise<void> {
  const config = configOf(places);
  await using opened = await openBlobStore(config);
  const keys = await MasterKeys.open(masterKeySource(config, systemRandom), systemRandom);
  const broken = await withDatabase(places, async ({ q }) => {
    const orphans = await sql<{ what: string }>`
      SELECT 'message ' || owner_id || ':' || msg_id || ' has no document ' || document_id AS what FROM message_files f WHERE NOT EXISTS (SELECT FROM documents d WHERE d.document_id = f.document_id)
      UNION ALL SELECT 'document ' || document_id || ' has no blob' FROM documents d WHERE NOT EXISTS (SELECT FROM blobs b WHERE b.identity = d.identity)`.execute(q);
    const found = orphans.rows.map(({ what }) => what);
    for (const blob of await q.selectFrom('blobs').selectAll().execute()) {
      const { state } = await verifyBlob(opened.store, { name: blob.name, size: Number(blob.size), key: await keys.unwrap(blob.wrapped_key), blockHashes: blob.block_hashes });
      if (state === 'sound') continue;
      const still = await q.selectFrom('blobs').select('name').where('name', '=', blob.name).execute();
      if (still.length > 0) found.push(`the bytes of blob ${blob.name} are ${state}`);
    }
    return found;
  });
  if (broken.length > 0) throw new Error(`${broken.length} rows lack something:\n${broken.slice(0, 20).join('\n')}`);
}

/**
 * Checks after the collection that nothing is left that no message refers to: documents, blobs, uploads, drafts.
 * @throws with all violations
 */
export async function checkNothingLeft(places: FilePlaces): Promise<void> {
  await using opened = await openBlobStore(configOf(places));
  const broken = await withDatabase(places, async ({ q }) => {
    const unused = await sql<{ what: string }>`
      SELECT 'document ' || document_id || ' is in no message' AS what FROM documents d WHERE NOT EXISTS (SELECT FROM document_uses u WHERE u.document_id = d.document_id)
      UNION ALL SELECT 'blob ' || name || ' is of no document' FROM blobs b WHERE NOT EXISTS (SELECT FROM documents d WHERE d.identity = b.identity)`.execute(q);
    const names = new Set((await q.selectFrom('blobs').select('name').execute()).map(({ name }) => name));
    const strays: string[] = [];
    for await (const { name } of pageThrough<BlobEntry>((last) => opened.store.list({ after: last?.name ?? '', limit: 500 }))) {
      if (!names.has(name)) strays.push(`the store has ${name}, which has no row`);
    }
    return [...unused.rows.map(({ what }) => what), ...strays];
  });
  broken.push(...(await listUploads(places)).map((upload) => `the upload ${upload} is left`));
  broken.push(...(await readdir(join(places.dataDir, 'blobs', 'drafts'))).map((draft) => `the draft ${draft} is left`));
  if (broken.length > 0) throw new Error(`the collection left ${broken.length}:\n${broken.slice(0, 20).join('\n')}`);
}

/** The directories of unfinished uploads. */
async function listUploads({ dataDir }: FilePlaces): Promise<string[]> {
  const found: string[] = [];
  const root = join(dataDir, 'uploads');
  for (const user of await readdir(root)) {
    if (!/^\d+$/.test(user) || !(await stat(join(root, user))).isDirectory()) continue;
    for (const name of await readdir(join(root, user))) found.push(join(root, user, name));
  }
  return found;
}
