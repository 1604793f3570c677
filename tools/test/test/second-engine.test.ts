import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import { expect, test } from 'vitest';

// The list is JavaScript, because test commands run before anything is compiled; so its types are said here.
const path: string = '../second-engine.mjs';
const list = (await import(path)) as { SECOND_ENGINE_SCENARIOS: string[]; SECOND_ENGINE_TESTS: string[]; FIRST_ENGINE_TESTS: string[] };

const root = findRepositoryRoot();

test('the lists of the second engine name files and folders that exist, each once', () => {
  const names = [...list.SECOND_ENGINE_SCENARIOS, ...list.SECOND_ENGINE_TESTS];
  expect([...names, ...list.FIRST_ENGINE_TESTS].filter((name) => !existsSync(join(root, name)))).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
});
