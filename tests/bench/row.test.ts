import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import { expect, onTestFinished, test } from 'vitest';
import { type Bound, BOUNDS, ratioTo } from '../../bench/bounds.ts';
import { listMissingPackages } from '../../bench/peer/ejabberd.ts';
import { judge, mergeRuns, type Row } from '../../bench/row.ts';

const bound: Bound = { name: 'CPU / floor', atMost: 2.5, because: 'of a test' };

test('a row is judged by its ratios, and several runs by their medians', () => {
  const rowOf = (value: number): Row => ({ name: 'send', rate: 1, ratios: [ratioTo(bound, value, 10)] });
  expect(judge(rowOf(25))).toBe('✓ CPU / floor 2.50 ≤ 2.50');
  expect(judge(rowOf(26))).toBe('✗ CPU / floor 2.60 ≤ 2.50');
  expect(judge({ name: 'peer', ratios: [{ name: 'rate', atLeast: 2, because: '', value: 4 }] })).toBe('✓ rate 4 ≥ 2');
  expect(judge({ name: 'plain' })).toBe('');
  const [merged] = mergeRuns([[rowOf(20)], [rowOf(90)], [rowOf(24)]]);
  expect(judge(merged!)).toBe('✓ CPU / floor 2.40 ≤ 2.50');
});

test('every limit is in docs/performance.md with its number', () => {
  const page = readFileSync(join(findRepositoryRoot(), 'docs/performance.md'), 'utf8');
  for (const { name, ...limits } of Object.values(BOUNDS) as Bound[]) {
    const limit = limits.atMost === undefined ? `≥ ${limits.atLeast}` : `≤ ${limits.atMost}`;
    const lines = page.split('\n').filter((line) => line.startsWith('|') && line.includes(`${name} ${limit}`));
    expect(lines.length, `${name} ${limit}`).toBeGreaterThan(0);
  }
});

test('the ejabberd bench lists missing packages, including the driver that ejabberd only recommends', () => {
  const root = mkdtempSync(join(tmpdir(), 'aerogram-packages-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const put = (file: string): void => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), '');
  };
  expect(listMissingPackages(root)).toEqual(['ejabberd', 'erlang-p1-pgsql']);
  for (const file of ['/usr/sbin/ejabberdctl', '/usr/share/ejabberd/sql/pg.sql', '/etc/ejabberd/inetrc', '/usr/lib/erlang/lib/p1_utils-1.0/x']) put(file);
  expect(listMissingPackages(root)).toEqual(['erlang-p1-pgsql']);
  put('/usr/lib/erlang/lib/p1_pgsql-1.1.20/ebin/pgsql.beam');
  expect(listMissingPackages(root)).toEqual([]);
});
