import type { SendPace } from './load/deliveries.ts';
import { type Bench, type BenchOptions, measure } from './measure.ts';
import { cpuOf, mergeRuns, quantiles, type Row } from './row.ts';

/** Each process compiles its hot code for itself, and several get a part of the sends each: after so many times as long as is measured none does any more. */
export const WARM_UP = 8;

/** A way to send that is measured in turns with another one. */
export interface Way {
  name: string;
  bench: Bench;
  /** Done before each run. */
  prepare?: () => Promise<unknown>;
}

/** What both ways do. */
export interface Sends {
  /** For the name of the row. */
  what: string;
  senders: number;
  pace: SendPace;
  /** How many times as long as a run both send before the first one. */
  warmUp: number;
}

/** Measures the same sends in two ways, in turns. @returns for each the medians, with the times until delivery */
export async function sendInTurns(ways: readonly [Way, Way], { what, senders, pace, warmUp }: Sends, { seconds, pairs }: Pick<BenchOptions, 'seconds' | 'pairs'>): Promise<[Row, Row]> {
  const send = { do: 'send', senders, pace } as const;
  for (const { bench, prepare } of ways) {
    await prepare?.();
    await bench.generator.run({ ...send, ms: seconds * 1000 * warmUp });
  }
  const runs: Row[][] = [];
  for (let pair = 0; pair < pairs; pair++) {
    for (const { name, bench, prepare } of pair % 2 === 0 ? ways : ways.toReversed()) {
      await prepare?.();
      const { row, outcome } = await measure(bench, `${name}: ${what}`, 'sends', { ...send, ms: seconds * 1000 });
      runs.push([{ ...row, ...quantiles(outcome.deliveredMs ?? []) }]);
    }
  }
  // The first run is one of the first way, so the medians stand in the order of the ways.
  return mergeRuns(runs) as [Row, Row];
}

/** How many times as much CPU of server and database an operation costs in the second way. */
export function cpuRatio([one, two]: readonly [Row, Row]): number {
  return cpuOf(two) / cpuOf(one);
}
