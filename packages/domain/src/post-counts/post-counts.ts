import { createHash } from 'node:crypto';

import { markPeer } from '@aerogram/cluster';
import { defineRecurringJob, type JobKind } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { publishChannelTransient } from '../events/index.ts';
import { type DomainDeps, LoadingCache, WriteBehindBuffer } from '../shared/index.ts';
import { addPostCounts, type CountedPost, type Counts, findPostCounts, type PostPlace } from './post-count-store.ts';
import { SeenKeys } from './seen-keys.ts';
import { deleteSeenPosts, insertSeenPosts, listSeenPosts } from './seen-post-store.ts';

/** How long views are collected before they are written, in milliseconds (rule S14, view counters). */
const WRITE_MS = 1000;
/** Maximum number of posts whose views are collected; beyond it, views of further posts are not counted. */
const COLLECTED_MAX = 10_000;
/** Maximum number of posts whose counts are cached. */
const CACHED_MAX = 20_000;
/** How long the counts of other processes may stay unknown, in seconds. */
const FRESH_S = 5;
/** A user who sees a post again within this time is not counted again, in seconds. */
const SEEN_S = 12 * 3600;
/** How many sightings of posts one process remembers. */
const SEEN_MAX = 200_000;
/** How long it is stored who has seen a post: as long as it is remembered at most, in seconds. */
const STORED_S = 2 * SEEN_S;
/** How often stored sightings are deleted, in milliseconds. */
const FORGET_EVERY_MS = 3_600_000;
/** Devices that are online are told of a count each time it has grown by this factor. */
const STEP = 1.2;

/**
 * How often posts of broadcast channels were seen and forwarded. The counts are approximate: they are collected in memory and written together
 * once a second, with who was counted, so a crash loses what was collected since.
 */
export interface PostCounts extends AsyncDisposable {
  /** Counts that a user sees posts of others; once per user and post within about a day. */
  noteViews(userId: bigint, posts: readonly PostPlace[]): Promise<void>;
  /** Counts that a user forwards a post; once per random id. */
  noteForward(userId: bigint, randomId: bigint, post: PostPlace): void;
  /** Returns the counts of posts, in the same order. */
  find(posts: readonly PostPlace[]): Promise<Counts[]>;
  /** Puts the present counts into those messages that show any. Synchronous if there are none. */
  fill(messages: readonly tl.Message[]): void | Promise<void>;
  /** As {@link PostCounts.fill}, for the messages in updates. */
  fillUpdates(updates: readonly tl.Update[]): void | Promise<void>;
  /** Writes what was collected. Called by the timer and by tests. */
  flush(): Promise<void>;
  readonly jobKind: JobKind;
}

/** Creates the counters, which know who was counted before the server was started. Disposing writes what was collected. */
export async function createPostCounts({ db, bus, clock, log, random }: Pick<DomainDeps, 'db' | 'bus' | 'clock' | 'log' | 'random'>): Promise<PostCounts> {
  const cache = new LoadingCache<string, Counts & { date: number; posterId: bigint | undefined }>({
    maxEntries: CACHED_MAX,
    async load(keys) {
      const date = clock.now();
      const found = new Map(keys.map((key) => [key, { views: 1, forwards: 0, posterId: undefined as bigint | undefined, date }]));
      for (const { views, forwards, posterId, ...post } of await findPostCounts(db, keys.map(placeOf))) found.set(keyOf(post), { views, forwards, posterId, date });
      return found;
    },
  });
  const seen = new SeenKeys<bigint>(SEEN_MAX, SEEN_S);
  for (const { date, keys } of await listSeenPosts(db, clock.now() - STORED_S, SEEN_MAX)) for (const key of keys) seen.add(key, date);
  /** What was seen since the last write. */
  let unwritten: bigint[] = [];
  const isNew = (name: string): boolean => {
    const key = createHash('sha256').update(name).digest().readBigInt64LE();
    if (!seen.add(key, clock.now())) return false;
    unwritten.push(key);
    return true;
  };
  const collected = new WriteBehindBuffer<string, CountedPost>({ clock, log }, {
    what: 'views of posts',
    delayMs: WRITE_MS,
    max: COLLECTED_MAX,
    async write(batch) {
      const newlySeen = { date: clock.now(), batch: random.int63(), keys: unwritten };
      unwritten = [];
      const [written] = await db.transact('count-views', (tx) => Promise.all([addPostCounts(tx, [...batch.values()]), insertSeenPosts(tx, newlySeen)]));
      for (const post of written) {
        cache.invalidate(keyOf(post));
        tellSteps(batch.get(keyOf(post))!, post);
      }
    },
  });

  const collect = (post: PostPlace, more: Counts): void => {
    const key = keyOf(post);
    const { views, forwards } = collected.get(key) ?? { views: 0, forwards: 0 };
    collected.set(key, { channelId: post.channelId, msgId: post.msgId, views: views + more.views, forwards: forwards + more.forwards });
  };

  const tellSteps = (added: Counts, { channelId: channel_id, msgId: id, views, forwards }: CountedPost): void => {
    const peerId = markPeer({ _: 'peerChannel', channel_id });
    if (stepOf(views - added.views) !== stepOf(views)) publishChannelTransient(bus, peerId, { _: 'updateChannelMessageViews', channel_id, id, views });
    if (stepOf(forwards - added.forwards) !== stepOf(forwards)) publishChannelTransient(bus, peerId, { _: 'updateChannelMessageForwards', channel_id, id, forwards });
  };

  const find: PostCounts['find'] = async (posts) => {
    const keys = posts.map(keyOf);
    const freshFrom = clock.now() - FRESH_S;
    for (const key of keys) if ((cache.peek(key)?.date ?? freshFrom) < freshFrom) cache.invalidate(key);
    const found = await cache.getMany(keys);
    return keys.map((key) => {
      const [known, more] = [found.get(key), collected.get(key)];
      return { views: (known?.views ?? 1) + (more?.views ?? 0), forwards: (known?.forwards ?? 0) + (more?.forwards ?? 0) };
    });
  };

  const fill: PostCounts['fill'] = (messages) => {
    const counted = messages.filter(isCountable).flatMap((message) => {
      const post = countedPostOf(message);
      return post === undefined ? [] : [{ message, post }];
    });
    if (counted.length === 0) return;
    return find(counted.map(({ post }) => post)).then((counts) => {
      for (const [index, { message }] of counted.entries()) Object.assign(message, counts[index]);
    });
  };

  return {
    async noteViews(userId, posts) {
      const known = await cache.getMany(posts.map(keyOf));
      for (const post of posts) {
        // A post begins with one view, which is the author's.
        if (known.get(keyOf(post))?.posterId === userId) continue;
        if (isNew(`${userId}:${keyOf(post)}`)) collect(post, { views: 1, forwards: 0 });
      }
    },
    noteForward(userId, randomId, post) {
      if (isNew(`${userId}:${keyOf(post)}:${randomId}`)) collect(post, { views: 0, forwards: 1 });
    },
    find,
    fill,
    fillUpdates: (updates) => fill(updates.flatMap((update) => ('message' in update && isCountable(update.message) ? [update.message] : []))),
    flush: () => collected.flush(),
    jobKind: defineRecurringJob({ kind: 'forget-seen-posts', everyMs: FORGET_EVERY_MS, run: () => deleteSeenPosts(db, clock.now() - STORED_S) }),
    [Symbol.asyncDispose]: () => collected.flush(),
  };
}

/**
 * The post whose counts a message shows: the original one for a forward of a post, and otherwise the message itself if it is a post. Pure.
 * @returns undefined if the message shows no counts
 */
export function countedPostOf(message: tl.Message): PostPlace | undefined {
  if (message._ !== 'message') return undefined;
  const { fwd_from: forward, post, peer_id: peer, id } = message;
  const own = post === true && peer._ === 'peerChannel' ? { channelId: peer.channel_id, msgId: id } : undefined;
  return forwardedPostOf(forward) ?? own;
}

/** The post of a broadcast channel that a forward shows; undefined for other forwards. Pure. */
export function forwardedPostOf(forward: tl.MessageFwdHeader | undefined): PostPlace | undefined {
  if (forward?.channel_post === undefined || forward.from_id?._ !== 'peerChannel') return undefined;
  return { channelId: forward.from_id.channel_id, msgId: forward.channel_post };
}

function isCountable(message: string | { _: string }): message is tl.message {
  return typeof message === 'object' && message._ === 'message' && (message as tl.message).views !== undefined;
}

const keyOf = ({ channelId, msgId }: PostPlace): string => `${channelId}:${msgId}`;

function placeOf(key: string): PostPlace {
  const at = key.indexOf(':');
  return { channelId: BigInt(key.slice(0, at)), msgId: Number(key.slice(at + 1)) };
}

const stepOf = (count: number): number => (count <= 0 ? -1 : Math.floor(Math.log(count) / Math.log(STEP)));
