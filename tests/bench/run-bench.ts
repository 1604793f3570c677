import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import { expect, onTestFinished } from 'vitest';

/** A row of the bench, as far as tests look at it. */
export interface Row {
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

/** Runs rows of the bench in a small size. @returns their figures by the names of the rows */
export async function bench(only: string, ...more: string[]): Promise<Record<string, Row[]>> {
  const folder = mkdtempSync(join(tmpdir(), 'aerogram-smoke-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
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

/** Checks that rows have measured something. Their values are for `npm run bench` on a quiet machine. */
export function checkFigures(results: Record<string, Row[]>): void {
  for (const row of Object.values(results).flat()) {
    const figures = [row.rate, row.p50Ms, row.p99Ms, ...Object.values(row.cpuUs ?? {}), ...Object.values(row.figures ?? {}), ...(row.ratios ?? []).map(({ value }) => value)].filter((one) => one !== undefined);
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
}
