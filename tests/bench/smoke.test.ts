import { hasChromium } from '@aerogram/dev-env/load';
import { expect, test } from 'vitest';
import { bench } from './run-bench.ts';

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
