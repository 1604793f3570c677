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
    const wanted = new Set(await this.#channels.listFollowed(userId));
    const sessions = this.#queues.find(userId)?.sessions ?? [];
    for (const peerId of this.#followed.get(userId) ?? []) {
      if (wanted.has(peerId)) continue;
      for (const session of sessions) this.#queues.find(peerId)?.detach(session);
      this.#queues.closeIfEmpty(peerId);
    }
    if (sessions.length === 0) {
      this.#followed.delete(userId);
      return;
    }
    this.#followed.set(userId, wanted);
    const queues = [...wanted].map((peerId) => this.#queues.open(peerId));
    const isComplete = queues.every((queue) => sessions.every((session) => queue.has(session)));
    if (isComplete) return;
    // Read after the queues have subscribed, so that no event is missed in between.
    const reading = this.#channels.readPositions([...wanted]);
    const attached = queues.flatMap((queue) => {
      const position = reading.then((positions) => positions.get(queue.owner) ?? { pts: 1, looseSeq: 0 });
      return sessions.map((session) => queue.attach(session, userId, position));
    });
    await Promise.all(attached);
  }
}
