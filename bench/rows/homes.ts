import { type HomePair, startHomePair } from '@aerogram/dev-env/load';
import { BOUNDS, ratioTo } from '../bounds.ts';
import { readMemory } from '../cpu-time.ts';
import { cpuRatio, sendInTurns, WARM_UP } from '../in-turns.ts';
import { GeneratorProcess } from '../load/generator-process.ts';
import type { BenchOptions } from '../measure.ts';
import { quantiles, type Row } from '../row.ts';
import { profileArguments, withServer } from '../server-bench.ts';

const SENDERS = 48;
const PER_SECOND = 500;
/** How long the link is cut, in milliseconds. */
const AWAY_MS = 60_000;
const BEFORE_MS = 20_000;
const MIB = 1024 * 1024;

/** Starts two homes and a generator whose accounts 2i are at the first and 2i + 1 at the second one. */
async function withHomes<T>({ profileDir }: Pick<BenchOptions, 'profileDir'>, run: (homes: HomePair, generator: GeneratorProcess) => Promise<T>): Promise<T> {
  await using homes = await startHomePair({ env: { AEROGRAM_LOG_LEVEL: 'warn' }, nodeArguments: profileArguments({ profileDir }) });
  await using generator = new GeneratorProcess();
  await generator.run({ do: 'sign-up', server: homes.servers.map(({ info }) => info), accounts: SENDERS * 2 });
  return await run(homes, generator);
}

/** Sends to people at another home, beside sends to people of the same home: the CPU of all processes with their databases, and the time until delivery. Measured in turns. */
export function benchHomes(options: BenchOptions): Promise<Row[]> {
  return withServer({ profileDir: options.profileDir }, (here) => withHomes(options, async (homes, generator) => {
    await here.generator.run({ do: 'sign-up', server: here.server.info, accounts: SENDERS * 2 });
    const across = { generator, pids: { server: homes.servers.map(({ info }) => info.pid), postgres: undefined, generator: generator.pid } };
    const ways = [{ name: 'both here', bench: here }, { name: 'to the other home', bench: across }] as const;
    const rows = await sendInTurns(ways, { what: `${SENDERS} → ${SENDERS} at ${PER_SECOND}/s`, senders: SENDERS, pace: { perSecond: PER_SECOND }, warmUp: WARM_UP }, options);
    return [...rows, {
      name: `to the other home / both here, medians of ${options.pairs} pairs`,
      ratios: [{ ...BOUNDS.acrossCpu, value: cpuRatio(rows) }, { ...BOUNDS.acrossP50, value: rows[1].p50Ms! / rows[0].p50Ms! }],
    }];
  }));
}

/** Half of the sends go to people of the same home, half to the other one, to which the link is cut for a minute; then it comes back while the load goes on. */
export function benchHomeAway(options: BenchOptions): Promise<Row[]> {
  return withHomes(options, async (homes, generator) => {
    const [one, two] = homes.servers;
    await generator.run({ do: 'sign-up', server: one.info, accounts: SENDERS * 4 });
    const send = async (ms: number, name: string): Promise<[here: Row, away: Row]> => {
      const outcome = await generator.run({ do: 'send-beside-away', ms, senders: SENDERS, perSecond: PER_SECOND / 2 });
      return [{ name: `${name}, both here`, ...quantiles(outcome.ackMs) }, { name: `${name}, to the other home`, ...quantiles(outcome.byName!['away']!) }];
    };
    await send(BEFORE_MS, 'warm-up');
    await homes.untilDry();
    const before = await send(BEFORE_MS, `at ${PER_SECOND}/s, before`);
    await homes.untilDry();
    const memory = [one, two].map(({ info }) => readMemory(info.pid));
    await homes.operate(one, 'dc', 'pause', '2');
    const away = await send(AWAY_MS, `link cut for ${AWAY_MS / 1000} s`);
    await homes.operate(one, 'dc', 'resume', '2');
    const began = performance.now();
    let caughtUpMs: number | undefined;
    const load = send(AWAY_MS, 'catching up');
    // The load never stops, so some frames always wait.
    const dry = homes.untilDry(PER_SECOND).then(() => (caughtUpMs = performance.now() - began));
    const after = await load;
    await dry;
    const grown = Math.max(...[one, two].map(({ info }, at) => readMemory(info.pid) - memory[at]!)) / MIB;
    return [...before, ...away, ...after, {
      name: 'link cut and back',
      figures: { 's until caught up': caughtUpMs! / 1000, 'MiB more': grown },
      ratios: [
        ratioTo(BOUNDS.awayLocalP99, away[0].p99Ms!, before[0].p99Ms!),
        ratioTo(BOUNDS.awayP99, away[1].p99Ms!, before[1].p99Ms!),
        ratioTo(BOUNDS.awayCaughtUp, caughtUpMs! / 1000, 90),
        ratioTo(BOUNDS.awayMemory, grown, 64),
      ],
    }];
  });
}
