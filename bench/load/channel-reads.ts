import type { ServerInfo } from '@aerogram/dev-env/load';
import type { RawClient } from '@aerogram/mtproto/client';
import { systemRandom } from '@aerogram/runtime';
import { encode, type tl } from '@aerogram/tl';
import { findChannel } from './channel-fan-out.ts';
import { runPaced } from './deliveries.ts';
import type { Outcome } from './outcome.ts';
import { call, connectSeeded, timeCall } from './seeded-client.ts';

/** Names of the reads of channels. */
export type ChannelReadName = keyof typeof READS;

interface Place {
  peer: tl.inputPeerChannel;
  channel: tl.inputChannel;
  /** Id of the newest message of the channel, or of the one that is asked about. */
  posts: number;
  /** Number of the request. It makes each request different, because the server charges more and more for repeated ones. */
  n: number;
}

const READS = {
  getHistory: ({ peer, posts, n }: Place): tl.messages.getHistory => ({
    _: 'messages.getHistory', peer, offset_id: posts - (n % Math.max(1, posts - 50)), offset_date: 0, add_offset: 0, limit: 50, max_id: 0, min_id: 0, hash: 0n,
  }),
  getNewest: ({ peer, posts, n }: Place): tl.messages.getHistory => ({
    _: 'messages.getHistory', peer, offset_id: posts + 1 + n, offset_date: 0, add_offset: 0, limit: 100, max_id: 0, min_id: 0, hash: 0n,
  }),
  getReactors: ({ peer, posts, n }: Place): tl.messages.getMessageReactionsList => ({ _: 'messages.getMessageReactionsList', peer, id: posts, limit: 50 + (n % 50) }),
  getVotes: ({ peer, posts, n }: Place): tl.messages.getPollVotes => ({ _: 'messages.getPollVotes', peer, id: posts, limit: 1 + (n % 50) }),
  getParticipants: ({ channel, n }: Place): tl.channels.getParticipants => ({
    _: 'channels.getParticipants', channel, filter: { _: 'channelParticipantsRecent' }, offset: n % 200, limit: 50, hash: 0n,
  }),
  getFullChannel: ({ channel }: Place): tl.channels.getFullChannel => ({ _: 'channels.getFullChannel', channel }),
  getChannelDifference: ({ channel, posts, n }: Place): tl.updates.getChannelDifference => ({
    _: 'updates.getChannelDifference', channel, filter: { _: 'channelMessagesFilterEmpty' }, pts: Math.max(1, posts + 1 - 100 - (n % 100)), limit: 100,
  }),
  getDialogs: ({ n }: Place): tl.messages.getDialogs => ({
    _: 'messages.getDialogs', offset_date: 0, offset_id: 0, offset_peer: { _: 'inputPeerEmpty' }, limit: 100, hash: BigInt(1 + n),
  }),
  searchPosts: ({ n }: Place): tl.channels.searchPosts => ({
    _: 'channels.searchPosts', hashtag: tagOf(n), offset_rate: 0, offset_peer: { _: 'inputPeerEmpty' }, offset_id: 0, limit: 50 + (n % 50),
  }),
} as const;

/** Number of posts with a hashtag, and number of different hashtags. */
const TAGGED = 700;
const TAGS = 7;
/** How long to wait until the search index contains the last post. */
const INDEX_PATIENCE_MS = 60_000;

const tagOf = (n: number): string => `bench${n % TAGS}`;

/** Posts {@link TAGGED} messages with hashtags to a public channel as its creator, and waits until a search finds the last one. */
export async function postTagged(server: ServerInfo, channel: string): Promise<Outcome> {
  await using creator = await connectSeeded(server, 0);
  const peer = await findChannel(creator, channel);
  const started = performance.now();
  for (let n = 0; n < TAGGED; n++) {
    await call<'messages.sendMessage'>(creator, { _: 'messages.sendMessage', peer, message: `#${tagOf(n)} and some words of an ordinary message`, random_id: systemRandom.int63() });
  }
  const last = `#bench_last${systemRandom.uint31()}`;
  await call<'messages.sendMessage'>(creator, { _: 'messages.sendMessage', peer, message: last, random_id: systemRandom.int63() });
  for (let limit = 1; ; limit = 1 + (limit % 100)) {
    const found = await call<'channels.searchPosts'>(creator, { _: 'channels.searchPosts', hashtag: last, offset_rate: 0, offset_peer: { _: 'inputPeerEmpty' }, offset_id: 0, limit });
    if ('messages' in found && found.messages.length > 0) break;
    if (performance.now() - started > INDEX_PATIENCE_MS) throw new Error('the index does not know the posts');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return { operations: TAGGED, elapsedMs: performance.now() - started, ackMs: [] };
}

/** Who reads what, and how fast. */
export interface ChannelReading {
  server: ServerInfo;
  name: ChannelReadName;
  channel: string;
  posts: number;
  /** Numbers of the accounts. */
  accounts: readonly number[];
  ms: number;
  perSecond: number;
}

/** Lets members of a channel read it. */
export async function readChannel({ server, name, channel, posts, accounts, ms, perSecond }: ChannelReading): Promise<Outcome> {
  const clients: RawClient[] = await Promise.all(accounts.map((account) => connectSeeded(server, account)));
  try {
    // Each account has its own access hash of the channel.
    const peers = name === 'getDialogs' || name === 'searchPosts' ? [] : await Promise.all(clients.map((client) => findChannel(client, channel)));
    const ackMs: number[] = [];
    const started = performance.now();
    await runPaced(started + ms, perSecond, async (n) => {
      const peer = peers[n % clients.length] ?? { _: 'inputPeerChannel', channel_id: 0n, access_hash: 0n };
      const place: Place = { peer, channel: { _: 'inputChannel', channel_id: peer.channel_id, access_hash: peer.access_hash }, posts, n };
      ackMs.push(await timeCall(clients[n % clients.length]!, encode(READS[name](place))));
    });
    return { operations: ackMs.length, elapsedMs: performance.now() - started, ackMs };
  } finally {
    await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
  }
}
