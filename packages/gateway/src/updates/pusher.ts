import { type BoxEvent, onChannelHint, onUserHint } from '@aerogram/domain';
import type { Bus } from '@aerogram/bus';
import { defineCounter, defineGauge } from '@aerogram/runtime';
import type { Clock, Logger, Metrics } from '@aerogram/runtime';

import type { tl } from '@aerogram/tl';

import type { BoxStep, LiveSession, UpdatePusher } from '../live-session.ts';
import { ChannelFeed, type ChannelFeedDeps } from './channel-feed.ts';
import { PushQueue } from './push-queue.ts';
import { FollowedChannels } from './followed-channels.ts';
import { PositionBook } from './position-book.ts';
import { sourceOfChannel, sourceOfUser } from './queue-sources.ts';
import type { ChannelSource, UpdateSource } from './update-source.ts';

/** How often the positions of all attached owners are compared with the database, in milliseconds, because hints may be lost (rule S3). */
const REPAIR_INTERVAL_MS = 2000;
/** Counters compared by one statement of a repair. */
const REPAIR_BATCH = 5000;
/** Owners repaired in parallel. */
const REPAIR_WIDTH = 16;

const pushesMetric = defineCounter({ name: 'aerogram_pushes_total', help: 'Updates handed to sessions.', labels: ['outcome'] });
const encodingsMetric = defineCounter({ name: 'aerogram_push_encodings_total', help: 'Encodings of pushed updates. Sessions that get the same bytes share one.' });
const classesMetric = defineCounter({ name: 'aerogram_push_classes_total', help: 'Classes of members who saw a push of a channel alike. Each takes one encoding per layer.' });
const holesMetric = defineCounter({ name: 'aerogram_push_holes_total', help: 'Times that a hint was missing and a box was read again.' });
const repairedMetric = defineCounter({ name: 'aerogram_push_repairs_total', help: 'Owners whose sessions lagged at a round of repair.' });
const ownersMetric = defineGauge({ name: 'aerogram_push_owners', help: 'Users with at least one session that receives updates here.' });

export interface PusherDeps {
  source: UpdateSource;
  channels: ChannelSource;
  bus: Bus;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
}

interface Entry<T> {
  queue: T;
  subscription: Disposable;
}

/** The pusher of a server. */
export interface ServerPusher extends UpdatePusher, AsyncDisposable {
  /** Sends an update that is stored nowhere to all users who are online in this process. */
  tellAll(update: tl.Update): void;
}

/**
 * Starts pushing updates to the sessions of this process. It takes hints from the bus, keeps the position of each session, and runs a repair
 * every 2 s and after each reconnect of the bus. Dispose to stop; it waits for pushes under way.
 */
export function createUpdatePusher(deps: PusherDeps): ServerPusher {
  const queues = new Map<bigint, Entry<PushQueue>>();
  /** By marked id of the channel. */
  const feeds = new Map<bigint, Entry<ChannelFeed>>();
  const book = new PositionBook();
  /** The owner under which a session was attached: its `userId` may change before it is detached. */
  const owners = new Map<LiveSession, bigint>();
  const pushes = deps.metrics.counter(pushesMetric);
  const encodings = deps.metrics.counter(encodingsMetric);
  const classes = deps.metrics.counter(classesMetric);
  const holes = deps.metrics.counter(holesMetric);
  const repaired = deps.metrics.counter(repairedMetric);
  const online = deps.metrics.gauge(ownersMetric);
  const queueDeps: Omit<ChannelFeedDeps, 'source'> = {
    clock: deps.clock,
    log: deps.log,
    onPush: (outcome) => pushes.inc({ outcome }),
    onHole: () => holes.inc(),
    onEncode: () => encodings.inc(),
    onClasses: (count) => classes.inc(count),
    onUnsettled: (owner) => book.unsettle(owner),
  };
  let repairing: Promise<void> | undefined;

  /** Users whose channels could not be read; the next round of repair tries again. */
  const unread = new Set<bigint>();

  const open = (userId: bigint): PushQueue => {
    const known = queues.get(userId);
    if (known) return known.queue;
    const queue = new PushQueue(userId, { ...queueDeps, source: sourceOfUser(deps.source, userId), onEvents: (events) => noteChannels(userId, events) });
    queues.set(userId, { queue, subscription: onUserHint(deps.bus, userId, (hint) => queue.accept(hint)) });
    book.add(userId);
    online.set(queues.size);
    return queue;
  };

  const openFeed = (peerId: bigint): ChannelFeed => {
    const known = feeds.get(peerId);
    if (known) return known.queue;
    const queue = new ChannelFeed(peerId, { ...queueDeps, source: sourceOfChannel(deps.channels, peerId) });
    feeds.set(peerId, { queue, subscription: onChannelHint(deps.bus, peerId, (hint) => queue.accept(hint)) });
    book.add(peerId);
    return queue;
  };

  const closeIfEmpty = (owner: bigint): void => {
    const all = owner > 0n ? queues : feeds;
    const entry = all.get(owner);
    if (entry === undefined || entry.queue.size > 0) return;
    entry.subscription[Symbol.dispose]();
    all.delete(owner);
    book.remove(owner);
    if (owner > 0n) online.set(queues.size);
  };

  const followed = new FollowedChannels(deps.channels, { openFeed, sessionsOf: (userId) => queues.get(userId)?.queue.sessions ?? [], closeIfEmpty });

  const refresh = (userId: bigint): Promise<void> => {
    unread.delete(userId);
    return followed.refresh(userId).catch((error: unknown) => {
      deps.log.warn({ err: error, owner: userId.toString() }, 'the channels of a user could not be read; the next repair tries again');
      if (queues.has(userId)) unread.add(userId);
    });
  };

  /** A user who joins or leaves a channel gets an `updateChannel`. */
  const noteChannels = (userId: bigint, events: readonly BoxEvent[]): void => {
    if (events.some((event) => event.kind === 'update' && event.update._ === 'updateChannel')) void refresh(userId);
  };

  const detach = (session: LiveSession): void => {
    const owner = owners.get(session);
    const entry = owner === undefined ? undefined : queues.get(owner);
    if (owner === undefined || entry === undefined) return;
    owners.delete(session);
    entry.queue.detach(session);
    followed.remove(owner, session, entry.queue.size === 0);
    closeIfEmpty(owner);
  };

  const repairRound = async (): Promise<void> => {
    await Promise.all([...unread].map(refresh));
    for (const known of book.pages(REPAIR_BATCH)) {
      const work = (await deps.source.listMoved(known)).entries();
      const repairNext = async (): Promise<void> => {
        for (const [owner, position] of work) {
          const round = (owner > 0n ? queues : feeds).get(owner)?.queue.repair(position);
          if (round === 'settled') book.settle(owner, position);
          if (!(round instanceof Promise)) continue;
          await round;
          repaired.inc();
        }
      };
      await Promise.all(Array.from({ length: REPAIR_WIDTH }, repairNext));
    }
  };

  const repairAll = (): Promise<void> => {
    repairing ??= repairRound().finally(() => {
      repairing = undefined;
    });
    return repairing;
  };

  const repairInBackground = (): void => {
    repairAll().catch((error: unknown) => {
      deps.log.warn({ err: error }, 'a round of repair failed');
    });
  };
  const timer = deps.clock.setInterval(repairInBackground, REPAIR_INTERVAL_MS);
  const reconnects = deps.bus.onReconnect(repairInBackground);

  return {
    async attach(session) {
      const { userId } = session;
      if (userId === undefined) return;
      if (owners.get(session) !== userId) detach(session);
      owners.set(session, userId);
      try {
        await open(userId).attach(session);
        await followed.refresh(userId);
      } catch (error) {
        detach(session);
        throw error;
      }
    },
    detach,
    answered(session, steps) {
      let wait: Promise<void> | undefined;
      for (const step of steps) {
        const next = answerStep(session, step);
        if (next !== undefined) wait = wait === undefined ? next : Promise.all([wait, next]).then(() => undefined);
      }
      return wait;
    },
    repairAll,
    tellAll(update) {
      for (const [owner, { queue }] of queues) queue.accept({ kind: 'transient', owner, update });
    },
    async [Symbol.asyncDispose]() {
      timer.cancel();
      reconnects[Symbol.dispose]();
      const all = [...queues.values(), ...feeds.values()];
      for (const { subscription } of all) subscription[Symbol.dispose]();
      await Promise.all([repairing, ...all.map(({ queue }) => queue.idle())]);
      queues.clear();
      feeds.clear();
      owners.clear();
    },
  };

  function answerStep(session: LiveSession, step: BoxStep): Promise<void> | undefined {
    const userId = owners.get(session);
    if (userId === undefined) return undefined;
    if (step.owner > 0n) return step.owner === userId ? queues.get(step.owner)?.queue.answered(session, step) : undefined;
    const feed = feeds.get(step.owner)?.queue;
    const follower = followed.find(session);
    if (follower !== undefined && feed?.has(follower) === true) return feed.answered(follower, step);
    // The user has just begun to follow the channel.
    return refresh(userId).then(() => {
      const added = followed.find(session);
      return added && feeds.get(step.owner)?.queue.answered(added, step);
    });
  }
}
