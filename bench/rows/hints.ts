import { type NodeProcesses, readMetrics, sumOfMetric } from '@aerogram/dev-env/load';
import { BOUNDS } from '../bounds.ts';
import type { Command } from '../load/generator.ts';
import type { GeneratorProcess } from '../load/generator-process.ts';
import type { Row } from '../row.ts';

/** Few enough that each post is pushed to everybody before the next one. */
const POSTS_PER_SECOND = 10;
const SENDS_PER_SECOND = 100;

/** Hints given to NATS (out), and read from it for listeners (in), by all nodes so far. */
type Hints = Record<'out' | 'in', number>;

/**
 * Counts what nodes tell each other of private messages between accounts that are served anywhere, and of posts in a channel that all of them are in.
 * @param load milliseconds of each, and half the number of accounts that have signed up
 */
export async function countHints({ nodes }: NodeProcesses, generator: GeneratorProcess, { ms, senders }: { ms: number; senders: number }): Promise<Row[]> {
  const read = async (): Promise<Hints> => {
    const pages = await Promise.all(nodes.map(({ info }) => readMetrics(info)));
    const sum = (direction: string): number => pages.reduce((all, page) => all + sumOfMetric(page, `aerogram_nats_hints_total{direction="${direction}"`), 0);
    return { out: sum('out'), in: sum('in') };
  };
  const count = async (command: Command): Promise<Hints> => {
    const before = await read();
    const { operations } = await generator.run(command);
    const after = await read();
    return { out: (after.out - before.out) / operations, in: (after.in - before.in) / operations };
  };
  const post: Command = { do: 'post', ms, pace: { perSecond: POSTS_PER_SECOND }, kind: 'broadcast', online: true };
  // The channel is made, and everybody is told of it.
  await generator.run(post);
  const posts = await count(post);
  const sends = await count({ do: 'send', ms, senders, pace: { perSecond: SENDS_PER_SECOND } });
  return [
    { name: `hints of a private message, ${SENDS_PER_SECOND}/s`, figures: { 'on NATS': sends.out, 'at other nodes': sends.in }, ratios: [{ ...BOUNDS.hintsOfSend, value: sends.out }] },
    {
      name: `hints of a post, subscribers online at ${nodes.length} nodes`,
      figures: { 'on NATS': posts.out, 'at other nodes': posts.in },
      // The node of the author needs none.
      ratios: [{ ...BOUNDS.hintsOfPost, value: posts.in / (nodes.length - 1) }],
    },
  ];
}
