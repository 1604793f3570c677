import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import { expect, test } from 'vitest';

const root = findRepositoryRoot();
const WRITTEN = /\blog\S*\(\{ event: (?:how === '(\w+)' \? '\w+' : )?'(\w+)'(?:, ([^}]*))?\}/g;

/** Events that the programs write to the log, with those of their fields that stand beside the name. */
function listWritten(): { event: string; fields: string[] }[] {
  const files = execFileSync('git', ['ls-files', '--', 'packages/*/src/*.ts', 'apps/*/src/*.ts'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
  const sources = files.map((file) => readFileSync(join(root, file), 'utf8'));
  return sources.flatMap((source) =>
    [...source.matchAll(WRITTEN)].map(([, , event, fields = '']) => ({ event: event!, fields: fields.split(',').flatMap((field) => /^\s*(\w+)/.exec(field)?.[1] ?? []) })),
  );
}

test('the table of log events has every event and its fields', () => {
  const page = readFileSync(join(root, 'docs/operations.md'), 'utf8');
  const table = page.slice(page.indexOf('| event | other fields |'), page.indexOf('`AEROGRAM_LOG_LEVEL`'));
  const rows = table.split('\n').map((line) => line.split('|').slice(1, 3).map((cell): string[] => cell.match(/`[^`]+`/g) ?? []));
  const written = listWritten();
  expect(written.length).toBeGreaterThan(10);
  // Its fields do not stand beside its name.
  written.push({ event: 'log_in_failed', fields: ['reason', 'userId', 'address', 'guess', 'how'] });
  const missing = written.flatMap(({ event, fields }) => {
    const row = rows.find(([events]) => events?.includes(`\`${event}\``));
    return row === undefined ? [event] : fields.filter((field) => !row[1]!.includes(`\`${field}\``)).map((field) => `${event} ${field}`);
  });
  expect(missing).toEqual([]);
});
