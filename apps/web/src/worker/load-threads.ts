import type { tl } from '@mtcute/core';
import type { MessageId, PeerId } from '../protocol/index.ts';
import type { Account } from './account.ts';
import { Gathering } from './gathering.ts';
import { isStranger } from './is-stranger.ts';
import { newerReplies, readReplies } from './models/headers.ts';
import { type MessageRow, readMessage } from './models/message.ts';
import type { Store } from './store/store.ts';
import type { Thread } from './store/thread-list.ts';

/** How long counts to ask for are gathered, in milliseconds: posts get theirs at most once a second. */
const GATHER_MS = 1200;
/** Messages in one call. */
const COUNTS_MAX = 100;

/** Opens threads, and counts replies. */
export class ThreadLoader {
  readonly #account: Account;
  readonly #counting = new Map<PeerId, Gathering<MessageId>>();

  constructor(account: Account) {
    this.#account = account;
  }

  /**
   * Asks the server for the thread of a message: of a supergroup, or the comments on a post of a channel.
   * @returns undefined if the answer has no message of it
   */
  async open(peer: PeerId, message: MessageId): Promise<Thread | undefined> {
    const { store, me } = this.#account;
    const answer = await this.#account.call({ _: 'messages.getDiscussionMessage', peer: await this.#account.inputPeer(peer), msgId: message });
    const roots = answer.messages.flatMap((each) => readMessage(each, me) ?? []).sort((first, second) => first.id - second.id);
    const [first] = roots;
    if (!first) return undefined;
    for (const row of roots) store.putMessage(row);
    const known = store.threads.get(first.peer, first.id);
    const thread = threadOf({ answer, roots, post: first.peer === peer ? undefined : { peer, message }, known, now: this.#account.context.now() });
    // Where no update tells what became of the replies, those that are known may be gone.
    const isOutdated = known !== undefined && isStranger(store, thread.peer) && known.version !== thread.version;
    store.threads.put(isOutdated ? { ...thread, ranges: [{ from: thread.top, to: thread.top }] } : thread);
    await this.#account.database.flush();
    return store.threads.get(first.peer, first.id);
  }

  /** Asks for new counts of messages, a little later, together with others. */
  recount(peer: PeerId, messages: readonly MessageId[]): void {
    const gathering = this.#counting.get(peer) ?? new Gathering<MessageId>({ waitMs: GATHER_MS, most: COUNTS_MAX, load: (ids) => this.count(peer, ids) });
    this.#counting.set(peer, gathering);
    gathering.add(messages);
  }

  /** Asks for the counts of replies of some messages. */
  async count(peer: PeerId, id: readonly MessageId[]): Promise<void> {
    if (id.length === 0) return;
    const { views } = await this.#account.call({ _: 'messages.getMessagesViews', peer: await this.#account.inputPeer(peer), id: [...id], increment: false });
    id.forEach((each, index) => noteReplies(this.#account.store, { peer, id: each }, views[index]?.replies));
  }
}

/** Takes over what the server says of the replies to a message. */
export function noteReplies(store: Store, { peer, id }: Pick<MessageRow, 'peer' | 'id'>, replies: tl.RawMessageReplies | undefined): void {
  const fresh = readReplies(replies);
  if (fresh) store.changeMessage(peer, id, (row) => ({ ...row, replies: newerReplies(row.replies, fresh) }));
}

interface ThreadFacts {
  answer: tl.messages.RawDiscussionMessage;
  /** The messages of the answer, in ascending order; at least one. */
  roots: readonly MessageRow[];
  post?: Thread['post'];
  known?: Thread;
  /** Seconds since 1970. */
  now: number;
}

/** Reads a thread. Pure. */
function threadOf({ answer, roots, post, known, now }: ThreadFacts): Thread {
  const [first] = roots as [MessageRow];
  const origin = first.forwarded?.origin;
  const replies = roots.find((row) => row.replies !== undefined)?.replies;
  return {
    peer: first.peer,
    top: first.id,
    roots: roots.map(({ id }) => id),
    post: post ?? known?.post ?? (origin && origin.peer === first.from ? origin : undefined),
    topId: Math.max(answer.maxId ?? first.id, known?.topId ?? 0),
    count: replies?.count ?? known?.count ?? 0,
    version: replies?.version ?? 0,
    unread: answer.unreadCount,
    readInboxId: Math.max(answer.readInboxMaxId ?? 0, known?.readInboxId ?? 0),
    readOutboxId: Math.max(answer.readOutboxMaxId ?? 0, known?.readOutboxId ?? 0),
    ranges: known?.ranges ?? [{ from: first.id, to: first.id }],
    openedAt: now,
  };
}
