import { type BoxEvent, type BoxPosition, onChannelHint, onUserHint } from '@aerogram/domain';
import type { Bus } from '@aerogram/bus';
import { type Clock, type Counter, defineCounter, defineGauge, defineHistogram, type Gauge, type Logger, type Metrics, type TimerHandle, type Tracer } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import { type BoxStep, type LiveSession, onlyTells, type UpdatePusher } from '../live-session.ts';
import { ChannelFeed, type ChannelFeedDeps } from './channel-feed.ts';
import { PushLog } from './push-log.ts';
import { PushQueue } from './push-queue.ts';
import { PushTraces } from './push-traces.ts';
import { FollowedChannels } from './followed-channels.ts';
import { PositionBook } from './position-book.ts';
import { sourceOfChannel, sourceOfUser } from './queue-sources.ts';
import type { ChannelSource, UpdateSource } from './update-source.ts';

/** How often the positions of all attached owners are compared with the database, in milliseconds, because hints may be lost (rule S3, lossy hints). */
const REPAIR_INTERVAL_MS = 2000;
/** Counters compared by one statement of a repair. */
const REPAIR_BATCH = 5000;
/** Owners repaired in parallel. */
const REPAIR_WIDTH = 16;

const pushesMetric = defineCounter({ name: 'aerogram_pushes_total', help: 'Updates handed to sessions.', labels: ['outcome'] });
const deliveryMetric = defineHistogram({
  name: 'aerogram_message_delivery_seconds',
  help: 'Time from the commit of a message until its update was handed to a session, for each session; between nodes, with the difference of their clocks. Messages that a session has to fetch, or that a repair finds, are not in it.',
  buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
});
const encodingsMetric = defineCounter({ name: 'aerogram_push_encodings_total', help: 'Encodings of pushed updates. Sessions that get the same bytes share one.' });
const classesMetric = defineCounter({ name: 'aerogram_push_classes_total', help: 'Classes of members who saw a push of a channel alike. Each takes one encoding per layer.' });
const holesMetric = defineCounter({ name: 'aerogram_push_holes_total', help: 'Times that a hint was missing and a box was read again.' });
const repairedMetric = defineCounter({ name: 'aerogram_push_repairs_total', help: 'Owners whose sessions lagged at a round of repair.' });
const ownersMetric = defineGauge({ name: 'aerogram_push_owners', help: 'Users with at least one session that receives updates here.' });

export interface PusherDeps {
  source: UpdateSource;
  channels: ChannelSource;
  /** Says what a device is told when it connects, because it may have missed it and nothing logs it; absent: nothing. */
  calls?: { listShown(device: { userId: bigint; authKeyId: bigint }): Promise<tl.Update[]> } | undefined;
  bus: Bus;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  /** Continues traces of calls; absent: there are none. */
  tracer?: Tracer | undefined;
}

/** The queue of a user or the feed of a channel, with its subscription to the hints of that owner. */
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
  return new BusPusher(deps);
}

class BusPusher implements ServerPusher {
  readonly #deps: PusherDeps;
  readonly #queueDeps: Omit<ChannelFeedDeps, 'source'>;
  readonly #queues = new Map<bigint, Entry<PushQueue>>();
  /** By marked id of the channel. */
  readonly #feeds = new Map<bigint, Entry<ChannelFeed>>();
  readonly #followed: FollowedChannels;
  readonly #book = new PositionBook();
  /** The owner under which a session was attached: its `userId` may change before it is detached. */
  readonly #owners = new Map<LiveSession, bigint>();
  /** Users whose channels could not be read; the next round of repair tries again. */
  readonly #unread = new Set<bigint>();
  readonly #repaired: Counter<never>;
  readonly #online: Gauge<never>;
  readonly #timer: TimerHandle;
  readonly #reconnects: Disposable;
  #repairing: Promise<void> | undefined;

  constructor(deps: PusherDeps) {
    const { bus, channels, clock, log, metrics, tracer } = deps;
    this.#deps = deps;
    this.#repaired = metrics.counter(repairedMetric);
    this.#online = metrics.gauge(ownersMetric);
    this.#queueDeps = { clock, log, pushLog: PushLog.open(log), pushTraces: tracer && new PushTraces(tracer), ...countersOf(metrics, clock), onUnsettled: (owner) => this.#book.unsettle(owner) };
    this.#followed = new FollowedChannels(channels, {
      openFeed: (peerId) => this.#openFeed(peerId),
      sessionsOf: (userId) => this.#queues.get(userId)?.queue.sessions ?? [],
      closeIfEmpty: (owner) => this.#closeIfEmpty(owner),
    });
    this.#timer = clock.setInterval(() => this.#repairInBackground(), REPAIR_INTERVAL_MS);
    this.#reconnects = bus.onReconnect(() => this.#repairInBackground());
  }

  async attach(session: LiveSession): Promise<void> {
    const { userId } = session;
    if (userId === undefined) return;
    if (this.#owners.get(session) !== userId) this.detach(session);
    this.#owners.set(session, userId);
    try {
      await this.#openQueue(userId).attach(session);
      await this.#followed.refresh(userId);
      void this.#tellCalls(userId, session);
    } catch (error) {
      this.detach(session);
      throw error;
    }
  }

  detach(session: LiveSession): void {
    const owner = this.#owners.get(session);
    const entry = owner === undefined ? undefined : this.#queues.get(owner);
    if (owner === undefined || entry === undefined) return;
    this.#owners.delete(session);
    entry.queue.detach(session);
    this.#followed.remove(owner, session, entry.queue.size === 0);
    this.#closeIfEmpty(owner);
  }

  answered(session: LiveSession, steps: readonly BoxStep[]): Promise<void> | undefined {
    let wait: Promise<void> | undefined;
    for (const step of steps) {
      const next = this.#answerStep(session, step);
      if (next !== undefined) wait = wait === undefined ? next : Promise.all([wait, next]).then(() => undefined);
    }
    return wait;
  }

  repairAll(): Promise<void> {
    this.#repairing ??= this.#repairRound().finally(() => {
      this.#repairing = undefined;
    });
    return this.#repairing;
  }

  tellAll(update: tl.Update): void {
    for (const [owner, { queue }] of this.#queues) queue.accept({ kind: 'transient', owner, update });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer.cancel();
    this.#reconnects[Symbol.dispose]();
    const all = [...this.#queues.values(), ...this.#feeds.values()];
    for (const { subscription } of all) subscription[Symbol.dispose]();
    await Promise.all([this.#repairing, ...all.map(({ queue }) => queue.idle())]);
    this.#queues.clear();
    this.#feeds.clear();
    this.#owners.clear();
  }

  /** Tells a device of the calls that it may have missed. Never rejects: what cannot be read is not told. */
  async #tellCalls(userId: bigint, session: LiveSession): Promise<void> {
    const { calls, log } = this.#deps;
    try {
      for (const update of (await calls?.listShown({ userId, authKeyId: session.authKeyId })) ?? []) this.#queues.get(userId)?.queue.tell(session, update);
    } catch (error) {
      log.warn({ err: error }, 'a device could not be told of calls');
    }
  }

  #openQueue(userId: bigint): PushQueue {
    const known = this.#queues.get(userId);
    if (known) return known.queue;
    const source = sourceOfUser(this.#deps.source, userId);
    const queue = new PushQueue(userId, { ...this.#queueDeps, source, onEvents: (events) => this.#noteChannels(userId, events) });
    this.#queues.set(userId, { queue, subscription: onUserHint(this.#deps.bus, userId, (hint) => queue.accept(hint)) });
    this.#book.add(userId);
    this.#online.set(this.#queues.size);
    return queue;
  }

  #openFeed(peerId: bigint): ChannelFeed {
    const known = this.#feeds.get(peerId);
    if (known) return known.queue;
    const queue = new ChannelFeed(peerId, { ...this.#queueDeps, source: sourceOfChannel(this.#deps.channels, peerId) });
    this.#feeds.set(peerId, { queue, subscription: onChannelHint(this.#deps.bus, peerId, (hint) => queue.accept(hint)) });
    this.#book.add(peerId);
    return queue;
  }

  #closeIfEmpty(owner: bigint): void {
    const all = this.#kindOf(owner);
    const entry = all.get(owner);
    if (entry === undefined || entry.queue.size > 0) return;
    entry.subscription[Symbol.dispose]();
    all.delete(owner);
    this.#book.remove(owner);
    if (owner > 0n) this.#online.set(this.#queues.size);
  }

  /** The queues of users, or the feeds of channels, whose marked ids are negative. */
  #kindOf(owner: bigint): Map<bigint, Entry<PushQueue | ChannelFeed>> {
    return owner > 0n ? this.#queues : this.#feeds;
  }

  /** Reads again which channels a user follows. Never rejects. */
  #refresh(userId: bigint): Promise<void> {
    this.#unread.delete(userId);
    return this.#followed.refresh(userId).catch((error: unknown) => {
      this.#deps.log.warn({ err: error, owner: userId.toString() }, 'the channels of a user could not be read; the next repair tries again');
      if (this.#queues.has(userId)) this.#unread.add(userId);
    });
  }

  /** A user who joins or leaves a channel gets an `updateChannel`. */
  #noteChannels(userId: bigint, events: readonly BoxEvent[]): void {
    if (events.some((event) => event.kind === 'update' && event.update._ === 'updateChannel')) void this.#refresh(userId);
  }

  #answerStep(session: LiveSession, step: BoxStep): Promise<void> | undefined {
    const userId = this.#owners.get(session);
    if (userId === undefined) return undefined;
    if (step.owner > 0n) return step.owner === userId ? this.#queues.get(step.owner)?.queue.answered(session, step) : undefined;
    const feed = this.#feeds.get(step.owner)?.queue;
    const follower = this.#followed.find(session);
    if (follower !== undefined && feed?.has(follower) === true) return feed.answered(follower, step);
    if (onlyTells(step)) return undefined;
    // The user has just begun to follow the channel.
    return this.#refresh(userId).then(() => {
      const added = this.#followed.find(session);
      return added && this.#feeds.get(step.owner)?.queue.answered(added, step);
    });
  }

  async #repairRound(): Promise<void> {
    await Promise.all([...this.#unread].map((userId) => this.#refresh(userId)));
    for (const known of this.#book.pages(REPAIR_BATCH)) {
      const work = (await this.#deps.source.listMoved(known)).entries();
      // All of them take from one list.
      await Promise.all(Array.from({ length: REPAIR_WIDTH }, () => this.#repairEach(work)));
    }
    await this.#repairDevices();
  }

  /** Tells the feeds of devices where their logs are. */
  async #repairDevices(): Promise<void> {
    const known = [...this.#queues].flatMap(([owner, { queue }]) => queue.devices.flatMap(({ authKeyId, feed }) => (feed.sent === undefined ? [] : [{ owner, authKeyId, feed, seq: feed.sent }])));
    const feeds = new Map(known.map(({ authKeyId, feed }) => [authKeyId, feed]));
    for (let at = 0; at < known.length; at += REPAIR_BATCH) {
      const page = known.slice(at, at + REPAIR_BATCH);
      const moved = await this.#deps.source.listMovedDevices({ owners: page.map(({ owner }) => owner), authKeyIds: page.map(({ authKeyId }) => authKeyId), seqs: page.map(({ seq }) => seq) });
      for (const { authKeyId, seq } of moved) feeds.get(authKeyId)?.see(seq);
    }
  }

  async #repairEach(work: Iterable<[bigint, BoxPosition]>): Promise<void> {
    for (const [owner, position] of work) {
      const round = this.#kindOf(owner).get(owner)?.queue.repair(position);
      if (round === 'settled') this.#book.settle(owner, position);
      if (!(round instanceof Promise)) continue;
      await round;
      this.#repaired.inc();
    }
  }

  #repairInBackground(): void {
    this.repairAll().catch((error: unknown) => {
      this.#deps.log.warn({ err: error }, 'a round of repair failed');
    });
  }
}

/** What the queues count in metrics. */
function countersOf(metrics: Metrics, clock: Clock): Pick<ChannelFeedDeps, 'onPush' | 'onHole' | 'onEncode' | 'onClasses'> {
  const pushes = metrics.counter(pushesMetric);
  const delivery = metrics.histogram(deliveryMetric);
  const encodings = metrics.counter(encodingsMetric);
  const classes = metrics.counter(classesMetric);
  const holes = metrics.counter(holesMetric);
  return {
    onPush(outcome, events) {
      pushes.inc({ outcome });
      if (outcome === 'dropped') return;
      for (const event of events) {
        if (event.kind === 'new_message' && event.committedMs !== undefined) delivery.observe(Math.max(0, clock.nowMs() - event.committedMs) / 1000);
      }
    },
    onHole: () => holes.inc(),
    onEncode: () => encodings.inc(),
    onClasses: (count) => classes.inc(count),
  };
}
