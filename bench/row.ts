/** One line of the table: what was measured and what it cost. */
export interface Row {
  name: string;
  /** Operations per second. */
  rate: number;
  /** What an operation is, such as `sends` or `MB`. */
  unit: string;
  p50Ms?: number;
  p99Ms?: number;
  /** CPU microseconds an operation, by process; from /proc, with the kernel's share. */
  cpuUs?: Partial<Record<'server' | 'postgres' | 'generator', number>>;
  /** Something the reader must know, such as a disturbed run. */
  note?: string;
}

/** Prints rows as a table, one a line, numbers aligned. */
export function printRows(rows: Row[]): void {
  const lines = rows.map((row) => [
    row.name,
    `${formatNumber(row.rate)} ${row.unit}/s`,
    row.p50Ms === undefined ? '' : `p50 ${row.p50Ms.toFixed(2)} ms`,
    row.p99Ms === undefined ? '' : `p99 ${row.p99Ms.toFixed(2)} ms`,
    Object.entries(row.cpuUs ?? {}).map(([name, us]) => `${name} ${us.toFixed(0)} µs`).join(', '),
    row.note ?? '',
  ]);
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]!.length))) ?? [];
  for (const line of lines) console.log(line.map((cell, column) => cell.padEnd(widths[column]!)).join('  ').trimEnd());
}

function formatNumber(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString('en-US');
  return value.toPrecision(3);
}

/** The value below which a share of the samples lies (nearest rank). @param samples are sorted in place */
export function percentile(samples: Float64Array, share: number): number {
  if (samples.length === 0) return 0;
  samples.sort();
  return samples[Math.min(samples.length - 1, Math.ceil(samples.length * share) - 1)]!;
}

/** Calls a function over and over for about `ms` milliseconds after a warm-up; returns calls per second. */
export function rateOf(run: () => void, ms = 1000): number {
  const warm = performance.now() + ms / 4;
  while (performance.now() < warm) for (let i = 0; i < 64; i++) run();
  let calls = 0;
  const started = performance.now();
  let now = started;
  while (now - started < ms) {
    for (let i = 0; i < 256; i++) run();
    calls += 256;
    now = performance.now();
  }
  return (calls * 1000) / (now - started);
}
