// Scenarios that `.ci/run` also runs on Debian's PostgreSQL 15, the oldest version that the server supports: those in which the database is killed,
// fills its disk, is restored or upgraded, and those that compare whole states. `npm run test:all` runs every scenario on both versions.

/** Paths of the files. */
export const SECOND_ENGINE_SCENARIOS = [
  'bot-updates',
  'cluster',
  'cluster-crashes',
  'cluster-relay',
  'cluster-uploads',
  'crash',
  'full-disk',
  'lost-hints',
  'offline',
  'operator',
  'races',
  'restore',
  'search',
  'sync-property',
  'test-server',
  'topic-marks',
  'workers',
].map((name) => `tests/scenarios/${name}.test.ts`);

/** The tests of what speaks to the database itself: its statements, the program's commands, and the start of a server. */
export const SECOND_ENGINE_TESTS = ['packages/storage/test/db/', 'packages/domain/test/db/', 'packages/node/test/db/', 'apps/cli/test/db/'];

/** Tests among these that start several databases of their own, and need nothing that differs between the versions. */
export const FIRST_ENGINE_TESTS = ['packages/storage/test/db/embedded.test.ts', 'packages/storage/test/db/failover.test.ts'];
