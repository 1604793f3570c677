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
  store.changeMessage(peer, id, (row) => {
    // A post that cannot be commented any more has lost its replies; every other message keeps what is known.
    if (!fresh && row.replies?.group === undefined) return row;
    return { ...row, replies: newerReplies(row.replies, fresh) };
  });
}

type ThreadCounts = Pick<Thread, 'count' | 'countedId' | 'version' | 'unread'>;

const countsOf = ({ count, countedId, version, unread }: ThreadCounts): ThreadCounts => ({ count, countedId, version, unread });

/** Whether the server counted before it told what is known: an answer may arrive after the update about a newer reply. Updates from a difference have no version. Pure. */
const isOlder = (counts: ThreadCounts, known: ThreadCounts): boolean => counts.version < known.version || (counts.version === known.version && counts.countedId < known.countedId);

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
  const counts = {
    count: replies?.count ?? known?.count ?? 0,
    countedId: replies?.maxId ?? answer.maxId ?? first.id,
    version: replies?.version ?? 0,
    unread: answer.unreadCount,
  };
  return {
    peer: first.peer,
    top: first.id,
    roots: roots.map(({ id }) => id),
    post: post ?? known?.post ?? (origin && origin.peer === first.from ? origin : undefined),
    topId: Math.max(answer.maxId ?? first.id, known?.topId ?? 0),
    ...(known && isOlder(counts, known) ? countsOf(known) : counts),
    readInboxId: Math.max(answer.readInboxMaxId ?? 0, known?.readInboxId ?? 0),
    readOutboxId: Math.max(answer.readOutboxMaxId ?? 0, known?.readOutboxId ?? 0),
    ranges: known?.ranges ?? [{ from: first.id, to: first.id }],
    openedAt: now,
  };
}
