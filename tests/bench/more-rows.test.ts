// Rows whose servers and messages other tests have as well: `.ci/run` leaves this file out.
import { hasChromium } from '@aerogram/dev-env/load';
import { expect, test } from 'vitest';
import { findMissingPackages } from '../../tools/cluster/debian-packages.ts';
import { bench, checkFigures } from './run-bench.ts';

const CHANNEL_ROWS = ['channel-size', 'deliveries', 'crowd', 'channel-reads', 'many-channels', 'membership', 'topics'];
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

test('bots over HTTP are measured beside people and bots over MTProto, while they wait, and for what their updates leave', { timeout: 400_000 }, async () => {
  const rows = await bench('bot-api,idle-pollers,bot-updates', '--bots', '100', '--updates', '500');
  const { 'bot-api': api, 'idle-pollers': pollers, 'bot-updates': updates } = rows;
  expect(api).toHaveLength(8);
  for (const { name, rate, p50Ms } of api!) {
    expect(rate, name).toBeGreaterThan(0);
    expect(p50Ms, name).toBeGreaterThan(0);
  }
  const { 'floods sent/s': sent = 0, 'refused/s': refused = 0 } = api!.at(-1)!.figures!;
  expect(sent).toBeGreaterThan(0);
  expect(refused).toBeGreaterThan(0);
  expect(pollers).toHaveLength(4);
  expect(updates).toHaveLength(1);
  expect(updates![0]!.figures!['MiB after all']).toBeGreaterThan(0);
  const ratios = [...api!, ...pollers!, ...updates!].flatMap((row) => row.ratios ?? []);
  expect(ratios.map(({ name }) => name)).toHaveLength(6);
  for (const { name, value } of ratios) expect(Number.isFinite(value), name).toBe(true);
});

test('clouds for tests are measured beside an empty server, bare commits and a mock', { timeout: 400_000 }, async () => {
  const rows = await bench('kit-start,kit-people,kit-suite,kit-memory');
  const ratios = Object.values(rows).flat().flatMap((row) => row.ratios ?? []);
  expect(ratios).toHaveLength(5);
  for (const { name, value } of ratios) expect(value > 0 && Number.isFinite(value), name).toBe(true);
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

test('start, observed, workers, cluster and soak run to their end and measure something', { timeout: 400_000 }, async () => {
  const results = await bench('start,observed,workers,cluster,soak');
  expect(Object.keys(results)).toEqual(['start', 'observed', 'workers', 'cluster', 'soak']);
  checkFigures(results);
  const figureOf = (name: string, at: number, what: string): number => results[name]?.[at]?.figures?.[what] ?? 0;
  expect(figureOf('start', 0, 's until ready')).toBeGreaterThan(0);
  expect(figureOf('start', 1, 'MB of log to replay')).toBeGreaterThan(100);
  expect(figureOf('soak', 0, 'MiB at the end')).toBeGreaterThan(50);
});

test.skipIf(findMissingPackages().length > 0)('a killed node is measured by what its clients and others notice, and loses nothing', { timeout: 400_000 }, async () => {
  const { 'node-killed': rows } = await bench('node-killed');
  const [before, killed] = rows!;
  for (const { name, p50Ms } of [before!, killed!]) expect(p50Ms, name).toBeGreaterThan(0);
  const [served, others, lost] = killed!.ratios!.map(({ value }) => value);
  for (const value of [served, others]) expect(value).toBeGreaterThan(0);
  expect(lost).toBe(0);
});

test.skipIf(!hasChromium)('the web client is measured beside bare pages: sends, chats, a long history, and a storm', { timeout: 400_000 }, async () => {
  const rows = ['web-dialogs', 'web-history', 'web-panel', 'web-seam', 'web-send', 'web-storm'];
  const results = await bench(rows.join(), '--users', '1200', '--messages', '4000');
  expect(Object.keys(results)).toEqual(rows);
  const [, , history] = results['web-history']!;
  expect(history!.figures!['nodes of messages']).toBeGreaterThan(5);
  expect(history!.figures!['MiB of heap']).toBeGreaterThan(2);
  expect(results['web-seam']!.map(({ figures }) => figures!['messages shown'])).toEqual([2000, 2000]);
  expect(results['web-panel']![1]!.figures!['nodes of the panel']).toBeGreaterThan(100);
  for (const { name, figures } of results['web-storm']!) expect(figures!['ms p95 of keys'], name).toBeGreaterThan(0);
  for (const { name, p50Ms } of [...results['web-dialogs']!, ...results['web-send']!]) expect(p50Ms, name).toBeGreaterThan(0);
});
