import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import { median, type Row } from './row.ts';
import { type BuiltPrograms, OWN_PROGRAMS, usePrograms } from './server-bench.ts';

/** How a figure of one commit compares with that of another. */
export interface Comparison {
  row: string;
  figure: string;
  /** Median of the other commit; `now` is that of this one. */
  before: number;
  now: number;
  /** Median of the ratios now / before, one for each pair of runs; `lowest` and `highest` are their range. */
  ratio: number;
  lowest: number;
  highest: number;
}

/** Builds the server of a commit with the npm packages that the commit names. The checkout is kept, so that the next bench need not build it again. */
export function buildCommit(commit: string): BuiltPrograms {
  const root = findRepositoryRoot();
  const id = execFileSync('git', ['rev-parse', '--verify', `${commit}^{commit}`], { cwd: root, encoding: 'utf8' }).trim();
  const folder = join(root, 'node_modules/.cache/aerogram/commits', id);
  const dist = join(folder, 'dist');
  if (existsSync(join(dist, 'server.js'))) return { dist, name: id.slice(0, 8) };
  console.log(`building ${id.slice(0, 8)} in ${folder}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const run = (command: string, ...args: string[]): void => void execFileSync(command, args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  run('git', 'clone', '--quiet', '--no-checkout', root, '.');
  run('git', 'checkout', '--quiet', id);
  run('npm', 'ci', '--no-audit', '--no-fund');
  run(process.execPath, 'tools/build.mjs');
  return { dist, name: id.slice(0, 8) };
}

/**
 * Runs a bench with the programs of another commit and with those of this one, in turns. What drives and measures them is this commit's.
 * @param run runs the bench once
 */
export async function compareWith(other: BuiltPrograms, pairs: number, run: () => Promise<Row[]>): Promise<Comparison[]> {
  const runs: { before: Row[]; now: Row[] }[] = [];
  const runWith = (programs: BuiltPrograms): Promise<Row[]> => {
    usePrograms(programs);
    return run();
  };
  try {
    for (let pair = 0; pair < pairs; pair++) {
      const isOtherFirst = pair % 2 === 0;
      const first = await runWith(isOtherFirst ? other : OWN_PROGRAMS);
      const second = await runWith(isOtherFirst ? OWN_PROGRAMS : other);
      runs.push(isOtherFirst ? { before: first, now: second } : { before: second, now: first });
      console.log(`pair ${pair + 1} of ${pairs}`);
    }
  } finally {
    usePrograms(OWN_PROGRAMS);
  }
  return compareRuns(runs);
}

/** Compares the figures of all rows, pair by pair. Pure. */
export function compareRuns(runs: readonly { before: readonly Row[]; now: readonly Row[] }[]): Comparison[] {
  return (runs[0]?.now ?? []).flatMap(({ name }) =>
    FIGURES.flatMap(([figure, of]): Comparison[] => {
      const pairs = runs.flatMap(({ before, now }): [number, number][] => {
        const values = [before, now].map((rows) => rows.find((row) => row.name === name)).map((row) => row && of(row));
        return values[0] === undefined || values[1] === undefined || values[0] === 0 ? [] : [[values[0], values[1]]];
      });
      if (pairs.length === 0) return [];
      const ratios = pairs.map(([before, now]) => now / before);
      return [{ row: name, figure, before: median(pairs.map(([before]) => before)), now: median(pairs.map(([, now]) => now)), ratio: median(ratios), lowest: Math.min(...ratios), highest: Math.max(...ratios) }];
    }),
  );
}

const FIGURES: readonly (readonly [name: string, of: (row: Row) => number | undefined])[] = [
  ['rate', ({ rate }) => rate],
  ['p99 ms', ({ p99Ms }) => p99Ms],
  ["server's CPU µs", ({ cpuUs }) => cpuUs?.server],
  ["PostgreSQL's CPU µs", ({ cpuUs }) => cpuUs?.postgres],
];

/** Prints comparisons as a table of Markdown, for docs/performance.md. */
export function printComparisons(comparisons: readonly Comparison[], other: string): void {
  const short = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
  console.log(`| row | figure | ${other} | now | ratio, median of the pairs (lowest to highest) |\n|---|---|---|---|---|`);
  for (const { row, figure, before, now, ratio, lowest, highest } of comparisons) console.log(`| ${row.trim()} | ${figure} | ${short(before)} | ${short(now)} | ${ratio.toFixed(2)} (${lowest.toFixed(2)} to ${highest.toFixed(2)}) |`);
}
