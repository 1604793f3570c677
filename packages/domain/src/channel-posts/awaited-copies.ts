import { markPeer } from '@aerogram/cluster';

import { type CommentPair, copiedPostOf } from '../channel-state/index.ts';
import { type BoxEvent, onChannelHint } from '../events/index.ts';
import type { DomainDeps } from '../shared/index.ts';

/** How long a call waits for the copy of a post, in milliseconds. */
const WAIT_MS = 2000;
/** The copy of a post that is older than this, in seconds, is not waited for: something hinders it. */
const FRESH_S = 30;
/** Number of calls that wait at once in one process; further ones are answered at once. */
const CALLS_MAX = 1000;

/** A post of a broadcast channel, and its discussion group. */
export interface AwaitedPost extends CommentPair {
  postId: number;
  /** When it was posted, in unix seconds. */
  date: number;
}

/**
 * Lets calls wait for the copies of fresh posts in discussion groups, which a job makes: people open the comments on a post as soon as it is there. All who
 * wait for the copy of one post have one subscription, and read nothing until the copy is announced.
 */
export class AwaitedCopies {
  readonly #deps: Pick<DomainDeps, 'bus' | 'clock'>;
  /** By group and post. */
  readonly #waits = new Map<string, Promise<void>>();
  #calls = 0;

  constructor(deps: Pick<DomainDeps, 'bus' | 'clock'>) {
    this.#deps = deps;
  }

  /**
   * Finds something that is there when the copy of a post is.
   * @param find reads it
   * @returns undefined if it is not there in time
   */
  async find<T>(post: AwaitedPost, find: () => Promise<T | undefined>): Promise<T | undefined> {
    const found = await find();
    if (found !== undefined || this.#calls >= CALLS_MAX || this.#deps.clock.now() - post.date > FRESH_S) return found;
    this.#calls++;
    try {
      const name = `${post.groupId}:${post.channelId}:${post.postId}`;
      const wait = this.#waits.get(name) ?? this.#open(name, post);
      // Read again, because the copy may have been announced before the subscription.
      const foundNow = await find();
      if (foundNow !== undefined) return foundNow;
      await wait;
      return await find();
    } finally {
      this.#calls--;
    }
  }

  #open(name: string, post: AwaitedPost): Promise<void> {
    const { bus, clock } = this.#deps;
    const wait = new Promise<void>((resolve) => {
      const end = (): void => {
        timer.cancel();
        listening[Symbol.dispose]();
        this.#waits.delete(name);
        resolve();
      };
      const timer = clock.setTimeout(end, WAIT_MS);
      const listening = onChannelHint(bus, markPeer({ _: 'peerChannel', channel_id: post.groupId }), (hint) => {
        if (hint.kind === 'box' && hint.events.some((event) => isCopy(event, post))) end();
      });
    });
    this.#waits.set(name, wait);
    return wait;
  }
}

function isCopy(event: BoxEvent, { channelId, postId }: AwaitedPost): boolean {
  if (event.kind !== 'new_message') return false;
  const copied = copiedPostOf(event.message);
  return copied?.channelId === channelId && copied.postId === postId;
}
