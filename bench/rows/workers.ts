import type { SendPace } from '../load/deliveries.ts';
import { type BenchOptions, measure } from '../measure.ts';
import { BOUNDS } from '../bounds.ts';
import { mergeRuns, quantiles, type Row } from '../row.ts';
import { type ServerBench, withServer } from '../server-bench.ts';

const SENDERS = 64;
const WINDOW = 4;
/** What both carry with ease: CPU time a message is compared, not what the machine's cores can take. */
const PER_SECOND = 1000;
/** Each process compiles its hot code for itself, and two get half as many sends each: after so many times as long as is measured none does any more. */
export const WARM_UP = 8;

/** The same sends to one serving process and to two, of which each has every sort of pair; both servers are there, and are measured in turns. */
export async function benchWorkers({ seconds, pairs, profileDir }: BenchOptions): Promise<Row[]> {
  const withWorkers = <T>(workers: number, run: (bench: ServerBench) => Promise<T>): Promise<T> =>
    withServer({ profileDir, env: { AEROGRAM_WORKERS: String(workers) } }, run);
  return withWorkers(1, (one) => withWorkers(2, async (two) => {
    const rows: Row[] = [];
    const benches = [{ name: '1 serving process', bench: one }, { name: '2 serving processes', bench: two }];
    const measurePace = async (pace: SendPace, warmUp: number, what: string): Promise<[one: Row, two: Row]> => {
      const send = { do: 'send', senders: SENDERS, pace } as const;
      for (const { bench } of benches) await bench.generator.run({ ...send, ms: seconds * 1000 * warmUp });
      const runs: Row[][] = [];
      for (let pair = 0; pair < pairs; pair++) {
        for (const { name, bench } of pair % 2 === 0 ? benches : benches.toReversed()) {
          const { row, outcome } = await measure(bench, `${name}: ${what}`, 'sends', { ...send, ms: seconds * 1000 });
          runs.push([{ ...row, ...quantiles(outcome.deliveredMs ?? []) }]);
        }
      }
      // The first pair begins with one.
      const medians = mergeRuns(runs) as [Row, Row];
      rows.push(...medians);
      return medians;
    };
    for (const { bench } of benches) await bench.generator.run({ do: 'sign-up', server: bench.server.info, accounts: SENDERS * 2, isEven: true });
    const eased = await measurePace({ perSecond: PER_SECOND }, WARM_UP, `64 → 64 at ${PER_SECOND}/s`);
    const most = await measurePace({ window: WINDOW }, 1, `64 → 64, ${WINDOW} on the way each`);
    return [...rows, {
      name: `two processes / one, medians of ${pairs} pairs`,
      figures: { '× the CPU a send at most': ratioOf(most) },
      ratios: [{ ...BOUNDS.workersCpu, value: ratioOf(eased) }],
    }];
  }));
}

function ratioOf([one, two]: [Row, Row]): number {
  return cpuOf(two) / cpuOf(one);
}

/** CPU µs of server and database for one operation. */
export function cpuOf({ cpuUs }: Row): number {
  return (cpuUs?.server ?? 0) + (cpuUs?.postgres ?? 0);
}
