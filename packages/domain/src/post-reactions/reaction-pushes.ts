import type { Bus } from '@aerogram/bus';
import { isMarkedChat, unmarkPeer } from '@aerogram/cluster';
import type { Clock, Logger } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { type Chats, findHiddenUpTo, isChatRow, listMembers } from '../chats/index.ts';
import { hasFlag, MessageFlag, type PostRow, publishChannelTransient, publishTransient } from '../events/index.ts';
import { listPostsAt } from '../channel-state/index.ts';
import { chatIdOf, findCopies, projectReactions } from '../messages/index.ts';
import { definePort, groupBy, PacedPushes, pauseFor } from '../shared/index.ts';
import { seenBy } from './channel-scene.ts';
import { seenInGroup } from './group-scene.ts';
import { findReactions, type FoundReactions, keyOfPost, type ReactedPost } from './post-reaction-store.ts';
import { projectPostReactions } from './project-post-reactions.ts';
import type { SeenPost } from './reaction-scene.ts';

/** Notes that somebody has reacted to a message of an author, who may have devices to be told. @param msgId in the author's account */
export type NoteReaction = (authorId: bigint, peerId: bigint, msgId: number) => void;

/** See {@link NoteReaction}. */
export const REACTION_NOTICES = definePort<NoteReaction>('post-reactions.noteReaction');

/** The dependencies of {@link ReactionPushes}. */
export interface ReactionPushesDeps {
  db: Pick<Database, 'run' | 'q'>;
  bus: Bus;
  clock: Clock;
  log: Logger;
  chats: Pick<Chats, 'findRow' | 'findMember'>;
  noteReaction: NoteReaction;
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
    const pauses = await this.#pushInChannels(posts.filter(({ peerId }) => !isMarkedChat(peerId)));
    for (const [peerId, ofGroup] of groupBy(posts.filter((post) => isMarkedChat(post.peerId)), (post) => post.peerId)) await this.#pushInGroup(peerId, ofGroup);
    return pauses;
  }

  async #pushInChannels(posts: readonly ReactedPost[]): Promise<Map<string, number>> {
    const places = posts.map(({ peerId, postId }) => ({ peerId, msgId: Number(postId) }));
    const [found, rows] = await Promise.all([findReactions(this.#deps.db, posts, undefined), listPostsAt(this.#deps.db, places)]);
    const pauses = new Map<string, number>();
    for (const row of rows) pauses.set(keyOfPost(seenBy(row, 0n).post), await this.#tell(row, found));
    await this.#tellAuthors(rows.filter((row) => !hasFlag(row, MessageFlag.post) && row.poster_id > 0n));
    return pauses;
  }

  /** Every member has a copy with an id of its own. Bots are told by other means. */
  async #pushInGroup(peerId: bigint, posts: readonly ReactedPost[]): Promise<void> {
    const { db, bus, noteReaction } = this.#deps;
    const people = (await listMembers(db, chatIdOf(peerId))).filter((member) => member.all_from === null).map((member) => member.user_id);
    const [found, copies] = await Promise.all([findReactions(db, posts, undefined), findCopies(db.q, people, posts.map((post) => post.postId))]);
    for (const copy of copies) {
      const seen = seenInGroup(copy);
      const viewerId = seen.isAuthor ? copy.owner_id : undefined;
      const reactions = viewerId === undefined ? found : await findReactions(db, [seen.post], viewerId);
      publishTransient(bus, copy.owner_id, viewOfReactions(seen, viewerId, reactions.get(keyOfPost(seen.post))));
      if (viewerId !== undefined) noteReaction(viewerId, peerId, copy.msg_id);
    }
  }

  /** @returns the pause until the next push */
  async #tell(row: PostRow, found: ReadonlyMap<string, FoundReactions>): Promise<number> {
    const seen = { ...seenBy(row, 0n), isAuthor: false };
    const channel = await this.#deps.chats.findRow(row.peer_id);
    if (channel === undefined || isChatRow(channel)) return 0;
    publishChannelTransient(this.#deps.bus, row.peer_id, viewOfReactions(seen, undefined, found.get(keyOfPost(seen.post))));
    return pauseFor(channel.members);
  }

  async #tellAuthors(rows: readonly PostRow[]): Promise<void> {
    for (const [authorId, written] of groupBy(rows, (row) => row.poster_id)) {
      const found = await findReactions(this.#deps.db, written.map((row) => seenBy(row, authorId).post), authorId);
      for (const row of written) {
        const seen = seenBy(row, authorId);
        if (!(await this.#isSeenByAuthor(row))) continue;
        publishTransient(this.#deps.bus, authorId, viewOfReactions(seen, authorId, found.get(keyOfPost(seen.post))));
        this.#deps.noteReaction(authorId, row.peer_id, row.msg_id);
      }
    }
  }

  /** Authors who have left, or have cleared the history, are told nothing; bots are told otherwise. */
  async #isSeenByAuthor({ peer_id: peerId, poster_id: authorId, msg_id: msgId }: PostRow): Promise<boolean> {
    const member = await this.#deps.chats.findMember(peerId, authorId);
    return member?.status === 'member' && member.all_from === null && (await findHiddenUpTo(this.#deps.chats, peerId, authorId)) < msgId;
  }
}

/** The update with the reactions to a message as one viewer sees them. Pure. @param viewerId undefined: all see it alike @param found undefined: the message has no totals */
export function viewOfReactions(seen: SeenPost, viewerId: bigint | undefined, found: FoundReactions | undefined): tl.updateMessageReactions {
  const { post, msgId, topId, isBroadcast, isAuthor, earlier = [] } = seen;
  return {
    _: 'updateMessageReactions',
    peer: unmarkPeer(post.peerId),
    msg_id: msgId,
    top_msg_id: topId ?? undefined,
    reactions:
      found === undefined && earlier.length > 0 && viewerId !== undefined
        ? projectReactions(viewerId, earlier, false)
        : projectPostReactions(found?.totals, found?.own ?? [], { viewerId, isBroadcast, isAuthor }),
  };
}
