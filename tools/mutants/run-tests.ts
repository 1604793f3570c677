import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';

/** What became of test files. */
export interface TestRun {
  /** Those that failed, or did not end. */
  failed: string[];
  /** How long each took, in milliseconds. */
  ms: Record<string, number>;
}

interface Report {
  testResults: { name: string; status: string; startTime: number; endTime: number }[];
}

/** A busy machine makes tests slow; a test that waits in vain for an update ends by its own limit. */
const TEST_TIMEOUT_MS = 120_000;
/** A whole call of vitest. */
const RUN_TIMEOUT_MS = 15 * 60_000;

const KILL_AFTER_MS = 10_000;

/**
 * Runs test files in a checkout.
 *
 * @param options `bail` stops at the first failing test; `env` is added to the environment
 */
export async function runTests(folder: string, files: readonly string[], options: { bail: boolean; env: Record<string, string> }): Promise<TestRun> {
  const reportFile = join(folder, 'mutant-report.json');
  rmSync(reportFile, { force: true });
  const limits = [`--testTimeout=${TEST_TIMEOUT_MS}`, `--hookTimeout=${TEST_TIMEOUT_MS}`, ...(options.bail ? ['--bail=1'] : [])];
  const child = spawn(process.execPath, [join(folder, 'node_modules/vitest/vitest.mjs'), 'run', ...limits, '--reporter=json', `--outputFile=${reportFile}`, ...files], {
    cwd: folder,
    stdio: 'ignore',
    // Files that share a process would be recorded as one.
    env: { ...process.env, AEROGRAM_TEST_ISOLATE: '1', ...options.env },
    // A process group of its own, so that servers that the tests start are ended together with it.
    detached: true,
  });
  const end = (signal: NodeJS.Signals): void => {
    try {
      process.kill(-child.pid!, signal);
    } catch {
      // It has ended.
    }
  };
  const onExit = (): void => end('SIGTERM');
  process.once('exit', onExit);
  const timer = setTimeout(() => {
    end('SIGTERM');
    setTimeout(() => end('SIGKILL'), KILL_AFTER_MS).unref();
  }, RUN_TIMEOUT_MS);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearTimeout(timer);
  process.off('exit', onExit);
  return readReport(folder, reportFile, files, code);
}

function readReport(folder: string, reportFile: string, files: readonly string[], code: number | null): TestRun {
  if (!existsSync(reportFile)) return { failed: [...files], ms: {} };
  const { testResults } = JSON.parse(readFileSync(reportFile, 'utf8')) as Report;
  const run: TestRun = { failed: [], ms: {} };
  for (const { name, status, startTime, endTime } of testResults) {
    const file = relative(folder, name);
    run.ms[file] = Math.round(endTime - startTime);
    if (status === 'failed') run.failed.push(file);
  }
  // An error outside any test.
  if (code !== 0 && run.failed.length === 0) run.failed.push(...files);
  return run;
}
