// Runs one suite of tests with vitest, and once more what failed.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from '../dependencies.mjs';
import { startTimes } from './process-time.mjs';
import { shortenMessage } from './result-lines.mjs';

/** Stands for the tests of a file that failed before its first test. */
const UNREADABLE_FILE = '(the file could not be run)';
/** A run with more broken files than this is broken as a whole: running it again would only take time. */
const FILES_RUN_AGAIN_MAX = 10;

/** Result of all runs of a command. */
export const createTally = () => ({
  passed: 0,
  failed: 0,
  skipped: 0,
  /** Each test that was skipped. */
  skips: [],
  /** Each test that failed twice, or another failure: a name and what is said of it. */
  failures: [],
  /** Each test that failed beside others and passed alone. */
  unstable: [],
  /** A line for each run, with the time that it took. */
  times: [],
});

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

/** A line for each file; what a test printed, and the whole text of a failure, only for tests that failed. */
const OUTPUT = [
  ...['default', 'json', join(root, 'tools/vitest/slowest-files.mjs')].map((name) => `--reporter=${name}`),
  '--silent=passed-only',
  // Tests beyond this number of milliseconds would get lines of their own.
  `--slowTestThreshold=${86_400_000}`,
];

const vitest = (node, args, env) =>
  spawnSync(node, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...OUTPUT, ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  }).status;

/**
 * @param {Omit<import('./suites.mjs').Run, 'node'> & { shard?: string, node?: string }} run `shard`: `2/6` divides its test files into six parts and runs the second; `node`: path of the Node that
 * runs it, by default that of this process
 * @param {string} folder for the reports of vitest
 * @param {Record<string, string>} env variables beside those of this process
 * @param tally gets the results
 */
export function runVitest({ title, projects, engine, files = [], without = [], shard, node = process.execPath }, folder, env, tally) {
  console.log(`\n── ${title} ──`);
  const times = startTimes();
  const common = [...projects.flatMap((name) => ['--project', `${name}*`]), '--passWithNoTests'];
  const allEnv = { ...env, AEROGRAM_TEST_WITHOUT: without.join(','), ...(engine === undefined ? {} : { AEROGRAM_TEST_ENGINE: engine }) };
  const runOnce = (suffix, args) => {
    const reportFile = join(folder, `${title.replace(/\W+/g, '-')}${suffix}.json`);
    const exitCode = vitest(node, [...common, `--outputFile.json=${reportFile}`, ...args], allEnv);
    return { exitCode, report: readReport(reportFile) };
  };
  const { exitCode, report } = runOnce('', [...files, ...(shard === undefined ? [] : ['--shard', shard])]);
  if (report === undefined) {
    tally.failures.push({ name: `${title}: vitest ended with exit code ${exitCode} and left no report` });
    tally.failed++;
    return;
  }
  const broken = report.cases.filter((each) => each.status === 'failed');
  tally.passed += report.cases.filter((each) => each.status === 'passed').length;
  tally.skipped += report.skipped;
  for (const { file, title: test, status } of report.cases) if (status !== 'passed' && status !== 'failed') tally.skips.push({ name: `${title}: ${relative(root, file)} > ${test}` });
  if (exitCode !== 0 && broken.length === 0) {
    tally.failures.push({ name: `${title}: something failed outside of the tests; see the output of this run` });
    tally.failed++;
  }
  const passedAlone = runAgain(broken, runOnce);
  for (const each of broken) {
    const failure = { name: `${title}: ${relative(root, each.file)} > ${each.title}`, details: shortenMessage(each.message) };
    const isUnstable = passedAlone(each);
    (isUnstable ? tally.unstable : tally.failures).push(failure);
    tally[isUnstable ? 'passed' : 'failed']++;
  }
  tally.times.push(`${title}: ${times()}`);
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
