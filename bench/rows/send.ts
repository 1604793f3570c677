import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SendPace } from '../load/deliveries.ts';
import { measure, type BenchOptions } from '../measure.ts';
import { BOUNDS, type Ratio, ratioTo } from '../bounds.ts';
import { EASY_PER_SECOND } from '../floor.ts';
import { quantiles, type Row } from '../row.ts';
import { DEBIAN_POSTGRES, type ServerBench, withServer } from '../server-bench.ts';

const SENDERS = 64;

/** One row for the answers and one for the deliveries. */
async function measureSend(bench: ServerBench, name: string, ms: number, pace: SendPace): Promise<[ack: Row, delivered: Row]> {
  const { row, outcome } = await measure(bench, `${name}: send → ack`, 'sends', { do: 'send', ms, senders: SENDERS, pace });
  const deliveredMs = outcome.deliveredMs ?? [];
  return [row, { name: '  '.concat(name, ': send → delivered'), unit: 'deliveries', rate: (deliveredMs.length * 1000) / outcome.elapsedMs, ...quantiles(deliveredMs) }];
}

/**
 * Sends of 64 accounts to 64 others over encrypted sockets, persisted (with fsync) and delivered: as fast as it goes with
 * one and with four on the way of each, at three quarters of both, and, before all that, at 900 a second: what a burst leaves to
 * be made up for (search rows, tables to be vacuumed) belongs to the burst.
 */
export async function benchSend({ seconds, profileDir, floor: measureFloor }: BenchOptions, postgresBin?: string): Promise<Row[]> {
  // Before the server is there: the floor has the machine to itself.
  const floor = await measureFloor();
  return withServer({ profileDir, postgresBin }, async (bench) => {
    const ms = seconds * 1000;
    await bench.generator.run({ do: 'sign-up', server: bench.server.info, accounts: SENDERS * 2 });
    await bench.generator.run({ do: 'send', ms: 1000, senders: SENDERS, pace: { window: 1 } });
    const rows: Row[] = [];
    const measurePaced = async (name: string, perSecond: number, judged: (delivered: Row) => Ratio[]): Promise<void> => {
      const paced = await measureSend(bench, name, ms, { perSecond });
      paced[1].ratios = judged(paced[1]);
      rows.push(...paced);
    };
    await bench.generator.run({ do: 'send', ms, senders: SENDERS, pace: { perSecond: EASY_PER_SECOND } });
    await measurePaced(`64 → 64 at ${EASY_PER_SECOND}/s`, EASY_PER_SECOND, ({ p50Ms = 0, p99Ms = 0 }) => [
      ratioTo(BOUNDS.easyP50, p50Ms, floor.commit.p50Ms),
      ratioTo(BOUNDS.easyP99, p99Ms, floor.commit.p99Ms),
    ]);
    const bursts: { window: number; rate: number; p99Ms: number }[] = [];
    for (const window of [1, 4] as const) {
      const name = `64 → 64, ${window} on the way each`;
      const [reached, delivered] = await measureSend(bench, name, ms, { window });
      const { server = 0, postgres = 0 } = reached.cpuUs ?? {};
      reached.ratios = [ratioTo(BOUNDS.sendServer, server, floor.callUs[window]), ratioTo(BOUNDS.sendAll, server + postgres, floor.callUs[window])];
      rows.push(reached, delivered);
      bursts.push({ window, rate: reached.rate ?? 0, p99Ms: delivered.p99Ms ?? 0 });
    }
    for (const burst of bursts) {
      await measurePaced(`64 → 64 at 75 % of ${burst.window} on the way`, burst.rate * 0.75, ({ p99Ms = 0 }) => [ratioTo(BOUNDS.pacedP99, p99Ms, burst.p99Ms)]);
    }
    return rows;
  });
}

/** The same on Debian's PostgreSQL 15, where that is installed. */
export async function benchSendOnDebian(options: BenchOptions): Promise<Row[]> {
  if (!existsSync(join(DEBIAN_POSTGRES, 'postgres'))) return [{ name: 'skipped: PostgreSQL 15 of Debian is not installed' }];
  return benchSend(options, DEBIAN_POSTGRES);
}
