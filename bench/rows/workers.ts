import { BOUNDS } from '../bounds.ts';
import { cpuRatio, sendInTurns, WARM_UP } from '../in-turns.ts';
import type { BenchOptions } from '../measure.ts';
import type { Row } from '../row.ts';
import { type ServerBench, withServer } from '../server-bench.ts';

const SENDERS = 64;
const WINDOW = 4;
/** What both carry with ease: CPU time a message is compared, not what the machine's cores can take. */
const PER_SECOND = 1000;

/** The same sends to one serving process and to two, of which each has every sort of pair; both servers are there, and are measured in turns. */
export async function benchWorkers(options: BenchOptions): Promise<Row[]> {
  const { profileDir, pairs } = options;
  const withWorkers = <T>(workers: number, run: (bench: ServerBench) => Promise<T>): Promise<T> =>
    withServer({ profileDir, env: { AEROGRAM_WORKERS: String(workers) } }, run);
  return withWorkers(1, (one) => withWorkers(2, async (two) => {
    for (const { generator, server } of [one, two]) await generator.run({ do: 'sign-up', server: server.info, accounts: SENDERS * 2, isEven: true });
    const ways = [{ name: '1 serving process', bench: one }, { name: '2 serving processes', bench: two }] as const;
    const eased = await sendInTurns(ways, { what: `64 → 64 at ${PER_SECOND}/s`, senders: SENDERS, pace: { perSecond: PER_SECOND }, warmUp: WARM_UP }, options);
    const most = await sendInTurns(ways, { what: `64 → 64, ${WINDOW} on the way each`, senders: SENDERS, pace: { window: WINDOW }, warmUp: 1 }, options);
    return [...eased, ...most, {
      name: `two processes / one, medians of ${pairs} pairs`,
      figures: { '× the CPU a send at most': cpuRatio(most) },
      ratios: [{ ...BOUNDS.workersCpu, value: cpuRatio(eased) }],
    }];
  }));
}
