// Bundles the programs, worker threads and the web client from source into dist/. Workspace packages are bundled,
// npm packages stay in node_modules.
// usage: node tools/build.mjs [--force]
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, join, relative } from 'node:path';
import { ensureDependencies, root } from './dependencies.mjs';

/** File in dist/ (without `.js`) → source. `workerFile(name)` of @aerogram/runtime finds the workers. */
export const ENTRIES = {
  server: 'apps/server/src/main.ts',
  'server-worker': 'apps/server/src/worker.ts',
  'backup-worker': 'apps/server/src/backup-worker.ts',
  aerogram: 'apps/cli/src/main.ts',
  cdn: 'apps/cdn/src/main.ts',
  kit: 'apps/kit/src/main.ts',
  'crypto-worker': 'packages/mtproto/src/crypto-pool/crypto-worker.ts',
  'packet-worker': 'packages/mtproto/src/crypto-pool/packet-worker.ts',
  'photo-worker': 'packages/media/src/photo-worker.ts',
  'relay-worker': 'packages/node/src/calls/relay-worker.ts',
  'media-worker': 'packages/media/src/media-worker.ts',
};

/** The web client and the admin page, which are built apart. */
const WEB = new Set(['apps/web', 'apps/admin']);

const dist = join(root, 'dist');
/** File that records from which sources a bundle was built. */
const stampFile = (name) => join(dist, `.${name}.sources`);

/**
 * A digest of size and time of source files, which takes some hundred `stat` calls.
 * @param isWanted chooses by the path of the folder of a package or program
 */
function fingerprintSources(isWanted) {
  const hash = createHash('sha256');
  const add = (path) => {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${path}\0${size}\0${mtimeMs}\n`);
  };
  for (const area of ['packages', 'apps']) {
    for (const name of readdirSync(join(root, area)).sort()) {
      const source = join(root, area, name, 'src');
      if (!existsSync(source) || !isWanted(`${area}/${name}`)) continue;
      for (const file of readdirSync(source, { recursive: true, withFileTypes: true })) {
        if (file.isFile()) add(join(file.parentPath ?? file.path, file.name));
      }
    }
  }
  for (const file of ['build.mjs', 'build-web.mjs']) add(join(root, 'tools', file));
  add(join(root, 'package-lock.json'));
  return hash.digest('hex');
}

/**
 * The folder of a package that npm did not put where programs in dist/ look for it, because another version is there.
 * @param from the folder of the file that imports it
 */
function findNested(from, imported) {
  const [area, name] = relative(root, from).split('/');
  const folder = join(area, name ?? '', 'node_modules', packageOf(imported));
  return existsSync(join(root, folder)) ? folder : undefined;
}

/** `@scope/name/path` → `@scope/name`. */
export const packageOf = (imported) => imported.split('/', imported.startsWith('@') ? 2 : 1).join('/');

/**
 * Bundles `@aerogram/*`. Other packages are imported at run time.
 * @param isBundled chooses packages, by what an import names, that are bundled as well
 */
const externalPackages = (isBundled) => ({
  name: 'external-packages',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path, kind, resolveDir }) => {
      if (kind === 'entry-point' || path.startsWith('@aerogram/')) return undefined;
      if (isBuiltin(path)) return { path: path.startsWith('node:') ? path : `node:${path}`, external: true };
      if (isBundled(path)) return undefined;
      const nested = findNested(resolveDir, path);
      return nested === undefined ? { path, external: true } : { errors: [{ text: `${nested} is not what programs in dist/ find as ${path}: name this version in the root's package.json` }] };
    });
  },
});

/** How programs are bundled for Node. */
export const nodeBuild = (isBundled = () => false) => ({
  absWorkingDir: root,
  bundle: true,
  write: false,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
  plugins: [externalPackages(isBundled)],
});

/**
 * Bundles one source file for Node.
 * @param outfile only names the result, nothing is written
 * @returns esbuild's output files (the bundle and its source map)
 */
export async function bundle(source, outfile) {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({ ...nodeBuild(), entryPoints: [source], outfile, sourcemap: 'linked', sourcesContent: false });
  return outputFiles;
}

/** Replaces a file atomically, so that a process that starts meanwhile reads the old or the new one. */
function replaceFile(path, contents) {
  const fresh = `${path}.${process.pid}`;
  writeFileSync(fresh, contents);
  renameSync(fresh, path);
}

function isCurrent(name, fingerprint) {
  const stamp = stampFile(name);
  return existsSync(join(dist, `${name}.js`)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint;
}

/** Builds the web client, unless it is up to date. */
async function ensureWebBuilt(force) {
  const fingerprint = fingerprintSources((folder) => WEB.has(folder));
  const stamp = stampFile('web');
  if (!force && existsSync(join(dist, 'web')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint) return;
  const started = Date.now();
  mkdirSync(dist, { recursive: true });
  const { buildWeb } = await import('./build-web.mjs');
  const { beforeLogIn } = await buildWeb(fingerprint);
  replaceFile(stamp, fingerprint);
  console.error(`Built dist/web (${(beforeLogIn / 1024).toFixed(0)} KiB before log-in, ${((Date.now() - started) / 1000).toFixed(1)} s).`);
}

/**
 * Builds what `ENTRIES` lists, except for bundles that are up to date.
 * @param options.only builds only these entries; `force` also builds what is up to date
 */
export async function ensureBuilt({ force = false, only } = {}) {
  if (only === undefined) await ensureWebBuilt(force);
  const fingerprint = fingerprintSources((folder) => !WEB.has(folder));
  const stale = Object.entries(ENTRIES)
    .filter(([name, source]) => (only === undefined || only.includes(name)) && existsSync(join(root, source)))
    .filter(([name]) => force || !isCurrent(name, fingerprint));
  if (stale.length === 0) return;

  const started = Date.now();
  mkdirSync(dist, { recursive: true });
  const results = await Promise.allSettled(stale.map(([name, source]) => bundle(source, join(dist, `${name}.js`))));
  for (const [index, { value: files = [] }] of results.entries()) {
    for (const file of files) replaceFile(join(dist, basename(file.path)), file.contents);
    if (files.length > 0) replaceFile(stampFile(stale[index][0]), fingerprint);
  }
  const failed = results.find(({ status }) => status === 'rejected');
  if (failed) throw failed.reason;
  // Not on standard output, which belongs to the program that runs next: `aerogram client-config` writes a file there.
  console.error(`Built ${stale.map(([name]) => `dist/${name}.js`).join(', ')} (${((Date.now() - started) / 1000).toFixed(1)} s).`);
}

/** For programs: builds, or ends the process after esbuild has printed what is wrong. */
export async function buildOrExit(options) {
  try {
    await ensureBuilt(options);
  } catch (error) {
    console.error(error.errors ? 'The build failed.' : error);
    process.exit(1);
  }
}

if (import.meta.filename === realpathSync(process.argv[1])) {
  await ensureDependencies();
  await buildOrExit({ force: process.argv.includes('--force') });
}
