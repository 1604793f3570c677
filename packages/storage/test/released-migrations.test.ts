import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { MIGRATIONS } from '../src/migrations/index.ts';

/** The commit of the last release, its schema version, and the SHA-256 of the statements up to there. */
const [commit, schema, sha256] = readFileSync(fileURLToPath(new URL('../../../tests/last-release.txt', import.meta.url)), 'utf8').trim().split(' ');

// The whole way is tests/bare/last-release.test.ts, which needs the program of that release.
test('what the last release has done to databases is still the beginning of the migrations', () => {
  const statements = MIGRATIONS.slice(0, Number(schema)).map((step) => step.statements);
  expect(statements).toHaveLength(Number(schema));
  expect(createHash('sha256').update(JSON.stringify(statements)).digest('hex'), `of ${commit}; a released step never changes`).toBe(sha256);
});
