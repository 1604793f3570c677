import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SendPace } from '../load/deliveries.ts';
import { measure, type BenchOptions } from '../measure.ts';
import { quantiles, type Row } from '../row.ts';
import { DEBIAN_POSTGRES, type ServerBench, withServer } from '../server-bench.ts';

const SENDERS = 64;
/** Messages a second that every server carries with ease. */
const EASY = 900;

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
export async function benchSend({ seconds, profileDir }: BenchOptions, postgresBin?: string): Promise<Row[]> {
  return withServer({ profileDir, postgresBin }, async (bench) => {
    const ms = seconds * 1000;
    await bench.generator.run({ do: 'sign-up', server: bench.server.info, accounts: SENDERS * 2 });
    await bench.generator.run({ do: 'send', ms: 1000, senders: SENDERS, pace: { window: 1 } });
    const rows: Row[] = [];
    const measurePaced = async (name: string, perSecond: number, p99Ms: number): Promise<void> => {
      const paced = await measureSend(bench, name, ms, { perSecond });
      paced[1].target = { of: 'p99Ms', value: p99Ms };
      rows.push(...paced);
    };
    await bench.generator.run({ do: 'send', ms, senders: SENDERS, pace: { perSecond: EASY } });
    await measurePaced(`64 → 64 at ${EASY}/s`, EASY, 7);
    const reachedRates: { window: number; rate: number }[] = [];
    for (const window of [1, 4]) {
      const name = `64 → 64, ${window} on the way each`;
      const reached = await measureSend(bench, name, ms, { window });
      reached[0].target = { of: 'rate', value: 6000 };
      rows.push(...reached);
      reachedRates.push({ window, rate: reached[0].rate ?? 0 });
    }
    for (const { window, rate } of reachedRates) await measurePaced(`64 → 64 at 75 % of ${window} on the way`, rate * 0.75, 30);
    return rows;
  });
}

/** The same on Debian's PostgreSQL 15, where that is installed. */
export async function benchSendOnDebian(options: BenchOptions): Promise<Row[]> {
  if (!existsSync(join(DEBIAN_POSTGRES, 'postgres'))) return [{ name: 'skipped: PostgreSQL 15 of Debian is not installed' }];
  return benchSend(options, DEBIAN_POSTGRES);
}
