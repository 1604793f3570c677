import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import { VERSION } from '@aerogram/runtime';
import { SCHEMA_VERSION } from '@aerogram/storage';
import { expect, test } from 'vitest';

const root = findRepositoryRoot();
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

test('all workspaces have the version of the program', () => {
  const files = ['packages', 'apps'].flatMap((area) => readdirSync(join(root, area)).map((name) => join(area, name, 'package.json'))).filter((file) => existsSync(join(root, file)));
  const others = ['package.json', ...files].filter((file) => (JSON.parse(read(file)) as { version: string }).version !== VERSION);
  expect(others).toEqual([]);
});

test('the changelog begins with this version and its schema', () => {
  const [, version, schema] = /^## (\S+): schema (\d+)$/m.exec(read('CHANGELOG.md'))!;
  expect([version, Number(schema)]).toEqual([VERSION, SCHEMA_VERSION]);
});
