import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRepositoryRoot, hasChromium } from '@aerogram/dev-env/load';
import { afterAll, expect, test } from 'vitest';

interface Row {
  name: string;
  rate?: number;
  p50Ms?: number;
  p99Ms?: number;
  cpuUs?: Record<string, number>;
  figures?: Record<string, number>;
  ratios?: { name: string; value: number }[];
}

/** A fiftieth of the size in docs/performance.md. */
const SIZE = ['--users', '20000', '--messages', '200000', '--devices', '1000'];
const TIMES = ['--runs', '1', '--seconds', '0.5', '--pairs', '1', '--minutes', '0.25'];

const folder = mkdtempSync(join(tmpdir(), 'aerogram-smoke-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function bench(only: string, ...more: string[]): Promise<Record<string, Row[]>> {
  const file = join(folder, 'results.json');
  const program = ['tools/run.mjs', 'bench/main.ts', '--only', only, ...TIMES, ...SIZE, ...more, '--data', folder, '--json', file];
  const child = spawn(process.execPath, program, { cwd: findRepositoryRoot(), stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => void (output += chunk.toString()));
  const [code] = (await once(child, 'exit')) as [number | null];
  console.log(output);
  expect(code, output).toBe(0);
  return (JSON.parse(readFileSync(file, 'utf8')) as { results: Record<string, Row[]> }).results;
}

const CHANNEL_ROWS = ['channel-size', 'deliveries', 'crowd', 'channel-reads', 'many-channels', 'membership'];
const CHANNEL_SIZE = ['--users', '400', '--messages', '4000', '--devices', '400', '--members', '400', '--channels', '20', '--channels-each', '10', '--channel-posts', '120'];

test('the rows about channels run to their end and measure something', { timeout: 400_000 }, async () => {
  const results = await bench(CHANNEL_ROWS.join(), ...CHANNEL_SIZE);
  expect(Object.keys(results)).toEqual(CHANNEL_ROWS);
  for (const [name, rows] of Object.entries(results)) {
    const ratios = rows.flatMap((row) => row.ratios ?? []);
    expect(ratios.length, name).toBeGreaterThan(0);
    for (const ratio of ratios) expect(Number.isFinite(ratio.value), `${name}: ${ratio.name}`).toBe(true);
    for (const row of rows) expect(row.rate ?? 1, row.name).toBeGreaterThan(0);
  }
  // A post costs the same rows, whatever the number of subscribers.
  const [few, many] = results['channel-size']!;
  expect(many!.figures!['rows']).toBeCloseTo(few!.figures!['rows']!, 0);
});

test('transfers of files and their floor are measured in both directions, and what comes is checked', { timeout: 400_000 }, async () => {
  const { 'file-floor': floor, files, 'files-memory': memory } = await bench('file-floor,files,files-memory', '--file-mib', '8');
  expect(floor).toHaveLength(4);
  expect(files).toHaveLength(14);
  for (const { name, cpuUs } of [...floor!, ...files!.slice(0, 7)]) expect(cpuUs?.['server'], name).toBeGreaterThan(0);
  for (const { name, rate, p50Ms, p99Ms } of [...floor!.slice(0, 3), ...files!.slice(1)]) {
    expect(rate, name).toBeGreaterThan(0);
    expect(p50Ms, name).toBeLessThanOrEqual(p99Ms!);
  }
  const ratios = [...files!, ...memory!].flatMap((row) => row.ratios ?? []);
  expect(ratios).toHaveLength(9);
  for (const { name, value } of ratios) expect(value, name).toBeGreaterThan(0);
  for (const { name, figures } of memory!) expect(figures!['MiB at most'], name).toBeGreaterThan(50);
});

test('a CDN node is measured beside the floor of transfers, and while it is filled, and the server whose files it gives out', { timeout: 400_000 }, async () => {
  const { cdn } = await bench('cdn');
  expect(cdn).toHaveLength(8);
  const [floor, node, full, without, served, ...firstParts] = cdn!;
  for (const { name, cpuUs, rate } of [floor!, node!, without!, served!]) {
    expect(cpuUs?.['server'], name).toBeGreaterThan(0);
    expect(rate, name).toBeGreaterThan(0);
  }
  expect(cdn!.flatMap((row) => row.ratios ?? []).map(({ value }) => value > 0)).toEqual([true, true, true, true]);
  expect(full!.figures!['MiB at most']).toBeGreaterThan(100);
  expect(served!.figures!['% hits']).toBeGreaterThan(50);
  for (const { name, p50Ms } of firstParts) expect(p50Ms, name).toBeGreaterThan(0);
});

test('rows about bots are measured, and posts that bots do not see write and push nothing for them', { timeout: 400_000 }, async () => {
  const results = await bench('bots,idle-bots', '--bots', '200');
  const { bots, 'idle-bots': idle } = results;
  expect(bots).toHaveLength(6);
  expect(idle).toHaveLength(2);
  for (const { name, rate, p50Ms } of [...bots!, ...idle!]) {
    expect(rate, name).toBeGreaterThan(0);
    expect(p50Ms, name).toBeGreaterThan(0);
  }
  const valueOf = Object.fromEntries([...bots!, ...idle!].flatMap((row) => row.ratios ?? []).map(({ name, value }) => [name, value]));
  expect(valueOf).toMatchObject({ 'rows written for the bots': 0, 'pushes to the bots': 0 });
  const others = Object.entries(valueOf).filter(([, value]) => value !== 0);
  expect(others).toHaveLength(5);
  for (const [name, value] of others) expect(value > 0 && Number.isFinite(value), name).toBe(true);
  const { 'floods sent/s': sent = 0, 'refused/s': refused = 0 } = bots!.at(-1)!.figures!;
  expect(sent + refused).toBeGreaterThan(0);
});

// This only checks that all figures are produced; their values are for `npm run bench` on a quiet machine.
test('start, send, workers, reads and soak run to their end and measure something', { timeout: 400_000 }, async () => {
  const results = await bench('start,send,workers,reads,soak');
  expect(Object.keys(results)).toEqual(['start', 'send', 'workers', 'reads', 'soak']);
  for (const row of Object.values(results).flat()) {
    const figures = [row.rate, row.p50Ms, row.p99Ms, ...Object.values(row.cpuUs ?? {}), ...Object.values(row.figures ?? {})].filter((one) => one !== undefined);
    expect(figures.length, row.name).toBeGreaterThan(0);
    for (const one of figures) expect(Number.isFinite(one) && one >= 0, `${row.name}: ${one}`).toBe(true);
    expect(row.rate ?? 1, row.name).toBeGreaterThan(0);
    expect(row.p50Ms ?? 0, row.name).toBeLessThanOrEqual(row.p99Ms ?? 0);
  }
  const judged = Object.entries(results).map(([name, rows]) => [name, rows.flatMap((row) => row.ratios ?? [])] as const);
  for (const [name, ratios] of judged) {
    expect(ratios.length, name).toBeGreaterThan(0);
    for (const ratio of ratios) expect(ratio.value, `${name}: ${ratio.name}`).toBeGreaterThan(0);
  }
  const figureOf = (name: string, at: number, what: string): number => results[name]?.[at]?.figures?.[what] ?? 0;
  expect(figureOf('start', 0, 's until ready')).toBeGreaterThan(0);
  expect(figureOf('start', 1, 'MB of log to replay')).toBeGreaterThan(100);
  expect(figureOf('soak', 0, 'MiB at the end')).toBeGreaterThan(50);
});

test.skipIf(!hasChromium)('the web client is measured beside bare pages: sends, chats, a long history, and a storm', { timeout: 400_000 }, async () => {
  const rows = ['web-dialogs', 'web-history', 'web-send', 'web-storm'];
  const results = await bench(rows.join(), '--users', '1200', '--messages', '4000');
  expect(Object.keys(results)).toEqual(rows);
  const [, , history] = results['web-history']!;
  expect(history!.figures!['nodes of messages']).toBeGreaterThan(5);
  expect(history!.figures!['MiB of heap']).toBeGreaterThan(2);
  for (const { name, figures } of results['web-storm']!) expect(figures!['ms p95 of keys'], name).toBeGreaterThan(0);
  for (const { name, p50Ms } of [...results['web-dialogs']!, ...results['web-send']!]) expect(p50Ms, name).toBeGreaterThan(0);
});
