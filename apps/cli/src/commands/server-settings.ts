import { loadOrCreateServerKeys } from '@aerogram/mtproto';
import { keysDirectory, listClientSettings, reachableEndpoint } from '@aerogram/node';
import { OperatorError, type ServerPublicKey } from '@aerogram/runtime';
import { type Database, findServingState, listNodes, readKnownDatabase, rememberDatabase } from '@aerogram/storage';
import { withDatabase } from '../open-database.ts';
import { type CliOptions, requireServerFile } from '../options.ts';

/** `aerogram key show`: the public keys that clients must know. */
export function showKeys(options: CliOptions): void {
  for (const key of requireServerFile(options).public_keys) printKey(options.print, key);
}

function printKey(print: CliOptions['print'], { fingerprint, pem }: ServerPublicKey): void {
  const unsigned = BigInt.asUintN(64, BigInt(fingerprint)).toString(16).padStart(16, '0');
  print(`fingerprint ${fingerprint} (0x${unsigned})\n${pem.trim()}`);
}

/** `aerogram client-config`: settings to paste into one client, or into each supported one. */
export function showClientConfig(options: CliOptions, client: string | undefined): void {
  const file = requireServerFile(options);
  const all = listClientSettings({ ...file, mtproto: reachableEndpoint(file.mtproto, options.config, '127.0.0.1') });
  const chosen = all.filter((settings) => client === undefined || settings.client === client);
  if (chosen.length === 0) throw new Error(`no settings for "${client}"; there are ${all.map((each) => each.client).join(', ')}`);
  for (const { title, note, text } of chosen) {
    // A single text can be piped into a file; several texts need headings.
    if (chosen.length > 1) options.print(`──── ${title} ────\n${note}\n`);
    options.print(text);
  }
}

/** `aerogram key create`: creates a new key if the old one is lost; a server with accounts never does this by itself. */
export async function createKey({ config: { dataDir }, print }: CliOptions): Promise<void> {
  let isNew = false;
  const { publicKeys } = await loadOrCreateServerKeys(keysDirectory(dataDir), {
    created: () => {
      isNew = true;
    },
  });
  if (!isNew) throw new OperatorError(`there is a key in ${keysDirectory(dataDir)} already; "aerogram key show" shows its public half`);
  for (const { fingerprint, pem } of publicKeys) printKey(print, { fingerprint: fingerprint.toString(), pem });
  print('Give this key to every client: those that know the old one will not trust the server.');
}

/** `aerogram adopt-database`: makes the data directory belong to the database in the settings. */
export async function adoptDatabase(options: CliOptions): Promise<void> {
  const { dataDir, databaseUrl } = options.config;
  const before = readKnownDatabase(dataDir);
  await withDatabase(
    options,
    async (db) => {
      await checkUnserved(db, 'adopt its database');
      await db.migrate();
      const { id, address } = await rememberDatabase(db, dataDir, databaseUrl);
      if (before && before.id !== id) options.print(`before     ${before.address} (${before.id})`);
      options.print(`database   ${address} (${id})`);
    },
    { canCreate: true, anyDatabase: true },
  );
}

/** `aerogram migrate`: migrates the database to this program's version, as every start does. */
export function migrateDatabase(options: CliOptions): Promise<void> {
  return withDatabase(options, async (db) => {
    const { present, newest } = await db.planMigration();
    // A server that is alone would find tables that it does not know; of nodes, only those whose programs are too old stand in the way.
    if (present < newest && !(await hasNodes(db, present))) await checkUnserved(db, 'bring its schema up to date');
    await db.migrate();
    const row = await db.q.selectFrom('meta').select('value').where('key', '=', 'schema_version').executeTakeFirstOrThrow();
    options.print(`the database has schema version ${row.value}`);
  });
}

/** Nodes have had rows of their own since this version of the schema. */
const FIRST_WITH_NODES = 118;

/** Whether the servers that serve from the database, if any, are nodes of a cluster. */
async function hasNodes(db: Database, schema: number): Promise<boolean> {
  return schema >= FIRST_WITH_NODES && (await listNodes(db)).every(({ isHeld, state }) => !isHeld || state !== 'alone');
}

/** `aerogram migrate --check`: says what `aerogram migrate`, or the next start, would do. @throws Error if nodes with older programs stand in the way */
export function checkMigration(options: CliOptions): Promise<void> {
  return withDatabase(options, async (db) => {
    const { present, newest, oldestProgram, obstacles } = await db.planMigration();
    options.print(`database   schema version ${present}`);
    options.print(`program    schema version ${newest}${present < newest ? `: ${newest - present} steps to do` : ''}`);
    options.print(`afterwards programs from schema version ${oldestProgram} on can serve`);
    if (obstacles.length > 0) throw new Error(`nodes with older programs serve: ${obstacles.join(', ')}. End them first`);
  });
}

/** @throws OperatorError while a server serves from the database */
async function checkUnserved(db: Database, purpose: string): Promise<void> {
  const state = await findServingState(db);
  if (state?.isHeld) throw new OperatorError(`a server uses the database (process ${state.pid} on ${state.host}): stop it first to ${purpose}`);
}
