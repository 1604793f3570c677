// npm run schema:import — rewrites packages/schema/api-<layer>.tl from published packages and checks mtproto.tl.
//
// The packages are fetched with `npm pack` into a temporary folder: nothing of them is installed or run.
// Neither `npm start` nor CI needs this; the result is committed.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { API_SOURCES, INGREDIENTS, MTPROTO_SOURCES } from './schema-import/sources.mjs';
import { parseMtcute, parseTl, tlFile } from './schema-import/tl-text.mjs';

const schemaDir = fileURLToPath(new URL('../packages/schema/', import.meta.url));
const workDir = mkdtempSync(join(tmpdir(), 'schema-import-'));
const unpacked = new Map();

try {
  for (const source of API_SOURCES) {
    const entries = loadApi(source);
    const head = `// LAYER ${source.layer}\n// Written by \`npm run schema:import\` from ${origin(source)}; edit tools/schema-import instead.`;
    writeFileSync(join(schemaDir, `api-${source.layer}.tl`), tlFile(head, entries));
    console.log(`api-${source.layer}.tl: ${entries.filter((e) => e.kind === 'constructor').length} constructors, ${entries.filter((e) => e.kind === 'method').length} methods`);
  }
  checkMtproto();
} finally {
  rmSync(workDir, { recursive: true, force: true });
}

function origin(source) {
  if (source.kind === 'composed') return `${INGREDIENTS.map((i) => i.package).join(' and ')} by ${source.facts}`;
  return source.kind === 'differing' ? `${baseOf(readFacts(source)).package} by ${source.facts}` : source.package;
}

/** Unpacks one npm package (once) and gives its folder. */
function fetchPackage(spec) {
  let dir = unpacked.get(spec);
  if (dir) return dir;
  dir = join(workDir, spec.replaceAll(/[^\w.]/g, '-'));
  mkdirSync(dir);
  console.log(`fetching ${spec}`);
  const name = execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', dir, spec], { encoding: 'utf8' }).trim().split('\n').at(-1);
  execFileSync('tar', ['xzf', join(dir, name), '-C', dir]);
  unpacked.set(spec, dir);
  return dir;
}

function readSource(source) {
  const text = readFileSync(join(fetchPackage(source.package), 'package', source.path), 'utf8');
  if (source.kind === 'mtcute') return JSON.parse(text);
  const literal = /`([\s\S]*)`/.exec(text);
  if (!literal) throw new Error(`${source.package}: no TL text in ${source.path}`);
  return literal[1];
}

function loadApi(source) {
  if (source.kind === 'composed') return composed(source.facts);
  if (source.kind === 'differing') return differing(source);
  const data = readSource(source);
  if (source.kind === 'gramjs') return parseTl(data);
  if (data.l !== source.layer) throw new Error(`${source.package} holds layer ${data.l}, not ${source.layer}`);
  return parseMtcute(data.e);
}

/** A layer between two others: what both have, and of the rest what the list of facts names. */
function composed(factsFile) {
  const facts = JSON.parse(readFileSync(join(schemaDir, factsFile), 'utf8'));
  const [lower, upper] = [facts.lower, facts.upper].map((layer) => {
    const source = INGREDIENTS.find((i) => i.layer === layer);
    if (!source) throw new Error(`${factsFile}: no source for layer ${layer}`);
    return new Map(loadApi(source).map((e) => [e.id, e]));
  });
  const key = (id) => id.toString(16).padStart(8, '0');
  const entries = [];
  for (const [id, entry] of lower) if (upper.has(id) || facts.only_lower[key(id)]) entries.push(entry);
  for (const [id, entry] of upper) if (!lower.has(id) && facts.only_upper[key(id)]) entries.push(entry);
  const wanted = Object.keys(facts.only_lower).length + Object.keys(facts.only_upper).length;
  const both = [...lower.keys()].filter((id) => upper.has(id)).length;
  if (entries.length !== both + wanted) throw new Error(`${factsFile}: some entries were not found`);
  return entries;
}

function readFacts(source) {
  return JSON.parse(readFileSync(join(schemaDir, source.facts), 'utf8'));
}

function baseOf(facts) {
  const base = API_SOURCES.find((s) => s.layer === facts.base);
  if (!base) throw new Error(`layer ${facts.layer}: no source for its base ${facts.base}`);
  return base;
}

/** Another layer, but for the forms that the list of facts names; a name that it is said to lack must be in the base. */
function differing(source) {
  const facts = readFacts(source);
  const text = [...facts.has.constructor, '---functions---', ...facts.has.method].map((line) => (line.startsWith('---') ? line : `${line};`)).join('\n');
  const own = parseTl(text);
  if (own.length !== facts.has.constructor.length + facts.has.method.length) throw new Error(`${source.facts}: some lines cannot be read`);
  const base = loadApi(baseOf(facts));
  const names = new Set(base.map((e) => e.name));
  const unknown = facts.lacks.filter((name) => !names.has(name));
  if (unknown.length > 0) throw new Error(`${source.facts}: layer ${facts.base} has no ${unknown.join(', ')}`);
  const gone = new Set([...facts.lacks, ...own.map((e) => e.name)]);
  return [...base.filter((e) => !gone.has(e.name)), ...own];
}

/** The hand-written service schema must agree, constructor by constructor, with every package that names it. */
function checkMtproto() {
  const ours = new Map(parseTl(readFileSync(join(schemaDir, 'mtproto.tl'), 'utf8')).map((e) => [e.id, e]));
  const shape = (e) => e.params.map((p) => p.type.replace(/\bstring\b/, 'bytes').replace('%', '').toLowerCase()).join(' ');
  for (const source of MTPROTO_SOURCES) {
    const data = readSource(source);
    const theirs = source.kind === 'mtcute' ? parseMtcute(data, 'mt_') : parseTl(data);
    const client = new Set(['IpPort', 'AccessPointRule', 'help.ConfigSimple']); // emergency configuration, fetched outside MTProto
    for (const entry of theirs) {
      if (client.has(entry.result)) continue;
      const own = ours.get(entry.id);
      if (!own || own.name !== entry.name || shape(own) !== shape(entry)) throw new Error(`mtproto.tl disagrees with ${source.package} on ${entry.name}`);
    }
    console.log(`mtproto.tl agrees with ${source.package} on ${theirs.length} entries`);
  }
}
