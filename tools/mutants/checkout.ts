import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findPlaces, type Place, type SwitchedFile } from './find-places.ts';

/** The packages whose sources are mutated. */
const PACKAGES = ['domain', 'rpc-handlers', 'gateway', 'storage', 'node'];

/** Not taken over from node_modules: the packages of the repository itself, and caches. */
const OWN_MODULES = new Set(['@aerogram', '.vite', '.vite-temp', '.cache']);

const HITS_SETUP = 'mutant-hits.mjs';

/** A temporary copy of the repository in which each mutation can be switched on by its number. */
export interface Checkout {
  folder: string;
  /** The number of a place is its position here. */
  places: readonly Place[];
}

/** Finds all places of the sources, in a fixed order. */
export function findAllPlaces(root: string): { file: string; switched: SwitchedFile }[] {
  const sources = listFiles(root).filter((file) => PACKAGES.some((name) => file.startsWith(`packages/${name}/src/`)) && file.endsWith('.ts'));
  return sources.sort().map((file) => ({ file, switched: findPlaces(file, readFileSync(join(root, file), 'utf8')) })).filter(({ switched }) => switched.places.length > 0);
}

/** Copies the repository as it is now, also what is not committed, into a temporary folder, with a switch at each place. It goes with the process. */
export function makeCheckout(root: string): Checkout {
  const folder = mkdtempSync(join(tmpdir(), 'aerogram-mutants-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  for (const file of listFiles(root)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  linkModules(root, folder);
  const places: Place[] = [];
  for (const { file, switched } of findAllPlaces(root)) {
    writeFileSync(join(folder, file), switched.write(places.length));
    places.push(...switched.places);
  }
  addSetup(folder);
  return { folder, places };
}

/** Lists the files of the working tree that git does not ignore. */
export function listFiles(root: string): string[] {
  return execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 })
    .split('\0')
    .filter((file) => file !== '' && !file.split('/').includes('node_modules') && existsSync(join(root, file)));
}

/** Dependencies are linked; the packages of the repository must be those of the copy. */
function linkModules(root: string, folder: string): void {
  const modules = join(root, 'node_modules');
  mkdirSync(join(folder, 'node_modules/@aerogram'), { recursive: true });
  for (const name of readdirSync(modules)) if (!OWN_MODULES.has(name)) symlinkSync(join(modules, name), join(folder, 'node_modules', name));
  // These links are relative, so they lead into the copy.
  for (const name of readdirSync(join(modules, '@aerogram'))) symlinkSync(readlinkSync(join(modules, '@aerogram', name)), join(folder, 'node_modules/@aerogram', name));
  for (const parent of ['packages', 'apps']) {
    for (const name of readdirSync(join(folder, parent))) {
      const nested = join(root, parent, name, 'node_modules');
      if (existsSync(nested)) symlinkSync(nested, join(folder, parent, name, 'node_modules'));
    }
  }
}

/** Makes each test file, and the servers that it starts, write the places that they run into a file of its own. */
function addSetup(folder: string): void {
  writeFileSync(join(folder, HITS_SETUP), `import { join, relative } from 'node:path';
import { expect } from 'vitest';

const { MUTANT_HITS_DIR: to } = process.env;
if (to) process.env.MUTANT_HITS = join(to, encodeURIComponent(relative(import.meta.dirname, expect.getState().testPath)));
`);
  const path = join(folder, 'vitest.config.ts');
  writeFileSync(path, withSetup(readFileSync(path, 'utf8')));
}

/** Adds the setup file to the text of `vitest.config.ts`. Pure. @throws Error when the place for it is gone */
export function withSetup(config: string): string {
  const changed = config.replace('const shared = { name,', `const shared = { setupFiles: ['./${HITS_SETUP}'], name,`);
  if (changed === config) throw new Error('vitest.config.ts has no "const shared = { name," any more, where the setup file is added');
  return changed;
}
