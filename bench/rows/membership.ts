import { BOUNDS, ratioTo } from '../bounds.ts';
import { measure, type BenchOptions } from '../measure.ts';
import { cpuOf, type Row } from '../row.ts';
import { seededChannels, withServer } from '../server-bench.ts';

const PEOPLE = 1000;
/** The first account that is not a member of the small channel. */
const FIRST = 12;
/** How many join at the same time, and how many people send to each other for comparison. */
const PARALLEL = 8;

/** People join a channel by an invite link and leave it again, each of them once, beside private sends. */
export async function benchMembership(options: BenchOptions): Promise<Row[]> {
  const { dataDir, plan } = await seededChannels(options);
  return withServer({ profileDir: options.profileDir, dataDir }, async (bench) => {
    const { info: server } = bench.server;
    await bench.generator.run({ do: 'sign-up', server, accounts: 2 * PARALLEL });
    const send = { do: 'send', senders: PARALLEL, pace: { window: 1 } } as const;
    await bench.generator.run({ ...send, ms: 500 });
    const { row: sends } = await measure(bench, `${PARALLEL} → ${PARALLEL}, 1 on the way each: send → ack`, 'sends', { ...send, ms: options.seconds * 1000 });
    const count = Math.min(PEOPLE, plan.devices - FIRST);
    await bench.generator.run({ do: 'open-sessions', server, from: FIRST, count });
    const join = { do: 'join-and-leave', server, channel: 'channel_few', parallel: PARALLEL } as const;
    // Warm-up, not measured: the first joins fill the caches and prepare the statements.
    await bench.generator.run({ ...join, count: 5 * PARALLEL });
    const { row } = await measure(bench, `${count} people join by a link and leave, ${PARALLEL} at once`, 'joins and leaves', { ...join, count });
    row.ratios = [ratioTo(BOUNDS.joinCpu, cpuOf(row), cpuOf(sends))];
    return [sends, row];
  });
}
