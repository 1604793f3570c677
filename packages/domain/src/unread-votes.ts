import { isMarkedChannel } from '@aerogram/cluster';
import { type Database, defineJobKind, type JobKind } from '@aerogram/storage';

import { countUnseen, listUnseen, type ThreadPart } from './channel-state/index.ts';
import { channelIdOf } from './events/index.ts';
import { addUnread, countUnread, dropUnread, listUnread, listUnreadAmong, UNSEEN_VOTES_AGAIN } from './messages/index.ts';
import { listDocumentsOf } from './documents/index.ts';
import { findPollRow, listUnseenPolls, type PollRow, type Polls, type PollReaders, SETTLE_VOTES } from './polls/index.ts';

/** Maximum number of messages whose votes one call marks as seen; the client calls again while `offset` is not 0. */
const SLICE = 500;

const TABLE = 'unread_poll_votes';

/** Messages that a user has seen: of the user's own box, or of one channel. */
interface SeenMessages {
  /** The owner of the box, or the marked id of the channel. */
  boxId: bigint;
  msgIds: readonly number[];
}

/** The dependencies of {@link UnreadVotes}. */
export interface UnreadVotesDeps {
  db: Database;
  readers: Pick<PollReaders, 'findOriginal'>;
  polls: Pick<Polls, 'markSeen' | 'tellCreator'>;
  /** Which of these users are bots. */
  findBots(userIds: Iterable<bigint>): Promise<bigint[]>;
}

/**
 * The messages with votes that the creator of a public poll has not seen: the message for which the poll was made, not its forwards. The poll itself says whether there are any;
 * what the account of its creator stores follows.
 */
export class UnreadVotes {
  readonly #deps: UnreadVotesDeps;
  readonly jobKinds: readonly JobKind[];

  constructor(deps: UnreadVotesDeps) {
    this.#deps = deps;
    // If they gave up, the account would differ from the poll until its creator looks, because further votes do not order the job again.
    const maxAttempts = Number.POSITIVE_INFINITY;
    this.jobKinds = [
      defineJobKind({ ...SETTLE_VOTES, maxAttempts, run: ({ pollId }) => this.#settle(BigInt(pollId)) }),
      defineJobKind({ ...UNSEEN_VOTES_AGAIN, maxAttempts, run: ({ peerId }, { ownerId }) => this.#settleAgain(ownerId, peerId) }),
    ];
  }

  /** How many messages of a dialog have votes that their owner has not seen. @param part only those of this topic or thread */
  async countUnread(ownerId: bigint, peerId: bigint, part?: ThreadPart): Promise<number> {
    const { q } = this.#deps.db;
    if (isMarkedChannel(peerId)) return countUnseen(q, TABLE, { userId: ownerId, channelId: channelIdOf(peerId), part });
    return (await countUnread(q, TABLE, ownerId, [peerId])).get(peerId) ?? 0;
  }

  /** Marks the votes in the polls of a dialog as seen, newest first, a slice in each call. @returns whether messages remain */
  async doRead(ownerId: bigint, peerId: bigint, part?: ThreadPart): Promise<boolean> {
    const { q } = this.#deps.db;
    const limit = SLICE + 1;
    const isChannel = isMarkedChannel(peerId);
    const found = isChannel ? await listUnseen(q, TABLE, { userId: ownerId, channelId: channelIdOf(peerId), part }, limit) : await listUnread(q, TABLE, { owner: ownerId, peerId, limit });
    const msgIds = found.slice(0, SLICE);
    await this.doReadContents(ownerId, { boxId: isChannel ? peerId : ownerId, msgIds });
    await this.#dropLeft(ownerId, peerId, msgIds);
    return found.length > SLICE;
  }

  /** Marks the votes in all polls of a dialog as seen, also those of which the owner's account has not been told yet. */
  async doReadAll(ownerId: bigint, peerId: bigint): Promise<void> {
    await this.#settleAgain(ownerId, peerId);
    while (await this.doRead(ownerId, peerId));
  }

  /** Marks the votes in those polls of these messages as seen that are the owner's, because viewing a message shows its votes. */
  async doReadContents(ownerId: bigint, { boxId, msgIds }: SeenMessages): Promise<void> {
    const { db, polls } = this.#deps;
    // The ids of polls stand among those of the documents of messages. Ids of real documents name no poll, so nothing is marked by them.
    const pollIds = await listDocumentsOf(db, boxId, msgIds);
    // The poll is changed first. If the server stops in between, the messages are still listed as unread, and the next call ends that.
    for (const pollId of await polls.markSeen(ownerId, pollIds)) {
      await this.#settle(pollId);
      await polls.tellCreator(pollId);
    }
  }

  /** Drops what is still unread among these messages: its owner does not see the poll any more. Where votes have come meanwhile, they are noted again. */
  async #dropLeft(ownerId: bigint, peerId: bigint, msgIds: readonly number[]): Promise<void> {
    const { db } = this.#deps;
    const left = (await listUnreadAmong(db.q, TABLE, ownerId, msgIds)).filter((row) => row.peer_id === peerId);
    if (left.length === 0) return;
    await db.transact('drop-unread-votes', (tx) => dropUnread(tx, TABLE, left.map((row) => ({ ...row, owner_id: ownerId }))));
    const boxId = isMarkedChannel(peerId) ? peerId : ownerId;
    for (const pollId of await listDocumentsOf(db, boxId, left.map((row) => row.msg_id))) await this.#settle(pollId);
  }

  /** Stores again in the account of somebody who returns to a group which votes there are to see. */
  async #settleAgain(creatorId: bigint, placeId: bigint): Promise<void> {
    const { db } = this.#deps;
    const noted = await listDocumentsOf(db, isMarkedChannel(placeId) ? placeId : creatorId, await listUnread(db.q, TABLE, { owner: creatorId, peerId: placeId, limit: SLICE }));
    for (const pollId of new Set([...noted, ...(await listUnseenPolls(db, { creatorId, placeId, limit: SLICE }))])) await this.#settle(pollId);
  }

  /**
   * Makes what the account of a poll's creator stores equal to what the poll says. It reads the poll again after it has written, so that of several that run at the same time the
   * last one leaves the truth behind.
   */
  async #settle(pollId: bigint): Promise<void> {
    const { db, readers, findBots } = this.#deps;
    for (let row = await findPollRow(db, pollId), written: boolean | undefined; row !== undefined && row.has_unseen !== written; row = await findPollRow(db, pollId)) {
      const { creator_id: creatorId, has_unseen: hasUnseen }: PollRow = row;
      const found = await readers.findOriginal(db, row);
      if (found === undefined || (await findBots([creatorId])).length > 0) return;
      const place = { owner_id: creatorId, peer_id: found.peerId, msg_id: found.msgId, top_id: found.topId };
      await db.transact('settle-unread-votes', (tx) => (hasUnseen ? addUnread(tx, TABLE, [place]) : dropUnread(tx, TABLE, [place])));
      written = hasUnseen;
    }
  }
}
