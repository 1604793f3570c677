import { setTimeout as delay } from 'node:timers/promises';
import { BOUNDS, ratioTo } from '../bounds.ts';
import { readMemory } from '../cpu-time.ts';
import { startHttpFloor } from '../http-floor.ts';
import { GeneratorProcess } from '../load/generator-process.ts';
import { spend, type BenchOptions } from '../measure.ts';
import type { Row } from '../row.ts';
import { withServer } from '../server-bench.ts';

/** Share of the pollers that is opened first, so that memory allocated once does not count. */
const WARM_SHARE = 1 / 20;
const OWNERS = 16;
/** Time for the garbage collector to free what opening the connections left, in milliseconds. Each poller asks again after 50 seconds. */
const SETTLE_MS = 20_000;
const KIB = 1024;

/**
 * Bots over HTTP that wait for updates while nothing happens, beside requests that a bare node:http server does not answer. The figures are the
 * growth of resident memory divided by the number; kernel buffers are not included.
 */
export async function benchIdlePollers({ bots, seconds, profileDir }: BenchOptions): Promise<Row[]> {
  const warm = Math.max(10, Math.round(bots * WARM_SHARE));
  const settleMs = seconds < 1 ? 1000 : SETTLE_MS;
  const bareBytes = await measureBare({ bots, warm, settleMs });
  return withServer({ profileDir, env: { AEROGRAM_BOTS_PER_OWNER_MAX: '10000' } }, async ({ server: { info }, generator, pids }) => {
    await generator.run({ do: 'make-bots', server: info, count: warm + bots, accounts: OWNERS });
    await generator.run({ do: 'open-pollers', server: info, from: 0, count: warm });
    await delay(settleMs);
    const before = readMemory(info.pid);
    const opened = await spend(pids, () => generator.run({ do: 'open-pollers', server: info, from: warm, count: bots }));
    await delay(settleMs);
    const after = readMemory(info.pid);
    const idle = await spend(pids, () => delay(settleMs));
    const name = `${bots.toLocaleString('en-US')} idle pollers`;
    const rows: Row[] = [
      { name: `${bots.toLocaleString('en-US')} requests that a bare node:http server does not answer`, figures: { 'KiB each': bareBytes / KIB } },
      { name: `${name}: opening them, 32 at once`, unit: 'pollers', rate: (bots * 1000) / opened.spent.elapsedMs, cpuUs: { server: opened.spent.us.server / bots, postgres: opened.spent.us.postgres / bots } },
      {
        name: `${name}: resident`, figures: { 'KiB each': (after - before) / bots / KIB, 'MiB in all': after / KIB / KIB },
        ratios: [ratioTo(BOUNDS.idlePollers, (after - before) / bots, bareBytes)],
      },
      { name: `${name}: while idle`, figures: { '% of a core': (idle.spent.us.server / idle.spent.elapsedMs / 1000) * 100, '% of a core in PostgreSQL': (idle.spent.us.postgres / idle.spent.elapsedMs / 1000) * 100 } },
    ];
    return rows;
  });
}

/** @returns bytes of memory for each request that waits in a bare server */
async function measureBare({ bots, warm, settleMs }: { bots: number; warm: number; settleMs: number }): Promise<number> {
  using floor = await startHttpFloor();
  await using generator = new GeneratorProcess();
  const open = async (from: number, count: number): Promise<number> => {
    await generator.run({ do: 'open-silent', port: floor.port, from, count });
    await delay(settleMs / 2);
    return readMemory(floor.pid);
  };
  const before = await open(0, warm);
  return ((await open(warm, bots)) - before) / bots;
}
