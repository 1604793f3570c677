import { type BenchOptions, measure } from '../measure.ts';
import type { Row } from '../row.ts';
import { quantiles } from '../row.ts';
import { withServer } from '../server-bench.ts';

const SENDERS = 64;
const WINDOW = 4;
/** What both carry with ease: CPU time a message is compared, not what the machine's cores can take. */
const PER_SECOND = 1000;

/** The same sends to one serving process and to two, of which each has every sort of pair. */
export async function benchWorkers({ seconds, profileDir }: BenchOptions): Promise<Row[]> {
  const rows: Row[] = [];
  for (const workers of [1, 2]) {
    rows.push(...await withServer({ profileDir, env: { AEROGRAM_WORKERS: String(workers) } }, async (bench) => {
      await bench.generator.run({ do: 'sign-up', server: bench.server.info, accounts: SENDERS * 2, isEven: true });
      const send = { do: 'send', ms: seconds * 1000, senders: SENDERS } as const;
      // As long again before: each process compiles its hot code for itself, once.
      await bench.generator.run({ ...send, pace: { window: WINDOW } });
      const name = `${workers} serving process${workers === 1 ? '' : 'es'}`;
      const { row: eased, outcome } = await measure(bench, `${name}: 64 → 64 at ${PER_SECOND}/s`, 'sends', { ...send, pace: { perSecond: PER_SECOND } });
      const { row: most } = await measure(bench, `${name}: 64 → 64, ${WINDOW} on the way each`, 'sends', { ...send, pace: { window: WINDOW } });
      return [{ ...eased, ...quantiles(outcome.deliveredMs ?? []) }, most];
    }));
  }
  const cpuOf = (row: Row): number => (row.cpuUs?.server ?? 0) + (row.cpuUs?.postgres ?? 0);
  const [one, oneMost, two, twoMost] = rows as [Row, Row, Row, Row];
  return [...rows, {
    name: 'two processes / one',
    figures: { '× the CPU a send at 1,000/s': cpuOf(two) / cpuOf(one), '× the CPU a send at most': cpuOf(twoMost) / cpuOf(oneMost) },
    target: { of: '× the CPU a send at 1,000/s', value: 1.15 },
  }];
}
