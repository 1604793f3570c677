import type { Bus } from '@aerogram/bus';
import { unmarkPeer } from '@aerogram/cluster';
import type { Clock, Logger } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { type Chats, findHiddenUpTo, isChatRow } from '../chats/index.ts';
import { channelIdOf, hasFlag, MessageFlag, type PostRow, publishChannelTransient, publishTransient } from '../events/index.ts';
import { channelIdsOf, listPostsAt } from '../channel-state/index.ts';
import { groupBy, PacedPushes, pauseFor } from '../shared/index.ts';
import { findReactions, type FoundReactions, keyOfPost, type ReactedPost } from './post-reaction-store.ts';
import { projectPostReactions } from './project-post-reactions.ts';

/** The dependencies of {@link ReactionPushes}. */
export interface ReactionPushesDeps {
  db: Pick<Database, 'run'>;
  bus: Bus;
  clock: Clock;
  log: Logger;
  chats: Pick<Chats, 'findRow' | 'findMember'>;
}

/**
 * Tells the devices that are online of reactions: those of the author with what is unread, and those of the other members with what is the same for all. At most
 * once a second a post, and rarer the more members there are. Nothing is stored: devices ask for the reactions to what they show.
 */
export class ReactionPushes implements AsyncDisposable {
  readonly #deps: ReactionPushesDeps;
  readonly #changed: PacedPushes<string, ReactedPost>;

  constructor(deps: ReactionPushesDeps) {
    this.#deps = deps;
    this.#changed = new PacedPushes(deps, { what: 'reactions to posts', push: (batch) => this.#push([...batch.values()]) });
  }

  /** Notes that the reactions to a post have changed. */
  note(post: ReactedPost): void {
    this.#changed.note(keyOfPost(post), post);
  }

  /** Tells what was noted and is due now. Called by the timer and by tests. */
  flush(): Promise<void> {
    return this.#changed.flush();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#changed[Symbol.asyncDispose]();
  }

  /** @returns the pauses after these pushes, by {@link keyOfPost} */
  async #push(posts: readonly ReactedPost[]): Promise<Map<string, number>> {
    const places = posts.map(({ channelId, msgId }) => ({ peerId: channelIdsOf(channelId).peerId, msgId }));
    const [found, rows] = await Promise.all([findReactions(this.#deps.db, posts, undefined), listPostsAt(this.#deps.db, places)]);
    const pauses = new Map<string, number>();
    for (const row of rows) pauses.set(keyOfPost(reactedPostOf(row)), await this.#tell(row, found));
    await this.#tellAuthors(rows.filter((row) => !hasFlag(row, MessageFlag.post) && row.poster_id > 0n));
    return pauses;
  }

  /** @returns the pause until the next push */
  async #tell(row: PostRow, found: ReadonlyMap<string, FoundReactions>): Promise<number> {
    const post = reactedPostOf(row);
    const channel = await this.#deps.chats.findRow(row.peer_id);
    if (channel === undefined || isChatRow(channel)) return 0;
    const isBroadcast = channel.kind === 'broadcast';
    publishChannelTransient(this.#deps.bus, row.peer_id, reactionsUpdate(row, projectPostReactions(found.get(keyOfPost(post))?.totals, [], { viewerId: undefined, isBroadcast, isAuthor: false })));
    return pauseFor(channel.members);
  }

  async #tellAuthors(rows: readonly PostRow[]): Promise<void> {
    for (const [authorId, written] of groupBy(rows, (row) => row.poster_id)) {
      const found = await findReactions(this.#deps.db, written.map(reactedPostOf), authorId);
      for (const row of written) {
        if (await this.#isSeenByAuthor(row)) publishTransient(this.#deps.bus, authorId, viewOfReactions(row, authorId, found.get(keyOfPost(reactedPostOf(row)))));
      }
    }
  }

  /** Authors who have left, or have cleared the history, are told nothing; bots are told otherwise. */
  async #isSeenByAuthor({ peer_id: peerId, poster_id: authorId, msg_id: msgId }: PostRow): Promise<boolean> {
    const member = await this.#deps.chats.findMember(peerId, authorId);
    return member?.status === 'member' && member.all_from === null && (await findHiddenUpTo(this.#deps.chats, peerId, authorId)) < msgId;
  }
}

/** A post, as one that is reacted to. Pure. */
export function reactedPostOf({ peer_id, msg_id }: Pick<PostRow, 'peer_id' | 'msg_id'>): ReactedPost {
  return { channelId: channelIdOf(peer_id), msgId: msg_id };
}

/** The update with the reactions to a post as one viewer sees them. Pure. @param found undefined: there are none */
export function viewOfReactions(row: PostRow, viewerId: bigint, found: FoundReactions | undefined): tl.updateMessageReactions {
  const isBroadcast = hasFlag(row, MessageFlag.post);
  return reactionsUpdate(row, projectPostReactions(found?.totals, found?.own ?? [], { viewerId, isBroadcast, isAuthor: row.poster_id === viewerId && !isBroadcast }));
}

function reactionsUpdate({ peer_id, msg_id, top_id }: PostRow, reactions: tl.messageReactions): tl.updateMessageReactions {
  return { _: 'updateMessageReactions', peer: unmarkPeer(peer_id), msg_id, top_msg_id: top_id ?? undefined, reactions };
}
