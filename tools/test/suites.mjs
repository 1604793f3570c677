// What the three test commands run. Each test file is in at least one of them.
import { OTHER_NODES, SHIPPED_NODE } from '../shipped-node.mjs';
import { LONGER_TESTS, LONGER_UNIT } from './longer-tests.mjs';
import { LONGEST_TESTS } from './longest-tests.mjs';
import { NODE_SCENARIOS } from './node-scenarios.mjs';
import { FIRST_ENGINE_TESTS, RECORDED_STATEMENTS, SECOND_ENGINE_SCENARIOS, SECOND_ENGINE_TESTS } from './second-engine.mjs';

/** One story, told by every pair of client libraries over all of their transports. */
const SHORT_INTEROP = ['tests/interop/interop.test.ts'];
/** What somebody who opens the web client for the first time does. */
const SHORT_WEB = ['tests/web/first-messages.test.ts', 'tests/web/log-in.test.ts', 'tests/web/messages.test.ts'];

/** The database tests and scenarios that `npm test` leaves out. */
const LONG_TESTS = [...new Set([...LONGEST_TESTS, ...SECOND_ENGINE_SCENARIOS, ...LONGER_TESTS, RECORDED_STATEMENTS])];

/** Whether statements are recorded (recorded-statements.mjs). */
const records = process.env.AEROGRAM_TEST_STATEMENTS_DIR !== undefined;

/** What `rest` runs on PostgreSQL 15. */
const SECOND_ENGINE_FILES = [...SECOND_ENGINE_TESTS, ...SECOND_ENGINE_SCENARIOS];

const runsOnSecondEngine = (file) => SECOND_ENGINE_FILES.some((part) => file.startsWith(part)) && !FIRST_ENGINE_TESTS.includes(file);

/**
 * A run of vitest.
 * @typedef {object} Run
 * @property {string} title printed above the output
 * @property {string[]} projects kinds of tests in vitest.config.ts
 * @property {'18' | '15'} [engine] the embedded PostgreSQL 18, or Debian's PostgreSQL 15
 * @property {string[]} [files] parts of paths; all files of the projects by default
 * @property {string} [node] the version of Node that runs it (tools/shipped-node.json); by default that of the command
 * @property {string[]} [without] files that are left out
 * @property {Record<string, string>} [env] variables beside those of the suite
 */

/**
 * `seesAllHomes`: the command runs every test that the list of tests/two-homes.txt was made of.
 * `others`: printed at the end, after the number of files that were left out.
 * @type {Record<string, { runs: Run[], env?: Record<string, string>, seesAllHomes?: boolean, others?: string }>}
 */
export const SUITES = {
  /** `npm test`: a story and the rules of each subject. */
  short: {
    others: '`npm run test:rest` runs most of what this leaves out, as CI does, and `npm run test:all` everything',
    runs: [
      { title: 'unit', projects: ['unit'], without: [...LONGER_UNIT, ...LONGEST_TESTS] },
      { title: 'database and scenarios, PostgreSQL 18 (embedded)', projects: ['database', 'scenario'], engine: '18', without: LONG_TESTS },
      { title: 'client libraries, a short round', projects: ['interop'], engine: '18', files: SHORT_INTEROP },
      { title: 'web client, first stories', projects: ['web'], engine: '18', files: SHORT_WEB },
    ],
  },
  /** What `.ci/run` adds to `npm test`. */
  rest: {
    runs: [
      { title: 'unit, the longer ones', projects: ['unit'], files: LONGER_UNIT },
      { title: 'database and scenarios, the longer ones, PostgreSQL 18 (embedded)', projects: ['database', 'scenario'], engine: '18', files: LONGER_TESTS.filter((file) => !runsOnSecondEngine(file)) },
      // After those on PostgreSQL 18, whose statements it prepares.
      { title: 'database and some scenarios, PostgreSQL 15 (Debian)', projects: ['database', 'scenario'], engine: '15', files: SECOND_ENGINE_FILES, without: [...LONGEST_TESTS, ...FIRST_ENGINE_TESTS, ...(records ? [] : [RECORDED_STATEMENTS])] },
      { title: 'client libraries', projects: ['interop'], engine: '18', without: [...SHORT_INTEROP, ...LONGEST_TESTS] },
      { title: 'web client', projects: ['web'], engine: '18', without: [...SHORT_WEB, ...LONGEST_TESTS] },
      { title: 'bench, a fiftieth', projects: ['bench'], without: LONGEST_TESTS },
    ],
  },
  /** `npm run test:all`: every file on every engine, in its full size, and in a process of its own. Statements need not be recorded where all runs on both. */
  all: {
    runs: [
      { title: 'unit', projects: ['unit'] },
      { title: 'database and scenarios, PostgreSQL 18 (embedded)', projects: ['database', 'scenario'], engine: '18', without: [RECORDED_STATEMENTS] },
      { title: 'database and scenarios, PostgreSQL 15 (Debian)', projects: ['database', 'scenario'], engine: '15', without: [RECORDED_STATEMENTS] },
      ...[SHIPPED_NODE, ...OTHER_NODES].flatMap((node) => [
        { title: `unit, Node ${node}`, projects: ['unit'], node },
        { title: `a story of the client libraries, Node ${node}`, projects: ['interop'], engine: '18', node, files: SHORT_INTEROP },
      ]),
      { title: `scenarios, Node ${SHIPPED_NODE}`, projects: ['scenario'], engine: '18', node: SHIPPED_NODE },
      { title: 'scenarios with a server of three nodes', projects: ['scenario'], engine: '18', files: NODE_SCENARIOS, env: { AEROGRAM_TEST_NODES: '3' } },
      { title: 'client libraries', projects: ['interop'], engine: '18' },
      { title: 'web client', projects: ['web'], engine: '18' },
      { title: 'web client, windows of the other size', projects: ['web'], engine: '18', env: { AEROGRAM_TEST_WEB_SIZE: 'other' } },
      { title: 'the packages for tests and for operators, in bare folders, and the upgrade from the last release', projects: ['bare'] },
      { title: 'bench, a fiftieth', projects: ['bench'] },
      { title: 'fuzz', projects: ['fuzz'] },
    ],
    env: { AEROGRAM_TEST_SIZE: 'full', AEROGRAM_TEST_ISOLATE: '1' },
    seesAllHomes: true,
  },
};

/** Whether `.ci/run` runs a test file of a kind, on any version of PostgreSQL. */
export const isInCi = (file, kind) =>
  [...SUITES.short.runs, ...SUITES.rest.runs].some(({ projects, files, without = [] }) => projects.includes(kind) && !without.includes(file) && (files ?? [file]).some((part) => file.startsWith(part)));
