import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BOUNDS, ratioTo } from '../bounds.ts';
import { readMemory } from '../cpu-time.ts';
import { measure, type BenchOptions } from '../measure.ts';
import { cpuOf, mergeRuns, type Row } from '../row.ts';
import { type ServerBench, withServer } from '../server-bench.ts';

/** Accounts that make the bots, and that write to each other afterwards. */
const ACCOUNTS = 64;
const PACE = { perSecond: 200 } as const;
const MIB = 2 ** 20;
/** Makes all bots possible for few accounts. */
const env = { AEROGRAM_BOTS_PER_OWNER_MAX: '10000' };

/** The same sends on a server with bots that nobody uses and on one without bots; both servers are there, and are measured in turns. */
export async function benchIdleBots({ seconds, pairs, profileDir, bots }: BenchOptions): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'aerogram-bench-bots-'));
  try {
    // Bots are made by a server that ends, so that this leaves nothing in the memory of the one that is measured.
    const prepare = async (count: number): Promise<string> => {
      const dataDir = join(folder, String(count));
      await withServer({ profileDir: undefined, dataDir, env }, ({ generator, server: { info } }) => generator.run({ do: 'make-bots', server: info, count, accounts: ACCOUNTS }));
      return dataDir;
    };
    const [empty, full] = [await prepare(0), await prepare(bots)];
    return await withServer({ profileDir, dataDir: empty }, (without) => withServer({ profileDir, dataDir: full }, (within) => compare([without, within], { seconds, pairs, bots })));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compare([without, within]: [ServerBench, ServerBench], { seconds, pairs, bots }: Pick<BenchOptions, 'seconds' | 'pairs' | 'bots'>): Promise<Row[]> {
  const benches = [{ bench: without, name: 'without bots' }, { bench: within, name: `with ${bots.toLocaleString('en-US')} bots that nobody uses` }];
  const send = { do: 'send', senders: ACCOUNTS / 2, pace: PACE, ms: seconds * 1000 } as const;
  for (const { bench } of benches) {
    await bench.generator.run({ do: 'sign-up', server: bench.server.info, accounts: ACCOUNTS });
    await bench.generator.run(send);
  }
  const runs: Row[][] = [];
  for (let pair = 0; pair < pairs; pair++) {
    for (const { bench, name } of pair % 2 === 0 ? benches : benches.toReversed()) {
      const { row } = await measure(bench, `${ACCOUNTS / 2} → ${ACCOUNTS / 2} at ${PACE.perSecond}/s, ${name}: send → ack`, 'sends', send);
      runs.push([{ ...row, figures: { MiB: readMemory(bench.server.info.pid) / MIB } }]);
    }
  }
  // The first pair begins with the server without bots.
  const [empty, full] = mergeRuns(runs) as [Row, Row];
  full.ratios = [ratioTo(BOUNDS.idleBotsCpu, cpuOf(full), cpuOf(empty)), ratioTo(BOUNDS.idleBotsMemory, full.figures!['MiB']!, empty.figures!['MiB']!)];
  return [empty, full];
}
