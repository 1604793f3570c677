import type { Ratio } from './bounds.ts';

/** Processes whose CPU time is measured separately. */
export type CpuOf = 'server' | 'postgres' | 'generator' | 'ejabberd';

/** One line of the table: what was measured and its cost. */
export interface Row {
  name: string;
  /** Operations per second. */
  rate?: number;
  /** The unit of the rate, such as `sends` or `MB`. */
  unit?: string;
  p50Ms?: number;
  p99Ms?: number;
  /** CPU microseconds per operation, by process; from /proc, including kernel time. */
  cpuUs?: Partial<Record<CpuOf, number>>;
  /** Other measurements, by name with unit, such as `KiB a session`. */
  figures?: Record<string, number>;
  /** The ratios by which the row is judged. */
  ratios?: Ratio[];
  /** A remark for the reader, such as a disturbed run. */
  note?: string;
  /** The bench ended with an error and has no other row. */
  failed?: true;
}

/** The value of a row by the name that comparisons use. */
function valueOf(row: Row, of: string): number | undefined {
  if (of === 'rate') return row.rate;
  if (of === 'p50Ms') return row.p50Ms;
  if (of === 'p99Ms') return row.p99Ms;
  return row.figures?.[of];
}

/** Compares a row with its limits, such as `✓ CPU / floor 1.6 ≤ 2.5`; empty if it has none. */
export function judge(row: Row): string {
  return (row.ratios ?? [])
    .map(({ name, value, atMost = Infinity, atLeast = -Infinity }) => {
      const isMet = value <= atMost && value >= atLeast;
      const bound = atMost === Infinity ? `≥ ${formatNumber(atLeast)}` : `≤ ${formatNumber(atMost)}`;
      return `${isMet ? '✓' : '✗'} ${name} ${formatNumber(value)} ${bound}`;
    })
    .join(', ');
}

/** The differences to the same row of an earlier run, as factors: above 1 means more. */
function compare(row: Row, earlier: Row | undefined): string {
  if (!earlier) return '';
  const figures = Object.keys(row.figures ?? {});
  const parts = ['rate', 'p50Ms', 'p99Ms', ...figures].flatMap((of) => {
    const [now, then] = [valueOf(row, of), valueOf(earlier, of)];
    return now === undefined || !then ? [] : [`${of.replace('Ms', '')} ×${(now / then).toFixed(2)}`];
  });
  const cpu = Object.entries(row.cpuUs ?? {}).flatMap(([name, us]) => {
    const then = earlier.cpuUs?.[name as CpuOf];
    return then && name !== 'generator' ? [`${name} ×${(us / then).toFixed(2)}`] : [];
  });
  return [...parts, ...cpu].join(', ');
}

/** Prints rows as an aligned table. @param earlier rows of another run to compare with */
export function printRows(rows: readonly Row[], earlier: readonly Row[] = []): void {
  const lines = rows.map((row) => [
    row.name,
    row.rate === undefined ? '' : `${formatNumber(row.rate)} ${row.unit ?? ''}/s`,
    row.p50Ms === undefined ? '' : `p50 ${row.p50Ms.toFixed(2)} ms`,
    row.p99Ms === undefined ? '' : `p99 ${row.p99Ms.toFixed(2)} ms`,
    Object.entries(row.cpuUs ?? {}).map(([name, us]) => `${name} ${us.toFixed(0)} µs`).join(', '),
    Object.entries(row.figures ?? {}).map(([name, value]) => `${formatNumber(value)} ${name}`).join(', '),
    judge(row),
    compare(row, earlier.find((other) => other.name === row.name)),
    row.note ?? '',
  ]);
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]!.length))) ?? [];
  for (const line of lines) {
    const cells = line.map((cell, column) => cell.padEnd(widths[column]!)).filter((_, column) => widths[column]! > 0);
    console.log(cells.join('  ').trimEnd());
  }
}

function formatNumber(value: number): string {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US');
  return Number.isInteger(value) ? String(value) : value.toPrecision(3);
}

/** CPU µs of server and database for one operation. */
export const cpuOf = ({ cpuUs: { server = 0, postgres = 0 } = {} }: Row): number => server + postgres;

/** The median; for an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Merges the ratios of a row in several runs into their medians. */
function mergeRatios(same: readonly Row[]): Ratio[] {
  const all = same.flatMap((row) => row.ratios ?? []);
  return same[0]!.ratios!.map((ratio) => ({ ...ratio, value: median(all.filter(({ name }) => name === ratio.name).map(({ value }) => value)) }));
}

/** Merges the rows of several runs: medians of all numbers, and each note once with the number of runs that had it. */
export function mergeRuns(runs: readonly (readonly Row[])[]): Row[] {
  const names = [...new Set(runs.flatMap((rows) => rows.map((row) => row.name)))];
  return names.map((name) => {
    const same = runs.flatMap((rows) => rows.filter((row) => row.name === name));
    const medianOf = (pick: (row: Row) => number | undefined): number | undefined => {
      const values = same.map(pick).filter((value) => value !== undefined);
      return values.length === 0 ? undefined : median(values);
    };
    const mergeNamed = (pick: (row: Row) => Record<string, number> | undefined): Record<string, number> | undefined => {
      const keys = [...new Set(same.flatMap((row) => Object.keys(pick(row) ?? {})))];
      return keys.length === 0 ? undefined : Object.fromEntries(keys.map((key) => [key, medianOf((row) => pick(row)?.[key])!]));
    };
    const notes = new Map<string, number>();
    for (const { note } of same) if (note !== undefined) notes.set(note, (notes.get(note) ?? 0) + 1);
    const note = [...notes].map(([text, count]) => (count === runs.length ? text : `${text} (${count} of ${runs.length} runs)`)).join('; ');
    return {
      ...same[0]!,
      rate: medianOf((row) => row.rate),
      p50Ms: medianOf((row) => row.p50Ms),
      p99Ms: medianOf((row) => row.p99Ms),
      cpuUs: mergeNamed((row) => row.cpuUs),
      figures: mergeNamed((row) => row.figures),
      ...(same[0]?.ratios ? { ratios: mergeRatios(same) } : {}),
      note: note === '' ? undefined : note,
    };
  });
}

/** The value below which the given share of the samples lies (nearest rank). @param samples are sorted in place */
export function percentile(samples: Float64Array, share: number): number {
  if (samples.length === 0) return 0;
  samples.sort();
  return samples[Math.min(samples.length - 1, Math.ceil(samples.length * share) - 1)]!;
}

/** p50 and p99 of samples in milliseconds, in the format of a row. */
export function quantiles(samplesMs: readonly number[]): { p50Ms: number; p99Ms: number } {
  const samples = Float64Array.from(samplesMs);
  return { p50Ms: percentile(samples, 0.5), p99Ms: percentile(samples, 0.99) };
}

/** CPU microseconds per call of a function, independent of other load on the machine. */
export function cpuUsOf(run: () => void, ms = 1000): number {
  for (const until = performance.now() + ms / 4; performance.now() < until; ) run();
  const before = process.cpuUsage();
  let calls = 0;
  for (const until = performance.now() + ms; performance.now() < until; calls++) run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}

/** Calls a function repeatedly for about `ms` milliseconds after a warm-up; returns calls per second. */
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
