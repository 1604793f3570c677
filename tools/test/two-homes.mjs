// Compares what the meter of homes has seen in a test run with the list of known operations (docs/testing.md).
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../dependencies.mjs';

/** Names the directory in which the processes of a run note what they see, each in a file of its own. */
export const DIRECTORY_VARIABLE = 'AEROGRAM_TEST_HOMES_DIR';

const LIST = 'tests/two-homes.txt';

/** What the meter notes for the operations of each section of the list. Those of `told` may lock counters of two homes where one database plays both. */
const KIND_OF_SECTION = new Map([['told', 'told'], ['private', 'homes'], ['groups', 'homes'], ['channels', 'users']]);

const FINDING_OF_KIND = { homes: 'locks counters of two homes', users: 'changes a channel together with rows of users', told: 'tells another home by effects' };

/**
 * Reads the list: sections in brackets, comments after #, and lines `operation: reason`.
 * @param {string} text
 * @returns {{ known: Set<string>, faults: string[] }} the operations as the meter notes them, and what is wrong with the list
 */
export function readList(text) {
  const known = new Set();
  const faults = [];
  let kind;
  for (const [at, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const fault = (what) => faults.push(`${LIST}:${at + 1} ${what}`);
    const section = /^\[(.*)\]$/.exec(line)?.[1];
    if (section !== undefined) {
      kind = KIND_OF_SECTION.get(section);
      if (kind === undefined) fault(`names a section that does not exist: ${section}`);
      continue;
    }
    const [, operation, reason] = /^([a-z0-9-]+):\s*(.*)$/.exec(line) ?? [];
    if (operation === undefined) fault('is not "operation: reason"');
    else if (kind === undefined) fault(`names ${operation} outside of the sections`);
    else if (!reason) fault(`has no reason for ${operation}`);
    else if (isNamed(known, kind, operation)) fault(`names ${operation} once more`);
    else known.add(`${kind} ${operation}`);
  }
  return { known, faults };
}

/** An operation of two homes stands in the list either as one that tells the other home, or as one that does not. */
function isNamed(known, kind, operation) {
  const others = kind === 'told' ? ['told', 'homes'] : kind === 'homes' ? ['homes', 'told'] : [kind];
  return others.some((each) => known.has(`${each} ${operation}`));
}

/**
 * What the processes of a run have noted: operations, and the tables of users that each has written.
 * @returns {Map<string, Set<string>>}
 */
export function readNoted(directory) {
  const noted = new Map();
  for (const name of existsSync(directory) ? readdirSync(directory) : []) {
    for (const line of readFileSync(join(directory, name), 'utf8').split('\n').filter((each) => each !== '')) {
      const [kind, operation, ...tables] = line.split(' ');
      const key = `${kind} ${operation}`;
      noted.set(key, new Set([...(noted.get(key) ?? []), ...tables]));
    }
  }
  return noted;
}

/**
 * Judges a run.
 * @param {string} text the list
 * @param {Map<string, Set<string>>} noted
 * @param {boolean} isWhole whether the run has contained all that the list was made of
 * @returns {string[]} a line for each difference
 */
export function judgeHomes(text, noted, isWhole) {
  const { known, faults } = readList(text);
  const isFine = (kind, operation) => kind === 'told' || known.has(`${kind} ${operation}`) || (kind === 'homes' && known.has(`told ${operation}`));
  const fresh = [...noted.keys()].filter((each) => !isFine(...each.split(' '))).sort();
  const gone = isWhole ? [...known].filter((each) => !noted.has(each)).sort() : [];
  return [
    ...faults,
    ...fresh.map((each) => {
      const [kind, operation] = each.split(' ');
      const tables = [...noted.get(each)].sort().join(', ');
      return `the operation ${operation} ${FINDING_OF_KIND[kind]}${tables && ` (${tables})`}, and is not in ${LIST}`;
    }),
    ...gone.map((each) => {
      const [kind, operation] = each.split(' ');
      return `no test has seen that the operation ${operation} ${FINDING_OF_KIND[kind]}: its line in ${LIST} can go`;
    }),
  ];
}

/** Judges what was noted in a directory; see {@link judgeHomes}. */
export function judgeDirectory(directory, isWhole) {
  return judgeHomes(readFileSync(join(root, LIST), 'utf8'), readNoted(directory), isWhole);
}

/**
 * Begins to measure a run of vitest that was not started by tools/test.mjs.
 * @returns a function that ends the run, which fails if an operation is not in the list
 */
export function measureHomes() {
  if (process.env[DIRECTORY_VARIABLE] !== undefined) return () => {};
  const directory = mkdtempSync(join(tmpdir(), 'aerogram-homes-'));
  process.env[DIRECTORY_VARIABLE] = directory;
  return () => {
    delete process.env[DIRECTORY_VARIABLE];
    const differences = judgeDirectory(directory, false);
    rmSync(directory, { recursive: true });
    if (differences.length === 0) return;
    console.error(differences.join('\n'));
    // An error thrown here would keep vitest from stopping the database.
    process.exitCode = 1;
  };
}
