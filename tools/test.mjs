// npm test: everything, on both database engines, with one line of figures at the end.
// usage: npm test [-- --only unit,scenario] ; AEROGRAM_CI_STRICT=1 counts a skipped test or suite as failed
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureDependencies, root } from './dependencies.mjs';

const strict = process.env.AEROGRAM_CI_STRICT === '1';
const { values: options } = parseArgs({ options: { only: { type: 'string' } } });

/** PATH may hold another Python, without Debian's packages. */
const hasTelethon = spawnSync('/usr/bin/python3', ['-c', 'import telethon'], { stdio: 'ignore' }).status === 0;

const hasPostgres15 = existsSync('/usr/lib/postgresql/15/bin/postgres');
const hasFfmpeg = spawnSync('ffmpeg', ['-version'], { stdio: 'ignore' }).status === 0;

const RUNS = [
  { title: 'unit', projects: ['unit'] },
  { title: 'database, PostgreSQL 18 (embedded)', projects: ['database', 'scenario'], engine: '18' },
  { title: 'database, PostgreSQL 15 (Debian)', projects: ['database', 'scenario'], engine: '15', skip: !hasPostgres15 },
  { title: 'interop', projects: ['interop'], engine: '18' },
  { title: 'bench, a fiftieth', projects: ['bench'] },
  { title: 'fuzz', projects: ['fuzz'] },
];

/** Stands for the tests of a file that failed before its first test. */
const UNREADABLE_FILE = '(the file could not be run)';
/** A run with more broken files than this is broken as a whole: running it again would only take time. */
const FILES_RUN_AGAIN_MAX = 10;

const total = { passed: 0, failed: 0, skipped: 0 };
/** Names of the tests that failed twice, and of those that failed beside others and passed alone. Printed at the end, where a reader looks first. */
const [failed, unstable] = [[], []];

/** Reads what vitest wrote. @returns undefined if it left no report */
function readReport(reportFile) {
  if (!existsSync(reportFile)) return undefined;
  const report = JSON.parse(readFileSync(reportFile, 'utf8'));
  const cases = report.testResults.flatMap(({ name: file, status, assertionResults, message }) =>
    assertionResults.length === 0 && status === 'failed'
      ? [{ file, title: UNREADABLE_FILE, status, message }]
      : assertionResults.map((each) => ({ file, title: each.fullName, status: each.status, message: each.failureMessages?.[0] })),
  );
  return { cases, skipped: report.numPendingTests + report.numTodoTests };
}

const vitest = (args, engine) =>
  spawnSync(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=json', ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...(engine === undefined ? {} : { AEROGRAM_TEST_ENGINE: engine }) },
  }).status;

function run({ title, projects, engine, skip }, folder) {
  const selected = projects.filter((name) => options.only?.split(',').includes(name) ?? true);
  if (selected.length === 0 || skip) return;
  console.log(`\n── ${title} ──`);
  const common = [...selected.flatMap((name) => ['--project', name]), '--passWithNoTests'];
  const runOnce = (suffix, args) => {
    const reportFile = join(folder, `${title.replace(/\W+/g, '-')}${suffix}.json`);
    const exitCode = vitest([...common, `--outputFile.json=${reportFile}`, ...args], engine);
    return { exitCode, report: readReport(reportFile) };
  };
  const { exitCode, report } = runOnce('', []);
  if (report === undefined) {
    failed.push(`${title}: vitest ended with exit code ${exitCode} and left no report`);
    total.failed++;
    return;
  }
  const broken = report.cases.filter((each) => each.status === 'failed');
  total.passed += report.cases.filter((each) => each.status === 'passed').length;
  total.skipped += report.skipped;
  if (exitCode !== 0 && broken.length === 0) {
    failed.push(`${title}: something failed outside of the tests; see the output of this run`);
    total.failed++;
  }
  const passedAlone = runAgain(broken, runOnce);
  for (const each of broken) {
    const line = `${title}: ${relative(root, each.file)} > ${each.title}\n    ${(each.message ?? '').split('\n')[0]}`;
    const isUnstable = passedAlone(each);
    (isUnstable ? unstable : failed).push(line);
    total[isUnstable ? 'passed' : 'failed']++;
  }
}

/**
 * Runs the files with failed tests once more, one after the other, so that a busy machine does not hide what is broken. What passes now is named as
 * unstable: it is a fault of the test or of the server that still has to be found.
 */
function runAgain(broken, runOnce) {
  const files = [...new Set(broken.map((each) => each.file))];
  if (files.length === 0 || files.length > FILES_RUN_AGAIN_MAX) return () => false;
  console.log(`\n── once more, alone: ${files.map((file) => relative(root, file)).join(', ')} ──`);
  const again = runOnce('-again', ['--no-file-parallelism', ...files]).report?.cases ?? [];
  return ({ file, title }) => {
    const ofFile = again.filter((each) => each.file === file);
    if (title === UNREADABLE_FILE) return ofFile.length > 0 && ofFile.every((each) => each.status === 'passed');
    return ofFile.some((each) => each.title === title && each.status === 'passed');
  };
}

await ensureDependencies();
const { buildOrExit } = await import('./build.mjs');
await buildOrExit();

const absent = [
  ...(hasTelethon ? [] : ['python3-telethon']),
  ...(hasPostgres15 ? [] : ['postgresql-15']),
  ...(hasFfmpeg ? [] : ['ffmpeg']),
];
for (const name of absent) console.log(`skipped: ${name} (not installed; on Debian: apt-get install ${name})`);

const folder = mkdtempSync(join(tmpdir(), 'aerogram-test-'));
try {
  for (const each of RUNS) run(each, folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

if (strict) {
  if (absent.length + total.skipped > 0) {
    console.error(`${total.skipped} tests and ${absent.length} packages were skipped, which counts as failure here`);
  }
  total.failed += total.skipped + absent.length;
} else if (total.skipped > 0) {
  console.log(`${total.skipped} tests were skipped`);
}
for (const line of unstable) console.log(`unstable: ${line}`);
for (const line of failed) console.log(`failed: ${line}`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
console.log(`${total.passed} passed, ${total.failed} failed`);
