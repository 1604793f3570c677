import type { tl } from '@mtcute/core';
import { GENERAL_TOPIC, type MessageId, type PeerId, type Topic } from '../protocol/index.ts';
import type { Account } from './account.ts';
import { Gathering } from './gathering.ts';
import { keepReadMarks } from './load-chats.ts';
import { readMessage } from './models/message.ts';
import { readTopic } from './models/topic.ts';

/** Topics that are asked for at once. */
const PAGE = 50;
/** How long topics to load anew are gathered before one call asks for them, in milliseconds. */
const GATHER_MS = 50;
/** Topics in one call. */
const TOPICS_MAX = 100;
/** When a topic is asked for again that was out of date at once, in milliseconds. */
const AGAIN_MS = 300;
/** How often one topic is asked for again. Then the server is right: what is newer here was deleted. */
const AGAIN_MAX = 5;

/** How far the list of a forum was loaded. */
interface Listing {
  /** Where the next page begins; `done` after the last one. */
  next?: { topic: Topic } | 'done';
  /** How many pinned topics the pages had. */
  pins: number;
  /** Topics that were known before, and that no page had so far. */
  unseen: Set<MessageId>;
  loading?: Promise<void>;
}

/** Loads topics of forums. */
export class TopicLoader {
  readonly #account: Account;
  #listings = new Map<PeerId, Listing>();
  #gatherings = new Map<PeerId, Gathering<MessageId>>();
  /** How many answers in a row were out of date, by forum and topic. */
  #outdated = new Map<string, number>();

  constructor(account: Account) {
    this.#account = account;
  }

  /** Begins the list of a forum anew. */
  restart(peer: PeerId): void {
    this.#listings.delete(peer);
  }

  hasMore(peer: PeerId): boolean {
    return this.#listings.get(peer)?.next !== 'done';
  }

  /** Loads the next page of a forum's topics. Calls at the same time load one page. */
  async more(peer: PeerId): Promise<void> {
    const known = this.#listings.get(peer);
    const listing = known ?? { pins: 0, unseen: new Set(this.#account.store.topics.list(peer).map(({ id }) => id)) };
    if (!known) this.#listings.set(peer, listing);
    listing.loading ??= this.#loadPage(peer, listing).finally(() => (listing.loading = undefined));
    await listing.loading;
  }

  async #loadPage(peer: PeerId, listing: Listing): Promise<void> {
    const { next } = listing;
    if (next === 'done') return;
    const answer = await this.#account.call({
      _: 'messages.getForumTopics',
      peer: await this.#account.inputPeer(peer),
      offsetDate: next?.topic.date ?? 0,
      offsetId: next?.topic.topId ?? 0,
      offsetTopic: next?.topic.id ?? 0,
      limit: PAGE,
    });
    const topics = this.#take(peer, answer, listing);
    for (const { id } of topics) listing.unseen.delete(id);
    if (next === undefined) this.#unpinOthers(peer, topics);
    const last = topics.at(-1);
    listing.next = last === undefined || answer.topics.length < PAGE ? 'done' : { topic: last };
    // What the whole list does not have was deleted while nobody looked.
    if (listing.next === 'done') for (const id of listing.unseen) this.#account.store.topics.remove(peer, id);
    await this.#account.database.flush();
  }

  /** Prepares the history of a topic. Does nothing for threads, and for topics that are gone or cannot be asked for now. */
  async open(peer: PeerId, id: MessageId): Promise<void> {
    const { store } = this.#account;
    if (store.threads.get(peer, id)) return;
    if (!store.topics.get(peer, id)) await this.load(peer, [id]).catch(() => undefined);
    const topic = store.topics.get(peer, id);
    if (!topic) return;
    const { topId, unread, readInboxId, readOutboxId } = topic;
    store.threads.put({ peer, top: id, roots: id === GENERAL_TOPIC ? [] : [id], topId, countedId: topId, count: 0, version: 0, unread, readInboxId, readOutboxId, ranges: [], openedAt: this.#account.context.now() });
  }

  /** Asks for topics anew, a little later, together with others. */
  refresh(peer: PeerId, ids: Iterable<MessageId>): void {
    const known = this.#gatherings.get(peer);
    const gathering = known ?? new Gathering<MessageId>({ waitMs: GATHER_MS, most: TOPICS_MAX, load: (topics) => this.load(peer, topics) });
    if (!known) this.#gatherings.set(peer, gathering);
    gathering.add(ids);
  }

  /** Loads topics anew, at once. Those that are gone leave the list. */
  async load(peer: PeerId, ids: MessageId[]): Promise<void> {
    const answer = await this.#account.call({ _: 'messages.getForumTopicsByID', peer: await this.#account.inputPeer(peer), topics: ids });
    this.#take(peer, answer, undefined);
    for (const id of ids) this.#listings.get(peer)?.unseen.delete(id);
    await this.#account.database.flush();
  }

  /**
   * Takes over topics of an answer. A message may have arrived while the answer was on its way: then the row here is newer.
   * @param listing the list whose next page this is; undefined if the topics were asked for by their ids
   * @returns the topics as the server told them
   */
  #take(peer: PeerId, { topics, messages }: tl.messages.RawForumTopics, listing: Listing | undefined): Topic[] {
    const { store, me } = this.#account;
    const tops = new Map(messages.flatMap((message) => readMessage(message, me) ?? []).map((row) => [row.id, row]));
    return topics.flatMap((raw) => {
      if (raw._ === 'forumTopicDeleted') {
        store.topics.remove(peer, raw.id);
        return [];
      }
      const top = tops.get(raw.topMessage);
      const told = readTopic(raw, top?.date, raw.pinned ? (listing ? listing.pins++ : undefined) : undefined);
      const known = store.topics.get(told.peer, told.id);
      const topic = { ...told };
      // A topic that was loaded alone does not say where among the pinned ones it stands.
      if (raw.pinned && topic.pinned === undefined) topic.pinned = known?.pinned ?? -1;
      if (top) store.putMessage(top);
      if (known && known.topId > topic.topId && store.message(known.peer, known.topId) && this.#askAgain(known)) return [told];
      if (!known || keepReadMarks(topic, known) || !this.#askAgain(known)) this.#outdated.delete(`${told.peer}:${told.id}`);
      store.topics.set(topic);
      return [told];
    });
  }

  /** Pinned topics are few: the first page has all of them. */
  #unpinOthers(peer: PeerId, page: Topic[]): void {
    const pinned = new Set(page.filter((topic) => topic.pinned !== undefined).map(({ id }) => id));
    for (const { id, pinned: place } of this.#account.store.topics.list(peer)) if (place !== undefined && !pinned.has(id)) this.#account.store.topics.change(peer, id, () => ({ pinned: undefined }));
  }

  /** Asks for a topic again that was out of date at once. @returns false if that was done often enough */
  #askAgain({ peer, id }: Topic): boolean {
    const key = `${peer}:${id}`;
    const times = (this.#outdated.get(key) ?? 0) + 1;
    if (times > AGAIN_MAX) return false;
    this.#outdated.set(key, times);
    setTimeout(() => this.refresh(peer, [id]), AGAIN_MS);
    return true;
  }
}
