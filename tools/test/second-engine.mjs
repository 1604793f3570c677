// Scenarios that `.ci/run` plays on Debian's PostgreSQL 15, the oldest version that the server supports, and `npm test` leaves out: those in which
// servers or databases are killed, a disk is full, or data are restored, upgraded or deleted, those that compare whole states, and the forms of official apps in older layers. `npm run test:all` plays every
// scenario on both versions.

/** Paths of the files. */
export const SECOND_ENGINE_SCENARIOS = [
  'bot-crashes',
  'bot-updates',
  'client-forms/older-layers',
  'cluster',
  'crash',
  'file-crashes',
  'lost-hints',
  'maintenance',
  'offline',
  'operator',
  'races',
  'repeat-after-kill',
  'search',
  'sync-property',
  'test-server',
  'workers',
].map((name) => `tests/scenarios/${name}.test.ts`);

/** Of the domain: statements, plans, search, which the versions do differently, and what races for the same rows. Its other statements are prepared (`RECORDED_STATEMENTS`). */
const DOMAIN_TESTS = ['clean-up', 'invite-races', 'public-index-races', 'races', 'rights-races', 'scheduled-races', 'search', 'search-everywhere', 'statements'];

/** The tests of what speaks to the database itself: its statements, the program's commands, and the start of a server. */
export const SECOND_ENGINE_TESTS = [
  'packages/storage/test/db/',
  'packages/node/test/db/',
  'apps/cli/test/db/',
  'packages/rpc-handlers/test/db/plans.test.ts',
  ...DOMAIN_TESTS.map((name) => `packages/domain/test/db/${name}.test.ts`),
];

/** Prepares each form of statement that the tests before it have run on PostgreSQL 18, where those are recorded. */
export const RECORDED_STATEMENTS = 'packages/storage/test/db/recorded-statements.test.ts';

/** Tests among these that start several databases of their own, or mostly wait, and need nothing that differs between the versions. */
export const FIRST_ENGINE_TESTS = [
  'packages/storage/test/db/embedded.test.ts',
  'packages/storage/test/db/failover.test.ts',
];
