import { BOUNDS, ratioTo } from '../bounds.ts';
import { measure, type BenchOptions } from '../measure.ts';
import { cpuOf, type Row } from '../row.ts';
import { withServer } from '../server-bench.ts';

const FEW = 10;

/** Posts to a channel, beside sends to one person: with nobody and with everybody online. */
export async function benchChannelPosts({ seconds, profileDir }: BenchOptions): Promise<Row[]> {
  return withServer({ profileDir }, async (bench) => {
    const ms = seconds * 1000;
    const oneByOne = { ms, pace: { window: 1 } } as const;
    await bench.generator.run({ do: 'sign-up', server: bench.server.info, accounts: FEW });
    const { row: alone } = await measure(bench, '1 → 1, 1 on the way: send → ack', 'sends', { do: 'send', ...oneByOne, senders: 1 });
    const rows = [alone];
    for (const online of [true, false]) {
      const name = `1 → channel of ${FEW}, ${online ? 'all' : 'none'} online, 1 on the way: post → ack`;
      const { row } = await measure(bench, name, 'posts', { do: 'post', ...oneByOne, kind: 'broadcast', online });
      row.ratios = [ratioTo(online ? BOUNDS.postOnlineCpu : BOUNDS.postCpu, cpuOf(row), cpuOf(alone))];
      rows.push(row);
    }
    return rows;
  });
}
