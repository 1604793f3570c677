import { BOUNDS, ratioTo } from '../bounds.ts';
import { measure, type BenchOptions } from '../measure.ts';
import { cpuOf, quantiles, type Row } from '../row.ts';
import { withServer } from '../server-bench.ts';

/** The largest basic group. */
const MEMBERS = 200;
/** As fast as a lively group gets messages. */
const LIVELY = { perSecond: 2 };
/** People who write to each other beside the group, and how fast. */
const PAIRS = 8;
const BESIDE = { perSecond: 100 };

/**
 * Sends of one person to a basic group of 200, beside sends to one person: as fast as it goes with one on the way, and at two a second while
 * everybody is connected. Then what other people notice of two sends a second to the group.
 */
export async function benchGroups({ seconds, profileDir }: BenchOptions): Promise<Row[]> {
  return withServer({ profileDir }, async (bench) => {
    const ms = seconds * 1000;
    await bench.generator.run({ do: 'sign-up', server: bench.server.info, accounts: MEMBERS + 2 * PAIRS });
    const { row: alone } = await measure(bench, '1 → 1, 1 on the way: send → ack', 'sends', { do: 'send', ms, senders: 1, pace: { window: 1 } });

    const others = { ms, senders: PAIRS, pace: BESIDE } as const;
    const words = `${PAIRS} → ${PAIRS} others, ${BESIDE.perSecond}/s: send → ack`;
    await bench.generator.run({ do: 'send', ...others, from: MEMBERS, ms: ms / 5 });
    const { row: quiet } = await measure(bench, words, 'sends', { do: 'send', ...others, from: MEMBERS });

    const name = `1 → group of ${MEMBERS}, all online, ${LIVELY.perSecond}/s`;
    const online = await measure(bench, `${name}: send → ack`, 'sends', { do: 'send-to-group', ms, pace: LIVELY, members: MEMBERS, online: true });
    const { deliveredMs = [], elapsedMs } = online.outcome;
    const delivered: Row = { name: `  ${name}: send → delivered`, unit: 'deliveries', rate: (deliveredMs.length * 1000) / elapsedMs, ...quantiles(deliveredMs) };

    const { row: offline } = await measure(bench, `1 → group of ${MEMBERS}, 1 on the way, others offline: send → ack`, 'sends', {
      do: 'send-to-group',
      ms,
      pace: { window: 1 },
      members: MEMBERS,
      online: false,
    });
    offline.ratios = [ratioTo(BOUNDS.groupCpu, cpuOf(offline), cpuOf(alone))];
    const { row: beside } = await measure(bench, `  the same while 1 sends ${LIVELY.perSecond}/s to the group`, 'sends', { do: 'send-beside-group', ...others, members: MEMBERS, groupPace: LIVELY });
    beside.ratios = [ratioTo(BOUNDS.besideGroupP99, beside.p99Ms!, quiet.p99Ms!)];
    return [alone, online.row, delivered, offline, quiet, beside];
  });
}
