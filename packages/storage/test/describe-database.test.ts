import { expect, test } from 'vitest';
import { describeDatabase } from '../src/serving/known-database.ts';

test.each([
  [undefined, 'the embedded database'],
  ['postgres://me:hunter2@db.example.org:5433/chat', 'db.example.org:5433/chat'],
  ['postgresql:///chat?host=/run/postgresql', '/run/postgresql/chat'],
  ['postgresql://me:hunter2@/chat?host=/run/postgresql&port=5433', '/run/postgresql:5433/chat'],
  ['postgres://me@%2Frun%2Fpostgresql/chat', '/run/postgresql/chat'],
  ['postgres://me@/chat', 'localhost/chat'],
])('says where a database is, without its password: %s', (url, shown) => {
  expect(describeDatabase(url)).toBe(shown);
});
