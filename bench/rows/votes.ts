import pg from 'pg';
import { BOUNDS, ratioTo } from '../bounds.ts';
import type { ChannelReadName } from '../load/channel-reads.ts';
import type { GivenKind } from '../load/vote-load.ts';
import { measure, type BenchOptions } from '../measure.ts';
import { cpuOf, quantiles, type Row } from '../row.ts';
import { seededChannels, type ServerBench, withCountedStatements } from '../server-bench.ts';

const CHANNEL = 'channel_crowd';
/** Few enough that each is done before the next one. */
const PER_SECOND = 50;
/** Calls per second of all who read. */
const READS_PER_SECOND = 40;
/** Accounts that react, vote and read while nobody else is connected. */
const ACCOUNTS = Array.from({ length: 16 }, (_, n) => 20 + n);
/** The first account whose session is opened; the creator of the channel is not among them. */
const FIRST = 4;
/** Maximum number of members who are connected. In the end all of them have reacted and voted. */
const ONLINE = 10_000;

/** Maximum number of members who react, or vote, at the same moment. */
const AT_ONCE = 5000;
/** Number of messages of a page. */
const PAGE = 100;

/** How many people have reacted to each of them. */
const REACTED = 1000;

const KINDS: readonly GivenKind[] = ['reactions', 'votes'];

/** What those who give are called. */
const CALLS = { reactions: 'sendReaction', votes: 'sendVote' } as const;
const LISTS = { reactions: ['getReactors', 'getMessageReactionsList'], votes: ['getVotes', 'getPollVotes'] } as const;

/** Reactions and votes in a supergroup: what one costs, thousands at once beside another chat, and reading them. */
export async function benchVotes(options: BenchOptions): Promise<Row[]> {
  const { dataDir, plan } = await seededChannels(options);
  const online = Math.min(ONLINE, options.channels.members - FIRST, plan.devices - FIRST);
  return withCountedStatements(dataDir, options, async (bench, url) => {
    const pool = new pg.Pool({ connectionString: url, max: 1 });
    try {
      await removeReactions(pool);
      const rows = [...(await measureAlone(bench, options)), ...(await measureHistory(bench, pool, options))];
      await bench.generator.run({ do: 'sign-up', server: bench.server.info, accounts: 4 });
      await bench.generator.run({ do: 'open-sessions', server: bench.server.info, from: FIRST, count: online });
      return [...rows, ...(await measureRushes(bench, options, online))];
    } finally {
      await pool.end();
    }
  });
}

/** One at a time, while nobody else is connected, beside a message. */
async function measureAlone(bench: ServerBench, options: BenchOptions): Promise<Row[]> {
  const ms = options.seconds * 1000;
  const { info: server } = bench.server;
  const members = options.channels.members.toLocaleString('en-US');
  const post = async (wordsOf: string): Promise<Row> => (await measure(bench, wordsOf, 'posts', { do: 'post-alone', server, channel: CHANNEL, pace: { perSecond: PER_SECOND }, ms })).row;
  await post('');
  const sent = await post(`a message in a supergroup of ${members}, none online`);
  const rows = [sent];
  for (const kind of KINDS) {
    const command = { do: 'give-alone', server, channel: CHANNEL, kind, accounts: ACCOUNTS, perSecond: PER_SECOND } as const;
    await bench.generator.run({ ...command, ms: 500 });
    const { row } = await measure(bench, `${CALLS[kind]} there, everyone changes the choice each time`, kind, { ...command, ms });
    rows.push({ ...row, ratios: [ratioTo(BOUNDS.giveCpu, cpuOf(row), cpuOf(sent))] });
  }
  return rows;
}

async function measureReading(bench: ServerBench, options: BenchOptions, words: string, { name, posts }: { name: ChannelReadName; posts: number }): Promise<Row> {
  const command = { do: 'read-channel', server: bench.server.info, name, channel: CHANNEL, posts, accounts: ACCOUNTS, perSecond: READS_PER_SECOND } as const;
  await bench.generator.run({ ...command, ms: 500 });
  return (await measure(bench, words, 'calls', { ...command, ms: options.seconds * 1000 })).row;
}

/** A page of the history before and after many people have reacted to each of its messages. */
async function measureHistory(bench: ServerBench, pool: pg.Pool, options: BenchOptions): Promise<Row[]> {
  const posts = 2 ** 30;
  await removeReactions(pool);
  const without = await measureReading(bench, options, `getHistory: ${PAGE} messages without reactions`, { name: 'getNewest', posts });
  const reacted = Math.min(REACTED, options.channels.members - FIRST);
  await bench.generator.run({ do: 'give-alone', server: bench.server.info, channel: CHANNEL, kind: 'reactions', accounts: ACCOUNTS, perSecond: PER_SECOND, ms: 1000 });
  await repeatReactions(pool, reacted);
  const full = await measureReading(bench, options, `  the same with reactions of ${reacted.toLocaleString('en-US')} people to each`, { name: 'getNewest', posts });
  return [without, { ...full, ratios: [ratioTo(BOUNDS.reactedHistoryCpu, cpuOf(full), cpuOf(without))] }];
}

/** Thousands at once while others write to each other; then pages of who gave, beside pages of the history. */
async function measureRushes(bench: ServerBench, options: BenchOptions, online: number): Promise<Row[]> {
  const { info: server } = bench.server;
  const count = Math.min(AT_ONCE, online);
  const calm = await bench.generator.run({ do: 'send', ms: Math.max(2000, options.seconds * 1000), senders: 2, pace: { perSecond: 20 } });
  const before = quantiles(calm.deliveredMs!);
  const rows: Row[] = [{ name: 'private messages, 20/s, delivered', ...before }];
  for (const kind of KINDS) {
    const outcome = await bench.generator.run({ do: 'rush', server, channel: CHANNEL, kind, count, more: online - count });
    const { beside = [], pushes = [], id = [] } = outcome.byName!;
    const during = quantiles(beside);
    rows.push(
      {
        name: `${count.toLocaleString('en-US')} ${kind} at once, ${online.toLocaleString('en-US')} online`,
        figures: { 's until all are counted': outcome.elapsedMs / 1000, 'pushes a session': pushes[0]! },
        ratios: [ratioTo(BOUNDS.rushCounted, outcome.elapsedMs, 1000)],
      },
      { name: `  private messages beside these ${kind}`, ...during, ratios: [ratioTo(BOUNDS.rushBesideP99, during.p99Ms, before.p99Ms)] },
    );
    const history = await measureReading(bench, options, `getHistory: ${PAGE} messages after the ${kind}`, { name: 'getNewest', posts: id[0]! });
    const [name, method] = LISTS[kind];
    const list = await measureReading(bench, options, `${method}: 50 of ${online.toLocaleString('en-US')}`, { name, posts: id[0]! });
    rows.push(history, { ...list, ratios: [ratioTo(BOUNDS.giversP99, list.p99Ms!, history.p99Ms!)] });
  }
  return rows;
}

/** Earlier runs on the same database have left some. */
async function removeReactions(pool: pg.Pool): Promise<void> {
  await pool.query('DELETE FROM given_reactions');
  await pool.query('DELETE FROM reaction_totals');
}

/** Gives the reactions to the newest message to all messages of a page, of more people: through the methods this would take minutes. */
async function repeatReactions(pool: pg.Pool, count: number): Promise<void> {
  const newest = '(SELECT peer_id, post_id FROM reaction_totals ORDER BY post_id DESC LIMIT 1)';
  const page = `(SELECT m.msg_id FROM channel_messages m, ${newest} AS n WHERE m.channel_id = -1000000000000 - n.peer_id AND m.msg_id < n.post_id ORDER BY m.msg_id DESC LIMIT ${PAGE - 1})`;
  // Rows of people who do not exist: who reads a page sees the totals and the three newest.
  await pool.query(`
    INSERT INTO given_reactions
    SELECT (jsonb_populate_record(r, jsonb_build_object('user_id', r.user_id + 1000000 + i, 'place', 1000 + i))).*
      FROM (SELECT r.* FROM given_reactions r, ${newest} AS n WHERE r.peer_id = n.peer_id AND r.post_id = n.post_id LIMIT 1) AS one
      JOIN given_reactions r USING (peer_id, post_id, user_id, emoticon), generate_series(1, $1::integer) AS i`, [count]);
  for (const [table, changes] of [['given_reactions', ''], ['reaction_totals', `, 'counts', to_jsonb(ARRAY[${count}, ${count}])`]] as const) {
    await pool.query(`
      INSERT INTO ${table}
      SELECT (jsonb_populate_record(r, jsonb_build_object('post_id', page.msg_id${changes}))).*
        FROM ${table} r, ${newest} AS n, ${page} AS page WHERE r.peer_id = n.peer_id AND r.post_id = n.post_id`);
  }
  await pool.query('ANALYZE given_reactions, reaction_totals');
}
