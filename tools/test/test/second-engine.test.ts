import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import { expect, test } from 'vitest';

// The list is JavaScript, because test commands run before anything is compiled; so its types are said here.
const path: string = '../second-engine.mjs';
const list = (await import(path)) as { DEPENDS_ON_ENGINE: RegExp; SECOND_ENGINE_SCENARIOS: string[] };

const root = findRepositoryRoot();
const scenarios = readdirSync(join(root, 'tests/scenarios'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => `tests/scenarios/${name}`);

test('scenarios that restart, kill or restore a server also run on the second engine', () => {
  const needed = scenarios.filter((file) => list.DEPENDS_ON_ENGINE.test(readFileSync(join(root, file), 'utf8')));
  expect(needed.length).toBeGreaterThan(5);
  expect(needed.filter((file) => !list.SECOND_ENGINE_SCENARIOS.includes(file))).toEqual([]);
});

test('the list of the second engine names files that exist, each once', () => {
  expect(list.SECOND_ENGINE_SCENARIOS.filter((file) => !scenarios.includes(file))).toEqual([]);
  expect(new Set(list.SECOND_ENGINE_SCENARIOS).size).toBe(list.SECOND_ENGINE_SCENARIOS.length);
});
