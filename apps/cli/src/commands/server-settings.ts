import { loadOrCreateServerKeys } from '@aerogram/mtproto';
import { keysDirectory, listClientSettings, reachableEndpoint } from '@aerogram/node';
import { OperatorError, type ServerPublicKey, VERSION } from '@aerogram/runtime';
import { type Database, estimateSeconds, findServingState, listNodes, type PlannedStep, readKnownDatabase, rememberDatabase, sql } from '@aerogram/storage';
import { withDatabase } from '../open-database.ts';
import { type CliOptions, requireServerFile } from '../options.ts';
import type { Output } from '../output.ts';
import { formatBytes } from '../progress.ts';

/** `aerogram key show`: the public keys that clients must know. */
export function showKeys(options: CliOptions): Output {
  return describeKeys(requireServerFile(options).public_keys);
}

function describeKeys(keys: readonly ServerPublicKey[]): Output {
  const lines = keys.map(({ fingerprint, pem }) => {
    const unsigned = BigInt.asUintN(64, BigInt(fingerprint)).toString(16).padStart(16, '0');
    return `fingerprint ${fingerprint} (0x${unsigned})\n${pem.trim()}`;
  });
  return { value: keys.map(({ fingerprint, pem }) => ({ fingerprint, pem })), lines };
}

/** `aerogram client-config`: settings to paste into one client, or into each supported one. */
export function showClientConfig(options: CliOptions, client: string | undefined): Output {
  const file = requireServerFile(options);
  const all = listClientSettings({ ...file, mtproto: reachableEndpoint(file.mtproto, options.config, '127.0.0.1') });
  const chosen = all.filter((settings) => client === undefined || settings.client === client);
  if (chosen.length === 0) throw new Error(`no settings for "${client}"; there are ${all.map((each) => each.client).join(', ')}`);
  // A single text can be piped into a file; several texts need headings.
  const lines = chosen.flatMap(({ title, note, text }) => (chosen.length > 1 ? [`──── ${title} ────\n${note}\n`, text] : [text]));
  return { value: chosen, lines };
}

/** `aerogram key create`: creates a new key if the old one is lost; a server with accounts never does this by itself. */
export async function createKey({ config: { dataDir } }: CliOptions): Promise<Output> {
  let isNew = false;
  const { publicKeys } = await loadOrCreateServerKeys(keysDirectory(dataDir), {
    created: () => {
      isNew = true;
    },
  });
  if (!isNew) throw new OperatorError(`there is a key in ${keysDirectory(dataDir)} already; "aerogram key show" shows its public half`);
  const { value, lines } = describeKeys(publicKeys.map(({ fingerprint, pem }) => ({ fingerprint: fingerprint.toString(), pem })));
  return { value, lines: [...lines, 'Give this key to every client: those that know the old one will not trust the server.'] };
}

/** `aerogram adopt-database`: makes the data directory belong to the database in the settings. */
export async function adoptDatabase(options: CliOptions): Promise<Output> {
  const { dataDir, databaseUrl } = options.config;
  const before = readKnownDatabase(dataDir);
  return await withDatabase(
    options,
    async (db) => {
      await checkUnserved(db, 'adopt its database');
      await db.migrate();
      const { id, address } = await rememberDatabase(db, dataDir, databaseUrl);
      const accounts = await countAccounts(db);
      const lines = [`database   ${address} (${id})`, `accounts   ${accounts}${accounts === 0 ? ': the server begins anew, and clients that know it are logged out' : ''}`];
      if (before && before.id !== id) lines.unshift(`before     ${before.address} (${before.id})`);
      return { value: { before: before ? { id: before.id, address: before.address } : null, id, address, accounts }, lines };
    },
    { canCreate: true, anyDatabase: true },
  );
}

/** How many people have an account. */
async function countAccounts({ q }: Database): Promise<number> {
  const { count } = await q.selectFrom('users').select(sql<bigint>`count(*)`.as('count')).where('phone', 'is not', null).where('support', '=', false).where('deleted', '=', false).executeTakeFirstOrThrow();
  return Number(count);
}

/** `aerogram migrate`: migrates the database to this program's version, as every start does. */
export function migrateDatabase(options: CliOptions): Promise<Output> {
  return withDatabase(options, async (db) => {
    const { present, newest } = await db.planMigration();
    // A server that is alone would find tables that it does not know; of nodes, only those whose programs are too old stand in the way.
    if (present < newest && !(await hasNodes(db, present))) await checkUnserved(db, 'bring its schema up to date');
    await db.migrate();
    const row = await db.q.selectFrom('meta').select('value').where('key', '=', 'schema_version').executeTakeFirstOrThrow();
    return { value: { schema: Number(row.value) }, lines: [`the database has schema version ${row.value}`] };
  });
}

/** Nodes have had rows of their own since this version of the schema. */
const FIRST_WITH_NODES = 118;

/** Whether the servers that serve from the database, if any, are nodes of a cluster. */
async function hasNodes(db: Database, schema: number): Promise<boolean> {
  return schema >= FIRST_WITH_NODES && (await listNodes(db)).every(({ isHeld, state }) => !isHeld || state !== 'alone');
}

/**
 * `aerogram migrate --check`: says what `aerogram migrate`, or the next start, would do, and for how long nobody could use the tables concerned. Fails if nodes of a
 * cluster with older programs stand in the way, or this program is too old for the database. A server that is alone is stopped for the upgrade anyway.
 */
export function checkMigration(options: CliOptions): Promise<Output> {
  return withDatabase(options, async (db) => {
    const { present, newest, oldestProgram, obstacles, steps, isUsable } = await db.planMigration();
    const seconds = estimateSeconds(steps);
    const lines = [
      `database   schema version ${present}`,
      `program    ${VERSION}, schema version ${newest}${present < newest ? `: ${newest - present} steps to do` : ''}`,
      ...describeSteps(steps).map((step) => `step       ${step}`),
    ];
    if (steps.length > 0) lines.push(`locks      held until all steps are done, about ${seconds} s or less; "aerogram backup --verify" tries the steps on a copy, and says how long they took`);
    const server = present > 0 && present < newest && !(await hasNodes(db, present)) ? await findServer(db) : undefined;
    const value = { schema: present, newest_schema: newest, oldest_program_schema: oldestProgram, usable: isUsable, obstacles, steps: steps.map(projectStep), seconds, served_by: server ?? null };
    if (!isUsable) return { value, lines, failure: 'the database was brought up to date by a newer program, and has taken away what this one needs: run that program, or restore a backup from before the upgrade' };
    lines.push(`afterwards programs from schema version ${oldestProgram} on can serve`);
    if (server !== undefined) return { value, lines: [...lines, `server     ${server} serves: stop it before the upgrade`] };
    return { value, lines, failure: obstacles.length === 0 ? undefined : `nodes with older programs serve: ${obstacles.join(', ')}. End them first` };
  });
}

/** A step of a migration as programs see it. */
const projectStep = ({ number, subject, tables }: PlannedStep) => ({ number, subject, tables: tables.map(({ name, bytes, isRead }) => ({ name, bytes, is_read: isRead })) });

/** The steps of a migration: those that lock tables in a line each, the others in one. */
function describeSteps(steps: readonly PlannedStep[]): string[] {
  const locking = steps.filter(({ tables }) => tables.length > 0).map(({ number, subject, tables }) => {
    const words = tables.map(({ name, bytes, isRead }) => `${name} (${formatBytes(bytes)}${isRead ? ', read to its end' : ''})`);
    return `${number} ${subject}: locks ${words.join(', ')}`;
  });
  const others = steps.filter(({ tables }) => tables.length === 0).map(({ number }) => number);
  return others.length === 0 ? locking : [...locking, `${nameRanges(others)}: lock no table with rows`];
}

/** Ascending numbers in words: `3, 5 to 8`. */
function nameRanges(numbers: readonly number[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const number of numbers) {
    const range = ranges.at(-1);
    if (range?.[1] === number - 1) range[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first} to ${last}`)).join(', ');
}

/** @throws OperatorError while a server serves from the database */
async function checkUnserved(db: Database, purpose: string): Promise<void> {
  const server = await findServer(db);
  if (server !== undefined) throw new OperatorError(`a server uses the database (${server}): stop it first to ${purpose}`);
}

/** The server that serves from the database, in words; undefined if none does. */
async function findServer(db: Database): Promise<string | undefined> {
  const state = await findServingState(db);
  return state?.isHeld === true ? `process ${state.pid} on ${state.host}` : undefined;
}
