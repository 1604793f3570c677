import { BOUNDS, ratioTo } from '../bounds.ts';
import { startHttpFloor } from '../http-floor.ts';
import type { BotReceiver } from '../load/bot-http-load.ts';
import { GeneratorProcess } from '../load/generator-process.ts';
import { measure, type BenchOptions } from '../measure.ts';
import { mergeRuns, quantiles, type Row } from '../row.ts';
import { type ServerBench, withServer } from '../server-bench.ts';

/** What a bot may send over HTTP is not limited where the cost of it is measured. */
export const UNLIMITED_BOTS = { AEROGRAM_BOT_MESSAGES_PER_SECOND: '0', AEROGRAM_BOT_MESSAGES_PER_PERSON: '0', AEROGRAM_BOT_MESSAGES_PER_GROUP: '0' };

const RECEIVERS: readonly BotReceiver[] = ['mtproto', 'poller', 'webhook'];
const NAMES: Readonly<Record<BotReceiver, string>> = { mtproto: 'over MTProto', poller: 'that polls', webhook: 'with a webhook' };
/** Messages to bots of one kind. */
const TO_BOTS = { perSecond: 100 } as const;
/** Messages to bots that answer them, while another one floods. */
const ANSWERED = { perSecond: 50 } as const;
/** Messages for a webhook that never answers. */
const UNHEARD = 100;
/** Rounds of runs, one after the other. */
const ROUNDS = 5;

/**
 * Bots over HTTP beside people and bots over MTProto: what sending costs, how long messages take to bots of each kind, and what a bot notices of
 * another one that floods and of a webhook that never answers.
 */
export async function benchBotApi(options: BenchOptions): Promise<Row[]> {
  const isSmall = options.seconds < 1;
  // Bots 0 … each − 1 are those over MTProto, the next ones poll, then those with webhooks. The first of the rest has the silent webhook.
  const each = isSmall ? 2 : 16;
  const count = 4 * each;
  const rounds = isSmall ? 1 : ROUNDS;
  const sizes = { each, count, rounds, ms: Math.max(300, (options.seconds * 2000) / rounds) };
  using floor = await startHttpFloor();
  return await withServer({ profileDir: options.profileDir, env: UNLIMITED_BOTS }, async (bench) => {
    const { server: { info: server }, generator } = bench;
    await generator.run({ do: 'make-bots', server, count, accounts: 2 * count });
    await generator.run({ do: 'start-bots', server, count: each });
    await generator.run({ do: 'start-http-bots', server, count });
    return [...await measureSends(bench, floor, sizes), ...await measureArrivals(bench, sizes), ...await measureNeighbours(bench, sizes)];
  });
}

interface Sizes {
  /** Bots of a kind. */
  each: number;
  /** All bots. */
  count: number;
  rounds: number;
  ms: number;
}

/** Runs of several kinds in turns, every second round in the opposite order. @returns the medians of each kind */
async function inTurns(rounds: number, kinds: readonly (() => Promise<Row>)[]): Promise<Row[]> {
  const runs: Row[][] = [];
  for (let round = 0; round < rounds; round++) {
    for (const run of round % 2 === 0 ? kinds : kinds.toReversed()) runs.push([await run()]);
  }
  return mergeRuns(runs);
}

async function measureSends(bench: ServerBench, floor: { pid: number; port: number }, { count, rounds, ms }: Sizes): Promise<Row[]> {
  const { generator, pids } = bench;
  const atFloor = { generator, pids: { ...pids, server: floor.pid, postgres: undefined } };
  const rowOf = async (...what: Parameters<typeof measure>): Promise<Row> => (await measure(...what)).row;
  const kinds = [
    () => rowOf(atFloor, `${count} kept connections: JSON → the same JSON from bare node:http`, 'requests', { do: 'echo', port: floor.port, ms, connections: count }),
    () => rowOf(bench, `${count} people → ${count} people over MTProto: send → ack`, 'sends', { do: 'send', ms, senders: count, pace: { window: 1 } }),
    () => rowOf(bench, `${count} bots → ${count} people: sendMessage over HTTP → answer`, 'sends', { do: 'send-by-http', ms, pace: { window: 1 } }),
  ];
  for (const warm of kinds) await warm();
  const [echo, people, bots] = (await inTurns(rounds, kinds)) as [Row, Row, Row];
  bots.ratios = [ratioTo(BOUNDS.botApiSend, bots.cpuUs!.server!, people.cpuUs!.server! + 1.5 * echo.cpuUs!.server!)];
  return [echo, people, bots];
}

async function measureArrivals(bench: ServerBench, { each, rounds, ms }: Sizes): Promise<Row[]> {
  const { info: server } = bench.server;
  const samples: Record<BotReceiver, number[]> = { mtproto: [], poller: [], webhook: [] };
  const kinds = RECEIVERS.map((how, i) => async (): Promise<Row> => {
    const { row, outcome } = await measure(bench, `person → bot ${NAMES[how]}, ${TO_BOTS.perSecond}/s: send → delivered`, 'deliveries', { do: 'write-to-bots', server, how, from: i * each, count: each, ms, pace: TO_BOTS });
    samples[how].push(...outcome.deliveredMs!);
    return row;
  });
  for (const warm of kinds) await warm();
  for (const how of RECEIVERS) samples[how].length = 0;
  const rows = await inTurns(rounds, kinds);
  for (const [i, row] of rows.entries()) Object.assign(row, quantiles(samples[RECEIVERS[i]!]));
  const [mtproto, poller, webhook] = rows as [Row, Row, Row];
  poller.ratios = [ratioTo(BOUNDS.botPoller, poller.p50Ms!, mtproto.p50Ms!)];
  webhook.ratios = [ratioTo(BOUNDS.botWebhook, webhook.p50Ms!, mtproto.p50Ms!)];
  return rows;
}

async function measureNeighbours(bench: ServerBench, { each, rounds, ms }: Sizes): Promise<Row[]> {
  const { info: server } = bench.server;
  const command = { do: 'answer-by-http', server, from: each, count: each, ms, pace: ANSWERED } as const;
  const samples: Record<'calm' | 'flooded', number[]> = { calm: [], flooded: [] };
  const run = async (name: string, into: number[]): Promise<Row> => {
    const { row, outcome } = await measure(bench, name, 'answers', command);
    into.push(...outcome.deliveredMs!);
    return row;
  };
  // The silent webhook stays silent, so what is calm comes first.
  const calm: Row[][] = [];
  const flooded: Row[][] = [];
  const name = `person → bot that polls → sendMessage → person, ${ANSWERED.perSecond}/s`;
  for (let round = 0; round <= rounds; round++) calm.push([await run(name, samples.calm)]);
  // A process of its own, so that the other bots are not measured by one that is busy.
  await using flooder = new GeneratorProcess();
  await flooder.run({ do: 'flood-by-http', server, ms: 0 });
  await bench.generator.run({ do: 'silence-webhook', n: 3 * each, messages: UNHEARD });
  for (let round = 0; round <= rounds; round++) {
    const [{ ackMs, byName, elapsedMs }, row] = await Promise.all([
      flooder.run({ do: 'flood-by-http', server, ms }),
      run('  the same beside a bot that floods and a webhook that never answers', samples.flooded),
    ]);
    const perSecond = (n: number): number => (n * 1000) / elapsedMs;
    flooded.push([{ ...row, figures: { 'floods sent/s': perSecond(ackMs.length), 'refused/s': perSecond(byName!['refused']!.length) } }]);
  }
  const [before, during] = [mergeRuns(calm)[0]!, mergeRuns(flooded)[0]!];
  Object.assign(before, quantiles(samples.calm));
  Object.assign(during, quantiles(samples.flooded));
  during.ratios = [ratioTo(BOUNDS.botApiNeighbour, during.p99Ms!, before.p99Ms!)];
  return [before, during];
}
