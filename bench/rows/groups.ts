import { BOUNDS, ratioTo } from '../bounds.ts';
import { measure, type BenchOptions } from '../measure.ts';
import { quantiles, type Row } from '../row.ts';
import { withServer } from '../server-bench.ts';

/** The largest basic group. */
const MEMBERS = 200;
/** As fast as a lively group gets messages. */
const LIVELY = { perSecond: 2 };

const cpuOf = ({ cpuUs: { server = 0, postgres = 0 } = {} }: Row): number => server + postgres;

/**
 * Sends of one person to a basic group of 200, beside sends to one person: as fast as it goes with one on the way, and at two a second while
 * everybody is connected.
 */
export async function benchGroups({ seconds, profileDir }: BenchOptions): Promise<Row[]> {
  return withServer({ profileDir }, async (bench) => {
    const ms = seconds * 1000;
    await bench.generator.run({ do: 'sign-up', server: bench.server.info, accounts: MEMBERS });
    const { row: alone } = await measure(bench, '1 → 1, 1 on the way: send → ack', 'sends', { do: 'send', ms, senders: 1, pace: { window: 1 } });

    const name = `1 → group of ${MEMBERS}, all online, ${LIVELY.perSecond}/s`;
    const online = await measure(bench, `${name}: send → ack`, 'sends', { do: 'send-to-group', ms, pace: LIVELY, online: true });
    const { deliveredMs = [], elapsedMs } = online.outcome;
    const delivered: Row = { name: `  ${name}: send → delivered`, unit: 'deliveries', rate: (deliveredMs.length * 1000) / elapsedMs, ...quantiles(deliveredMs) };

    const { row: offline } = await measure(bench, `1 → group of ${MEMBERS}, 1 on the way, others offline: send → ack`, 'sends', {
      do: 'send-to-group',
      ms,
      pace: { window: 1 },
      online: false,
    });
    offline.ratios = [ratioTo(BOUNDS.groupCpu, cpuOf(offline), cpuOf(alone))];
    return [alone, online.row, delivered, offline];
  });
}
