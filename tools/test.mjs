// npm test: everything, on both database engines, with one line of figures at the end.
// usage: npm test [-- --only unit,scenario] ; AEROGRAM_CI_STRICT=1 counts a skipped test or suite as failed
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureDependencies, root } from './dependencies.mjs';

const strict = process.env.AEROGRAM_CI_STRICT === '1';
const { values: options } = parseArgs({ options: { only: { type: 'string' } } });

/** PATH may hold another Python, without Debian's packages. */
const hasTelethon = spawnSync('/usr/bin/python3', ['-c', 'import telethon'], { stdio: 'ignore' }).status === 0;
const hasPostgres15 = existsSync('/usr/lib/postgresql/15/bin/postgres');

const RUNS = [
  { title: 'unit', projects: ['unit'] },
  { title: 'database, PostgreSQL 18 (embedded)', projects: ['database', 'scenario'], engine: '18' },
  { title: 'database, PostgreSQL 15 (Debian)', projects: ['database', 'scenario'], engine: '15', skip: !hasPostgres15 },
  { title: 'interop', projects: ['interop'], engine: '18' },
  { title: 'bench, a fiftieth', projects: ['bench'] },
  { title: 'fuzz', projects: ['fuzz'] },
];

const total = { passed: 0, failed: 0, skipped: 0 };

/** Counts what vitest wrote; a run that broke off, or failed outside any test, counts as one failure. */
function count(reportFile, exitCode, title) {
  if (!existsSync(reportFile)) {
    console.error(`${title}: vitest ended with exit code ${exitCode} and left no report`);
    total.failed++;
    return;
  }
  const report = JSON.parse(readFileSync(reportFile, 'utf8'));
  const brokenSuites = report.testResults.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0);
  const failed = report.numFailedTests + brokenSuites.length;
  total.passed += report.numPassedTests;
  total.failed += exitCode !== 0 && failed === 0 ? 1 : failed;
  total.skipped += report.numPendingTests + report.numTodoTests;
}

function run({ title, projects, engine, skip }, folder) {
  const selected = projects.filter((name) => options.only?.split(',').includes(name) ?? true);
  if (selected.length === 0 || skip) return;
  console.log(`\n── ${title} ──`);
  const reportFile = join(folder, `${title.replace(/\W+/g, '-')}.json`);
  const { status } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      ...selected.flatMap((name) => ['--project', name]),
      '--passWithNoTests',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${reportFile}`,
    ],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...(engine === undefined ? {} : { AEROGRAM_TEST_ENGINE: engine }) },
    },
  );
  count(reportFile, status, title);
}

await ensureDependencies();
const { buildOrExit } = await import('./build.mjs');
await buildOrExit();

const absent = [
  ...(hasTelethon ? [] : ['python3-telethon']),
  ...(hasPostgres15 ? [] : ['postgresql-15']),
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
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
console.log(`${total.passed} passed, ${total.failed} failed`);
