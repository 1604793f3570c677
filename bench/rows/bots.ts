import { findRunningDatabase } from '@aerogram/cli/seed';
import pg from 'pg';
import { BOUNDS, ratioTo } from '../bounds.ts';
import { GeneratorProcess } from '../load/generator-process.ts';
import { measure, type BenchOptions } from '../measure.ts';
import { cpuOf, mergeRuns, quantiles, type Row } from '../row.ts';
import { type ServerBench, withServer } from '../server-bench.ts';

/** As many bots as a group may have. */
const BOTS = 20;
/** People who press buttons, one at a time. Each of them may press two a second for long. */
const PEOPLE = 16;
const PRESSES_PER_SECOND = 2 * PEOPLE;
/** Each post is answered before the next one. */
const POSTS = { window: 1 } as const;
/** Messages of a bot to people while another one floods. */
const MESSAGES = { perSecond: 100 } as const;
/** Pairs of runs, one after the other. */
const PAIRS = 11;

/**
 * Bots that people talk to: a pressed button beside a message and its reply, posts in a group with bots that do not see them beside one without bots, and what
 * a bot notices of another one that floods.
 */
export async function benchBots(options: BenchOptions): Promise<Row[]> {
  return withServer({ profileDir: options.profileDir }, async (bench) => {
    const { server: { info: server }, generator } = bench;
    await generator.run({ do: 'make-bots', server, count: BOTS, accounts: 2 * PEOPLE });
    await generator.run({ do: 'start-bots', server, count: BOTS });
    const pairs = options.seconds < 1 ? 3 : PAIRS;
    // So that a row takes about twice as long as one that is measured in one piece.
    const ms = Math.max(300, (options.seconds * 2000) / pairs);
    // Before anything is written to the bots: what is indexed later for the search would count as written by posts.
    const groups = await measureGroups(bench, pairs, ms);
    await generator.run({ do: 'offer-buttons', people: PEOPLE });
    return [...groups, ...await measurePresses(bench, pairs, ms), ...await measureFlood(bench, pairs, ms)];
  });
}

/** Two kinds of runs in turns, of which every second pair begins with the second kind. @returns the medians of each kind */
async function inTurns(pairs: number, first: () => Promise<Row>, second: () => Promise<Row>): Promise<[first: Row, second: Row]> {
  const runs: Row[][] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const kinds = pair % 2 === 0 ? [first, second] : [second, first];
    for (const run of kinds) runs.push([await run()]);
  }
  // The first pair begins with the first kind.
  return mergeRuns(runs) as [Row, Row];
}

async function measurePresses(bench: ServerBench, pairs: number, ms: number): Promise<Row[]> {
  const pace = { ms, perSecond: PRESSES_PER_SECOND };
  const exchange = (): Promise<Row> => measured(bench, `message → reply, one at a time`, 'replies', { do: 'exchange-messages', people: PEOPLE, ...pace });
  const press = (): Promise<Row> => measured(bench, `pressed button → answer of a bot, one at a time`, 'answers', { do: 'press-buttons', ...pace });
  await exchange();
  await press();
  const [messages, presses] = await inTurns(pairs, exchange, press);
  presses.ratios = [ratioTo(BOUNDS.botPress, presses.p50Ms!, messages.p50Ms!)];
  return [messages, presses];
}

async function measured(bench: ServerBench, ...what: [name: string, unit: string, command: Parameters<GeneratorProcess['run']>[0]]): Promise<Row> {
  return (await measure(bench, ...what)).row;
}

async function measureGroups(bench: ServerBench, pairs: number, ms: number): Promise<Row[]> {
  await bench.generator.run({ do: 'make-bot-groups' });
  const pool = new pg.Pool({ connectionString: findRunningDatabase(bench.server.dataDir), max: 1 });
  try {
    const post = async (name: string, hasBots: boolean): Promise<Row> => {
      const { row, outcome } = await measure(bench, name, 'posts', { do: 'post-beside-bots', ms, pace: POSTS, hasBots });
      return { ...row, figures: { pushes: outcome.deliveries! } };
    };
    const alone = (): Promise<Row> => post(`1 → supergroup without bots, 1 on the way: post → ack`, false);
    const beside = (): Promise<Row> => post(`1 → supergroup with ${BOTS} bots that do not see it: post → ack`, true);
    await alone();
    await beside();
    const before = await readBotRows(pool);
    const [without, within] = await inTurns(pairs, alone, beside);
    const written = [...await readBotRows(pool)].filter((version) => !before.has(version));
    within.ratios = [
      ratioTo(BOUNDS.botGroupCpu, cpuOf(within), cpuOf(without)),
      ratioTo(BOUNDS.botGroupRows, written.length, 1),
      ratioTo(BOUNDS.botGroupPushes, within.figures!['pushes']!, 1),
    ];
    delete without.figures;
    delete within.figures;
    return [without, within];
  } finally {
    await pool.end();
  }
}

/** Names the versions of all rows that belong to bots. Each write makes a new one. When a bot was last active is left out: its own calls are noted there later. */
async function readBotRows(pool: pg.Pool): Promise<Set<string>> {
  const { rows: columns } = await pool.query<{ name: string; owner: string }>(`
    SELECT table_name AS name, column_name AS owner FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
     WHERE table_schema = current_schema AND table_type = 'BASE TABLE' AND table_name <> 'authorizations' AND column_name IN ('owner_id', 'user_id', 'bot_id')`);
  const versions = new Set<string>();
  for (const { name, owner } of columns) {
    const { rows } = await pool.query<{ version: string }>(`SELECT concat_ws(' ', tableoid::regclass, ctid, xmin) AS version FROM ${name} WHERE ${owner} IN (SELECT bot_id FROM bots)`);
    for (const { version } of rows) versions.add(version);
  }
  return versions;
}

async function measureFlood(bench: ServerBench, pairs: number, ms: number): Promise<Row[]> {
  const { info: server } = bench.server;
  // A process of its own, so that the other bot is not measured by one that is busy.
  await using flooder = new GeneratorProcess();
  // Until it is refused for the first time: what each bot may send in a burst is spent.
  await flooder.run({ do: 'flood-as-bot', server, ms: 0 });
  const name = `bot → ${PEOPLE} people, ${MESSAGES.perSecond}/s: send → delivered`;
  const times: Record<'calm' | 'flooded', number[]> = { calm: [], flooded: [] };
  const send = async (what: string, samples: number[]): Promise<Row> => {
    const { row, outcome } = await measure(bench, what, 'deliveries', { do: 'send-as-bot', ms, pace: MESSAGES });
    samples.push(...outcome.deliveredMs!);
    return row;
  };
  const calm = (): Promise<Row> => send(name, times.calm);
  const flooded = async (): Promise<Row> => {
    const flood = flooder.run({ do: 'flood-as-bot', server, ms });
    const row = await send('  the same while another bot floods', times.flooded);
    const { ackMs, byName, elapsedMs } = await flood;
    const perSecond = (count: number): number => (count * 1000) / elapsedMs;
    return { ...row, figures: { 'floods sent/s': perSecond(ackMs.length), 'refused/s': perSecond(byName!['refused']!.length) } };
  };
  await calm();
  await flooded();
  times.calm.length = times.flooded.length = 0;
  const [before, during] = await inTurns(pairs, calm, flooded);
  // A run has too few messages for a p99, so they are taken together.
  Object.assign(before, quantiles(times.calm));
  Object.assign(during, quantiles(times.flooded));
  during.ratios = [ratioTo(BOUNDS.botFlood, during.p99Ms!, before.p99Ms!)];
  return [before, during];
}
