import pg from 'pg';
import { type Bound, BOUNDS, ratioTo } from '../bounds.ts';
import type { ForumReading } from '../load/forum-load.ts';
import { measure, type BenchOptions } from '../measure.ts';
import type { Row } from '../row.ts';
import { seededChannels, type ServerBench, withCountedStatements } from '../server-bench.ts';

/** Calls per second of all clients. */
const PER_SECOND = 40;
const CLIENTS = 16;
/** Topics of the first forum. */
const TOPICS = 1000;
/** Messages of a large topic and of a small one. */
const MANY = 100_000;
const FEW = 10;
const GENERAL_ID = 1;

/** A forum with one large topic and a small one. */
interface MadeForum {
  channelId: bigint;
  /** The topic besides General. */
  topicId: number;
  newestId: number;
}

/** Finds the forum that was made last. */
async function findForum(pool: pg.Pool): Promise<MadeForum> {
  const { rows } = await pool.query<{ channel_id: string; topic_id: number; newest: number }>(`
    SELECT f.channel_id, f.topic_id, (SELECT max(msg_id) FROM channel_messages m WHERE m.channel_id = f.channel_id) AS newest
      FROM forum_topics f WHERE f.topic_id <> ${GENERAL_ID} ORDER BY f.channel_id DESC LIMIT 1`);
  const [row] = rows;
  if (row === undefined) throw new Error('no forum was made');
  return { channelId: BigInt(row.channel_id), topicId: row.topic_id, newestId: row.newest };
}

/** Repeats the newest message of a topic: through the methods this would take minutes. */
async function fillTopic(pool: pg.Pool, channelId: bigint, topicId: number, count: number): Promise<void> {
  const values = [channelId, topicId, count];
  await pool.query(`
    WITH last AS (SELECT max(msg_id) AS msg_id, max(pts) AS pts, max(ordinal) AS ordinal FROM channel_messages WHERE channel_id = $1)
    INSERT INTO channel_messages
    SELECT (jsonb_populate_record(newest, jsonb_build_object(
             'msg_id', last.msg_id + n, 'pts', last.pts + n, 'ordinal', last.ordinal + n, 'top_ordinal', newest.top_ordinal + n))).*
      FROM channel_messages newest, last, generate_series(1, $3::integer) AS n
     WHERE newest.channel_id = $1 AND newest.msg_id = (SELECT max(msg_id) FROM channel_messages WHERE channel_id = $1 AND top_id = $2)`, values);
  await pool.query(`
    UPDATE channel_threads t SET count = t.count + $3::integer, ordinal = t.ordinal + $3::integer, top_msg_id = (SELECT max(msg_id) FROM channel_messages WHERE channel_id = $1)
     WHERE channel_id = $1 AND top_id = $2`, values);
  await pool.query(`
    UPDATE channel_heads h SET ordinal = h.ordinal + $2::integer, top_msg_id = (SELECT max(msg_id) FROM channel_messages WHERE channel_id = $1) WHERE channel_id = $1`, [channelId, count]);
}

/** Repeats a topic and its first message. */
async function addTopics(pool: pg.Pool, { channelId, topicId }: MadeForum, count: number): Promise<void> {
  const values = [channelId, topicId, count];
  const last = '(SELECT max(msg_id) AS msg_id, max(pts) AS pts, max(ordinal) AS ordinal FROM channel_messages WHERE channel_id = $1)';
  const copy = (table: string, idColumn: string, changes: string): string => `
    INSERT INTO ${table} SELECT (jsonb_populate_record(t, jsonb_build_object(${changes}))).*
      FROM ${table} t, ${last} AS last, generate_series(1, $3::integer) AS n WHERE t.channel_id = $1 AND t.${idColumn} = $2`;
  await pool.query(copy('forum_topics', 'topic_id', "'topic_id', last.msg_id + n, 'title', 'Topic ' || n"), values);
  await pool.query(copy('channel_threads', 'top_id', "'top_id', last.msg_id + n, 'top_msg_id', last.msg_id + n"), values);
  await pool.query(copy('channel_messages', 'msg_id', "'msg_id', last.msg_id + n, 'top_id', last.msg_id + n, 'pts', last.pts + n, 'ordinal', last.ordinal + n"), values);
}

/** As autovacuum does after so many rows. */
async function analyze(pool: pg.Pool): Promise<void> {
  await pool.query('ANALYZE channel_messages, channel_threads, forum_topics');
}

/** The reads of a forum with many topics, beside a page of its history; and a large topic beside a small one. */
export async function benchTopics(options: BenchOptions): Promise<Row[]> {
  const { dataDir } = await seededChannels(options);
  return withCountedStatements(dataDir, options, async (bench, url) => {
    const pool = new pg.Pool({ connectionString: url, max: 1 });
    try {
      await bench.generator.run({ do: 'sign-up', server: bench.server.info, accounts: CLIENTS });
      return [...(await measureList(bench, pool, options)), ...(await measureSizes(bench, pool, options))];
    } finally {
      await pool.end();
    }
  });
}

async function measureReading(bench: ServerBench, options: BenchOptions, words: string, reading: Omit<ForumReading, 'ms' | 'perSecond'>): Promise<Row> {
  const command = { do: 'read-forum', ...reading, perSecond: PER_SECOND } as const;
  await bench.generator.run({ ...command, ms: 500 });
  return (await measure(bench, words, 'calls', { ...command, ms: options.seconds * 1000 })).row;
}

const withRatio = (bound: Bound, row: Row, base: Row): Row => ({ ...row, ratios: [ratioTo(bound, row.p99Ms!, base.p99Ms!)] });

async function measureList(bench: ServerBench, pool: pg.Pool, options: BenchOptions): Promise<Row[]> {
  await bench.generator.run({ do: 'make-forum', accounts: CLIENTS });
  await addTopics(pool, await findForum(pool), TOPICS - 2);
  await analyze(pool);
  const { topicId, newestId } = await findForum(pool);
  const of = (words: string, reading: Pick<ForumReading, 'name' | 'limit' | 'topicId'>): Promise<Row> => measureReading(bench, options, words, { forum: 0, newestId, ...reading });
  const history = await of(`getHistory: 50 messages of a forum of ${TOPICS} topics`, { name: 'getHistory', limit: 50 });
  return [
    history,
    withRatio(BOUNDS.topicListP99, await of('getForumTopics: 20 of its topics', { name: 'listTopics', limit: 20 }), history),
    withRatio(BOUNDS.topicListP99, await of('getForumTopics: 100 of its topics', { name: 'listTopics', limit: 100 }), history),
    withRatio(BOUNDS.topicReadP99, await of('getDiscussionMessage: one of its topics', { name: 'openTopic', topicId, limit: 1 }), history),
  ];
}

async function measureSizes(bench: ServerBench, pool: pg.Pool, options: BenchOptions): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [forum, role] of [[1, 'another topic'], [2, 'General']] as const) {
    await bench.generator.run({ do: 'make-forum', accounts: CLIENTS });
    const made = await findForum(pool);
    for (const topicId of [GENERAL_ID, made.topicId]) await bench.generator.run({ do: 'write-in-topic', forum, topicId });
    const [large, small] = role === 'General' ? [GENERAL_ID, made.topicId] : [made.topicId, GENERAL_ID];
    await fillTopic(pool, made.channelId, small, FEW - 1);
    await fillTopic(pool, made.channelId, large, MANY - 1);
    await analyze(pool);
    const { newestId } = await findForum(pool);
    const of = (words: string, topicId: number): Promise<Row> => measureReading(bench, options, words, { forum, name: 'getTopic', newestId, topicId, limit: FEW });
    const few = await of(`getReplies: ${FEW} messages of a small topic, ${role} being large`, small);
    const history = await measureReading(bench, options, `getHistory: ${FEW} messages of that forum`, { forum, name: 'getHistory', newestId, limit: FEW });
    const many = await of(`getReplies: ${FEW} messages of the large topic`, large);
    rows.push(history, withRatio(BOUNDS.topicReadP99, few, history), withRatio(BOUNDS.topicSizeP99, many, few));
  }
  return rows;
}
