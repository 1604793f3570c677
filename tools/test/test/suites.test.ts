import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import { expect, test } from 'vitest';

// JavaScript, because test commands run before anything is compiled; so its types are said here.
const path: string = '../suites.mjs';
const { SUITES } = (await import(path)) as { SUITES: Record<string, { runs: { projects: string[]; files?: string[]; without?: string[] }[] }> };
const nodesPath: string = '../node-scenarios.mjs';
const { NODE_SCENARIOS, ONE_NODE_SCENARIOS } = (await import(nodesPath)) as { NODE_SCENARIOS: string[]; ONE_NODE_SCENARIOS: Record<string, string> };
const configPath: string = '../../../vitest.config.ts';

test('files that a command leaves out exist, and are left out of every kind of tests', async () => {
  const leftOut = Object.values(SUITES).flatMap(({ runs }) => runs.flatMap(({ without = [] }) => without));
  expect(leftOut).not.toEqual([]);
  for (const file of leftOut) expect(existsSync(join(findRepositoryRoot(), file))).toBe(true);
  process.env['AEROGRAM_TEST_WITHOUT'] = leftOut.join(',');
  try {
    const { default: config } = (await import(configPath)) as { default: { test: { projects: { test: { exclude: string[] } }[] } } };
    for (const { test: project } of config.test.projects) expect(project.exclude).toEqual(expect.arrayContaining(leftOut));
  } finally {
    delete process.env['AEROGRAM_TEST_WITHOUT'];
  }
});

test('files and folders that a command names exist, and no scenario is both played with several nodes and left out of that', () => {
  const named = Object.values(SUITES).flatMap(({ runs }) => runs.flatMap(({ files = [] }) => files));
  expect([...named, ...Object.keys(ONE_NODE_SCENARIOS)].filter((file) => !existsSync(join(findRepositoryRoot(), file)))).toEqual([]);
  expect(named).toEqual(expect.arrayContaining(NODE_SCENARIOS));
  expect(NODE_SCENARIOS.filter((file) => file in ONE_NODE_SCENARIOS)).toEqual([]);
});

test('what npm test leaves out is in what CI runs beside it, or only in test:all', async () => {
  const longerPath: string = '../longer-tests.mjs';
  const { LONGER_TESTS, LONGER_UNIT } = (await import(longerPath)) as { LONGER_TESTS: string[]; LONGER_UNIT: string[] };
  const { short, rest } = SUITES as Required<typeof SUITES>;
  const leftOut = (file: string): boolean => short!.runs.some(({ without = [] }) => without.includes(file));
  const isInRest = (file: string): boolean => rest!.runs.some(({ files = [], without = [] }) => files.some((part) => file.startsWith(part)) && !without.includes(file));
  const all = [...LONGER_TESTS, ...LONGER_UNIT];
  expect(all.filter((file) => !leftOut(file))).toEqual([]);
  expect(all.filter((file) => !isInRest(file))).toEqual([]);
  expect(new Set(all).size).toBe(all.length);
});

test('what only test:all runs exists, is in no other command, and names tests of CI that show most of it', async () => {
  const longestPath: string = '../longest-tests.mjs';
  const pathsPath: string = '../paths.mjs';
  const { SHOWN_BY_OTHERS, LONGEST_TESTS } = (await import(longestPath)) as { SHOWN_BY_OTHERS: { by: Record<string, string[]> }[]; LONGEST_TESTS: string[] };
  const { paths } = (await import(pathsPath)) as { paths: (folders: Record<string, string[]>) => string[] };
  const { isInCi } = (await import(path)) as { isInCi: (file: string, kind: string) => boolean };
  const inCi = (file: string): boolean => isInCi(file, KINDS.find(([part]) => file.includes(part))![1]);
  const others = SHOWN_BY_OTHERS.flatMap(({ by }) => paths(by));
  expect([...LONGEST_TESTS, ...others].filter((file) => !existsSync(join(findRepositoryRoot(), file)))).toEqual([]);
  expect(others.filter((file) => !inCi(file))).toEqual([]);
  expect(LONGEST_TESTS.filter(inCi)).toEqual([]);
  expect(new Set(LONGEST_TESTS).size).toBe(LONGEST_TESTS.length);
});

/** A part of a path, and the kind of tests whose files have it in their paths. The first one that fits counts. */
const KINDS = [['tests/interop/', 'interop'], ['tests/scenarios/', 'scenario'], ['tests/web/', 'web'], ['tests/bench/', 'bench'], ['/test/db/', 'database'], ['/test/', 'unit']] as const;
