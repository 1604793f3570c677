import { BOUNDS, ratioTo } from '../bounds.ts';
import { measure, type BenchOptions } from '../measure.ts';
import { cpuOf, median, type Row } from '../row.ts';
import { seededChannels, withServer } from '../server-bench.ts';

/** Pairs of runs, one after the other. */
const PAIRS = 5;
/** Few enough that each post and its copy are done before the next one. */
const PACE = { perSecond: 50 } as const;
const CHANNEL = 'channel_audience';

/** Posts of a large channel without and with a discussion group, and comments beside messages of the group. */
export async function benchComments(options: BenchOptions): Promise<Row[]> {
  const { dataDir } = await seededChannels(options);
  const ms = Math.max(1000, (options.seconds * 1000) / 2);
  const pairs = options.seconds < 1 ? 1 : PAIRS;
  return withServer({ profileDir: options.profileDir, dataDir }, async (bench) => {
    const { server } = bench;
    const post = (): Promise<Row> => measure(bench, '', 'posts', { do: 'post-alone', server: server.info, channel: CHANNEL, pace: PACE, ms }).then(({ row }) => row);
    const write = (place: 'post' | 'group'): Promise<Row> =>
      measure(bench, '', 'sends', { do: 'write-in-group', server: server.info, channel: CHANNEL, place, pace: PACE, ms }).then(({ row }) => row);
    await post();
    const without: Row[] = [];
    for (let n = 0; n < pairs; n++) without.push(await post());
    await bench.generator.run({ do: 'link-group', server: server.info, channel: CHANNEL });
    await post();
    const copied: Row[] = [];
    for (let n = 0; n < pairs; n++) copied.push(await post());
    const opened = (await measure(bench, 'a post until it can be commented on, one at a time', 'posts', { do: 'post-until-open', server: server.info, channel: CHANNEL, ms })).row;
    const written: { group: Row; post: Row }[] = [];
    for (let n = 0; n < pairs; n++) written.push({ group: await write('group'), post: await write('post') });
    const members = options.channels.members.toLocaleString('en-US');
    const rowOf = (name: string, rows: readonly Row[]): Row => ({ ...rows[0]!, name, p50Ms: median(rows.map((row) => row.p50Ms!)), p99Ms: median(rows.map((row) => row.p99Ms!)), cpuUs: { server: median(rows.map((row) => row.cpuUs!.server!)), postgres: median(rows.map((row) => row.cpuUs!.postgres ?? 0)) } });
    const alone = rowOf(`a post to ${members} subscribers, none online`, without);
    const withGroup = rowOf('  the same with a discussion group, its copy included', copied);
    const sent = rowOf('a message in the discussion group', written.map((one) => one.group));
    const comment = rowOf(`a comment below a post of a channel with ${members} subscribers`, written.map((one) => one.post));
    withGroup.ratios = [ratioTo(BOUNDS.copiedPostCpu, cpuOf(withGroup), cpuOf(alone))];
    opened.ratios = [ratioTo(BOUNDS.commentableP99, opened.p99Ms!, 1)];
    comment.ratios = [ratioTo(BOUNDS.commentCpu, cpuOf(comment), cpuOf(sent))];
    return [alone, withGroup, opened, sent, comment];
  });
}
