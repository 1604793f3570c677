import type { SeedPlan } from '@aerogram/cli/seed';
import { setTimeout as delay } from 'node:timers/promises';
import { readMemory } from '../cpu-time.ts';
import { GeneratorProcess } from '../load/generator-process.ts';
import { spend, type BenchOptions } from '../measure.ts';
import { BOUNDS, ratioTo } from '../bounds.ts';
import { measureBareConnections } from '../floor.ts';
import { PING_EVERY_MS } from '../load/idle-load.ts';
import type { Row } from '../row.ts';
import { seededChannels, seededDirectory, withServer } from '../server-bench.ts';

/** Opened first, so that memory allocated once does not count. */
const WARM = 500;
const SESSIONS = 15_000;
/** Number of generators that share the sessions. */
const GENERATORS = 2;
/** Time for the garbage collector to free what opening the sessions left, in milliseconds. */
const SETTLE_MS = 20_000;
const KIB = 1024;

/**
 * Logged-in sessions that receive updates and send only one ping per minute. Their keys and authorisations are already in the database, so
 * opening one means: connect, learn the salt, updates.getState. The figure is the growth of the server's resident memory divided by the
 * number of sessions; kernel buffers are not included.
 */
export async function benchIdle(options: BenchOptions): Promise<Row[]> {
  return measureIdle(options, await seededDirectory(options), 'idle sessions');
}

/** The same sessions without channels and with 200 channels each, one after the other. */
export async function benchIdleInChannels(options: BenchOptions): Promise<Row[]> {
  const { each, count } = options.channels;
  const without = await measureIdle(options, await seededDirectory({ ...options, seed: { ...options.seed, messages: options.seed.messages / 10 } }), 'idle sessions');
  const within = await measureIdle(options, await seededChannels(options), `idle sessions, each in ${each} of ${count} channels`);
  const [before, after] = [without, within].map((rows) => rows.find((row) => row.name.endsWith(': resident'))!);
  after!.ratios = [ratioTo(BOUNDS.channelMemory, after!.figures!['KiB each']!, before!.figures!['KiB each']!)];
  return [...without, ...within];
}

async function measureIdle(options: BenchOptions, { dataDir, plan }: { dataDir: string; plan: SeedPlan }, what: string): Promise<Row[]> {
  const floor = await options.floor();
  const count = Math.min(SESSIONS, plan.devices - WARM - 1);
  const bareBytes = await measureBareConnections({ warm: WARM, count, settleMs: SETTLE_MS / 2 });
  return withServer({ ...options, dataDir, env: { AEROGRAM_IDLE_TIMEOUT_MS: '600000' } }, async ({ server: { info }, generator, pids }) => {
    await generator.run({ do: 'open-sessions', server: info, from: 1, count: WARM });
    await delay(SETTLE_MS);
    const before = readMemory(info.pid);
    await using second = new GeneratorProcess();
    const generators = [generator, second];
    const share = Math.ceil(count / GENERATORS);
    const opened = await spend(pids, () => Promise.all(generators.map((one, i) =>
      one.run({ do: 'open-sessions', server: info, from: 1 + WARM + i * share, count: Math.min(share, count - i * share) }))));
    const full = readMemory(info.pid);
    await Promise.all(generators.map((one) => one.run({ do: 'stay-idle', ms: SETTLE_MS })));
    const idleMs = Math.max(20, options.seconds) * 1000;
    const idle = await spend(pids, () => Promise.all(generators.map((one) => one.run({ do: 'stay-idle', ms: idleMs }))));
    const after = readMemory(info.pid);
    const name = `${count.toLocaleString('en-US')} ${what}`;
    const rows: Row[] = [
      { name: `${count.toLocaleString('en-US')} bare connections that say nothing`, figures: { 'KiB each': bareBytes / KIB } },
      {
        name: `${name}: opening them, 128 at once`, unit: 'sessions', rate: (count * 1000) / opened.spent.elapsedMs,
        cpuUs: { server: opened.spent.us.server / count, postgres: opened.spent.us.postgres / count },
        figures: { 'KiB each right after': (full - before) / count / KIB },
      },
      {
        name: `${name}: resident`, figures: { 'KiB each': (after - before) / count / KIB, 'MiB in all': after / KIB / KIB },
        ratios: [ratioTo(BOUNDS.sessionMemory, (after - before) / count, bareBytes)],
      },
      {
        name: `${name}: while idle, each pinging once a minute`,
        figures: {
          '% of a core': (idle.spent.us.server / idle.spent.elapsedMs / 1000) * 100,
          '% of a core in PostgreSQL': (idle.spent.us.postgres / idle.spent.elapsedMs / 1000) * 100,
        },
        ratios: [ratioTo(BOUNDS.pingCpu, idle.spent.us.server / ((count * idle.spent.elapsedMs) / PING_EVERY_MS), floor.callUs[1])],
        note: idle.spent.notes.join('; ') || undefined,
      },
    ];
    return rows;
  });
}
