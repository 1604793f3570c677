import pg from 'pg';
import { BOUNDS, ratioTo } from '../bounds.ts';
import { measure, type BenchOptions } from '../measure.ts';
import { cpuOf, median, type Row } from '../row.ts';
import { seededChannels, type ServerBench, withCountedStatements } from '../server-bench.ts';

/** Pairs of runs, one after the other: a post to the small channel and to the large one cost the same, so small differences count. */
const PAIRS = 21;
/** Below what one account may send for long, and few enough that each is answered before the next one. */
const PACE = { perSecond: 400 } as const;

/** What the statements of one post cost the database. */
interface Written {
  rows: number;
  buffers: number;
  walBytes: number;
}

async function readWritten(pool: pg.Pool, posts: number): Promise<Written> {
  // Statements of jobs are left out, and full-page images, which depend on the checkpoints.
  const { rows } = await pool.query<{ rows: number; buffers: number; wal: number }>(`
    SELECT sum(rows)::float8 AS rows, sum(shared_blks_hit + shared_blks_read)::float8 AS buffers, sum(wal_bytes - wal_fpi * 8192)::float8 AS wal
      FROM pg_stat_statements WHERE calls >= $1::int / 2 AND query ~ 'channel_messages|channel_heads|channel_members|send_keys|counters'`, [posts]);
  const { rows: all = 0, buffers = 0, wal = 0 } = rows[0] ?? {};
  return { rows: all / posts, buffers: buffers / posts, walBytes: wal / posts };
}

/** Posts to the largest channel of the seeded database beside posts to one of ten members, with nobody online. */
export async function benchChannelSize(options: BenchOptions): Promise<Row[]> {
  const { dataDir } = await seededChannels(options);
  // Enough posts that statements of jobs, which run now and then, are told from those of posts.
  const ms = Math.max(1000, (options.seconds * 1000) / 5);
  const pairs = options.seconds < 1 ? 3 : PAIRS;
  return withCountedStatements(dataDir, options, async (bench, url) => {
    const pool = new pg.Pool({ connectionString: url, max: 1 });
    try {
      await pool.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
      await bench.generator.run({ do: 'sign-up', server: bench.server.info, accounts: 2 });
      const send = { do: 'send', senders: 1, pace: PACE, ms } as const;
      await bench.generator.run(send);
      const runs: { sends: Row; few: [Row, Written]; many: [Row, Written] }[] = [];
      for (let n = 0; n < pairs; n++) {
        const { row: sends } = await measure(bench, '', '', send);
        const few = await measurePosts(bench, pool, 'channel_few', ms);
        runs.push({ sends, few, many: await measurePosts(bench, pool, 'channel_audience', ms) });
      }
      return rowsOf(runs, options.channels.members);
    } finally {
      await pool.end();
    }
  });
}

async function measurePosts(bench: ServerBench, pool: pg.Pool, channel: string, ms: number): Promise<[Row, Written]> {
  const command = { do: 'post-alone', server: bench.server.info, channel, pace: PACE } as const;
  await bench.generator.run({ ...command, ms: 50 });
  await pool.query('SELECT pg_stat_statements_reset()');
  const { row, outcome } = await measure(bench, '', 'posts', { ...command, ms });
  return [row, await readWritten(pool, outcome.operations)];
}

function rowsOf(runs: readonly { sends: Row; few: [Row, Written]; many: [Row, Written] }[], members: number): Row[] {
  const of = <T>(pick: (run: (typeof runs)[number]) => T, value: (one: T) => number): number => median(runs.map((run) => value(pick(run))));
  const rowOf = (name: string, pick: (run: (typeof runs)[number]) => [Row, Written]): Row => ({
    name,
    unit: 'posts',
    rate: of(pick, ([row]) => row.rate!),
    p50Ms: of(pick, ([row]) => row.p50Ms!),
    p99Ms: of(pick, ([row]) => row.p99Ms!),
    cpuUs: { server: of(pick, ([row]) => row.cpuUs!.server!), postgres: of(pick, ([row]) => row.cpuUs!.postgres!) },
    figures: { rows: of(pick, ([, { rows }]) => rows), buffers: of(pick, ([, { buffers }]) => buffers), 'bytes of log': of(pick, ([, { walBytes }]) => walBytes) },
  });
  const few = rowOf('1 → channel of 10, none online: post → ack', (run) => run.few);
  const many = rowOf(`1 → channel of ${members.toLocaleString('en-US')}, none online: post → ack`, (run) => run.many);
  const ratio = (value: (one: [Row, Written]) => number): number => median(runs.map((run) => value(run.many) / value(run.few)));
  many.ratios = [
    ratioTo(BOUNDS.sizeCpu, ratio(([row]) => cpuOf(row)), 1),
    ratioTo(BOUNDS.sizeP99, ratio(([row]) => row.p99Ms!), 1),
    ratioTo(BOUNDS.sizePrivate, median(runs.map((run) => cpuOf(run.many[0]) / cpuOf(run.sends))), 1),
    ratioTo(BOUNDS.sizeBuffers, Math.max(0, many.figures!['buffers']! - few.figures!['buffers']!), 1),
    ratioTo(BOUNDS.sizeWal, ratio(([, { walBytes }]) => walBytes), 1),
  ];
  return [few, many];
}
