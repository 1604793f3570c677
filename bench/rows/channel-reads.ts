import { type Bound, BOUNDS, ratioTo } from '../bounds.ts';
import type { ChannelReadName } from '../load/channel-reads.ts';
import { measure, type BenchOptions } from '../measure.ts';
import type { Row } from '../row.ts';
import { seededChannels, type ServerBench, withServer } from '../server-bench.ts';

/** Calls per second of all clients. */
const PER_SECOND = 40;
/** Chat lists per second of one account, which are served one after the other. */
const LISTS_PER_SECOND = 10;
const CLIENTS = 16;

interface Reading {
  words: string;
  name: ChannelReadName;
  accounts: readonly number[];
  perSecond?: number;
}

async function measureReading(bench: ServerBench, options: BenchOptions, { words, name, accounts, perSecond = PER_SECOND }: Reading): Promise<Row> {
  const command = { do: 'read-channel', server: bench.server.info, name, channel: 'channel_crowd', posts: options.channels.posts, accounts, perSecond } as const;
  await bench.generator.run({ ...command, ms: 500 });
  return (await measure(bench, words, 'calls', { ...command, ms: options.seconds * 1000 })).row;
}

const withRatio = (bound: Bound, row: Row, base: Row): Row => ({ ...row, ratios: [ratioTo(bound, row.p99Ms!, base.p99Ms!)] });

/** The most frequent reads of a large supergroup, beside a page of its history. */
export async function benchChannelReads(options: BenchOptions): Promise<Row[]> {
  const { dataDir } = await seededChannels(options);
  return withServer({ profileDir: options.profileDir, dataDir }, async (bench) => {
    const accounts = Array.from({ length: CLIENTS }, (_, n) => 20 + n);
    const history = await measureReading(bench, options, { words: 'getHistory: 50 messages of a supergroup', name: 'getHistory', accounts });
    const rows = [history];
    const others: [ChannelReadName, string][] = [
      ['getParticipants', 'getParticipants: 50 of its members'],
      ['getFullChannel', 'getFullChannel'],
      ['getChannelDifference', 'getChannelDifference: 100 events'],
      ['searchPosts', 'searchPosts: 50 to 99 posts with a hashtag'],
    ];
    await bench.generator.run({ do: 'post-tagged', server: bench.server.info, channel: 'channel_audience' });
    for (const [name, words] of others) rows.push(withRatio(BOUNDS.channelReadP99, await measureReading(bench, options, { words, name, accounts }), history));
    return rows;
  });
}

/** The chat list of somebody in up to 500 channels, with few and with many unread messages in each, beside one of private chats. */
export async function benchManyChannels(options: BenchOptions): Promise<Row[]> {
  const { dataDir } = await seededChannels(options);
  const { count, posts } = options.channels;
  const many = Math.min(500, count);
  return withServer({ profileDir: options.profileDir, dataDir }, async (bench) => {
    const list = (account: number, words: string): Promise<Row> => measureReading(bench, options, { words, name: 'getDialogs', accounts: [account], perSecond: LISTS_PER_SECOND });
    const few = await list(0, 'getDialogs: 100 of 200 private chats');
    const some = await list(1, `getDialogs: 100 of somebody in ${many} channels, ${Math.min(10, posts)} unread in each`);
    const all = await list(2, `  the same with ${posts.toLocaleString('en-US')} unread in each`);
    return [few, withRatio(BOUNDS.manyDialogsP99, some, few), withRatio(BOUNDS.unreadP99, all, some)];
  });
}
