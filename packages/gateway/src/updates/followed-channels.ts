import type { LiveSession } from '../live-session.ts';
import type { PushQueue } from './push-queue.ts';
import type { ChannelSource } from './update-source.ts';

/** The queues of users and channels, as this class uses them. */
export interface Queues {
  /** Opens the queue of a channel, which subscribes to its hints. */
  open(peerId: bigint): PushQueue;
  find(owner: bigint): PushQueue | undefined;
  /** Closes a queue that has no sessions any more. */
  closeIfEmpty(owner: bigint): void;
}

/** The position of a channel that has no events. */
const NOWHERE = { pts: 1, looseSeq: 0 };

interface Passes {
  running: Promise<void>;
  /** A pass that has not begun yet; whoever asks meanwhile shares it. */
  next: Promise<void> | undefined;
}

/** Adds the sessions of users to the queues of the channels that these users follow. */
export class FollowedChannels {
  readonly #channels: ChannelSource;
  readonly #queues: Queues;
  readonly #followed = new Map<bigint, ReadonlySet<bigint>>();
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

  /** Removes a session from the queues of all channels. @param isLast whether the user has no other session here */
  remove(userId: bigint, session: LiveSession, isLast: boolean): void {
    for (const peerId of this.#followed.get(userId) ?? []) {
      this.#queues.find(peerId)?.detach(session);
      this.#queues.closeIfEmpty(peerId);
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
    const sessions = this.#queues.find(userId)?.sessions ?? [];
    const before = this.#followed.get(userId);
    for (const peerId of before ?? []) {
      if (joinedPts.has(peerId)) continue;
      for (const session of sessions) this.#queues.find(peerId)?.detach(session);
      this.#queues.closeIfEmpty(peerId);
    }
    if (sessions.length === 0) {
      this.#followed.delete(userId);
      return;
    }
    this.#followed.set(userId, new Set(joinedPts.keys()));
    const lacking = [...joinedPts.keys()]
      .map((peerId) => this.#queues.open(peerId))
      .filter((queue) => !sessions.every((session) => queue.has(session)));
    if (lacking.length === 0) return;
    // Read after the queues have subscribed, so that no event is missed in between.
    const reading = this.#channels.readPositions(lacking.map((queue) => queue.owner));
    await Promise.all(
      lacking.map(async (queue) => {
        // Of a channel that the user has just joined, the sessions get everything since then; of others, they ask for what they lack.
        const isJoined = before !== undefined && !before.has(queue.owner);
        const found = reading.then((positions) => positions.get(queue.owner) ?? NOWHERE);
        const start = isJoined ? found.then(({ pts }) => ({ pts: Math.min(pts, joinedPts.get(queue.owner)!), looseSeq: 0 })) : found;
        await Promise.all(sessions.map((session) => queue.attach(session, userId, start)));
        if (isJoined) void queue.repair(await found);
      }),
    );
  }
}
