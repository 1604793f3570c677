import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { World } from '@aerogram/dev-env';
import { findRepositoryRoot, startServerProcess, type ServerProcess } from '@aerogram/dev-env/load';
import { testDatabase, type TestDatabase } from '@aerogram/storage/testing';
import { afterAll, beforeAll } from 'vitest';
import type { Library } from './driver-client.ts';
import { DriverProcess, findPythonWith } from './driver-process.ts';

/** Missing packages of a library. npm has TDLib for Linux with glibc on x64 only. */
export const MISSING: Partial<Record<Library, string>> = {
  ...(findPythonWith('telethon') === undefined && { telethon: 'python3-telethon' }),
  ...(!existsSync(join(findRepositoryRoot(), 'node_modules/@prebuilt-tdlib/linux-x64-glibc')) && { tdlib: 'TDLib for this system', 'tdlib-1.8.65': 'TDLib for this system' }),
};
const isThere = (library: Library): boolean => MISSING[library] === undefined;

/** The installed libraries that use the schema; TDLib has its own interface. */
export const LIBRARIES: Library[] = (['mtcute', 'gramjs', 'telethon'] as const).filter(isThere);
/** The transport of each library in tests that are not about transports. */
export const TRANSPORT: Record<Library, string> = { mtcute: 'intermediate', gramjs: 'full', telethon: 'abridged', tdlib: 'obfuscated', 'tdlib-1.8.65': 'obfuscated' };

/** TDLib's message ids are the server's times this factor. */
export const TDLIB_ID_STEP = 2 ** 20;

/** A server process and one driver process per library; set before the first test. */
export interface Libraries {
  server: ServerProcess;
  /** The server's database, for what would take clients long. */
  db: TestDatabase;
  world: World;
  drivers: Map<Library, DriverProcess>;
}

/**
 * Starts them before the tests of the file, and stops them after the last one.
 * @param env settings of the server at that time
 * @param names the libraries; those that are not installed are left out
 */
export function useLibraries(env: Record<string, string> = {}, names: readonly Library[] = LIBRARIES): Libraries {
  const drivers = new Map<Library, DriverProcess>();
  // The hook below sets server, database and world.
  const libraries = { drivers } as Libraries;
  beforeAll(async () => {
    libraries.db = await testDatabase();
    libraries.server = await startServerProcess({ env, databaseUrl: libraries.db.url });
    libraries.world = new World(libraries.server);
    for (const library of names.filter(isThere)) drivers.set(library, new DriverProcess(library));
  }, 120_000);
  afterAll(async () => {
    for (const driver of drivers.values()) await driver[Symbol.asyncDispose]();
    await libraries.server?.[Symbol.asyncDispose]();
    await libraries.db?.[Symbol.asyncDispose]();
  }, 60_000);
  return libraries;
}
