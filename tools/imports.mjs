// Checks who imports whom: packages, the folders of the domain and those of the web page in their order, only through public faces, only what is declared,
// no cycles, no file that nothing uses, no two of one name in the domain; that only stores of the domain write to the database; and that only tables name several kinds of content.
// usage: node tools/imports.mjs
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { parseSync } from 'oxc-parser';
import { ENTRIES } from './build.mjs';
import { ICON_MAKER, WEB_ENTRIES } from './build-web.mjs';
import { root } from './dependencies.mjs';
import { findMixedKinds } from './content-kinds.mjs';
import { findMutualImports, findUpwardImports } from './folder-order.mjs';

/**
 * A package imports only from earlier lines, and on its own line from packages to its left. `node` wires one node together
 * (docs/adr/0010-node-package.md); apps are at the top.
 */
const ORDER = [
  ['schema'],
  ['tl-codegen'],
  ['tl', 'errors'],
  ['tl-compat', 'crypto'],
  ['mtproto', 'cdn-protocol'],
  ['runtime', 'bus', 'web-fetch', 'turn'],
  ['storage', 'blob', 'media', 'cdn-origin', 'link'],
  ['cluster'],
  ['domain'],
  ['relay'],
  ['rpc'],
  ['rpc-handlers'],
  ['gateway'],
  ['bot-api', 'cdn', 'push'],
  ['node'],
  ['kit'],
  ['testing'],
  ['dev-env'],
].flat();

/** All programs, in the same order, above all packages. The server carries out commands of the command line for the admin page. */
const PROGRAM_ORDER = ['cdn', 'kit', 'web', 'cli', 'server', 'admin'];

/**
 * The folders of packages/domain/src, bottom to top. A folder imports only from earlier lines, and only through their
 * `index.ts`; files that stand in no folder compose the subjects and may use every folder.
 */
const DOMAIN_ORDER = [
  ['shared'],
  ['languages'],
  ['effects'],
  ['peers'],
  ['events'],
  ['device-log'],
  ['content'],
  ['post-counts'],
  ['settings'],
  ['chats'],
  ['relations'],
  ['privacy'],
  ['notifications'],
  ['names'],
  ['cards'],
  ['bot-rows', 'bot-events'],
  ['users'],
  ['contacts'],
  ['bots'],
  ['bot-info', 'bot-webhooks'],
  ['invites'],
  ['access'],
  ['moderation'],
  ['blobs'],
  ['documents'],
  ['polls', 'checklists', 'keyboards'],
  ['uploads'],
  ['secret-files'],
  ['collections'],
  ['sticker-sets'],
  ['files'],
  ['profile-photos', 'wallpapers', 'cdn-nodes', 'bot-files'],
  ['web-files', 'web-pages', 'cdn'],
  ['dialogs'],
  ['acceptance'],
  ['messages'],
  ['service'],
  ['groups'],
  ['channel-state'],
  ['channel-posts'],
  ['post-reactions'],
  ['channel-topics'],
  ['channels'],
  ['replies'],
  ['operators', 'support'],
  ['forwards', 'reactions', 'bot-queries', 'bot-grants'],
  ['bot-father', 'inline', 'bot-updates'],
  ['contact-photos', 'saved', 'ttl', 'protection', 'scheduled', 'typing', 'secret-chats', 'chat-wallpapers', 'calls'],
  ['search'],
  ['proximity'],
  ['chat-list'],
  ['shared-folders'],
  ['link-pages'],
  ['updates'],
  ['auth'],
  ['notices'],
];

/**
 * The folders of apps/web/src/page, bottom to top. A folder imports only from earlier lines, and on its own line from folders to its left.
 * So what a lower folder opens in a higher one is reached by an address, which `app` shows, or is handed in.
 */
const PAGE_ORDER = [
  ['ground'],
  ['motion'],
  ['parts'],
  ['notices', 'open-chat'],
  ['stickers'],
  ['text'],
  ['people', 'files'],
  ['media', 'topic-marks', 'emoji', 'statuses', 'search', 'polls', 'checklists'],
  ['reactions'],
  ['history'],
  ['composer'],
  ['chats'],
  ['topics', 'manage', 'info', 'groups'],
  ['folders', 'privacy', 'devices', 'settings', 'calls', 'log-in'],
  ['app'],
];

/** The only pairs of folders of one package that may import each other, by the name of the package, each pair with its reason. */
const MUTUAL_FOLDERS = {
  // Generated readers and writers call the converters that are written by hand, which use generated types.
  'tl-compat': ['converters generated'],
};

const problems = [];
const report = (file, message) => problems.push(`${relative(root, file)}: ${message}`);

/** Every workspace package by its npm name, with what its package.json says. */
function readWorkspaces() {
  const workspaces = new Map();
  for (const area of ['packages', 'apps']) {
    for (const name of readdirSync(join(root, area))) {
      const file = join(root, area, name, 'package.json');
      if (!existsSync(file)) continue;
      const manifest = JSON.parse(readFileSync(file, 'utf8'));
      const order = area === 'apps' ? PROGRAM_ORDER : ORDER;
      const position = (area === 'apps' ? ORDER.length : 0) + order.indexOf(name);
      if (!order.includes(name)) report(file, `package "${name}" has no place in the order of tools/imports.mjs`);
      workspaces.set(manifest.name, { name, dir: join(root, area, name), manifest, position });
    }
  }
  return workspaces;
}

const workspaces = readWorkspaces();
const rootManifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

function listSources(dir) {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx|mjs)$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((file) => !file.includes('/node_modules/'));
}

/** What a file imports or re-exports, types included. */
function readImports(file) {
  const text = readFileSync(file, 'utf8');
  const { module, errors } = parseSync(file, text);
  for (const error of errors) report(file, error.message);
  const found = [
    ...module.staticImports.map((item) => item.moduleRequest.value),
    ...module.staticExports.flatMap((item) => item.entries.map((entry) => entry.moduleRequest?.value)),
    ...module.dynamicImports.map(({ moduleRequest: { start, end } }) => /^(['"])(.*)\1$/.exec(text.slice(start, end))?.[2]),
  ];
  return new Set(found.filter((specifier) => specifier !== undefined));
}

function splitPackageName(specifier) {
  const parts = specifier.split('/');
  const length = specifier.startsWith('@') ? 2 : 1;
  return { name: parts.slice(0, length).join('/'), subpath: ['.', ...parts.slice(length)].join('/') };
}

function listDeclared({ name, dependencies, devDependencies, optionalDependencies }) {
  return [{ [name]: true }, dependencies ?? {}, devDependencies ?? {}, optionalDependencies ?? {}];
}

/** Checks one import of an npm or workspace package. Returns the file of the repository that it resolves to, if any. */
function checkPackageImport(file, owner, isTest, specifier) {
  const { name, subpath } = splitPackageName(specifier);
  const { dependencies, optionalDependencies } = owner?.manifest ?? rootManifest;
  const declared = { ...dependencies, ...optionalDependencies };
  // Tests may use the development tools of the repository, and everything that the programs use.
  if (isTest || !owner) Object.assign(declared, ...[rootManifest, ...[...workspaces.values()].map(({ manifest }) => manifest)].flatMap(listDeclared));
  if (!(name in declared) && name !== owner?.manifest.name) {
    report(file, `imports ${name}, which its package.json does not list`);
  }
  const target = workspaces.get(name);
  if (!target) return undefined;
  if (name === owner?.manifest.name && !isTest) report(file, 'imports its own package by name');
  const exported = target.manifest.exports?.[subpath];
  if (exported === undefined) {
    report(file, `imports ${specifier}, which ${name} does not export`);
    return undefined;
  }
  if (owner && !isTest) {
    if (target.position >= owner.position) report(file, `imports ${name}, which comes later in the order of packages`);
    const madeForTests = subpath === './testing' || target.name === 'dev-env';
    const isForTests = owner.name === 'dev-env' || file.startsWith(`${owner.dir}/testing/`);
    if (madeForTests && !isForTests) report(file, `imports ${specifier}, which is made for tests`);
  }
  return join(target.dir, exported);
}

function checkRelativeImport(file, owner, isTest, specifier) {
  // Styles are read by the bundler alone.
  if (specifier.endsWith('.css') || specifier.endsWith('.css?address')) return undefined;
  const target = join(dirname(file), specifier);
  // Built by the line before the import.
  if (target.startsWith(join(root, 'dist/'))) return undefined;
  if (!existsSync(target)) report(file, `imports ${specifier}, which is not there`);
  else if (owner && !target.startsWith(`${owner.dir}/`)) report(file, `reaches out of its package: ${specifier}`);
  else if (owner && !isTest && target.startsWith(`${owner.dir}/test/`)) report(file, `imports a test: ${specifier}`);
  else if (owner && file.startsWith(`${owner.dir}/src/`) && target.startsWith(`${owner.dir}/testing/`)) report(file, `imports what is made for tests: ${specifier}`);
  else return target;
  return undefined;
}

/** The imports of one file, as files of the repository. */
function checkFile(file, owner) {
  const isTest = owner !== undefined && file.startsWith(`${owner.dir}/test/`);
  return [...readImports(file)].flatMap((specifier) => {
    if (isBuiltin(specifier)) return [];
    const target = specifier.startsWith('.')
      ? checkRelativeImport(file, owner, isTest, specifier)
      : checkPackageImport(file, owner, isTest, specifier);
    return target === undefined ? [] : [target];
  });
}

/** Checks the imports of one file of the domain: only from earlier folders, only through their index.ts. */
function checkDomainFile(file, src, targets) {
  const folderOf = (path) => relative(src, path).split('/').slice(0, -1).join('/');
  const rankOf = (folder) => DOMAIN_ORDER.findIndex((folders) => folders.includes(folder));
  const own = folderOf(file);
  if (own !== '' && rankOf(own) === -1) report(file, `folder "${own}" has no place in the order of the domain in tools/imports.mjs`);
  for (const target of targets.filter((path) => path.startsWith(`${src}/`))) {
    const folder = folderOf(target);
    if (folder === own) continue;
    const what = relative(src, target);
    if (folder === '') report(file, `imports ${what}, which composes the folders`);
    else if (!target.endsWith('/index.ts')) report(file, `imports ${what} past the index.ts of its folder`);
    else if (own !== '' && rankOf(folder) >= rankOf(own)) report(file, `imports ${what}, which does not come earlier in the order of the domain`);
  }
}

/** Reports each group of files that import each other in a cycle (Tarjan's strongly connected components). */
function findCycles(graph) {
  const state = new Map();
  const stack = [];
  let counter = 0;
  const visit = (file) => {
    const own = { index: counter, low: counter, onStack: true };
    counter++;
    state.set(file, own);
    stack.push(file);
    for (const next of graph.get(file).filter((target) => graph.has(target))) {
      const seen = state.get(next);
      if (!seen) own.low = Math.min(own.low, visit(next).low);
      else if (seen.onStack) own.low = Math.min(own.low, seen.index);
    }
    if (own.low === own.index) {
      const ring = stack.splice(stack.indexOf(file));
      for (const member of ring) state.get(member).onStack = false;
      if (ring.length > 1) report(ring[0], `cycle of imports: ${ring.map((member) => relative(root, member)).join(', ')}`);
    }
    return own;
  };
  for (const file of graph.keys()) if (!state.has(file)) visit(file);
}

/** What pages may import beside `protocol`. */
const PAGE_KNOWS = ['call-media', 'texts', 'styles'];

/** In the web client, pages know nothing of the worker and of the protocol below it: both sides share `protocol` alone. */
function checkWebFile(file, src, specifiers, targets) {
  const partOf = (path) => relative(src, path).split('/')[0];
  const own = partOf(file);
  for (const target of targets.filter((path) => path.startsWith(`${src}/`))) {
    const part = partOf(target);
    if (part !== own && part !== 'protocol' && !(own === 'page' && PAGE_KNOWS.includes(part))) report(file, `imports ${relative(src, target)}: "${own}" may not know "${part}"`);
  }
  if (own !== 'worker' && [...specifiers].some((specifier) => specifier.startsWith('@mtcute/'))) report(file, 'imports mtcute, which belongs to the worker');
}

/** Reports names in an order that nothing has any more. */
function checkOrder(what, names, dir) {
  for (const name of names) if (!existsSync(join(root, dir, name))) report(join(root, 'tools/imports.mjs'), `${what} names "${name}", which ${dir} does not have`);
}
checkOrder('ORDER', ORDER, 'packages');
checkOrder('PROGRAM_ORDER', PROGRAM_ORDER, 'apps');
checkOrder('DOMAIN_ORDER', DOMAIN_ORDER.flat(), 'packages/domain/src');

/** Reports files of the domain that have the same name in two folders: whoever searches for one would open the other. Those of `content` are named by the kind alone. */
function checkNames() {
  const known = new Map();
  for (const file of listSources(join(root, 'packages/domain/src'))) {
    const name = basename(file);
    if (name === 'index.ts' || file.startsWith(join(root, 'packages/domain/src/content/'))) continue;
    if (known.has(name)) report(file, `has the name of ${relative(root, known.get(name))}`);
    known.set(name, file);
  }
}
checkNames();

const graph = new Map();
for (const owner of workspaces.values()) {
  for (const file of ['src', 'testing', 'test'].flatMap((folder) => listSources(join(owner.dir, folder)))) {
    graph.set(file, checkFile(file, owner));
  }
}
for (const folder of ['tests', 'bench', 'tools']) {
  for (const file of listSources(join(root, folder))) graph.set(file, checkFile(file, undefined));
}
const webSrc = join(root, 'apps/web/src');
for (const file of listSources(webSrc)) checkWebFile(file, webSrc, readImports(file), graph.get(file));
const pageSrc = join(webSrc, 'page');
for (const { file, message } of findUpwardImports(graph, { src: pageSrc, order: PAGE_ORDER, whose: 'the page' })) report(file, message);
for (const { name, dir } of workspaces.values()) {
  const src = join(dir, 'src');
  for (const { file, message } of findMutualImports(graph, { src, allowed: MUTUAL_FOLDERS[name] })) report(file, message);
}
const domainSrc = join(root, 'packages/domain/src');
for (const file of listSources(domainSrc)) checkDomainFile(file, domainSrc, graph.get(file));
// Generated types refer to each other as the schema does, so cycles between them are expected.
findCycles(new Map([...graph].filter(([file]) => !file.includes('/generated/'))));

/**
 * Reports each source file that no other source file imports: a method missing in its namespace's list, or unused code. Imports by tests do
 * not count.
 */
function findUnusedFiles(graph) {
  const isSource = (file) => [...workspaces.values()].some(({ dir }) => file.startsWith(join(dir, 'src/')));
  const sources = [...graph.keys()].filter(isSource);
  const used = new Set(sources.flatMap((file) => graph.get(file)));
  for (const entry of [...Object.values(ENTRIES), ...Object.values(WEB_ENTRIES), ICON_MAKER]) used.add(join(root, entry));
  for (const { dir, manifest } of workspaces.values()) {
    for (const file of Object.values({ ...manifest.exports, ...manifest.bin })) used.add(join(dir, file));
  }
  for (const file of sources) if (!used.has(file)) report(file, 'no source file imports it (a method stands in the index.ts of its folder)');
}
findUnusedFiles(graph);

/** Queries of kysely, and SQL, that change rows. */
const WRITES = /\.(insertInto|updateTable|deleteFrom|mergeInto)\(|\b(INSERT INTO|DELETE FROM|TRUNCATE|UPDATE\s+\S+(\s+(AS\s+)?\w+)?\s+SET)\b/;

/** Reports files of the domain that write to the database and are no store. */
function checkStores() {
  for (const file of listSources(join(root, 'packages/domain/src'))) {
    if (file.endsWith('-store.ts')) continue;
    const found = WRITES.exec(readFileSync(file, 'utf8'));
    if (found) report(file, `writes to the database (${found[0]}): SQL that writes stands in *-store.ts`);
  }
}
checkStores();

/** Packages that hold the schema, for which all kinds are alike. */
const SCHEMA_PACKAGES = ['schema', 'tl-codegen', 'tl', 'tl-compat'];

const contentFiles = [...workspaces.values()].filter(({ name }) => !SCHEMA_PACKAGES.includes(name)).flatMap(({ dir }) => listSources(join(dir, 'src')));
for (const { file, message } of findMixedKinds(new Map(contentFiles.map((file) => [relative(root, file), readFileSync(file, 'utf8')])))) report(join(root, file), message);

for (const problem of problems.sort()) console.error(problem);
console.log(`${graph.size} files, ${problems.length} problems with imports`);
process.exitCode = problems.length === 0 ? 0 : 1;
