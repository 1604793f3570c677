import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { findAllPlaces, listFiles, makeCheckout, type Checkout } from './checkout.ts';
import { runTests } from './run-tests.ts';

// npm run mutants: removes each write to the log, each flush, each publish and each counter step in turn, and runs the tests that cover it until
// the first failure. What no test notices survives; docs/testing.md lists the survivors with reasons.
// usage: npm run mutants -- [--list] [--only text] [--tests expression] [--fresh] [--ci] [--minutes 120]

const USAGE = `npm run mutants -- [options], from the root of the repository
  --list         only list the places that would be mutated
  --only TEXT    only places whose name contains TEXT (a file, a kind such as "publish", a call)
  --tests EXPR   use only test files whose path fits this regular expression
  --fresh        forget the results of earlier runs; without it a run continues an earlier one of the same commit
  --ci           use only the tests that .ci/run runs; to compare, begin with --fresh
  --keep         continue also results of another commit
  --minutes N    begin no mutation after so many minutes (120)`;

const RESULTS = '.cache/mutants.json';
const TESTS = /^(packages\/[^/]+\/test|apps\/[^/]+\/test|tests\/scenarios)\/.*\.test\.ts$/;
/** Files of the first run, which finds out what each test file runs; saved after each such step. */
const BASELINE_STEP = 12;
/** Slower test files are not used: they test crashes, load and long absence. */
const TEST_FILE_MAX_MS = 150_000;
/** How many of the covering test files run at once, the fastest first. */
const STEPS = [3, 6, 12];

interface Outcome {
  outcome: 'killed' | 'survived' | 'not covered';
  /** The test file that failed. */
  by?: string;
  ms: number;
}

interface Results {
  commit: string;
  tests: Record<string, { ms: number; failed: boolean; places: string[] }>;
  mutants: Record<string, Outcome>;
}

const { values: options } = parseArgs({
  options: { list: { type: 'boolean' }, only: { type: 'string', default: '' }, tests: { type: 'string', default: '' }, fresh: { type: 'boolean' }, ci: { type: 'boolean' }, keep: { type: 'boolean' }, minutes: { type: 'string', default: '120' }, help: { type: 'boolean' } },
});
const root = process.cwd();
const startedMs = Date.now();
const minutes = (): string => ((Date.now() - startedMs) / 60_000).toFixed(1).padStart(6);
const say = (text: string): void => void process.stdout.write(`${minutes()} min  ${text}\n`);

function readResults(): Results {
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  const path = join(root, RESULTS);
  const known = existsSync(path) && options.fresh !== true ? (JSON.parse(readFileSync(path, 'utf8')) as Results) : undefined;
  if (known !== undefined && (known.commit === commit || options.keep === true)) return known;
  return { commit, tests: {}, mutants: {} };
}

function save(results: Results): void {
  mkdirSync(join(root, '.cache'), { recursive: true });
  writeFileSync(join(root, RESULTS), JSON.stringify(results, undefined, 1));
}

const kindOf = (file: string): string => (file.startsWith('tests/') ? 'scenario' : file.includes('/test/db/') ? 'database' : 'unit');

/** Runs all test files once without a mutation and records which places each of them runs. */
async function runBaseline(checkout: Checkout, results: Results): Promise<void> {
  const { isInCi } = (await import(pathToFileURL(join(root, 'tools/test/suites.mjs')).href)) as { isInCi(file: string, kind: string): boolean };
  const chosen = new RegExp(options.tests);
  const isWanted = (file: string): boolean => chosen.test(file) && (options.ci !== true || isInCi(file, kindOf(file)));
  const missing = listFiles(root).filter((file) => TESTS.test(file) && isWanted(file) && results.tests[file] === undefined).sort();
  for (let at = 0; at < missing.length; at += BASELINE_STEP) {
    const files = missing.slice(at, at + BASELINE_STEP);
    const hits = join(checkout.folder, 'mutant-hits');
    rmSync(hits, { recursive: true, force: true });
    mkdirSync(hits);
    const run = await runTests(checkout.folder, files, { bail: false, env: { MUTANT_HITS_DIR: hits } });
    const written = new Set(readdirSync(hits));
    for (const file of files) {
      const name = encodeURIComponent(file);
      const numbers = written.has(name) ? readFileSync(join(hits, name), 'utf8').trim().split('\n') : [];
      const places = [...new Set(numbers)].map((number) => checkout.places[Number(number)]!.key);
      results.tests[file] = { ms: run.ms[file] ?? 0, failed: run.failed.includes(file), places };
    }
    save(results);
    say(`tests without a mutation: ${Math.min(at + BASELINE_STEP, missing.length)} of ${missing.length} files${run.failed.length > 0 ? `, failed: ${run.failed.join(', ')}` : ''}`);
  }
}

/** The test files that run a place, the fastest first. */
function findTests(results: Results, key: string): string[] {
  return Object.entries(results.tests)
    .filter(([, test]) => !test.failed && test.ms <= TEST_FILE_MAX_MS && test.places.includes(key))
    .sort(([, a], [, b]) => a.ms - b.ms)
    .map(([file]) => file);
}

async function runMutant(checkout: Checkout, number: number, files: readonly string[]): Promise<Outcome> {
  const beganMs = Date.now();
  const ms = (): number => Date.now() - beganMs;
  if (files.length === 0) return { outcome: 'not covered', ms: 0 };
  for (let at = 0, step = 0; at < files.length; step++) {
    const some = files.slice(at, at + (STEPS[step] ?? STEPS.at(-1)!));
    at += some.length;
    const { failed } = await runTests(checkout.folder, some, { bail: true, env: { MUTANT: String(number) } });
    if (failed.length > 0) return { outcome: 'killed', by: failed[0]!, ms: ms() };
  }
  return { outcome: 'survived', ms: ms() };
}

/** @returns how many places survived that docs/testing.md does not name */
function report(results: Results, keys: readonly string[]): number {
  const known = readFileSync(join(root, 'docs/testing.md'), 'utf8');
  const outcomes = keys.map((key) => ({ key, ...results.mutants[key] }));
  const count = (outcome: Outcome['outcome'] | undefined): number => outcomes.filter((one) => one.outcome === outcome).length;
  process.stdout.write(`\n${count('killed')} killed, ${count('survived')} survived, ${count('not covered')} not covered by a test, ${count(undefined)} not run\n`);
  const left = outcomes.filter((one) => one.outcome === 'survived' || one.outcome === 'not covered');
  for (const { key, outcome } of left) process.stdout.write(`${outcome}${known.includes(key) ? ', listed in docs/testing.md' : ''}: ${key}\n`);
  return left.filter(({ key }) => !known.includes(key)).length;
}

async function main(): Promise<number> {
  if (options.help === true) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const matching = (key: string): boolean => key.includes(options.only);
  if (options.list === true) {
    const places = findAllPlaces(root).flatMap(({ switched }) => switched.places).filter(({ key }) => matching(key));
    for (const { key, line } of places) process.stdout.write(`${key}   line ${line}\n`);
    process.stdout.write(`${places.length} places\n`);
    return 0;
  }
  const results = readResults();
  const checkout = makeCheckout(root);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  say(`${checkout.places.length} places, copied to ${checkout.folder}`);
  await runBaseline(checkout, results);
  const wanted = checkout.places.map(({ key }, number) => ({ key, number })).filter(({ key }) => matching(key));
  const open = wanted.filter(({ key }) => results.mutants[key] === undefined);
  for (const [index, { key, number }] of open.entries()) {
    if (Date.now() - startedMs > Number(options.minutes) * 60_000) {
      say(`the time is over; ${open.length - index} places are left for the next run`);
      break;
    }
    const outcome = await runMutant(checkout, number, findTests(results, key));
    results.mutants[key] = outcome;
    save(results);
    say(`${index + 1} of ${open.length}: ${outcome.outcome}${outcome.by === undefined ? '' : ` by ${outcome.by}`} (${(outcome.ms / 1000).toFixed(0)} s): ${key}`);
  }
  return report(results, wanted.map(({ key }) => key)) === 0 ? 0 : 1;
}

process.exit(await main());
