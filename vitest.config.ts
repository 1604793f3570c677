import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/** What needs PostgreSQL has a folder of its own, so that plain unit tests start without it. */
const DATABASE_TESTS = ['packages/*/test/db/**/*.test.ts', 'apps/*/test/db/**/*.test.ts'];

const build = './tools/vitest/build.mjs';
const buildWorkers = './tools/vitest/build-workers.mjs';
const postgres = './tools/vitest/postgres.mjs';
const homes = './tools/vitest/homes.mjs';

/**
 * @param timeoutMs for each test and each hook, in milliseconds: enough for the slowest one on a busy machine. A test sets its own timeout
 * only if it needs more. What a test waits for has a shorter limit of its own, so a failure is still reported soon.
 */
function project(
  name: string,
  timeoutMs: number,
  test: TestProjectInlineConfiguration['test'] & object,
): TestProjectInlineConfiguration {
  return {
    extends: true,
    test: { name, testTimeout: timeoutMs, hookTimeout: timeoutMs, ...test },
  };
}

export default defineConfig({
  test: {
    pool: 'forks',
    // Servers and databases run beside the tests, so more workers than this only slow each other down.
    maxWorkers: 2,
    teardownTimeout: 30_000,
    // Keeps transformed modules between runs: most of the start of a test file is the generated TL code.
    experimental: { fsModuleCache: true },
    projects: [
      project('unit', 60_000, {
        include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'tools/*/test/**/*.test.ts'],
        exclude: DATABASE_TESTS,
        globalSetup: [buildWorkers],
      }),
      project('database', 120_000, { include: DATABASE_TESTS, globalSetup: [buildWorkers, postgres, homes] }),
      project('scenario', 300_000, { include: ['tests/scenarios/**/*.test.ts'], globalSetup: [build, postgres, homes] }),
      project('interop', 300_000, { include: ['tests/interop/**/*.test.ts'], globalSetup: [build, postgres] }),
      project('bench', 400_000, { include: ['tests/bench/**/*.test.ts'], globalSetup: [build] }),
      project('fuzz', 120_000, { include: ['tests/fuzz/**/*.test.ts'], globalSetup: [build, postgres] }),
    ],
  },
});
