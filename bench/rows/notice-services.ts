import { BOUNDS, ratioTo } from '../bounds.ts';
import { type BenchOptions, measure } from '../measure.ts';
import { mergeRuns, quantiles, type Row } from '../row.ts';
import { withServer } from '../server-bench.ts';

/** People whose devices are away, half of them at each of two push services. */
const PEOPLE = 128;
/** Messages to all of them in a second: so few that no device comes near its limit of sixty notices a minute. */
const MESSAGES_PER_SECOND = 60;

/** Notices for people at a push service that answers, beside one that answers as well and beside one that hangs. */
export async function benchHangingService({ profileDir, seconds, pairs }: BenchOptions): Promise<Row[]> {
  return withServer({ profileDir }, async (bench) => {
    await bench.generator.run({ do: 'sign-up', server: bench.server.info, accounts: PEOPLE * 2 });
    const tell = { do: 'tell-away', ms: seconds * 1000, perSecond: MESSAGES_PER_SECOND } as const;
    await bench.generator.run({ ...tell, isHanging: false });
    const runs: Row[][] = [];
    for (let pair = 0; pair < pairs; pair++) {
      const rows: Row[] = [];
      for (const isHanging of [false, true]) {
        const { row, outcome } = await measure(bench, `send → notice, beside a push service that ${isHanging ? 'hangs' : 'answers'}`, 'sends', { ...tell, isHanging });
        rows.push({ ...row, ...quantiles(outcome.deliveredMs ?? []) });
      }
      runs.push(rows);
    }
    const [answers, hangs] = mergeRuns(runs) as [Row, Row];
    return [answers, { ...hangs, ratios: [ratioTo(BOUNDS.noticesHanging, hangs.p99Ms!, answers.p99Ms!)] }];
  });
}
