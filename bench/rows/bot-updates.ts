import { setTimeout as delay } from 'node:timers/promises';
import { BOUNDS, ratioTo } from '../bounds.ts';
import { readMemory } from '../cpu-time.ts';
import { spend, type BenchOptions } from '../measure.ts';
import type { Row } from '../row.ts';
import { withServer } from '../server-bench.ts';
import { UNLIMITED_BOTS } from './bot-api.ts';

const BOTS = 16;
/** Parts of the run; memory is read after the first one and after the last one. */
const PARTS = 5;
/** How long a stretch of messages is, in milliseconds. */
const STRETCH_MS = 5000;
/** Time for the garbage collector, in milliseconds. */
const SETTLE_MS = 10_000;
const MIB = 2 ** 20;

/** Messages to bots that poll, until there were `updates`: what a server keeps of them must not grow. */
export async function benchBotUpdates({ updates, seconds, profileDir }: BenchOptions): Promise<Row[]> {
  return withServer({ profileDir, env: UNLIMITED_BOTS }, async ({ server: { info: server }, generator, pids }) => {
    const isSmall = seconds < 1;
    await generator.run({ do: 'make-bots', server, count: BOTS, accounts: 2 * BOTS });
    await generator.run({ do: 'start-http-bots', server, count: BOTS });
    const memory: number[] = [];
    let told = 0;
    const { spent } = await spend(pids, async () => {
      for (let part = 1; part <= PARTS; part++) {
        while (told < (updates * part) / PARTS) {
          const { operations } = await generator.run({ do: 'write-to-bots', server, how: 'poller', from: 0, count: BOTS, ms: isSmall ? 200 : STRETCH_MS, pace: { window: 4 } });
          told += operations;
        }
        await delay(isSmall ? 500 : SETTLE_MS);
        memory.push(readMemory(server.pid));
      }
    });
    const [early, late] = [memory[0]!, memory.at(-1)!];
    return [{
      name: `${told.toLocaleString('en-US')} messages → ${BOTS} bots that poll`,
      unit: 'updates', rate: (told * 1000) / spent.elapsedMs,
      cpuUs: { server: spent.us.server / told, postgres: spent.us.postgres / told },
      figures: { 'MiB after a fifth': early / MIB, 'MiB after all': late / MIB },
      ratios: [ratioTo(BOUNDS.botUpdatesMemory, late, early)],
    }];
  });
}
