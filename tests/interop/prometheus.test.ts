import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { World } from '@aerogram/dev-env';
import { findRepositoryRoot, startServerProcess } from '@aerogram/dev-env/load';
import { describe, expect, onTestFinished, test } from 'vitest';

const deploy = join(findRepositoryRoot(), 'deploy');

/** What promtool says of a page of metrics; nothing if it has no objection. */
async function checkMetrics(page: string): Promise<string> {
  const child = spawn('promtool', ['check', 'metrics'], { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(page);
  const [said, complained, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close') as Promise<[number]>]);
  return code === 0 && said + complained === '' ? '' : `${code}: ${said}${complained}`;
}

/** About the whole database, so that they are there once, whatever serves. */
const FIGURES = ['database_bytes', 'database_figures_timestamp_seconds', 'accounts', 'people_online', 'bots', 'webhooks', 'dead_jobs', 'stored_files', 'stored_file_bytes', 'archive_age_seconds', 'archive_failing', 'archive_waiting_segments'];
const BACKUPS = ['backup_age_seconds', 'backup_failing', 'backup_interval_seconds'];

describe.each([1, 2])('a server with --workers %d', (workers) => {
  test("has a page of metrics that Debian's promtool accepts, with what it does and holds", async () => {
    const archive = mkdtempSync(join(tmpdir(), 'aerogram-archive-'));
    onTestFinished(() => rmSync(archive, { recursive: true }));
    const backups = mkdtempSync(join(tmpdir(), 'aerogram-backups-'));
    onTestFinished(() => rmSync(backups, { recursive: true }));
    await using server = await startServerProcess({ env: { AEROGRAM_WAL_ARCHIVE_DIR: archive, AEROGRAM_BACKUP_DIR: backups, AEROGRAM_WORKERS: String(workers) } });
    await using world = new World(server);
    const alice = await world.user('Alice');
    const bob = await world.user('Bob');
    await alice.meet(bob);
    await alice.send(bob, 'hello');
    const { host, port } = server.info.http;
    const readPage = async (): Promise<string> => (await fetch(`http://${host}:${port}/metrics`)).text();
    // The push may come after the answer.
    await expect.poll(readPage, { timeout: 20_000 }).toMatch(/^aerogram_message_delivery_seconds_count(?:\{[^}]*\})? [1-9]/m);
    const page = await readPage();
    expect(await checkMetrics(page)).toBe('');
    const samples = page.split('\n').filter((line) => !line.startsWith('#'));
    const valuesOf = (name: string): number[] => samples.filter((line) => new RegExp(`^aerogram_${name}[ {]`).test(line)).map((line) => Number(line.slice(line.lastIndexOf(' '))));
    for (const name of FIGURES) expect([name, valuesOf(name).length > 0]).toEqual([name, true]);
    for (const name of BACKUPS) expect([name, valuesOf(name).length]).toEqual([name, 1]);
    expect(valuesOf('backup_age_seconds')[0]).toBeLessThan(valuesOf('backup_interval_seconds')[0]!);
    expect(valuesOf('accounts')).toEqual([2]);
    expect(valuesOf('people_online')[0]).toBeLessThanOrEqual(2);
    expect(valuesOf('database_answering')).toEqual([1]);
    // The supervisor has no pool of its own.
    expect(valuesOf('database_pool_size')).toHaveLength(workers);
    expect(valuesOf('log_ins_total').reduce((sum, one) => sum + one, 0)).toBe(2);
    expect(valuesOf('build_info')).toEqual([1]);
  });
});

test("Debian's promtool accepts the alerts, and they tell of what they are for", async () => {
  const { stdout } = await promisify(execFile)('promtool', ['check', 'rules', join(deploy, 'alerts.yml')]);
  expect(stdout).toMatch(/SUCCESS: \d\d rules found/);
  await promisify(execFile)('promtool', ['test', 'rules', join(findRepositoryRoot(), 'tests/interop/alerts.test.yml')]);
});

test("Debian's promtool accepts the queries of the dashboard", async () => {
  const { panels } = JSON.parse(readFileSync(join(deploy, 'grafana.json'), 'utf8')) as { panels: { targets?: { expr: string }[] }[] };
  const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr.replaceAll('$__rate_interval', '5m')));
  const folder = mkdtempSync(join(tmpdir(), 'aerogram-queries-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const rules = queries.map((expr, n) => ({ record: `query_${n}`, expr }));
  // JSON is YAML, too.
  writeFileSync(join(folder, 'rules.yml'), JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));
  const { stdout } = await promisify(execFile)('promtool', ['check', 'rules', join(folder, 'rules.yml')]);
  expect(stdout).toContain(`SUCCESS: ${queries.length} rules found`);
});
