import { availableParallelism } from 'node:os';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import FileOrder from './tools/vitest/file-order.ts';
import { ISOLATED_FILES } from './tools/vitest/isolated-files.ts';
import { packageExports } from './tools/vitest/package-exports.ts';

/** Processes that run test files. Servers and databases run beside them, so more than these only slow each other down; and the connections of the test database are 300. */
const WORKERS = Math.min(6, Math.max(2, Math.floor(availableParallelism() * 0.75)));

/** What needs PostgreSQL has a folder of its own, so that plain unit tests start without it. */
const DATABASE_TESTS = ['packages/*/test/db/**/*.test.ts', 'apps/*/test/db/**/*.test.ts'];

const build = './tools/vitest/build.mjs';
const buildWorkers = './tools/vitest/build-workers.mjs';
const postgres = './tools/vitest/postgres.mjs';
const homes = './tools/vitest/homes.mjs';

/** `npm run test:all` gives each file a process of its own. Otherwise the files of a project share as many processes as there are workers. */
const isolatesAll = process.env['AEROGRAM_TEST_ISOLATE'] === '1';
/** Files that test commands leave out: `--exclude` of vitest leaves out nothing where there are projects. */
const leftOut = (process.env['AEROGRAM_TEST_WITHOUT'] ?? '').split(',').filter((file) => file !== '');

/**
 * A kind of tests: a project whose files share processes, and another one, `<name>-isolated`, with those of its files that cannot.
 *
 * @param timeoutMs for each test and each hook, in milliseconds: enough for the slowest one on a busy machine. A test sets its own timeout
 * only if it needs more. What a test waits for has a shorter limit of its own, so a failure is still reported soon.
 */
function projects(name: string, timeoutMs: number, test: TestProjectInlineConfiguration['test'] & object): TestProjectInlineConfiguration[] {
  const isolated = Object.keys(ISOLATED_FILES[name] ?? {});
  const exclude = [...(test.exclude ?? []), ...leftOut];
  const shared = { name, testTimeout: timeoutMs, hookTimeout: timeoutMs, ...test, exclude };
  if (isolatesAll) return [{ extends: true, test: shared }];
  return [
    { extends: true, test: { ...shared, exclude: [...exclude, ...isolated], isolate: false } },
    ...(isolated.length === 0 ? [] : [{ extends: true as const, test: { ...shared, name: `${name}-isolated`, include: isolated } }]),
  ];
}

export default defineConfig({
  plugins: [packageExports()],
  test: {
    pool: 'forks',
    maxWorkers: WORKERS,
    teardownTimeout: 30_000,
    // Keeps transformed modules between runs: most of the start of a test file is the generated TL code.
    experimental: { fsModuleCache: true },
    // The client of S3 would print that later versions of it need a newer Node, which says nothing about a test.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    // The default is a second, which is short for a browser or a server on a busy machine.
    expect: { poll: { timeout: 20_000 } },
    sequence: { sequencer: FileOrder },
    projects: [
      ...projects('unit', 60_000, {
        include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'tools/*/test/**/*.test.ts', 'bench/*/test/**/*.test.ts'],
        exclude: DATABASE_TESTS,
        globalSetup: [buildWorkers],
      }),
      ...projects('database', 120_000, { include: DATABASE_TESTS, globalSetup: [buildWorkers, postgres, homes] }),
      ...projects('scenario', 300_000, { include: ['tests/scenarios/**/*.test.ts'], globalSetup: [build, postgres, homes] }),
      ...projects('interop', 300_000, { include: ['tests/interop/**/*.test.ts'], globalSetup: [build, postgres] }),
      ...projects('web', 120_000, { include: ['tests/web/**/*.test.ts'], globalSetup: [build, postgres] }),
      ...projects('bare', 600_000, { include: ['tests/bare/**/*.test.ts'] }),
      ...projects('bench', 400_000, { include: ['tests/bench/**/*.test.ts'], globalSetup: [build] }),
      ...projects('fuzz', 120_000, { include: ['tests/fuzz/**/*.test.ts'], globalSetup: [build, postgres] }),
    ],
  },
});
