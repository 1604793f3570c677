import { readMemory } from '../cpu-time.ts';
import { measure, type BenchOptions } from '../measure.ts';
import { BOUNDS, ratioTo } from '../bounds.ts';
import { percentile, type Row } from '../row.ts';
import { seededDirectory, withServer } from '../server-bench.ts';

const MIB = 2 ** 20;

/**
 * Memory of the server under mixed load: sends, edits, reads, typing, searches, differences, reconnects and handshakes, 200
 * operations a second by 64 people. Sampled once a minute; the end is compared with minute 10, or with a sixth of the
 * time where that is shorter.
 */
export async function benchSoak(options: BenchOptions): Promise<Row[]> {
  const { dataDir, plan } = await seededDirectory(options);
  const minutes = Math.max(0.2, options.minutes);
  // A short run, as in CI, is cut into ten pieces all the same.
  const steps = Math.max(10, Math.round(minutes));
  const stepMs = (minutes * 60_000) / steps;
  return withServer({ ...options, dataDir }, async (bench) => {
    const samples: number[] = [];
    const rows: Row[] = [];
    for (let step = 0; step < steps; step++) {
      const { row } = await measure(bench, 'soak', 'operations', { do: 'soak', server: bench.server.info, plan, ms: stepMs });
      rows.push(row);
      samples.push(readMemory(bench.server.info.pid));
      if (minutes >= 5) console.log(`  minute ${(((step + 1) * stepMs) / 60_000).toFixed(0)}: ${(samples.at(-1)! / MIB).toFixed(0)} MiB, p99 ${row.p99Ms?.toFixed(1)} ms`);
    }
    // One sample is the garbage collector's luck: both are medians of a tenth of all, around minute 10 and of the end.
    const tenth = Math.max(1, Math.round(steps / 10));
    const earlyFrom = Math.max(0, Math.min(10, Math.round(steps / 6)) - Math.ceil(tenth / 2));
    const early = median(samples.slice(earlyFrom, earlyFrom + tenth));
    const late = median(samples.slice(-tenth));
    const last = rows.at(-1)!;
    return [{
      ...last,
      name: `soak of ${minutes} minutes, mixed load`,
      figures: { 'MiB early': early / MIB, 'MiB at the end': late / MIB },
      ratios: [ratioTo(BOUNDS.soakMemory, late, early)],
    }];
  });
}

function median(samples: number[]): number {
  return percentile(Float64Array.from(samples), 0.5);
}
