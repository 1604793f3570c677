import type { LiveSession } from '../live-session.ts';
import type { ChannelFeed } from './channel-feed.ts';
import type { Follower } from './crowd.ts';
import type { ChannelSource } from './update-source.ts';

/** The queues of users and feeds of channels, as this class uses them. */
export interface Queues {
  /** Opens the feed of a channel, which subscribes to its hints. */
  openFeed(peerId: bigint): ChannelFeed;
  /** The sessions of a user. */
  sessionsOf(userId: bigint): readonly LiveSession[];
  /** Closes a feed that has no sessions any more. */
  closeIfEmpty(peerId: bigint): void;
}

/** The position of a channel that has no events. */
const NOWHERE = { pts: 1, looseSeq: 0 };

interface Passes {
  running: Promise<void>;
  /** A pass that has not begun yet. All calls that come before it begins share it. */
  next: Promise<void> | undefined;
}

/** A session, and the feeds to which it has been added. */
interface Attached extends Follower {
  /** All sessions of a user share one array. Undefined while a pass runs and after one has failed: some feeds may then have been added and others not. */
  feeds: readonly ChannelFeed[] | undefined;
}

/** The feeds of a session that was not added to any. */
const NONE: readonly ChannelFeed[] = [];

/** Adds the sessions of users to the feeds of the channels that these users follow. */
export class FollowedChannels {
  readonly #channels: ChannelSource;
  readonly #queues: Queues;
  /** The feeds of each user. */
  readonly #followed = new Map<bigint, readonly ChannelFeed[]>();
  readonly #followers = new Map<LiveSession, Attached>();
  readonly #passes = new Map<bigint, Passes>();

  constructor(channels: ChannelSource, queues: Queues) {
    this.#channels = channels;
    this.#queues = queues;
  }

  /**
   * Reads which channels a user follows, and adds and removes all of the user's sessions accordingly. The read begins after this call. Rejects when
   * the database cannot be reached.
   */
  refresh(userId: bigint): Promise<void> {
    const passes = this.#passes.get(userId);
    if (passes !== undefined) return (passes.next ??= passes.running.catch(() => {}).then(() => this.#begin(userId)));
    return this.#begin(userId);
  }

  /** The session as the feeds know it; undefined if it was not added to any. */
  find(session: LiveSession): Follower | undefined {
    return this.#followers.get(session);
  }

  /** Removes a session from the feeds of all channels. @param isLast whether the user has no other session here */
  remove(userId: bigint, session: LiveSession, isLast: boolean): void {
    const follower = this.#followers.get(session);
    this.#followers.delete(session);
    for (const feed of this.#followed.get(userId) ?? []) {
      if (follower !== undefined) feed.detach(follower);
      this.#queues.closeIfEmpty(feed.owner);
    }
    if (isLast) this.#followed.delete(userId);
  }

  #begin(userId: bigint): Promise<void> {
    const running = this.#pass(userId);
    const passes: Passes = { running, next: undefined };
    this.#passes.set(userId, passes);
    const end = (): void => {
      if (passes.next === undefined && this.#passes.get(userId) === passes) this.#passes.delete(userId);
    };
    running.then(end, end);
    return running;
  }

  async #pass(userId: bigint): Promise<void> {
    const joinedPts = new Map((await this.#channels.listFollowed(userId)).map((channel) => [channel.peerId, channel.joinedPts]));
    const sessions = this.#queues.sessionsOf(userId).map((session) => this.#attachedOf(session, userId));
    const before = this.#followed.get(userId);
    const kept = before?.filter((feed) => {
      if (joinedPts.has(feed.owner)) return true;
      for (const one of sessions) feed.detach(one);
      this.#queues.closeIfEmpty(feed.owner);
      return false;
    });
    if (sessions.length === 0) {
      this.#followed.delete(userId);
      return;
    }
    if (kept !== undefined) this.#followed.set(userId, kept);
    const known = kept && new Set(kept);
    const feeds = [...joinedPts.keys()].map((peerId) => this.#queues.openFeed(peerId));
    const lacking = sessions.map((one): [Attached, ChannelFeed[]] => {
      const { feeds: own } = one;
      one.feeds = undefined;
      if (own === NONE) return [one, feeds];
      // `feed.has` searches a long list, so it is only called if necessary.
      return [one, feeds.filter(own !== undefined && own === before ? (feed) => !known!.has(feed) : (feed) => !feed.has(one))];
    });
    const awaited = new Set(lacking.flatMap(([, own]) => own));
    for (const feed of awaited) feed.hold();
    try {
      const positions = await this.#findPositions(awaited);
      for (const [one, own] of lacking) {
        // The session may have gone, and come again, meanwhile.
        if (this.#followers.get(one.session) !== one) continue;
        for (const feed of own) {
          const pts = feed.position ?? positions.get(feed)!;
          // Of a channel that the user has just joined, the sessions get everything since then; of others, they ask for what they lack.
          feed.attach(one, known?.has(feed) === false ? joinedPts.get(feed.owner)! : pts, pts);
        }
        one.feeds = feeds;
        this.#followed.set(userId, feeds);
      }
    } finally {
      for (const feed of awaited) {
        feed.release();
        this.#queues.closeIfEmpty(feed.owner);
      }
    }
  }

  /** Reads the positions of those feeds that have no sessions from which to take it. Read after the feeds have subscribed, so that no event is missed in between. */
  async #findPositions(feeds: ReadonlySet<ChannelFeed>): Promise<Map<ChannelFeed, number>> {
    const positions = new Map<ChannelFeed, number>();
    for (;;) {
      // While others are read, the last session of a feed may go.
      const unknown = [...feeds].filter((feed) => feed.position === undefined && !positions.has(feed));
      if (unknown.length === 0) return positions;
      const read = await this.#channels.readPositions(unknown.map((feed) => feed.owner));
      for (const feed of unknown) positions.set(feed, (read.get(feed.owner) ?? NOWHERE).pts);
    }
  }

  #attachedOf(session: LiveSession, viewerId: bigint): Attached {
    let attached = this.#followers.get(session);
    if (attached?.viewerId !== viewerId) this.#followers.set(session, (attached = { session, viewerId, feeds: NONE }));
    return attached;
  }
}
